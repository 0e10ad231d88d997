"""77 personal items typed wherever visitors type, while the database comes and goes: none is found anywhere after.

All over HTTP on a served portal; then gaps, drafts, replays, letters and exports are made of it, and every file that
there is, and all of the git history, is looked through. Comments on a vote are not among it: they are readers' own
words, kept as they were written.
"""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from click.testing import CliRunner

from portal import clock, pipeline, telling
from portal.audience import Level
from portal.bootstrap import Portal, bootstrap
from portal.cli.main import verbs
from portal.db import transaction
from portal.events import log
from portal.events.kinds import Requested
from portal.gaps import store
from portal.settings import Settings
from tests.events.planted import ITEMS, PATTERNS
from tests.journeys.browsing import Browser, address, shown
from tests.journeys.holding import hold_jobs
from tests.journeys.serving import Served, serve, until
from tests.people.staff import PASSWORD, a_user
from tests.repositories import HELP_CENTRE, ContentRepository

LATER = timedelta(hours=1)
WAIT_SECONDS = 40.0
EMAIL = "bo@acme.example"
EXPORTED = 10
"""People of whom all that is kept is shown."""
NEVER = ("[e-mail]", "[card]")
"""Of these not one may be found."""
SHARE = 0.95
"""Of all, so many may not be found (gaps.md leaves room for what nobody could tell from other numbers)."""
FOUND_IN_ALL = "can't sign in as [e-mail] any more"
"""What is left of the first item's sentence: where that is missing, nothing was looked at."""


@dataclass(slots=True)
class Stage:
    """A served portal, the same one as jobs see it, and how many events visitors' browsers brought about."""

    served: Served
    portal: Portal
    repository: ContentRepository
    article: str
    """Some article's id."""
    told: int = 0

    def type_everywhere(self, text: str, number: int, *, status: int) -> None:
        """Let somebody search for a text and write it down, and somebody else type it wherever else one can."""
        with closing(self.browser()) as browser:
            search, _ = shown(browser.get("/en/search", q=text))
            browser.tell("shown", search=search)
            answer = browser.post("/en/requests", uid=f"{number:032x}", text=text, search=search, q=text)
            assert answer.status == status, answer
        with closing(self.browser()) as browser:
            browser.tell("typing", search=f"f{number:031x}", text=text, article=self.article, position=1, shown=3)
            browser.get("/en/search", q="invoice", topic=text, tag=text)
            browser.get("/en/no-such-page", q=text)
            browser.get("/en/contact", q=text, search=search)
            assert browser.get("/api/v1/search", q=text, lang="en").status == 200
        self.told += 6 + (status == 303)

    def browser(self) -> Browser:
        return Browser(self.served.host, address=address())

    def is_written(self) -> bool:
        with self.portal.database.session() as session:
            return log.count(session) == self.told

    def spilled(self) -> bytes:
        return b"".join(file.read_bytes() for file in (self.served.data / "spill").glob("*.jsonl"))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    repository = ContentRepository(tmp_path / "content")
    numbers = ", ".join(f"'{pattern}'" for pattern in PATTERNS)
    loop = (
        f"[recording]\norder_numbers = [{numbers}]\n[digest]\nto = ['{EMAIL}']\nweekday = {clock.now().isoweekday()}\n"
    )
    repository.commit(HELP_CENTRE | {"portal.toml": f"{HELP_CENTRE['portal.toml']}\n{loop}"})
    hook, mail = "https://hooks.example.com/gaps", "smtps://mail.example.com"
    data = tmp_path / "portal" / "data"
    portal = bootstrap(
        Settings(content=str(repository.folder), data=data, encoder="use", webhook_url=hook, smtp_url=mail)
    )
    hold_jobs(portal)
    with serve(repository.folder, tmp_path / "portal", PORTAL_TRUSTED_PROXIES="1") as served:
        article = min(portal.library.current().level(Level.PUBLIC).shelf.by_path().values())
        yield Stage(served, portal, repository, article)
        portal.database.close()
    assert "Traceback" not in served.said(), served.said()


