"""Rendered: an article's body as safe HTML, with what search and links need to know of it.

Links and images that lead into the tree stand as `kb:<path>[#anchor]` until `links` resolves
them for one reading level, so that a body is rendered once for each blob.
"""

from dataclasses import dataclass

from pydantic import TypeAdapter

from portal.content.problem import Problem


@dataclass(frozen=True, slots=True)
class Section:
    """The text from one heading to the next. The first has neither heading nor anchor, and depth 0."""

    anchor: str
    heading: str
    depth: int
    """2 for `<h2>` and so on; 0 for what stands before the first heading."""
    text: str
    """Plain text: one blank between words, ` · ` between the cells of a table, a line end between blocks."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link or image that leads to `target`, a path in the tree."""

    target: str
    anchor: str
    line: int
    is_image: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """A body rendered; `html` is sanitised and may be sent as it is once its `kb:` targets are resolved."""

    html: str
    sections: tuple[Section, ...]
    links: tuple[Link, ...]
    problems: tuple[Problem, ...]
    """Warnings alone; an error raises ArticleInvalid instead."""
    heading: str = ""
    """The text of a first `# heading` that was taken out because the page shows the title there."""
    markdown: str = ""
    """The Markdown it was made of: includes expanded, comments gone, no front matter."""


_AS_JSON = TypeAdapter(Rendered)


def rendered_to_json(rendered: Rendered) -> str:
    """Write it down for `rendered_from_json`."""
    return _AS_JSON.dump_json(rendered).decode()


def rendered_from_json(written: str) -> Rendered:
    """Read what `rendered_to_json` wrote. Raises ValueError for anything else."""
    return _AS_JSON.validate_json(written)
