"""Web: one request in, one answer out. The thin shore on which the rooms meet HTTP.

`help` is for customers, `api` for programs; they share what lies here and never each other.
A view parses, calls one room, commits where it writes, and renders.
"""
