"""Visits: how long it takes from recorded events to judged needs and daily totals, and how much memory.

`python -m benchmarks.visits [--searches N]`: writes made-up traffic of 90 days into a SQLite file in a temporary
folder, reads it back, and prints a line for each step, with its own processor's time. One core. Traffic: Zipf over
wordings, so many that are never answered and so many that are; the seed is fixed, so every run has the same.
"""

import argparse
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from benchmarks import machine
from portal.db import Database, transaction
from portal.events import log
from portal.events.kinds import Clicked, Event, Searched, Viewed
from portal.visits import totals
from portal.visits.digest import digest

SEED = 5
BEGAN = datetime(2026, 8, 1, tzinfo=UTC)
DAYS = 90
UNANSWERED, ANSWERED = 20_000, 20_000
"""Distinct wordings."""
SHARE_UNANSWERED = 0.4
AGAIN = 0.35
"""Chance that somebody goes on to another search."""
ARTICLES = 500
AT_ONCE = 100_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.visits", description=__doc__)
    parser.add_argument("--searches", type=int, default=1_000_000)
    searches = parser.parse_args().searches
    print(machine.describe())
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        database = Database(f"sqlite:///{Path(name) / 'portal.sqlite'}")
        database.upgrade()
        _timed("written", lambda: _write(database, searches))
        _timed("read", lambda: _read(database))
        _timed("read and judged", lambda: _judge(database))
        _timed("daily totals, all 90 days", lambda: _count(database, BEGAN + timedelta(days=DAYS)))
        _timed("daily totals, an hour later", lambda: _count(database, BEGAN + timedelta(days=DAYS, hours=1)))
        _timed("asked with success", lambda: _asked(database))
        database.close()


def traffic(searches: int, seed: int = SEED) -> Iterator[Event]:
    """Make up so many searches and what followed them, visit by visit; the same for the same seed."""
    rng = Random(seed)
    words = [f"{rng.choice(_HEADS)}{rng.choice(_MIDDLES)}{rng.choice(_ENDS)}{i % 97}" for i in range(2_000)]
    pools = [_wordings(rng, words, UNANSWERED), _wordings(rng, words, ANSWERED)]
    scales = [list(accumulate(1 / place for place in range(1, len(pool) + 1))) for pool in pools]
    made = 0
    while made < searches:
        at = BEGAN + timedelta(days=DAYS * made / searches)
        visitor = _uid(rng)
        is_answered = rng.random() > SHARE_UNANSWERED
        while True:
            made += 1
            query = rng.choices(pools[is_answered], cum_weights=scales[is_answered])[0]
            yield from _search(rng, visitor, at, query, is_answered=is_answered)
            if made >= searches or rng.random() > AGAIN:
                break
            at += timedelta(seconds=rng.uniform(15, 400))


def _search(rng: Random, visitor: str, at: datetime, query: str, *, is_answered: bool) -> Iterator[Event]:
    first = hash_of(query) % ARTICLES
    offered = tuple(f"a{(first + 7 * place) % ARTICLES:04}" for place in range(10))
    hits = 0 if not is_answered and hash_of(query) % 3 == 0 else 10
    uid = _uid(rng)
    yield Searched(
        uid=uid,
        at=at,
        visitor=visitor,
        lang="en",
        query=query,
        hits=hits,
        confidence=0.5,
        offered=offered,
        generation="g",
    )
    if not is_answered:
        later = at + timedelta(seconds=5)
        yield Viewed(uid=_uid(rng), at=later, visitor=visitor, lang="en", article="", seconds=5.0, search=uid)
        return
    article = offered[0]
    later = at + timedelta(seconds=4)
    yield Clicked(uid=_uid(rng), at=later, visitor=visitor, lang="en", search=uid, article=article, position=1)
    seconds = rng.uniform(3, 120)
    later += timedelta(seconds=seconds)
    yield Viewed(
        uid=_uid(rng), at=later, visitor=visitor, lang="en", article=article, seconds=seconds, depth=0.6, search=uid
    )


_HEADS = ("re", "up", "in", "ex", "pro", "sub", "con", "dis", "over", "under")
_MIDDLES = ("port", "load", "voice", "pass", "grade", "stall", "nect", "play", "count", "mail", "print", "sign")
_ENDS = ("", "s", "ing", "ed", "er", "ment", "able")


def hash_of(text: str) -> int:
    """Return a number for a text that is the same in every run."""
    number = 0
    for character in text:
        number = (number * 31 + ord(character)) & 0xFFFFFFFF
    return number


def _wordings(rng: Random, words: Sequence[str], count: int) -> list[str]:
    found: set[str] = set()
    while len(found) < count:
        found.add(" ".join(rng.choices(words, k=rng.choice((1, 2, 2, 3, 3, 4)))))
    return sorted(found)


def _uid(rng: Random) -> str:
    return f"{rng.getrandbits(128):032x}"


def _write(database: Database, searches: int) -> str:
    waiting, written = list[Event](), 0
    with database.session() as session:
        for event in traffic(searches):
            waiting.append(event)
            if len(waiting) == AT_ONCE:
                with transaction(session):
                    written += log.append(session, waiting)
                waiting.clear()
        with transaction(session):
            written += log.append(session, waiting)
    return f"{written:,} events"


def _read(database: Database) -> str:
    with database.session() as session:
        return f"{sum(1 for _ in log.read(session, since=BEGAN)):,} events"


def _judge(database: Database) -> str:
    outcomes: dict[str, int] = {}
    with database.session() as session:
        at = BEGAN + timedelta(days=DAYS + 1)
        for judged in digest(log.read(session, since=BEGAN), at=at):
            for _, outcome in judged.needs:
                outcomes[outcome.value] = outcomes.get(outcome.value, 0) + 1
    return ", ".join(f"{name} {count:,}" for name, count in sorted(outcomes.items()))


def _count(database: Database, at: datetime) -> str:
    rows = 0
    with database.session() as session:
        waiting = totals.uncounted(session, at=at, kept_from=BEGAN - timedelta(days=2))
        for days in totals.together_at_most(waiting.days):
            since, until = totals.read_span(days)
            counted = totals.count(digest(log.read(session, since=since, until=until), at=at), days)
            for day in counted:
                rows += len(day.visits) + len(day.asked)
                with transaction(session):
                    totals.write(session, day)
        with transaction(session):
            totals.settle(session, waiting, at=at)
    return f"{len(waiting.days)} days, {rows:,} rows"


def _asked(database: Database) -> str:
    with database.session() as session:
        found = totals.asked_with_success(session, BEGAN, 5)
        return f"{sum(map(len, found.values())):,} wordings"


def _timed(step: str, work: Callable[[], str]) -> None:
    began, own = perf_counter(), process_time()
    result = work()
    kilobytes = 1024 if sys.platform == "darwin" else 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // kilobytes // 1024
    seconds = f"{perf_counter() - began:6.1f} s ({process_time() - own:5.1f} s own)"
    print(f"{step:28} {seconds}  peak {peak:4} MB  {result}", flush=True)


if __name__ == "__main__":
    main()
