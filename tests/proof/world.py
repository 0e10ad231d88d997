"""A help centre that is served, the people who come to it over HTTP, and what its jobs make of that."""

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from random import Random

from portal import clock, pipeline
from portal.bootstrap import Portal, bootstrap
from portal.db import transaction
from portal.events import log
from portal.events.kinds import Clicked, Contacted, Event, Searched, Viewed, Voted
from portal.gaps import needs_store, store
from portal.gaps.crowd import Person, Shown, visits
from portal.gaps.labelled import Labelled
from portal.gaps.models import Gap
from portal.gaps.trial import Claimed, Trial, judge
from portal.settings import Settings
from portal.web.visitors import COOKIE, VisitKeys
from tests.journeys.browsing import Browser, shown
from tests.journeys.holding import hold_jobs
from tests.journeys.serving import Served, serve, until
from tests.proof.stack_needs import SITE, Plan
from tests.repositories import ContentRepository

AT_ONCE = 4
"""Browsers that are at it at the same time."""
ENCODED_SECONDS, WRITTEN_SECONDS = 240.0, 60.0
LATER = timedelta(hours=1)
"""From the last visit until it is over for good."""
EVER = timedelta(days=120)
DAYS = 28
ENCODER = "auto"
Homes = dict[str, int | None]
"""First search of a need -> its gap."""


