"""IndexDocument: one section of an article, as the index wants it."""

from dataclasses import dataclass

INDEX_VERSION = "3"
"""Changes when the same documents are indexed in another way; an index of another version is written anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDocument:
    """One section. `headings`, `anchor` and `body` are its own, all else is the article's and equal in each of them.

    An article's sections follow one another, in its order; one without any text still has one section.
    """

    article: str
    """The article's id."""
    anchor: str
    """The heading's anchor, empty for what stands before the first one."""
    title: str
    aka: str
    headings: str
    """The section's heading and those above it, one a line, its own last."""
    tags: tuple[str, ...]
    topic: str
    summary: str
    body: str
    products: tuple[str, ...] = ()
    stage: str = ""
    """before, during or after; empty where the writer named none."""
