"""Benchmarks: what publishing, freshness, serving and searching cost, beside an empty view in the same run.

In: the collections that PORTAL_DATA_SETS names, else the manual alone. Out: a table on standard output, nothing else:
everything else is written to temporary folders. `docs/benchmarks.md` says what each figure means.
"""
