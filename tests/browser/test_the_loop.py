"""The loop, whole: people fail to find a thing, a gap is found, drafted, merged and proved; or opened again.

Real browsers on `portal serve`, a real git repository; only the moments at which jobs run are told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from portal import clock, pipeline
from portal.bootstrap import Portal, bootstrap
from portal.events import log
from portal.gaps import desk_store, store
from portal.gaps.models import Cause, Gap, State
from portal.settings import Settings
from tests.browser.visitor import come
from tests.journeys.holding import hold_jobs
from tests.journeys.serving import Served, serve, until
from tests.repositories import HELP_CENTRE, ContentRepository

SITE = HELP_CENTRE["portal.toml"] + "\n[gaps]\nwatch_people = 4\n"
OTHERS = {
    "en/orders/track-an-order.md": "---\ntitle: Track an order\n---\nOpen **Orders** to see where your parcel is.\n",
    "en/orders/change-an-order.md": "---\ntitle: Change an order\n---\nYou can change it until we pack it.\n",
    "en/orders/opening-hours.md": "---\ntitle: Opening hours of our shops\n---\nMonday to Friday, nine to five.\n",
}
WISHES = ("buy a gift card", "gift card for a friend", "how to pay with a gift card", "give a gift card as a present")
LATER = timedelta(hours=1)
WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Company:
    """A help centre of this test's own, and the same portal as jobs see it."""

    browser: Browser
    repository: ContentRepository
    served: Served
    portal: Portal

    def search(self, words: Sequence[str], *, opens: str = "") -> None:
        """Let somebody with a browser of their own ask in these words, and read the article named, or leave."""
        visitor = come(self.browser, self.served.address)
        try:
            for text in words:
                visitor.page.goto("/en/")
                visitor.page.fill("#q", text)
                visitor.page.press("#q", "Enter")
                expect(visitor.page.locator("#results")).to_be_visible()
            if opens:
                _read(visitor.page, opens)
            visitor.page.goto("/en/topics/billing")
        finally:
            visitor.context.close()

    def wait_for_events(self, count: int) -> None:
        """Wait until what the browsers told is in the database."""
        began = clock.now() - timedelta(days=1)

        def is_there() -> bool:
            with self.portal.database.session() as session:
                return sum(1 for _ in log.read(session, since=began)) >= count

        until(is_there, WAIT_SECONDS, f"{count} events")

    def events(self) -> int:
        with self.portal.database.session() as session:
            return sum(1 for _ in log.read(session, since=clock.now() - timedelta(days=1)))

    def find(self, at: datetime) -> list[Gap]:
        pipeline.find_gaps(self.portal, at=at)
        with self.portal.database.session() as session:
            return store.every_gap(session)

    def gap(self, number: int) -> Gap:
        with self.portal.database.session() as session:
            return store.standing(session, number)

    def history(self, number: int) -> list[State]:
        with self.portal.database.session() as session:
            return [change.state for change in desk_store.changes(session, number)][::-1]

    def merge(self, branch: str) -> None:
        """Merge as a reviewer does, and wait until it is live."""
        self.repository.git("merge", "-q", "--no-ff", "-m", f"Merge {branch}", branch)
        commit = self.repository.git("rev-parse", "HEAD").strip()
        until(lambda: self.portal.library.current().revision == commit, WAIT_SECONDS, f"{branch} to be live")


@pytest.fixture
def company(browser: Browser, tmp_path: Path) -> Iterator[Company]:
    repository = ContentRepository(tmp_path / "content")
    repository.commit(HELP_CENTRE | OTHERS | {"portal.toml": SITE})
    (tmp_path / "portal" / "data").mkdir(parents=True)
    portal = bootstrap(Settings(content=str(repository.folder), data=tmp_path / "portal" / "data"))
    portal.database.upgrade()
    hold_jobs(portal)
    with serve(repository.folder, tmp_path / "portal") as served:
        yield Company(browser, repository, served, portal)
        portal.database.close()
    assert "Traceback" not in served.said()


