import os
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, literal, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

import portal
from portal.db import Database, Moment, transaction, unavailable_when_away
from portal.errors import NotFound, SettingsError, Unavailable
from portal.feedback import votes
from tests.postgresql import Server

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOBODY = 65534
ROOT = Path(portal.__file__).parent.parent
FORKS = """
import os, sys
from tests.test_db import a_vote
from portal.db import Database
database = Database(sys.argv[1])
a_vote(database, "1")
parents = database.engine
child = os.fork()
if child == 0:
    assert database.engine is not parents
    a_vote(database, "2")
    database.close()
    sys.exit()
assert os.waitpid(child, 0)[1] == 0
a_vote(database, "3")
database.close()
"""


def a_vote(database: Database, mark: str) -> None:
    with database.session() as session, transaction(session):
        cast(session, mark)


def cast(session: Session, mark: str) -> None:
    votes.cast(session, article="reset", revision="r1", lang="en", voter=mark * 64, is_helpful=True, at=NOON)


def count(database: Database) -> int:
    with database.session() as session:
        return votes.tally(session, ["reset"])["reset"].total


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    begin = time.monotonic()
    yield
    # A busy machine is given its time: what is refused here would otherwise wait for ever.
    assert time.monotonic() - begin < seconds + 4


@contextmanager
def not_root() -> Iterator[None]:
    """For root no file is read-only, so be somebody else for a while."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.mark.parametrize("url", ["", "portal.sqlite", "mysql://host/name", "sqlite://", "sqlite:///:memory:"])
def test_a_url_that_cannot_be_used_is_refused_with_one_that_can(url: str) -> None:
    with pytest.raises(SettingsError, match=r"PORTAL_DATABASE_URL.*sqlite:///"):
        Database(url)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_understood_by_each_of_its_schemes(scheme: str) -> None:
    assert Database(f"{scheme}://portal@db.example/portal").engine.dialect.driver == "psycopg"


def test_a_password_is_shown_nowhere() -> None:
    assert "hush" not in repr(Database("postgresql://portal:hush@db.example/portal"))
    with pytest.raises(SettingsError) as refusal:
        Database("mysql://portal:hush@db.example/portal")
    assert "hush" not in str(refusal.value)


def test_a_missing_driver_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingsError, match="pip install"):
        Database("postgresql://portal@db.example/portal").session()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"can't write to .*gone: No such file"):
        Database(f"sqlite:///{tmp_path}/gone/portal.sqlite").upgrade()


def test_nothing_is_opened_before_the_first_question(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path}/portal.sqlite").session().close()
    assert list(tmp_path.iterdir()) == []


def test_sqlite_syncs_each_commit_keeps_references_and_waits_less_than_two_seconds(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 1500}


def test_a_moment_comes_back_aware_and_the_same(session: Session) -> None:
    for_india = timezone(timedelta(hours=5, minutes=30))
    moment = datetime(2026, 11, 22, 17, 30, 0, 123456, tzinfo=for_india)
    vote = votes.cast(session, article="reset", revision="r1", lang="en", voter="a" * 64, is_helpful=True, at=moment)
    session.commit()
    session.refresh(vote)
    assert vote.created_at == moment
    assert vote.created_at.tzinfo is UTC


def test_a_naive_moment_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="no time zone"):
        session.scalar(select(literal(NOON.replace(tzinfo=None), Moment())))


def test_a_transaction_is_undone_as_a_whole_by_any_error(database: Database) -> None:
    def fail(session: Session) -> None:
        with transaction(session):
            cast(session, "a")
            raise NotFound

    with database.session() as session, pytest.raises(NotFound):
        fail(session)
    assert count(database) == 0


def test_a_transaction_may_follow_a_reading_that_others_have_overtaken(database: Database) -> None:
    with database.session() as session:
        votes.tally(session, ["reset"])
        a_vote(database, "a")
        with transaction(session):
            cast(session, "b")
    assert count(database) == 2


def test_transactions_are_not_nested(session: Session) -> None:
    with pytest.raises(RuntimeError, match="open on this session"), transaction(session), transaction(session):
        pass
    with transaction(session):
        cast(session, "a")


def test_a_broken_rule_is_no_outage(database: Database) -> None:
    with database.session() as session, pytest.raises(IntegrityError), transaction(session):
        cast(session, "")


def test_a_connection_that_broke_is_an_outage(sqlite_database: Database) -> None:
    with sqlite_database.session() as session:
        broken = session.connection().connection.driver_connection
        assert broken
        broken.close()
        with pytest.raises(Unavailable), unavailable_when_away():
            session.execute(select(1))
    assert sqlite_database.ping()


@pytest.mark.postgresql
def test_a_mistake_of_ours_is_no_outage(postgresql_database: Database) -> None:
    with pytest.raises(DBAPIError), unavailable_when_away(), postgresql_database.session() as session:
        session.execute(select(func.no_such_function()))


def test_a_database_that_answers_is_told_by_ping(database: Database) -> None:
    assert database.ping()


def test_a_vote_behind_a_writer_who_never_ends_is_refused_in_two_seconds(database: Database) -> None:
    with database.session() as slow, database.session() as reader, transaction(slow):
        cast(slow, "a")
        with at_most(2), pytest.raises(Unavailable):
            a_vote(database, "a")
        assert votes.tally(reader, ["reset"])["reset"].total == 0
    assert count(database) == 1


def test_a_file_moved_away_is_an_outage_that_ends_when_it_is_back(sqlite_database: Database, tmp_path: Path) -> None:
    file = tmp_path / "portal.sqlite"
    a_vote(sqlite_database, "a")
    sqlite_database.close()
    file.rename(tmp_path / "elsewhere")
    with at_most(2), pytest.raises(Unavailable):
        a_vote(sqlite_database, "b")
    assert not sqlite_database.ping()
    assert not file.exists()
    (tmp_path / "elsewhere").rename(file)
    a_vote(sqlite_database, "c")
    assert count(sqlite_database) == 2


def test_no_vote_goes_into_a_file_that_was_replaced_while_open(
    sqlite_database: Database, tmp_path: Path, migrated_file: Path
) -> None:
    file = tmp_path / "portal.sqlite"
    a_vote(sqlite_database, "a")
    assert count(sqlite_database) == 1
    for left in tmp_path.iterdir():
        left.unlink()
    with at_most(2), pytest.raises(Unavailable):
        a_vote(sqlite_database, "b")
    file.write_bytes(migrated_file.read_bytes())
    a_vote(sqlite_database, "c")
    with Database(f"sqlite:///{file}").engine.connect() as fresh:
        assert fresh.execute(text("SELECT substr(voter, 1, 1) FROM votes")).scalars().all() == ["c"]


@pytest.mark.parametrize("read_only", ["file", "folder", "both"])
def test_a_read_only_database_is_an_outage_that_ends_when_it_is_writable(read_only: str, migrated_file: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, file = Path(name), Path(name) / "portal.sqlite"
        file.write_bytes(migrated_file.read_bytes())
        for path in (folder, file):
            os.chown(path, NOBODY if os.geteuid() == 0 else -1, -1)
        database = Database(f"sqlite:///{file}")
        with not_root():
            if read_only != "folder":
                file.chmod(stat.S_IRUSR)
            if read_only != "file":
                folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
            with at_most(2), pytest.raises(Unavailable):
                a_vote(database, "a")
            folder.chmod(stat.S_IRWXU)
            file.chmod(stat.S_IRUSR | stat.S_IWUSR)
            a_vote(database, "b")
            assert count(database) == 1
            database.close()


def test_a_file_that_is_no_database_is_an_outage(tmp_path: Path) -> None:
    (tmp_path / "portal.sqlite").write_bytes(b"not a database at all" * 400)
    database = Database(f"sqlite:///{tmp_path / 'portal.sqlite'}")
    assert not database.ping()
    with pytest.raises(Unavailable):
        a_vote(database, "a")


def test_a_database_without_a_schema_is_an_outage(database: Database) -> None:
    with unavailable_when_away(), database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE votes RENAME TO hidden"))
    with pytest.raises(Unavailable):
        a_vote(database, "a")
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE hidden RENAME TO votes"))
    a_vote(database, "a")


@pytest.mark.postgresql
def test_a_crashed_server_is_an_outage_that_ends_when_it_is_back(
    postgresql_server: Server, postgresql_database: Database
) -> None:
    a_vote(postgresql_database, "a")
    postgresql_server.stop("immediate")
    try:
        with at_most(2), pytest.raises(Unavailable):
            a_vote(postgresql_database, "b")
        assert not postgresql_database.ping()
    finally:
        postgresql_server.start()
    a_vote(postgresql_database, "c")
    assert count(postgresql_database) == 2


@pytest.mark.postgresql
def test_a_restart_between_two_votes_goes_unnoticed(postgresql_server: Server, postgresql_database: Database) -> None:
    a_vote(postgresql_database, "a")
    postgresql_server.stop()
    postgresql_server.start()
    a_vote(postgresql_database, "b")
    assert count(postgresql_database) == 2


@pytest.mark.postgresql
def test_a_server_that_crashes_within_a_transaction_is_an_outage(
    postgresql_server: Server, postgresql_database: Database
) -> None:
    def crash(session: Session) -> None:
        with transaction(session):
            cast(session, "d")
            postgresql_server.stop("immediate")
            postgresql_server.start()

    with postgresql_database.session() as session:
        with pytest.raises(Unavailable):
            crash(session)
        with transaction(session):
            cast(session, "e")
        assert votes.has_voted(session, "reset", "r1", "e" * 64)
        assert not votes.has_voted(session, "reset", "r1", "d" * 64)


def test_a_child_of_a_fork_has_connections_of_its_own(database: Database) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    done = subprocess.run([sys.executable, "-c", FORKS, url], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert count(database) == 3
