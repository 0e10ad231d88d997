"""Needs without an article. In: episodes that did not end well. Out: gaps with causes, proposals and tickets.

Tables: `gaps` (gap and ticket are one), `gap_wordings`, `gap_needs`, `gap_changes`.
"""
