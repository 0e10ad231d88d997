"""Clusters: wordings that ask for the same thing, by meaning and words together, and by what people did.

A full run doesn't depend on the order of what comes in. Known gaps keep their numbers, what a person pinned stays
where it was put, and languages mix only where people went from one to the other. docs/gaps-clusters.md tells why so.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.gaps.cluster_ids import carried, held_together
from portal.gaps.cluster_linkage import FREE, Bonds, link
from portal.gaps.cluster_space import space
from portal.gaps.cluster_words import of_length_one
from portal.gaps.cluster_wordings import exemplar, shared_words
from portal.gaps.junk import is_junk

Floats = NDArray[np.float32]
LEAST_WITH_MEANING = 0.48
LEAST_OF_WORDS = 0.48
"""Mean likeness of two clusters that still merge; tuned on the development halves, docs/gaps-clusters.md."""
LINK_WORTH = 0.5
"""Likeness that is added to a pair of wordings that very many people went between."""
LINKED_PEOPLE = 2
LINKED_SHARE = 0.5
"""From so many people, and such a share of the smaller side's, two clusters are one in whatever languages."""


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
    """Words, as they are written, that at least half of its people share; the most telling first."""
    gap: int | None
    """The known gap that lives on in it."""
    exemplar: int
    """The member that is most like all others, heavier ones counting more; one of `members`."""


def cluster(
    asked: Sequence[Asked],
    vectors: Floats | None,
    links: Sequence[Link] = (),
    *,
    least: float | None = None,
) -> list[Cluster]:
    """Group wordings; each is in exactly one cluster, the clusters with most people first.

    vectors: a row of length one for each wording, zeros where there is none; None: words alone.
    links: raise likeness, and are all that brings languages together. least: instead of the tuned one.
    Junk (see `junk`) is alone unless it is pinned. No two wordings pinned to different gaps come together, and those
    pinned to one gap always do. Raises ValueError where vectors and wordings differ in number.
    """
    if vectors is not None and len(vectors) != len(asked):
        raise ValueError(f"{len(vectors)} vectors for {len(asked)} wordings")
    order = sorted(range(len(asked)), key=lambda i: (asked[i].lang, asked[i].text, i))
    place = {i: at for at, i in enumerate(order)}
    said = [asked[i] for i in order]
    sorted_links = [Link(place[x.a], place[x.b], x.strength) for x in links if x.a != x.b and x.strength > 0]
    rows = None if vectors is None else np.asarray(vectors, np.float32)[order]
    groups, positions = _grouped(said, rows, sorted_links, least)
    groups = _joined(said, groups, sorted_links)
    gaps = carried(said, groups)
    found = [
        Cluster(
            members=tuple(sorted(order[i] for i in group)),
            because=shared_words([said[i] for i in group]) if len(group) > 1 else (),
            gap=gap,
            exemplar=order[exemplar(group, [said[i].people for i in group], positions)],
        )
        for group, gap in zip(groups, gaps, strict=True)
    ]
    return sorted(found, key=lambda one: (-sum(asked[i].people for i in one.members), place[one.exemplar]))


def _grouped(
    said: Sequence[Asked], rows: Floats | None, links: Sequence[Link], least: float | None
) -> tuple[list[list[int]], dict[int, Floats]]:
    """Group each language for itself; return groups, and where each wording that is not junk stands."""
    by_language: dict[str, list[int]] = defaultdict(list)
    groups: list[list[int]] = []
    for i, one in enumerate(said):
        if one.is_pinned or not is_junk(one.text, one.lang):
            by_language[one.lang].append(i)
        else:
            groups.append([i])
    positions: dict[int, Floats] = {}
    for lang, some in by_language.items():
        known = None if rows is None else rows[some]
        has_meaning = known is not None and bool(known.any())
        stands = space([said[i].text for i in some], lang, known)
        positions |= dict(zip(some, stands, strict=True))
        nearness = least if least is not None else LEAST_WITH_MEANING if has_meaning else LEAST_OF_WORDS
        here = [said[i] for i in some]
        pins = np.array([one.gap if one.is_pinned and one.gap is not None else FREE for one in here], np.int64)
        begun = held_together(here, stands, nearness)
        numbers = link(stands, nearness, begun, pins, _bonds(some, links))
        groups += [[some[i] for i in group] for group in _by_number(numbers)]
    return groups, positions


def _bonds(some: Sequence[int], links: Sequence[Link]) -> Bonds:
    """Return what links are worth between wordings of one language: half for one person, three quarters for two."""
    place = {i: at for at, i in enumerate(some)}
    strengths: dict[tuple[int, int], float] = defaultdict(float)
    for one in links:
        if one.a in place and one.b in place:
            a, b = sorted((place[one.a], place[one.b]))
            strengths[a, b] += one.strength
    if not strengths:
        return Bonds()
    pairs = np.array(sorted(strengths), np.int64)
    worth = LINK_WORTH * (1 - 0.5 ** np.array([strengths[a, b] for a, b in pairs.tolist()]))
    return Bonds(pairs[:, 0], pairs[:, 1], worth.astype(np.float32))


def _by_number(numbers: Iterable[int]) -> list[list[int]]:
    groups: dict[int, list[int]] = defaultdict(list)
    for i, number in enumerate(numbers):
        groups[int(number)].append(i)
    return list(groups.values())


def _joined(said: Sequence[Asked], groups: list[list[int]], links: Sequence[Link]) -> list[list[int]]:
    """Bring groups together that share a pinned gap, and those in whatever languages that most of their people link."""
    of = {i: number for number, group in enumerate(groups) for i in group}
    first: dict[int, int] = {}
    for number, group in enumerate(groups):
        first.setdefault(_pin(said, group), number)
    into = list(range(len(groups)))
    for number, group in enumerate(groups):
        if (pin := _pin(said, group)) != FREE:
            into[number] = first[pin]
    between: dict[tuple[int, int], float] = defaultdict(float)
    for one in links:
        if said[one.a].lang != said[one.b].lang:
            a, b = sorted((of[one.a], of[one.b]))
            between[a, b] += one.strength
    pins = {number: _pin(said, group) for number, group in enumerate(groups)}
    people = [sum(said[i].people for i in group) for group in groups]
    for (a, b), strength in sorted(between.items(), key=lambda item: (-item[1], item[0])):
        one, other = _root(into, a), _root(into, b)
        is_barred = pins[one] != pins[other] and FREE not in {pins[one], pins[other]}
        if one != other and not is_barred and strength >= max(LINKED_PEOPLE, LINKED_SHARE * min(people[a], people[b])):
            kept, gone = (one, other) if one < other else (other, one)
            into[gone] = kept
            pins[kept] = max(pins[one], pins[other])
    merged: dict[int, list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        merged[_root(into, number)] += group
    return [sorted(group) for group in merged.values()]


def _root(into: Sequence[int], number: int) -> int:
    while into[number] != number:
        number = into[number]
    return number


def _pin(said: Sequence[Asked], group: Iterable[int]) -> int:
    """Return the gap that a group is pinned to, or FREE."""
    gaps = [said[i].gap for i in group if said[i].is_pinned]
    return max((gap for gap in gaps if gap is not None), default=FREE)


__all__ = ["Asked", "Cluster", "Link", "cluster", "of_length_one"]
