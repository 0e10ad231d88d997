"""`python -m benchmarks.million`: a million searches, from events to tickets, and one more day among ninety.

Our own generator, the same for the same seed: 20,000 wordings of unmet needs, and as many of met ones, asked by Zipf's
law. Measured on SQLite, vectors from cold. What writes the log beforehand is not counted.
"""

import argparse
import resource
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random
from time import perf_counter

import numpy as np

from benchmarks.machine import describe
from portal.bootstrap import Portal, bootstrap
from portal.db import transaction
from portal.events import log
from portal.events.kinds import Clicked, Event, Searched, Viewed
from portal.pipeline import find_gaps, publish
from portal.settings import Settings

DAYS = 90
UNMET_SHARE = 0.4
"""Of all searches; the others end on an article that is read."""
SEARCHES_A_PERSON = 2.5
_WAYS = (
    "how do I {} {}", "{} {}", "can't {} {}", "where can I {} the {}", "{} my {} please", "is it possible to {} a {}",
    "help me {} {}", "{} {} not working", "error when I {} {}", "need to {} {} today", "why can I not {} {}",
    "steps to {} {}", "{} {} on my phone", "unable to {} our {}", "what happens if I {} {}",
)  # fmt: skip
_DEEDS = (
    "change", "cancel", "export", "import", "delete", "share", "print", "find", "move", "copy", "rename", "lock",
    "unlock", "pay", "book", "merge", "split", "archive", "restore", "sign", "scan", "translate", "upload", "reset",
    "install", "update", "remove", "renew", "approve", "reject", "assign", "schedule", "track", "return", "exchange",
)  # fmt: skip
_THINGS = (
    "invoice", "password", "subscription", "calendar", "contract", "order", "parcel", "profile", "photo",
    "bank account", "team", "project", "backup", "licence", "report", "ticket", "voucher", "address", "language",
    "notification", "phone number", "printer", "router", "warranty", "refund", "seat", "appointment", "newsletter",
    "password hint", "dashboard", "spreadsheet", "signature", "certificate", "webhook", "api key",
    "domain", "mailbox", "group",
)  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--searches", type=int, default=1_000_000)
    parser.add_argument("--wordings", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--encoder", default="auto")
    wanted = parser.parse_args()
    print(describe())
    with tempfile.TemporaryDirectory(prefix="benchmark-million-") as folder:
        portal = _portal(Path(folder), wanted.encoder)
        at = datetime(2026, 6, 1, 12, tzinfo=UTC)
        publish(portal, at=at)
        crowd = _Crowd(wanted.seed, wanted.wordings)
        began = perf_counter()
        _write(portal, crowd.events(wanted.searches, at - timedelta(days=DAYS), DAYS))
        print(f"log written: {wanted.searches:,} searches ({perf_counter() - began:.0f} s, not counted)")
        _measure(portal, at, f"{DAYS} days")
        _write(portal, crowd.events(wanted.searches // DAYS, at, 1))
        _measure(portal, at + timedelta(days=1), "one more day")


def _measure(portal: Portal, at: datetime, title: str) -> None:
    began = perf_counter()
    sought = find_gaps(portal, at=at)
    seconds = perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{title}: {seconds:.1f} s, {memory:,.0f} MB at most; {sought.line()}")


class _Crowd:
    """People who search."""

    def __init__(self, seed: int, wordings: int) -> None:
        self._rng = np.random.default_rng(seed)
        made = [way.format(deed, thing) for way, deed, thing in product(_WAYS, _DEEDS, _THINGS)]
        made += [f"{text} again" for text in made]
        Random(seed).shuffle(made)
        self._unmet, self._met = made[:wordings], [f"{text} now" for text in made[:wordings]]
        weights = 1 / np.arange(1, wordings + 1)
        self._chances = weights / weights.sum()

    def events(self, searches: int, since: datetime, days: int) -> Iterator[Event]:
        """Yield searches with what came of them, spread evenly."""
        rng = self._rng
        is_unmet = rng.random(searches) < UNMET_SHARE
        which = rng.choice(len(self._unmet), searches, p=self._chances)
        people = rng.integers(0, max(1, int(searches / SEARCHES_A_PERSON)), searches)
        seconds = np.sort(rng.random(searches)) * (days * 86_400 - 300)  # the log grows as time passes
        salt = int(rng.integers(1 << 60))
        for i in range(searches):
            at = since + timedelta(seconds=float(seconds[i]))
            person, uid = f"{salt:016x}{int(people[i]):016x}", f"{salt:016x}{i:016x}"
            if is_unmet[i]:
                yield Searched(uid=uid, at=at, visitor=person, lang="en", query=self._unmet[which[i]], hits=0)
                continue
            text = self._met[which[i]]
            yield Searched(
                uid=uid, at=at, visitor=person, lang="en", query=text, hits=3, confidence=0.9, offered=("a1",)
            )
            later = at + timedelta(seconds=5)
            yield Clicked(uid=uid[::-1], at=later, visitor=person, lang="en", search=uid, article="a1", position=1)
            more = {"article": "a1", "seconds": 60.0, "depth": 0.9, "search": uid}
            yield Viewed(uid=uid[1:] + "v", at=later + timedelta(seconds=1), visitor=person, lang="en", **more)


def _write(portal: Portal, events: Iterator[Event]) -> None:
    with portal.database.session() as session, transaction(session):
        log.append(session, events)


def _portal(folder: Path, encoder: str) -> Portal:
    articles = folder / "content" / "en" / "articles"
    articles.mkdir(parents=True)
    (articles / "one.md").write_text("---\nid: a1\ntitle: Start here\n---\nWelcome to the help centre.\n", "utf-8")
    settings = replace(
        Settings.from_env({"PORTAL_CONTENT": str(folder / "content"), "PORTAL_DATA": str(folder / "data")}),
        encoder=encoder,
    )
    settings.data.mkdir()
    portal = bootstrap(settings)
    portal.database.upgrade()
    return portal


if __name__ == "__main__":
    main()
