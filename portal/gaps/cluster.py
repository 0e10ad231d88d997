"""Clusters: wordings that ask for the same thing, by meaning and words together, and by what people did.

A full run doesn't depend on the order of what comes in. Known gaps keep their numbers, what a person pinned stays
where it was put, and languages mix only where people went from one to the other. docs/gaps-clusters.md tells why so.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.gaps.cluster_ids import carried, held_together
from portal.gaps.cluster_joining import by_number, joined, loosened
from portal.gaps.cluster_linkage import FREE, Bonds, link
from portal.gaps.cluster_space import drawn, space
from portal.gaps.cluster_wordings import exemplar, shared_words
from portal.gaps.junk import is_junk

Floats = NDArray[np.float32]
Behind = Callable[[str], Floats | None]
LEAST_WITH_MEANING = 0.46
LEAST_OF_WORDS = 0.43
"""Mean likeness of two clusters that still merge; tuned on the development halves, docs/gaps-clusters.md."""
LINK_WORTH = 0.5
"""Likeness that is added to a pair of wordings that very many people went between. Our own judgement: no labelled set
tells what people did next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One wording. gap: the one it was in last time. is_pinned: a person put it there, and there it stays."""

    text: str
    lang: str
    people: int = 1
    gap: int | None = None
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Two wordings, by place among all, that people used for one need: one episode, or clicks on the same article."""

    a: int
    b: int
    strength: float
    """How many people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Wordings of one need; often a single one."""

    members: tuple[int, ...]
    """Places in what was asked, rising."""
    because: tuple[str, ...]
    """Words, as they are written, that at least half of its people share; the most frequent first."""
    gap: int | None
    """The known gap that lives on in it."""
    exemplar: int
    """The member that is most like all others, heavier ones counting more; one of `members`."""


def cluster(
    asked: Sequence[Asked],
    vectors: Floats | None,
    links: Sequence[Link] = (),
    *,
    behind: Behind | None = None,
    least: float | None = None,
) -> list[Cluster]:
    """Group wordings; each is in exactly one cluster, the clusters with most people first.

    vectors: a row of length one for each wording, zeros where there is none; None: words alone.
    links: raise likeness, and are all that brings languages together. least: instead of the tuned one.
    behind: vectors of a language's `background`; without them a handful of wordings is seen against nothing.
    Junk (see `junk`) is alone unless it is pinned. No two wordings pinned to different gaps come together, and those
    pinned to one gap always do. Raises ValueError where vectors and wordings differ in number.
    """
    if vectors is not None and len(vectors) != len(asked):
        raise ValueError(f"{len(vectors)} vectors for {len(asked)} wordings")
    order = sorted(range(len(asked)), key=lambda i: (asked[i].lang, asked[i].text, i))
    place = {i: at for at, i in enumerate(order)}
    said = [asked[i] for i in order]
    ties = [Link(place[x.a], place[x.b], x.strength) for x in links if x.a != x.b and x.strength > 0]
    rows = None if vectors is None else np.asarray(vectors, np.float32)[order]
    groups, stands = _by_language(said, rows, ties, behind, least)
    groups = joined(said, groups, ties)
    found = [
        Cluster(
            members=tuple(sorted(order[i] for i in group)),
            because=shared_words([said[i] for i in group]) if len(group) > 1 else (),
            gap=gap,
            exemplar=order[exemplar(group, [said[i].people for i in group], stands)],
        )
        for group, gap in zip(groups, carried(said, groups), strict=True)
    ]
    return sorted(found, key=lambda one: (-sum(asked[i].people for i in one.members), place[one.exemplar]))


def _by_language(
    said: Sequence[Asked], rows: Floats | None, links: Sequence[Link], behind: Behind | None, least: float | None
) -> tuple[list[list[int]], dict[int, Floats]]:
    """Group each language for itself; return groups, and where each wording that is not junk stands."""
    languages: dict[str, list[int]] = defaultdict(list)
    groups: list[list[int]] = []
    for i, one in enumerate(said):
        if one.is_pinned or not is_junk(one.text, one.lang):
            languages[one.lang].append(i)
        else:
            groups.append([i])
    stands: dict[int, Floats] = {}
    for lang, some in languages.items():
        known = None if rows is None else rows[some]
        has_meaning = known is not None and bool(known.any())
        here = space([said[i].text for i in some], lang, known, behind(lang) if behind and has_meaning else None)
        nearness = least if least is not None else LEAST_WITH_MEANING if has_meaning else LEAST_OF_WORDS
        groups += [[some[i] for i in group] for group in _grouped([said[i] for i in some], here, some, links, nearness)]
        stands |= dict(zip(some, here, strict=True))
    return groups, stands


def _grouped(
    said: Sequence[Asked], rows: Floats, numbers: Sequence[int], links: Sequence[Link], least: float
) -> list[list[int]]:
    """Group the wordings of one language. numbers: of each among all, as links have them."""
    close = drawn(rows)
    bonds = _bonds(numbers, links)
    pins = np.array([one.gap if one.is_pinned and one.gap is not None else FREE for one in said], np.int64)
    begun = held_together(said, close, least)
    return loosened(by_number(link(close, least, begun, pins, bonds)), said, rows, bonds)


def _bonds(numbers: Sequence[int], links: Sequence[Link]) -> Bonds:
    """Return what links are worth between wordings of one language: half for one person, three quarters for two."""
    place = {number: at for at, number in enumerate(numbers)}
    strengths: dict[tuple[int, int], float] = defaultdict(float)
    for one in links:
        if one.a in place and one.b in place:
            a, b = sorted((place[one.a], place[one.b]))
            strengths[a, b] += one.strength
    if not strengths:
        return Bonds()
    pairs = sorted(strengths)
    worth = [LINK_WORTH * (1 - 0.5 ** strengths[pair]) for pair in pairs]
    ends = np.array(pairs, np.int64)
    return Bonds(ends[:, 0], ends[:, 1], np.array(worth, np.float32))
