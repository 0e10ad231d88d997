"""Signpost: a help centre whose failed searches become the next articles.

Begin with `pipeline.py`, the river on one page; each room's docstring says what
comes in, what goes out and where it is kept.
"""
