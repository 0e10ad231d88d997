"""`python -m benchmarks.inbox`: the search of the inbox, at 100,000 conversations with 400,000 messages.

Texts are words of this repository's manual, drawn one by one by how often they come, so that trigrams are as frequent
as in real text; with a few words planted. Each question is asked as a page asks it: the first 51 of all, and how many
each view holds. The peer is plain LIKE over the same rows, as it was before there was an index, in the same run.
Measured on SQLite, and on PostgreSQL where its programs are.
"""

import argparse
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter

from alembic import command
from sqlalchemy import ColumnElement, case, delete, exists, func, insert, or_, select, text

from benchmarks.machine import describe, load
from benchmarks.material import ROOT
from portal.conversations import erasing, finding, store
from portal.conversations.models import Conversation, Entry, Kind, Message, Standing
from portal.conversations.store import View
from portal.db import Database, Session, alembic_config, transaction, write_rows
from tests import postgresql

BEFORE = "20261122_1850"
"""The schema without the index."""
LIMIT = 51
"""Lines of a page, and one more."""
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = (30, 90)
"""Of a message."""
PLANTED = {"E-48213x": 1 / 40_000, "Rückerstattungsbetrag": 1 / 400, "zq": 1 / 40_000}
"""In what share of messages a word stands that no other has."""
SEARCHES = {
    "a rare code": "e-48213X",
    "part of a German compound, in capitals": "ERSTATTUNGSBETRAG",
    "a common word": "password",
    "a very common word": "article",
    "two common words": "password search",
    "a rare and a common word": "E-48213x article",
    "a word that is nowhere": "gibberishes",
    "two characters, rare": "zq",
    "two characters, common": "in",
    "two characters and a common word": "zq password",
}
_KINDS = (Kind.CUSTOMER, Kind.REPLY, Kind.CUSTOMER, Kind.NOTE)
_STANDINGS = (Standing.NEW, Standing.OPEN, Standing.WAITING, *(Standing.CLOSED,) * 7)
_BATCH = 10_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inbox", description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=20, help="how often each is asked; plain LIKE a fourth of it")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    given = parser.parse_args()
    print(f"{describe()}\n{given.conversations:,} conversations, {4 * given.conversations:,} messages\n")
    with tempfile.TemporaryDirectory(prefix="benchmark-inbox-") as folder:
        if given.only != "postgresql":
            _measure(Database(f"sqlite:///{Path(folder) / 'portal.sqlite'}"), given.conversations, given.times)
        programs = postgresql.find_programs()
        if given.only != "sqlite" and programs:
            with _served(programs) as database:
                _measure(database, given.conversations, given.times)
    print(f"load {load()} at the end")


@contextmanager
def _served(programs: Path) -> Iterator[Database]:
    """Lend an empty database of the tests' PostgreSQL: 16 MB of buffers, and no waiting for the disk."""
    server = postgresql.Server.make(programs)
    try:
        yield Database(server.url())
    finally:
        server.remove()


def _measure(database: Database, conversations: int, times: int) -> None:
    with database.alone() as connection:
        command.upgrade(alembic_config(connection), BEFORE)
    print(f"## {database.engine.dialect.name}")
    _fill(database, conversations)
    before = _bytes(database)
    print(f"write a message, without the index: {_line(_written(database, times))}")
    began = perf_counter()
    database.upgrade()
    print(f"index all: {perf_counter() - began:.0f} s; {before:,.0f} MB became {_bytes(database):,.0f}")
    print(f"write a message, with it: {_line(_written(database, times))}")
    with database.session() as session:
        if database.engine.dialect.name == "postgresql":
            session.execute(text("SET statement_timeout = 0"))
            session.execute(text("ANALYZE"))
        print(f"\n| search | found | list | counts | LIKE: list | LIKE: counts |\n|{' --- |' * 6}")
        for title, q in SEARCHES.items():
            print(_row(session, title, q, times), flush=True)
    _erase(database)
    database.close()


