"""A real browser on a real server: Debian's Chromium, driven by Playwright, on `portal serve`."""

import os
import re
import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chromium import ARGUMENTS, MISSING, find_chromium
from tests.browser.help_centre import files
from tests.browser.visitor import PATIENCE_MS, Visitor, come
from tests.journeys.serving import ROOT, Served, serve
from tests.repositories import ContentRepository

HERE = Path(__file__).parent
RESULTS = ROOT / "test-results"
FAILED = pytest.StashKey[bool]()
NOWHERE = "sqlite:////nowhere/portal.sqlite"
GUNICORN = (sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", "{bind}", "--workers", "1", "--threads", "4")

Come = Callable[..., Visitor]
"""Opens a visitor; takes the options of Playwright's `new_context`, and `address` for another server."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is here; leave it out where there is no Chromium. CI must have it."""
    ours = [item for item in items if HERE in item.path.parents]
    for item in ours:
        item.add_marker("browser")
    if not ours or find_chromium():
        return
    if os.environ.get("CI") == "true":
        raise pytest.UsageError(MISSING + " CI must have it.")
    config.hook.pytest_deselected(items=ours)
    items[:] = [item for item in items if item not in ours]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not find_chromium():
        terminalreporter.write_line(MISSING)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The manual and some hostile articles in one repository, served; the tests share its database."""
    folder = tmp_path_factory.mktemp("browser")
    repository = ContentRepository(folder / "content")
    repository.commit(files())
    with serve(repository.folder, folder / "portal", PORTAL_TRUSTED_PROXIES="1") as served:
        yield served
    assert "Traceback" not in served.said()


@pytest.fixture(scope="package")
def without_database(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Another server of the same articles, whose database can't be reached, and which can keep no events on disk."""
    folder = tmp_path_factory.mktemp("without_database")
    copy_data(served, folder)
    (folder / "data" / "spill").touch()
    with serve(folder, folder, command=GUNICORN, PORTAL_DATABASE_URL=NOWHERE) as other:
        yield other.address


def copy_data(served: Served, folder: Path) -> None:
    """Give another server what this one published, and nothing of what its visitors did."""
    shutil.copytree(
        served.data, folder / "data", symlinks=True, ignore=shutil.ignore_patterns("portal.sqlite*", "spill")
    )


@pytest.fixture(scope="package")
def unpublished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that nothing has been published to yet."""
    folder = tmp_path_factory.mktemp("unpublished")
    with serve(folder, folder, command=GUNICORN) as other:
        yield other.address


@pytest.fixture
def arrive(browser: Browser, served: Served, request: pytest.FixtureRequest) -> Iterator[Come]:
    """Open visitors, as many as a test needs; at the end none may have complained of anything."""
    visitors: list[Visitor] = []

    def arrive(address: str = "", **options: object) -> Visitor:
        visitors.append(come(browser, address or served.address, **options))
        return visitors[-1]

    yield arrive
    has_failed = request.node.stash.get(FAILED, False) or any(visitor.complaints for visitor in visitors)
    for number, visitor in enumerate(visitors):
        if has_failed:
            visitor.keep(RESULTS, re.sub(r"[^\w-]+", "_", f"{request.node.name}-{number}")[:150])
        visitor.context.close()
    assert [visitor.complaints for visitor in visitors if visitor.complaints] == []


@pytest.fixture
def visitor(arrive: Come) -> Visitor:
    """A visitor with scripts on a screen of 1280 by 800."""
    return arrive(viewport={"width": 1280, "height": 800})
