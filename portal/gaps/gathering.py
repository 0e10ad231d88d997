"""Gathering: needs sorted by the wordings that people used, and then by the clusters that those belong to."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from portal.gaps.alike import Encode, Floats
from portal.gaps.cluster import Asked, Cluster, Link
from portal.gaps.junk import is_junk
from portal.gaps.models import Gap, State, Wording
from portal.gaps.unmet import Unmet, wording

MOST_LINKED = 50
"""Wordings that are linked because one article helped their askers; more tell no more."""
Key = tuple[str, str]
"""Language and wording."""
Clustering = Callable[[Sequence[Asked], Floats | None, Sequence[Link]], list[Cluster]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """All needs by wording. `keys` and `asked` go together."""

    keys: tuple[Key, ...]
    asked: tuple[Asked, ...]
    links: tuple[Link, ...]
    people: Mapping[Key, Collection[str]]
    typed: Mapping[Key, str]
    """As it was mostly typed."""


@dataclass(slots=True)
class Group:
    """One cluster with its needs."""

    cluster: Cluster
    keys: tuple[Key, ...]
    central: Key
    needs: list[Unmet] = field(default_factory=list)

    @property
    def gap(self) -> int | None:
        """The known gap that lives on in it."""
        return self.cluster.gap

    @property
    def people(self) -> int:
        """Different people."""
        return len({need.visitor for need in self.needs})

    def is_all_junk(self) -> bool:
        """Whether none of its wordings names a need."""
        return all(is_junk(text, lang) for lang, text in self.keys)


def gather(needs: Iterable[Unmet], gaps: Iterable[Gap], wordings: Iterable[Wording]) -> Gathered:
    """Return who used which wordings, where those were last time, and which of them go together.

    What a person has decided about a gap holds for its wordings: only of suggested gaps may they be clustered anew.
    """
    people: defaultdict[Key, set[str]] = defaultdict(set)
    typed: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    chains: defaultdict[tuple[Key, Key], set[str]] = defaultdict(set)
    ended: defaultdict[str, Counter[Key]] = defaultdict(Counter)
    for need in needs:
        keys = [(need.lang, wording(text)) for text in need.wordings]
        for key, text in zip(keys, need.wordings, strict=True):
            people[key].add(need.visitor)
            typed[key][text] += 1
        for pair in pairwise(keys):
            chains[pair].add(need.visitor)
        if need.ended_on:
            ended[need.ended_on].update(keys)
    by_hand = {gap.id for gap in gaps if gap.state is not State.SUGGESTED or gap.is_title_pinned}
    placed = {(one.lang, one.text): one for one in wordings}
    order = tuple(sorted(people))
    asked = tuple(_asked(key, len(people[key]), placed.get(key), by_hand) for key in order)
    place = {key: number for number, key in enumerate(order)}
    pairs = [(one, other, len(who)) for (one, other), who in chains.items() if one != other]
    links = tuple(Link(place[a], place[b], strength) for a, b, strength in (*pairs, *_by_article(ended)))
    return Gathered(order, asked, links, people, {key: _mostly(forms) for key, forms in typed.items()})


def rows_for(gathered: Gathered, encode: Encode) -> Floats | None:
    """Return a row for each wording, zeros where no encoder knows its language; None where none knows any."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for number, (lang, _) in enumerate(gathered.keys):
        places[lang].append(number)
    found = {lang: encode(lang, [gathered.keys[at][1] for at in some]) for lang, some in places.items()}
    dims = max((rows.shape[1] for rows in found.values() if rows is not None), default=0)
    if not dims:
        return None
    everything = np.zeros((len(gathered.keys), dims), np.float32)
    for lang, rows in found.items():
        if rows is not None:
            everything[places[lang], : rows.shape[1]] = rows
    return everything


def groups(needs: Iterable[Unmet], gathered: Gathered, clusters: Sequence[Cluster]) -> list[Group]:
    """Return clusters with their needs: each need where most of its wordings are, of two alike where the first is."""
    made = [Group(one, tuple(gathered.keys[at] for at in one.members), gathered.keys[one.exemplar]) for one in clusters]
    group_of = {key: group for group in made for key in group.keys}
    for need in needs:
        homes = [group_of[need.lang, wording(text)] for text in need.wordings]
        if len(homes) == 1:
            homes[0].needs.append(need)
            continue
        counts = Counter(id(home) for home in homes)
        max(homes, key=lambda home: counts[id(home)]).needs.append(need)
    return made


def _asked(key: Key, people: int, placed: Wording | None, by_hand: Collection[int]) -> Asked:
    gap = placed.gap_id if placed else None
    is_pinned = placed is not None and gap is not None and (placed.is_pinned or gap in by_hand)
    return Asked(text=key[1], lang=key[0], people=people, gap=gap, is_pinned=is_pinned)


def _by_article(ended: Mapping[str, Counter[Key]]) -> Iterable[tuple[Key, Key, int]]:
    """Link the wordings whose askers one article helped, each to the one that most of them used."""
    for counts in ended.values():
        ranked = sorted(counts, key=lambda key: (-counts[key], key))[:MOST_LINKED]
        for other in ranked[1:]:
            yield ranked[0], other, counts[other]


def _mostly(forms: Counter[str]) -> str:
    return min(forms, key=lambda text: (-forms[text], text))
