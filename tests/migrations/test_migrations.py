import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

import portal
from portal import engines
from portal.conversations import store
from portal.conversations.finding import INDEX
from portal.conversations.store import View
from portal.db import Database, Model, alembic_config, transaction
from portal.errors import Conflict, NotFound
from portal.migrations import versions
from tests import postgresql
from tests.conftest import make_postgresql_database
from tests.conversations.cast import ask

NAMES = (f"empty_{number}" for number in count())
UPGRADE = "import sys; from portal.db import Database; print(flush=True); input(); Database(sys.argv[1]).upgrade()"
PROCESSES = 2
ROOT = Path(portal.__file__).parent.parent


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a database without a schema is, or may be made."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'portal.sqlite'}"
    return make_postgresql_database(request.getfixturevalue("postgresql_server"), next(NAMES))


@pytest.fixture
def empty(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def is_modelled(name: str | None) -> bool:
    """The index of the inbox's search is made by its migration alone."""
    return not str(name).startswith(INDEX)


def modelled(connection: Connection) -> set[str]:
    return {table for table in tables(connection) if is_modelled(table)}


def rules(connection: Connection) -> set[tuple[str, str]]:
    """Every check of every table, which Alembic does not compare."""
    found = inspect(connection)
    return {(str(c["name"]), c["sqltext"]) for table in tables(connection) for c in found.get_check_constraints(table)}


def test_migrations_make_exactly_the_models(empty: Database) -> None:
    empty.upgrade()
    with empty.alone() as connection:
        options = {
            "compare_type": True,
            "compare_server_default": True,
            "include_name": lambda name, kind, _: kind != "table" or is_modelled(name),
        }
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Model.metadata) == []
        assert modelled(connection) == set(Model.metadata.tables)


def test_migrations_make_the_checks_of_the_models(empty: Database) -> None:
    empty.upgrade()
    with empty.alone() as connection:
        migrated = rules(connection)
        command.downgrade(alembic_config(connection), "base")
        Model.metadata.create_all(connection)
        assert rules(connection) == migrated
        assert migrated


def test_each_migration_goes_up_down_and_up_again(empty: Database) -> None:
    empty.upgrade()
    with empty.alone() as connection:
        config = alembic_config(connection)
        for script in ScriptDirectory.from_config(config).walk_revisions():
            command.downgrade(config, str(script.down_revision or "base"))
            command.upgrade(config, script.revision)
            command.downgrade(config, str(script.down_revision or "base"))
        assert tables(connection) == set()
        command.upgrade(config, "head")
        assert modelled(connection) == set(Model.metadata.tables)


def test_the_schema_is_current_after_an_upgrade_and_a_second_one_changes_nothing(empty: Database) -> None:
    empty.upgrade()
    assert empty.is_current()
    empty.upgrade()
    assert empty.is_current()


def test_a_schema_left_behind_is_not_current(empty: Database) -> None:
    empty.upgrade()
    with empty.alone() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert not empty.is_current()


def test_a_database_of_a_newer_program_is_refused_and_left_alone(empty: Database) -> None:
    empty.upgrade()
    with empty.alone() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '29990101_0000'"))
    assert not empty.is_current()
    with pytest.raises(Conflict, match="newer"):
        empty.upgrade()
    with empty.alone() as connection:
        assert modelled(connection) == set(Model.metadata.tables)


def test_a_migration_that_fails_leaves_nothing_half_done(empty: Database) -> None:
    def stumble() -> None:
        with empty.alone() as connection:
            command.upgrade(alembic_config(connection), "head")
            raise NotFound

    with pytest.raises(NotFound):
        stumble()
    engine = create_engine(empty.engine.url)
    with engine.connect() as connection:
        assert tables(connection) == set()
    engine.dispose()


def test_processes_may_upgrade_at_once(url: str, empty: Database) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", UPGRADE, url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    errors = [process.communicate()[1] for process in processes]
    assert errors == [""] * PROCESSES
    assert empty.is_current()


def test_a_new_file_is_made_by_one_at_a_time(tmp_path: Path) -> None:
    url = engines.read_url(f"sqlite:///{tmp_path / 'portal.sqlite'}")
    has_entered = threading.Event()

    def enter() -> None:
        with engines.turn(url):
            has_entered.set()

    second = threading.Thread(target=enter)
    with engines.turn(url):
        second.start()
        assert not has_entered.wait(0.05)
    second.join(timeout=10)
    assert has_entered.is_set()


def test_what_was_said_before_there_was_an_index_is_found(empty: Database) -> None:
    with empty.alone() as connection:
        command.upgrade(alembic_config(connection), "20261122_1850")
    with empty.session() as session, transaction(session):
        ask(session, "Wir können die TÜR nicht ÖFFNEN.", subject="A door")
        ask(session, "Something else")
    empty.upgrade()
    with empty.session() as session:
        assert [one.subject for one in store.listed(session, View.ALL, user=0, q="öffnen tür", limit=9)] == ["A door"]


@pytest.mark.postgresql
def test_whoever_may_make_no_extension_is_upgraded_all_the_same(
    postgresql_server: postgresql.Server, caplog: pytest.LogCaptureFixture
) -> None:
    url = make_postgresql_database(postgresql_server, "without_trigrams")
    owner = create_engine(engines.read_url(url), isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("CREATE ROLE guest LOGIN"))
        connection.execute(text("GRANT CREATE ON SCHEMA public TO guest"))
    owner.dispose()
    database = Database(url.replace("portal@", "guest@"))
    database.upgrade()
    assert "pg_trgm" in caplog.text
    with database.session() as session:
        ask(session, "Wir können die TÜR nicht ÖFFNEN.", subject="A door")
        assert [one.subject for one in store.listed(session, View.ALL, user=0, q="öffnen", limit=9)] == ["A door"]
    database.close()


def test_the_name_of_a_migrations_file_begins_with_its_revision() -> None:
    folder = Path(next(iter(versions.__path__)))
    for file in folder.glob("*.py"):
        assert f'revision = "{file.name[:13]}"' in file.read_text("utf-8")