def _row(session: Session, title: str, q: str, times: int) -> str:
    found = store.counts(session, 1, q=q)[View.ALL]
    asked: list[tuple[Callable[[], object], int]] = [
        (lambda: store.listed(session, View.ALL, user=1, q=q, limit=LIMIT), times),
        (lambda: store.counts(session, 1, q=q), times),
        (lambda: _plain_list(session, q), max(2, times // 4)),
        (lambda: _plain_counts(session, q), max(2, times // 4)),
    ]
    cells = [title, f"{found:,}", *(_line(_timed(one, n)) for one, n in asked)]
    return f"| {' | '.join(cells)} |"


def _erase(database: Database) -> None:
    """Delete a thousand conversations as expiry does, then clear the index of what was theirs."""
    with database.session() as session, transaction(session):
        session.execute(text("UPDATE conversations SET standing = 'closed', closed_at = created_at WHERE id <= 1000"))
    pieces: list[float] = []
    steps: list[float] = []
    for _ in range(5):
        with database.session() as session, transaction(session):
            began = perf_counter()
            erasing.expire(session, SINCE + timedelta(days=9999))
        pieces.append(perf_counter() - began)
    has_more = True
    while has_more:
        began = perf_counter()
        with database.session() as session, transaction(session):
            has_more = finding.tidy(session, begins=not steps)
        steps.append(perf_counter() - began)
    print(f"\nexpire 200 conversations: {_line(pieces)}")
    print(f"tidy the index: {sum(steps):.1f} s in {len(steps)} steps: {_line(steps)}, at most {max(steps):.2f} s\n")


def _written(database: Database, times: int) -> list[float]:
    """Write messages, each in a transaction of its own, and take them away again."""
    took = []
    for number in range(10 * times):
        one = _message(2**30 + number, 1 + number, "A message of a few words, as customers write them. " * 7)
        with database.session() as session:
            began = perf_counter()
            with transaction(session):
                session.execute(insert(Message).values(one))
            took.append(perf_counter() - began)
    with database.session() as session, transaction(session):
        session.execute(delete(Message).where(Message.id >= 2**30))
    return took


def _fill(database: Database, conversations: int) -> None:
    rng = Random(6)
    files = sorted((ROOT / "articles").rglob("*.md"))
    words = [word for file in files for word in re.findall(r"\S+", file.read_text("utf-8"))]
    made = (
        _conversation(number, " ".join(rng.choices(words, k=6))[:200], rng) for number in range(1, conversations + 1)
    )
    # Whoever answers, answers among others: a conversation's messages do not lie beside one another.
    numbers = [1 + number % conversations for number in range(4 * conversations)]
    said = (_message(place, number, _text(words, rng)) for place, number in enumerate(numbers, start=1))
    with database.session() as session, transaction(session):
        for model, rows in ((Conversation, made), (Message, said)):
            while batch := list(islice(rows, _BATCH)):
                write_rows(session, insert(model), list(batch[0]), [tuple(row.values()) for row in batch])


def _text(words: list[str], rng: Random) -> str:
    planted = [word for word, share in PLANTED.items() if rng.random() < share]
    return " ".join([*rng.choices(words, k=rng.randint(*WORDS)), *planted])


def _conversation(number: int, subject: str, rng: Random) -> dict[str, object]:
    at = SINCE + timedelta(minutes=number)
    return {
        "id": number, "uid": f"{number:032x}", "version": 1, "standing": rng.choice(_STANDINGS), "entry": Entry.FORM,
        "subject": subject[:200], "lang": "en", "name": f"Person {number}", "level": "public", "has_trail": False,
        "address": f"p{number}@customer{number % 500}.example", "created_at": at, "updated_at": at,
    }  # fmt: skip


def _message(place: int, number: int, words: str) -> dict[str, object]:
    at = SINCE + timedelta(minutes=number, seconds=place % 60)
    return {
        "id": place, "uid": f"{place:032x}", "conversation_id": number, "kind": _KINDS[place % 4], "by": "",
        "about": "", "text": words, "created_at": at,
    }  # fmt: skip


def _plain_list(session: Session, q: str) -> object:
    asked = select(Conversation).where(Conversation.standing != Standing.MERGED, *_plain(q))
    return session.scalars(asked.order_by(Conversation.updated_at.desc(), Conversation.id.desc()).limit(LIMIT)).all()


def _plain_counts(session: Session, q: str) -> object:
    sums = [func.sum(case((Conversation.standing == standing, 1), else_=0)) for standing in Standing]
    return session.execute(select(*sums).where(*_plain(q))).one()


def _plain(q: str) -> list[ColumnElement[bool]]:
    """Each word by LIKE, in the fields or in any message, as it was without an index."""
    fields = (Conversation.subject, Conversation.name, Conversation.address)
    mine = (Message.conversation_id == Conversation.id, Message.kind.in_(finding.SAID))
    return [
        or_(
            exists().where(*mine, Message.text.icontains(word, autoescape=True)),
            *(field.icontains(word, autoescape=True) for field in fields),
        )
        for word in q.split()
    ]


def _timed(work: Callable[[], object], times: int) -> list[float]:
    took = []
    for _ in range(times):
        began = perf_counter()
        work()
        took.append(perf_counter() - began)
    return took


def _line(took: list[float]) -> str:
    """Return n, the median and the 95th percentile."""
    worst = quantiles(took, n=20, method="inclusive")[-1] if len(took) > 1 else took[0]
    return f"{median(took) * 1000:.1f} / {worst * 1000:.1f} ms, n={len(took)}"


def _bytes(database: Database) -> float:
    """Return the megabytes that a database takes, with what SQLite has in its log put into the file."""
    with database.session() as session:
        if database.engine.dialect.name == "postgresql":
            return float(session.scalar(text("SELECT pg_database_size(current_database())")) or 0) / 1e6
        session.connection().exec_driver_sql("COMMIT")
        session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(str(database.engine.url.database)).stat().st_size / 1e6


if __name__ == "__main__":
    main()