@dataclass(slots=True)
class World:
    """The help centre as it is served, and the same portal as jobs see it."""

    plan: Plan
    repository: ContentRepository
    served: Served
    portal: Portal
    labels: dict[str, str] = field(default_factory=dict)
    """Visitor -> what they need."""
    told: int = 0
    """Events that people's browsers brought about."""

    def crowd(self, asked: Sequence[Labelled], *, seed: int, has_everything: bool = False) -> None:
        """Let each of these be asked by somebody of their own, who acts as `crowd` says; wait until it is written."""

        def come(number: int, one: Labelled) -> tuple[str, int]:
            is_answered = has_everything or one.label not in self.plan.without
            person = self.plan.person(one, is_answered=is_answered, seed=seed + number)
            with closing(Browser(self.served.host)) as browser:
                many = act(browser, person, seed + number)
                return self.name(browser), many

        with ThreadPoolExecutor(AT_ONCE) as pool:
            came = list(pool.map(come, range(len(asked)), asked))
        self.labels |= {visitor: one.label for (visitor, _), one in zip(came, asked, strict=True)}
        self.told += sum(many for _, many in came)
        self.wait_for_events()

    def ask(self, browser: Browser, text: str, *, times: int) -> None:
        """Let one browser ask the same again and again, and open nothing."""
        for _ in range(times):
            search, _ = shown(browser.get("/en/search", q=text))
            if search:
                browser.tell("shown", search=search)
                self.told += 2

    def name(self, browser: Browser) -> str:
        """Return what is stored in place of a browser's key."""
        return VisitKeys(self.portal.settings.secret()).name(browser.cookies[COOKIE])

    def wait_for_events(self) -> None:
        until(lambda: self._written() == self.told, WRITTEN_SECONDS, f"{self.told} events")

    def _written(self) -> int:
        with self.portal.database.session() as session:
            return log.count(session)

    def events(self) -> list[Event]:
        """Return what is in the log, by visitor."""
        with self.portal.database.session() as session:
            return list(log.read(session, since=clock.now() - EVER))

    def find(self, later: timedelta = LATER) -> Trial:
        """Look for gaps as if so much time had passed, and hold them against what is known."""
        pipeline.find_gaps(self.portal, at=clock.now() + later)
        return self.trial()

    def trial(self, portal: Portal | None = None) -> Trial:
        """Hold gaps against what is known; here, or where the same people came in another order."""
        asked = Counter(self.labels.values())
        with (portal or self.portal).database.session() as session:
            gaps, behind = store.every_gap(session), store.visitors_by_gap(session)
        claims = [
            Claimed(gap.id, gap.cause, Counter(self.labels.get(who, "") for who in behind.get(gap.id, ())))
            for gap in gaps
        ]
        wanted = {label for label in self.plan.without if asked[label] >= 2}
        unresolved = len({who for some in behind.values() for who in some})
        return judge(claims, without=self.plan.without, wanted=wanted, people=len(self.labels), unresolved=unresolved)

    def gaps(self) -> dict[int, Gap]:
        with self.portal.database.session() as session:
            return {gap.id: gap for gap in store.every_gap(session)}

    def people_of(self, gap: int) -> set[str]:
        with self.portal.database.session() as session:
            return store.visitors_by_gap(session).get(gap, set())

    def put_back(self, closes: Iterable[int]) -> None:
        """Write the articles that were missing, say which gaps they close, and wait until they are live."""
        self.repository.write(self.plan.files(self.plan.without))
        self.repository.git("add", "-A")
        self.repository.git("commit", "-q", "-m", "Answer\n\n" + "".join(f"Closes-Gap: {gap}\n" for gap in closes))
        self.wait_until_live()

    def wait_until_live(self) -> None:
        """Wait until the newest commit is live, and all that it means is encoded."""
        commit = self.repository.git("rev-parse", "HEAD")

        def is_live() -> bool:
            manifest = json.loads((self.served.data / "generations" / "current" / "manifest.json").read_text())
            return manifest["revision"] == commit and not manifest["counts"]["unencoded"]

        until(is_live, ENCODED_SECONDS, f"{commit} to be live")

    def in_another_order(self, folder: Path, *, seed: int, looks: int) -> tuple[Homes, Trial]:
        """Let the same visits happen again elsewhere, drawn anew over four weeks, with so many looks for gaps."""
        portal = self._beside(folder)
        people = [list(some) for _, some in groupby(self.events(), lambda event: event.visitor)]
        people.sort(key=lambda some: [event.query for event in some if isinstance(event, Searched)])
        Random(seed).shuffle(people)
        began, each = clock.now() - timedelta(days=DAYS), timedelta(days=DAYS) / len(people)
        for number in range(looks):
            came = range(len(people) * number // looks, len(people) * (number + 1) // looks)
            moved = [_moved(people[at], began + each * at) for at in came]
            with portal.database.session() as session, transaction(session):
                log.append(session, [event for some in moved for event in some])
            pipeline.find_gaps(portal, at=moved[-1][-1].at + LATER)
        found = homes_in(portal), self.trial(portal)
        portal.database.close()
        return found

    def _beside(self, folder: Path) -> Portal:
        """Return a portal with what is live here, its caches, and an empty database."""
        for name in ("generations", "cache"):
            shutil.copytree(self.served.data / name, folder / name, symlinks=True)
        shutil.copy(self.served.data / "secret", folder / "secret")
        portal = bootstrap(Settings(content=str(self.repository.folder), data=folder, encoder=ENCODER))
        portal.database.upgrade()
        return portal


@contextmanager
def living(plan: Plan, folder: Path) -> Iterator[World]:
    """Serve the help centre without what is missing; the jobs that look for gaps are this process's own."""
    repository = ContentRepository(folder / "content")
    there = plan.documents.keys() - plan.without
    repository.commit({"portal.toml": SITE} | plan.files(there))
    portal = bootstrap(Settings(content=str(repository.folder), data=folder / "data", encoder=ENCODER))
    hold_jobs(portal)
    with serve(repository.folder, folder, PORTAL_ENCODER=ENCODER, PORTAL_TRUSTED_PROXIES="1") as served:
        world = World(plan, repository, served, portal)
        world.wait_until_live()
        pipeline.verify_gaps(portal, at=clock.now())  # as jobs do from the beginning: trailers count from here on
        yield world
        portal.database.close()
    assert "Traceback" not in served.said(), served.said()


def act(browser: Browser, person: Person, seed: int) -> int:
    """Let somebody search, look, open and read over HTTP as `crowd` draws it; return how many events that makes."""
    searches: list[str] = []
    known: dict[str, str] = {}

    def look(text: str) -> Shown:
        search, found = shown(browser.get("/en/search", q=text))
        searches.append(search)
        return found

    many = 0
    for event in visits([person], look, began=clock.now(), days=0, seed=seed):
        if isinstance(event, Searched):
            known[event.uid] = searches[-1]
        else:
            tell(browser, event, known)
        many += 1
    return many


def tell(browser: Browser, event: Event, known: dict[str, str]) -> None:
    """Tell the server what somebody did, as its scripts and forms do. known: drawn search -> the server's own."""
    match event:
        case Viewed(article=""):
            browser.tell("shown", search=known[event.search])
        case Viewed():
            browser.tell("viewed", article=event.article, seconds=round(event.seconds, 1), depth=round(event.depth, 2),
                         search=known[event.search])  # fmt: skip
        case Clicked():
            browser.tell("clicked", search=known[event.search], article=event.article, position=event.position)
        case Contacted():
            browser.tell("contacted", step=event.step.value, search=known[event.search])
        case Voted():
            answer = browser.post(f"/en/votes/{event.article}", helpful="yes" if event.is_helpful else "no")
            assert answer.status == 303, answer


def homes_in(portal: Portal) -> Homes:
    """Return each need's gap."""
    with portal.database.session() as session:
        return {need.uid: need.gap for need in needs_store.needs_since(session, clock.now() - EVER)}


def _moved(events: Sequence[Event], began: datetime) -> list[Event]:
    """Let somebody's visit begin at another moment."""
    by = began - events[0].at
    return [replace(event, at=event.at + by) for event in events]
