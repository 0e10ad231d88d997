"""Feedback: what readers say about an article, and about one that is missing.

In:  a click, later perhaps a reason and a comment, from a voter known only by a keyed hash; what somebody was looking
     for, in their words, perhaps with an address at which they want to hear of it.
Out: votes by article and revision, and counts of them; requests by gap.
Tables: `votes`, `requests`. Committed before anybody is thanked. Votes are kept for good, addresses until they
are used.
"""