def test_what_is_personal_is_nowhere(stage: Stage, tmp_path: Path) -> None:
    planted = [sentence.format(item) for sentence, item, _ in ITEMS]
    for number, text in enumerate(planted):
        stage.type_everywhere(text, number, status=303)
    until(stage.is_written, WAIT_SECONDS, f"{stage.told} events")
    places = _while_the_database_is_away(stage, planted)
    until(stage.is_written, WAIT_SECONDS, f"{stage.told} events")
    _make_gaps(stage)
    places |= _exports(stage) | _history(stage.repository) | _files(stage.served)

    for name in ("spill", "desk/unresolved", "git", "portal privacy export"):
        assert _has(places[name], FOUND_IN_ALL), f"{name} was not looked at"
    assert any(_has(place, FOUND_IN_ALL) for name, place in places.items() if name.startswith("portal.sqlite"))
    found = [(word, item, name) for _, item, word in ITEMS for name, place in places.items() if _has(place, item)]
    assert [one for one in found if one[0] in NEVER] == []
    assert len({item for _, item, _ in found}) <= (1 - SHARE) * len(ITEMS), found


def _while_the_database_is_away(stage: Stage, planted: Sequence[str]) -> dict[str, bytes]:
    """Let others type the same without a database; return what is spilled meanwhile."""
    file, before = stage.served.data / "portal.sqlite", stage.told
    aside = file.rename(file.with_name("aside"))
    for number, text in enumerate(planted, len(planted)):
        stage.type_everywhere(text, number, status=503)
    until(lambda: stage.spilled().count(b"\n") == stage.told - before, WAIT_SECONDS, "events in spill files")
    spilled = stage.spilled()
    aside.rename(file)
    return {"spill": spilled}


def _make_gaps(stage: Stage) -> None:
    """Do with it all that jobs and writers do."""
    portal, at = stage.portal, clock.now()
    pipeline.find_gaps(portal, at=at + LATER)
    with portal.database.session() as session:
        gaps = store.open_gaps(session)
    drafted = [pipeline.draft_gap(portal, gap.id, by="Cleo", at=at) for gap in gaps]
    pipeline.replay_gap(portal, gaps[0].id, revision=drafted[0].branch, at=at)
    pipeline.refresh_overlay(portal, at=at + LATER)
    assert telling.announce(portal, portal.library.current().site, at=at + LATER) >= len(gaps)
    assert telling.send_digest(portal, at=at).startswith("1 of 1")


def _exports(stage: Stage) -> dict[str, bytes]:
    """Return what an agent sees and may take along, and what people are told that is kept of them."""
    with stage.portal.database.session() as session, transaction(session):
        a_user(session, EMAIL)
        gaps = store.open_gaps(session)
        asked = [one for one in log.read(session, since=clock.now() - LATER) if isinstance(one, Requested)]
    paths = ["/desk/gaps", "/desk/gaps.csv", "/desk/gaps.json", "/desk/unresolved"]
    paths += [f"/desk/gaps/{gap.id}" for gap in gaps]
    people = [one.visitor for one in sorted(asked, key=lambda one: one.uid)[:EXPORTED]]
    with closing(Browser(stage.served.host)) as agent:
        assert agent.post("/desk/sign-in", email=EMAIL, password=PASSWORD).status == 303
        seen = {path[1:]: agent.get(path) for path in paths}
    assert {answer.status for answer in seen.values()} == {200}
    return {name: answer.text.encode() for name, answer in seen.items()} | _told_of(stage, people)


def _told_of(stage: Stage, people: Sequence[str]) -> dict[str, bytes]:
    environment = dict.fromkeys(name for name in os.environ if name.startswith("PORTAL_"))
    environment |= {"PORTAL_DATA": str(stage.served.data), "PORTAL_ENCODER": "none"}
    told = [CliRunner().invoke(verbs, ["privacy", "export", one], env=environment) for one in people]
    assert {one.exit_code for one in told} == {0}, told
    return {"portal privacy export": "".join(one.stdout for one in told).encode()}


def _history(repository: ContentRepository) -> dict[str, bytes]:
    """Return every commit's message and change, on all branches."""
    return {"git": repository.git("log", "--all", "-p", "--format=%H%n%B").encode()}


def _files(served: Served) -> dict[str, bytes]:
    """Return every file of the data folder, beside SQLite's its journal, and what the server logged."""
    with closing(sqlite3.connect(served.data / "portal.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM gaps").fetchone()[0]
    files = [path for path in served.data.rglob("*") if path.is_file() and not path.is_symlink()]
    return {str(path.relative_to(served.data)): path.read_bytes() for path in files} | {"log": served.log.read_bytes()}


def _has(place: bytes, text: str) -> bool:
    """Whether a text is there, in any case, plain or as JSON, HTML, SQL or an address would write it."""
    low = place.lower()
    forms = {text, json.dumps(text)[1:-1], quote(text), quote_plus(text), text.replace("'", "&#39;"), text.casefold()}
    return any(form.encode().lower() in low for form in forms)
