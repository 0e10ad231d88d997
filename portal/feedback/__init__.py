"""Feedback: what readers and agents say about an article, and about one that is missing.

In:  a click, later perhaps a reason and a comment, from a voter known only by a keyed hash; what somebody was looking
     for, in their words, perhaps with an address at which they want to hear of it; what an agent says is wrong.
Out: votes by article and revision, and counts of them; requests by gap; flags that wait for a writer.
Tables: `votes`, `requests`, `flags`. Committed before anybody is thanked. Votes are kept for good, addresses until
they are used.
"""
