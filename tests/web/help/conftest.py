"""A second help centre: one large topic, channels for topics, notices, articles in one language alone."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from portal.bootstrap import Portal, bootstrap
from portal.db import Database
from portal.pipeline import publish
from portal.search.overlay import OverlayFile
from portal.settings import Settings
from tests.web.conftest import AT

LARGE = 120
SITE = """
name = "Busy help"
languages = ["en", "de"]

[[topics]]
slug = "large"
name = "Large topic"
summary = "More than one page."
icon = "truck"

[[topics]]
slug = "small"
name = "Small topic"
icon = "no-such-icon"

[[topics]]
slug = "hollow"
name = "Hollow topic"

[[channels]]
kind = "phone"
label = "Call us"
value = "+49 30 1234567"
hours = "Mon to Fri, 9 to 17"
time_zone = "Europe/Berlin"

[[channels]]
kind = "email"
label = "Ask about small things"
value = "small@busy.example"
topics = ["small"]

[[channels]]
kind = "chat"
label = "Chat about large things"
value = "https://chat.busy.example/"
topics = ["large"]

[[channels]]
kind = "form"
label = "Send a message"
"""
FILES = {
    "portal.toml": SITE,
    "en/small/two-languages.md": "---\nid: two\ntitle: In two languages\n---\nText.\n",
    "de/small/two-languages.md": "---\ntitle: In zwei Sprachen\n---\nText.\n",
    "en/small/english-alone.md": "---\nid: alone\ntitle: English alone\nsummary: Nobody translated it.\n---\nText.\n",
    "en/small/secret.md": "---\nid: hushed\ntitle: Canary\naudience: staff\n---\nText.\n",
    "en/small/begun.md": "---\nid: begun\ntitle: Begun alone\n---\n",
    "en/small/own-words.md": "---\nid: own\ntitle: Own words\n---\nThese **words** begin the text &amp; no summary.\n",
    "en/news/slow.md": "---\ntitle: Search is slow today\nsummary: We are on it.\nkind: notice\n---\nText.\n",
    "en/news/sunday.md": "---\ntitle: Sunday maintenance\nkind: notice\n---\nText.\n",
    **{f"en/large/{n:03}.md": f"---\nid: large-{n}\ntitle: Part {n:03}\n---\nText {n}.\n" for n in range(LARGE)},
}


@pytest.fixture(scope="session")
def published_busy(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    content, data = tmp_path_factory.mktemp("busy"), tmp_path_factory.mktemp("busy-data")
    for path, text in FILES.items():
        (content / path).parent.mkdir(parents=True, exist_ok=True)
        (content / path).write_text(text, "utf-8")
    portal = bootstrap(Settings(content=str(content), data=data, secret_key="a secret of sixteen"))
    publish(portal, at=AT)
    return portal


@pytest.fixture
def busy_portal(published_busy: Portal, sqlite_database: Database, tmp_path: Path) -> Portal:
    overlay = OverlayFile(tmp_path / "overlay.json")
    return replace(published_busy, database=sqlite_database, overlay=overlay)


@pytest.fixture
def busy(busy_portal: Portal) -> FlaskClient:
    return create_app(busy_portal).test_client()
