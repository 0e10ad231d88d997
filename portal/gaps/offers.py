"""Offers: what people were shown for one need, and what they made of it. Numbers are of different people."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from portal.gaps.probe import Known
from portal.gaps.suggest import Offered
from portal.gaps.unmet import Unmet

HIGH = 3
MOST = 8
"""Articles that are named as evidence."""


@dataclass(slots=True)
class Shown:
    """Who was shown an article, and what they did."""

    by: set[str] = field(default_factory=set)
    high_by: set[str] = field(default_factory=set)
    clicked_by: set[str] = field(default_factory=set)
    helped_by: set[str] = field(default_factory=set)

    @property
    def clicked(self) -> int:
        """People who opened it."""
        return len(self.clicked_by)

    @property
    def helped(self) -> int:
        """People whom it helped in the end."""
        return len(self.helped_by)

    @property
    def refused(self) -> int:
        """People who saw it among the first, or opened it, and were not helped by it."""
        return len((self.high_by | self.clicked_by) - self.helped_by)

    @property
    def is_refused(self) -> bool:
        """Whether more people passed it over than it helped."""
        return self.refused > self.helped


def shown(needs: Iterable[Unmet]) -> Mapping[str, Shown]:
    """Return article -> what was made of it; of an article that nobody was shown, nothing."""
    found: defaultdict[str, Shown] = defaultdict(Shown)
    for need in needs:
        for place, article in enumerate(need.offered):
            found[article].by.add(need.visitor)
            if place < HIGH:
                found[article].high_by.add(need.visitor)
        for article, _ in need.clicked:
            found[article].clicked_by.add(need.visitor)
        if need.ended_on:
            found[need.ended_on].helped_by.add(need.visitor)
    return found


def told(offers: Mapping[str, Shown], know: Callable[[Collection[str]], Mapping[str, Known]]) -> tuple[Offered, ...]:
    """Return the articles that most people were shown, as evidence; those that are gone are left out."""
    ranked = sorted(offers, key=lambda one: (-len(offers[one].high_by), -len(offers[one].by), one))[: 2 * MOST]
    known = know(ranked)
    return tuple(
        Offered(
            article=known[one].article,
            shown=len(offers[one].by),
            high=len(offers[one].high_by),
            clicked=offers[one].clicked,
            helped=offers[one].helped,
        )
        for one in ranked
        if one in known
    )[:MOST]
