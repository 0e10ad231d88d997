"""A real browser on a real server: Debian's Chromium, driven by Playwright."""

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from portal.app import create_app
from portal.bootstrap import Portal
from portal.db import Database

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
MISSING = "Browser tests were left out: there is no Chromium here. On Debian: apt-get install chromium."
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HERE = Path(__file__).parent
PATIENCE_MS = 5000
VISITORS = count(1)
"""Each test comes from an address of its own, so that none uses up another's votes."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark everything here; leave it out where there is no browser, which CI must have."""
    wanting = [item for item in items if HERE in item.path.parents]
    for item in wanting:
        item.add_marker("browser")
    if CHROMIUM or not wanting:
        return
    if os.environ.get("CI") == "true":
        raise pytest.UsageError(MISSING)
    config.hook.pytest_deselected(items=wanting)
    items[:] = [item for item in items if item not in wanting]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(shown: Portal, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server's address; its database is shared by the tests here."""
    file = shutil.copy(migrated_file, tmp_path_factory.mktemp("browser") / "portal.sqlite")
    database = Database(f"sqlite:///{file}")
    portal = replace(shown, database=database, settings=replace(shown.settings, trusted_proxies=1))
    server = make_server("127.0.0.1", 0, create_app(portal), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    database.close()


@pytest.fixture
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a fresh visitor; afterwards the console must be clean and nothing foreign asked for."""
    whence = {"X-Forwarded-For": f"192.0.2.{next(VISITORS)}"}
    context = browser.new_context(base_url=address, extra_http_headers=whence, **getattr(request, "param", {}))
    page = _watched(context, address)
    yield page
    complaints: list[str] = page.complaints  # type: ignore[attr-defined]
    context.close()
    assert complaints == []


def _watched(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: None if asked.url.startswith(address) else complaints.append(asked.url))
    page.complaints = complaints  # type: ignore[attr-defined]
    return page