def _read(page: Page, title: str) -> None:
    """Open a hit and read it: to its end, for half a minute by the page's own clock."""
    page.locator(".hit").filter(has_text=title).first.locator("h3 a").click()
    expect(page.locator("h1")).to_have_text(title)
    page.wait_for_load_state()  # so that the script that tells of reading is there
    page.evaluate("performance.now = (now => () => now.call(performance) + 30_000)(performance.now)")


def _fail(company: Company, wordings: Sequence[str]) -> None:
    for text in wordings:
        company.search([text])
    company.wait_for_events(2 * len(wordings))  # the search, and that its page was seen


def _publish_an_answer(company: Company) -> Gap:
    """Four people fail to find a thing; its draft is merged."""
    _fail(company, WISHES)
    gaps = company.find(clock.now() + LATER)
    assert [(gap.cause, gap.people, gap.state) for gap in gaps] == [(Cause.MISSING, 4, State.SUGGESTED)]
    drafted = pipeline.draft_gap(company.portal, gaps[0].id, by="Cleo", at=clock.now())
    assert drafted.is_new
    replayed = pipeline.replay_gap(company.portal, gaps[0].id, revision=drafted.branch, at=clock.now())
    assert (replayed.answered_before, replayed.answered, len(replayed.wordings)) == (0, 4, 4)
    message = company.repository.git("log", "-1", "--format=%B", drafted.branch)
    assert f"Closes-Gap: {gaps[0].id}" in message
    company.merge(drafted.branch)
    pipeline.verify_gaps(company.portal, at=clock.now())
    assert company.gap(gaps[0].id).state is State.WATCHING
    return gaps[0]


def test_a_need_without_an_article_becomes_an_article_that_visits_prove(company: Company) -> None:
    gap = _publish_an_answer(company)
    pipeline.verify_gaps(company.portal, at=clock.now() + LATER)
    assert company.gap(gap.id).state is State.WATCHING, "nobody has asked since, so nothing is proved"
    before = company.events()
    for text in WISHES:
        company.search([text], opens=gap.title)
    company.wait_for_events(before + 4 * len(WISHES))
    pipeline.verify_gaps(company.portal, at=clock.now() + LATER)
    assert company.gap(gap.id).state is State.CLOSED, (company.gap(gap.id).before, company.gap(gap.id).after)
    assert company.history(gap.id) == [
        State.SUGGESTED, State.ACCEPTED, State.DRAFTED, State.PUBLISHED, State.WATCHING, State.CLOSED,
    ]  # fmt: skip


def test_an_answer_that_does_not_help_opens_the_gap_again_and_names_the_commit(company: Company) -> None:
    gap = _publish_an_answer(company)
    before = company.events()
    for text in (*WISHES, "gift card", "buy gift cards"):
        company.search([text])
    company.wait_for_events(before + 2 * 6)
    company.find(clock.now() + LATER)
    pipeline.verify_gaps(company.portal, at=clock.now() + LATER)
    after = company.gap(gap.id)
    assert after.state not in (State.CLOSED, State.WATCHING, State.PUBLISHED), (after.before, after.after)
    with company.portal.database.session() as session:
        last = desk_store.changes(session, gap.id)[0]
    assert after.revision
    assert after.revision in last.note


def test_people_who_needed_other_words_come_to_one_line_of_synonyms(company: Company) -> None:
    for first, second in (
        ("where is my shipment", "track an order"), ("shipment status", "track my order"),
        ("follow a shipment", "track order"), ("shipment still not here", "tracking an order"),
    ):  # fmt: skip
        company.search([first, second], opens="Track an order")
    company.wait_for_events(4 * 5)
    gaps = company.find(clock.now() + LATER)
    assert [gap.cause for gap in gaps] == [Cause.OTHER_WORDS], [(gap.title, gap.evidence) for gap in gaps]
    drafted = pipeline.draft_gap(company.portal, gaps[0].id, by="Cleo", at=clock.now())
    assert drafted.paths == ("synonyms.txt",)
    added = company.repository.git("diff", "--numstat", "HEAD", drafted.branch).split()
    assert added == ["1", "0", "synonyms.txt"]
    replayed = pipeline.replay_gap(company.portal, gaps[0].id, revision=drafted.branch, at=clock.now())
    assert replayed.answered == len(replayed.wordings) > replayed.answered_before
