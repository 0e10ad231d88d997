"""Made-up visits to a help centre: searches by needs, Zipf over wordings, the same for the same seed.

A need is a verb and a thing, and people ask for it in ten ways of two to seven words, one of them mistyped. Two in
five visits have a need that no article meets; whoever tries again tries other words for it, seldom something else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from portal.events.kinds import Clicked, Event, Searched, Viewed

SEED = 5
BEGAN = datetime(2026, 8, 1, tzinfo=UTC)
DAYS = 90
SHARE_UNMET = 0.4
MOST_UNMET = 20_000
"""Distinct wordings of unmet needs."""
AGAIN, SOMETHING_ELSE = 0.35, 0.1
"""Chance that somebody goes on to another search, and that this one is for another need."""
LANG = "en"
_WAYS = (
    "{verb} {thing}",
    "how do i {verb} {thing}",
    "{thing} {verb}",
    "how to {verb} the {thing}",
    "cannot {verb} my {thing}",
    "{verb} {thing} not working",
    "where can i {verb} {thing}",
    "{thing}",
    "please help me {verb} {thing}",
    "{verb} {mistyped}",
)
_VERBS = [
    "cancel", "change", "delete", "export", "import", "print", "share", "move", "copy", "merge", "split", "rename",
    "archive", "restore", "lock", "unlock", "sort", "filter", "schedule", "approve", "reject", "refund", "renew",
    "upgrade", "downgrade", "install", "update", "connect", "sync", "verify", "reset", "translate", "sign", "send",
    "receive", "forward", "track", "measure", "transfer", "activate",
]  # fmt: skip
_KINDS = ["monthly", "shared", "old", "new", "private", "team", "yearly", "hidden", "broken", "external"]
_THINGS = [
    "invoice", "report", "calendar", "contract", "password", "profile", "printer", "folder", "ticket", "payment",
    "account", "address", "backup", "label", "domain", "certificate", "subscription", "voucher", "shipment",
    "warehouse", "customer", "supplier", "newsletter", "template", "signature", "dashboard", "budget", "licence",
    "webhook", "keyboard",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Need:
    """What people look for, in the ways in which they ask, the most usual first, and what they are shown."""

    ways: tuple[str, ...]
    offered: tuple[str, ...]
    hits: int
    is_met: bool


class Visitors:
    """People with needs, all of their searches in the order in which they come."""

    def __init__(self, articles: Sequence[str], *, seed: int = SEED) -> None:
        """articles: ids of the help centre's, which are shown and opened."""
        self._rng = Random(seed)
        needs = self._needs(articles)
        unmet = MOST_UNMET // len(_WAYS)
        self._pools = [_Pool(needs[:unmet]), _Pool(needs[unmet : 2 * unmet])]
        """Unmet, and met."""

    def events(self, searches: int, since: datetime = BEGAN, days: int = DAYS) -> Iterator[Event]:
        """Make up so many searches, evenly over some days, and what followed each."""
        made = 0
        while made < searches:
            at = since + timedelta(days=days * made / searches)
            visitor, is_met = self._uid(), self._rng.random() >= SHARE_UNMET
            need, way = self._pools[is_met].draw(self._rng)
            while True:
                made += 1
                yield from self._search(visitor, at, need, way)
                if made >= searches or self._rng.random() > AGAIN:
                    break
                at += timedelta(seconds=self._rng.uniform(15, 400))
                if self._rng.random() < SOMETHING_ELSE:
                    need, way = self._pools[is_met].draw(self._rng)
                else:
                    way = self._rng.choice(need.ways)

    def _search(self, visitor: str, at: datetime, need: Need, query: str) -> Iterator[Event]:
        same = {"visitor": visitor, "lang": LANG}
        search = Searched(
            uid=self._uid(),
            at=at,
            query=query,
            hits=need.hits,
            confidence=0.5,
            offered=need.offered,
            generation="1",
            **same,
        )
        yield search
        if not need.is_met:
            left = at + timedelta(seconds=5)
            yield Viewed(uid=self._uid(), at=left, article="", seconds=5.0, search=search.uid, **same)
            return
        seconds, article = self._rng.uniform(3, 120), need.offered[0]
        clicked = at + timedelta(seconds=4)
        yield Clicked(uid=self._uid(), at=clicked, search=search.uid, article=article, position=1, **same)
        left = clicked + timedelta(seconds=seconds)
        yield Viewed(uid=self._uid(), at=left, article=article, seconds=seconds, depth=0.6, search=search.uid, **same)

    def _needs(self, articles: Sequence[str]) -> list[Need]:
        rng = self._rng
        pairs = [(verb, f"{kind} {thing}") for verb in _VERBS for kind in _KINDS for thing in _THINGS]
        chosen = rng.sample(pairs, 2 * MOST_UNMET // len(_WAYS))
        found = []
        for number, (verb, thing) in enumerate(chosen):
            is_met = number >= len(chosen) // 2
            place = rng.randrange(len(thing) - 2)
            mistyped = thing[:place] + thing[place + 1] + thing[place] + thing[place + 2 :]
            ways = [way.format(verb=verb, thing=thing, mistyped=mistyped) for way in _WAYS]
            rng.shuffle(ways)
            offered = tuple(rng.sample(articles, min(10, len(articles))))
            found.append(Need(tuple(ways), offered, 10 if is_met or number % 3 else 0, is_met))
        return found

    def _uid(self) -> str:
        return f"{self._rng.getrandbits(128):032x}"


class _Pool:
    """Wordings of needs, drawn by Zipf's law: the second half as often as the first."""

    def __init__(self, needs: Sequence[Need]) -> None:
        self._all = [(need, way) for place in range(len(_WAYS)) for need in needs for way in (need.ways[place],)]
        self._scale = list(accumulate(1 / rank for rank in range(1, len(self._all) + 1)))

    def draw(self, rng: Random) -> tuple[Need, str]:
        """Return a need, and how it is asked for."""
        return rng.choices(self._all, cum_weights=self._scale)[0]
