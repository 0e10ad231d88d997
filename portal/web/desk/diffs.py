"""A proposal as the lines that its draft adds to a file, to be read and to be copied."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from portal.content.synonym_line import SHARED
from portal.gaps.patch import new_article
from portal.gaps.suggest import Kind, Proposal


@dataclass(frozen=True, slots=True)
class Diff:
    """Lines that are added to one file. `path` is empty where the draft will choose a place beside the nearest article.

    `is_new`: the file isn't there yet.
    """

    path: str
    lines: tuple[str, ...]
    is_new: bool


def diff_of(proposal: Proposal, gap: int) -> Diff | None:
    """Return what a proposal adds; None where it has no lines to propose, as only people know what to change."""
    is_new = proposal.kind in {Kind.NEW_ARTICLE, Kind.TRANSLATE}
    lines = _article(proposal, gap) if is_new else _LINES[proposal.kind](proposal)
    path = proposal.path or (proposal.article.path if proposal.article and not is_new else "")
    if proposal.kind is Kind.SYNONYMS:
        path = proposal.path or SHARED
    return Diff(path, lines, is_new) if any(lines) and (path or is_new) else None


def _article(proposal: Proposal, gap: int) -> tuple[str, ...]:
    return tuple(new_article(proposal, gap).decode().rstrip("\n").split("\n"))


def _aka(proposal: Proposal) -> tuple[str, ...]:
    return ("aka:", *(f"  - {name}" for name in proposal.aka)) if proposal.aka else ()


def _headings(proposal: Proposal) -> tuple[str, ...]:
    return tuple(f"## {heading}" for heading in proposal.outline)


_LINES: Final[Mapping[Kind, Callable[[Proposal], tuple[str, ...]]]] = MappingProxyType(
    {
        Kind.SYNONYMS: lambda proposal: (proposal.line,),
        Kind.AKA: _aka,
        Kind.OPEN_UP: lambda _: ("audience: public",),
        Kind.PUBLISH: lambda _: ("status: published",),
        Kind.IMPROVE: _headings,
    }
)
