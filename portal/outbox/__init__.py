"""What goes out to other programs and people. In: a message to send. Out: sent, tried again, or a dead letter.

Table: `deliveries`. A message is committed together with what it tells of; sending follows and may be repeated.
"""
