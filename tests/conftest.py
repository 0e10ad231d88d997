"""Stages for every room's tests."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import settings as examples
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from portal import clock
from portal.app import create_app
from portal.bootstrap import Portal, bootstrap, redaction
from portal.db import Database, Model
from portal.events.queue import Recorder
from portal.pipeline import publish
from portal.search.generation import Library
from portal.search.overlay import OverlayFile
from portal.settings import Settings
from tests import postgresql
from tests.repositories import HELP_CENTRE, ContentRepository, canaries

# A busy machine is no finding: examples have no deadline, and CI draws the same ones each time.
examples.register_profile("developer", deadline=None)
examples.register_profile("ci", deadline=None, derandomize=True)
examples.load_profile("ci" if os.environ.get("CI") == "true" else "developer")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out PostgreSQL's tests where its programs are missing; CI must have them."""
    wanting = [item for item in items if item.get_closest_marker("postgresql")]
    if not wanting or postgresql.find_programs():
        return
    if os.environ.get("CI") == "true":
        raise pytest.UsageError(postgresql.MISSING + " CI must have them: install the package postgresql.")
    config.hook.pytest_deselected(items=wanting)
    items[:] = [item for item in items if item not in wanting]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not postgresql.find_programs():
        terminalreporter.write_line(postgresql.MISSING)


@pytest.fixture(scope="session", autouse=True)
def _words_alone() -> None:
    """Let settings that name no encoder have none: loading one takes each process a second and 120 MB.

    Tests of meaning name theirs; what the portal itself takes by default is read from the environment, in processes of
    their own.
    """
    (Settings.__init__.__kwdefaults__ or {})["encoder"] = "none"


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A small help centre with canaries in every audience and state, published once a run; read it, don't change it."""
    folder = tmp_path_factory.mktemp("published")
    repository = ContentRepository(folder / "content")
    repository.commit(HELP_CENTRE | canaries())
    repository.move("en/billing/refunds.md", "en/billing/get-a-refund.md")
    settings = Settings(content=str(repository.folder), data=folder / "data")
    publish(bootstrap(settings), at=clock.now())
    return settings


@pytest.fixture
def portal(published: Settings, sqlite_database: Database, tmp_path: Path) -> Iterator[Portal]:
    """The small help centre with a database and live facts of the test's own."""
    library = Library(published.data / "generations")
    recorder = Recorder(sqlite_database, tmp_path / "spill", redaction(library))
    yield Portal(
        settings=replace(published, secret_key="a secret for tests alone"),
        library=library,
        overlay=OverlayFile(tmp_path / "overlay.json"),
        database=sqlite_database,
        recorder=recorder,
    )
    recorder.close()


@pytest.fixture
def client(portal: Portal) -> FlaskClient:
    """A browser without JavaScript, signed in nowhere."""
    return create_app(portal).test_client()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    """One server for the run, used by tests marked `postgresql`."""
    programs = postgresql.find_programs()
    assert programs, postgresql.MISSING
    server = postgresql.Server.make(programs)
    yield server
    server.remove()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the schema, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "portal.sqlite"
    Database(f"sqlite:///{file}").upgrade()
    return file


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: postgresql.Server) -> Iterator[Database]:
    database = Database(make_postgresql_database(postgresql_server, "migrated"))
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def postgresql_database(migrated_postgresql: Database) -> Iterator[Database]:
    """The run's PostgreSQL database with the schema, emptied after each test."""
    yield migrated_postgresql
    with migrated_postgresql.engine.begin() as connection:
        for table in reversed(Model.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture
def sqlite_database(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A SQLite file `portal.sqlite` of the test's own, with the schema and without rows."""
    file = shutil.copy(migrated_file, tmp_path / "portal.sqlite")
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database; whoever uses it, or `database`, is tested on both."""
    return str(request.param)


@pytest.fixture
def database(kind: str, request: pytest.FixtureRequest) -> Database:
    """A database with the schema and without rows."""
    database: Database = request.getfixturevalue(f"{kind}_database")
    return database


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session whose work is undone at the end, even what was committed."""
    with database.engine.connect() as connection, connection.begin() as outermost:
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
            yield session
        outermost.rollback()


def make_postgresql_database(server: postgresql.Server, name: str) -> str:
    """Make a database without a schema; returns its URL."""
    engine = create_engine(server.url().replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.url(name)
