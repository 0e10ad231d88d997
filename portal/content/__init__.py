"""Articles: from one revision of a git tree to pages that can be served.

In:  a tree of blobs (`tree`), its past (`history`), `portal.toml` (`site`).
Out: `KnowledgeBase`, every article of the revision with what is wrong, and one `Shelf`
     of finished pages for each reading level.
Kept in git; what is derived (`compiled`) can be thrown away at any time.
"""
