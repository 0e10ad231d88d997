"""Evaluation: how well the search finds what people judged to be right.

In:  a judged collection in BEIR's layout. Out: figures of relevance, speed, typos and honesty, with plain BM25 beside.
Nothing is kept: indexes are built below a folder that the caller makes and removes.
"""
