"""Work at set times, by one node at a time. In: a name, a moment, a holder. Out: the lease or not; when it last ran.

Table: `jobs`.
"""
