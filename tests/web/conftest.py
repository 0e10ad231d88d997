"""A small help centre with something for every page, published once; a database and counters anew for each test."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.audience import Level
from portal.bootstrap import Portal, bootstrap, redaction
from portal.db import Database
from portal.events import log
from portal.events.kinds import Event
from portal.events.queue import Recorder
from portal.pipeline import publish
from portal.search.generation import Library
from portal.search.overlay import OverlayFile
from portal.settings import Settings

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSWORD = "pw-1"
POISONED = "poison-1"
SECRET = "hush-x"
Recorded = Callable[[], list[Event]]
IMAGE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SITE = """
name = "Acme help"
languages = ["en", "de"]
edit_url = "https://git.example.com/edit/{path}"

[limits]
searches_per_minute = 100000
completions_per_minute = 100000

[[channels]]
kind = "email"
label = "Write to us"
value = "help@acme.example"
"""
FILES: dict[str, str | bytes] = {
    "portal.toml": SITE,
    "accounts/reset-your-password.md": f"""---
id: {PASSWORD}
title: Reset your password
summary: Choose a new one when you forgot the old one.
tags: [password]
aliases: [lost-password]
---
Ask for a link by e-mail.

## By e-mail

Open the link within an hour. ![A form](form.png) Or fetch [the drawing](drawing.svg).

## By telephone

Call us.
""",
    "de/accounts/reset-your-password.md": "---\ntitle: Passwort zurücksetzen\n---\nÖffnen Sie den Link.\n",
    "accounts/sign-in.md": "---\nid: sign-in\ntitle: Sign in\nowner: Cleo@acme.example\n---\nWith your password.\n",
    "accounts/secret.md": (
        f"---\nid: {SECRET}\ntitle: Canary procedure\naudience: staff\nowner: Dora Owns\n---\nQuokkacanary.\n"
    ),
    "billing/poison.md": f"""---
id: {POISONED}
title: 'Plans <img src=x onerror=alert(1)> & "terms" {{{{7*7}}}}'
summary: <script>alert(2)</script>
tags: ['<b>tag</b>']
---
Change the <script>alert(3)</script> wombat plan, `<b>wombat</b>`.
""",
    "accounts/form.png": IMAGE,
    "accounts/drawing.svg": "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(4)</script></svg>",
    **{f"billing/invoice-{n}.md": f"---\ntitle: Invoice {n}\n---\nWhat invoice {n} says.\n" for n in range(1, 13)},
}


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    """The help centre, published; its own database is never used."""
    content, data = tmp_path_factory.mktemp("content"), tmp_path_factory.mktemp("data")
    for path, text in FILES.items():
        file = content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    portal = bootstrap(Settings(content=str(content), data=data, secret_key="a secret of sixteen"))
    publish(portal, at=AT)
    return portal


@pytest.fixture
def recorder(shown: Portal, sqlite_database: Database, tmp_path: Path) -> Iterator[Recorder]:
    recorder = Recorder(sqlite_database, tmp_path / "spill", redaction(shown.library))
    yield recorder
    recorder.close()


@pytest.fixture
def portal(shown: Portal, sqlite_database: Database, recorder: Recorder, tmp_path: Path) -> Portal:
    return replace(shown, overlay=OverlayFile(tmp_path / "overlay.json"), database=sqlite_database, recorder=recorder)


@pytest.fixture
def recorded(portal: Portal) -> Recorded:
    """All that has been recorded, oldest first."""

    def recorded() -> list[Event]:
        assert portal.recorder.flush()
        with portal.database.session() as session:
            return sorted(log.read(session, since=AT), key=lambda event: event.at)

    return recorded


@pytest.fixture
def app(portal: Portal) -> Flask:
    return create_app(portal)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    """A reader who may see everything."""
    app.config["READER_LEVEL"] = lambda: Level.STAFF
    return app.test_client()


@pytest.fixture
def without_database(shown: Portal, tmp_path: Path) -> Iterator[FlaskClient]:
    """A portal whose database can't be reached, and whose folder for what is not written yet can't be made."""
    (tmp_path / "file").touch()
    database = Database(f"sqlite:///{tmp_path / 'gone' / 'x.sqlite'}")
    recorder = Recorder(database, tmp_path / "file" / "spill", redaction(shown.library))
    yield create_app(replace(shown, database=database, recorder=recorder)).test_client()
    recorder.close()


@pytest.fixture
def unpublished(shown: Portal, sqlite_database: Database, tmp_path: Path) -> FlaskClient:
    """A portal before its first publishing."""
    return create_app(replace(shown, library=Library(tmp_path / "none"), database=sqlite_database)).test_client()


@pytest.fixture
def revision(portal: Portal) -> str:
    """The revision of the article about passwords."""
    page = portal.library.current().level(Level.PUBLIC).shelf.page(PASSWORD)
    assert page
    return page.card.revision
