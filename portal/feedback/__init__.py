"""Feedback: what readers say about an article.

In:  a click, later perhaps a reason and a comment, from a voter known only by a keyed hash.
Out: votes by article and revision, and counts of them.
Tables: `votes`. Kept for good; committed before the reader is thanked.
"""
