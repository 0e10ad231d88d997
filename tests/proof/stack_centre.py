"""A help centre made of a public collection of needs, each with the article that answers it and ten ways to ask.

Read where PORTAL_DATA_SETS says, never kept here. Half of the articles can be left out, and put back later.
"""

import html
import json
import os
import shutil
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from portal import clock, pipeline
from portal.bootstrap import Portal, bootstrap
from portal.db import transaction
from portal.events import log
from portal.events.kinds import Clicked, Contacted, Event, Searched, Viewed, Voted
from portal.gaps import needs_store, store
from portal.gaps.crowd import Person, Shown, visits
from portal.gaps.labelled import Labelled, read_labelled
from portal.gaps.trial import Claimed, Trial, judge
from portal.schedule import jobs
from portal.search.evaluation.beir import Document, read_documents
from portal.settings import ROOT, Settings
from portal.web.visitors import COOKIE, VisitKeys
from tests.journeys.browsing import Browser, shown
from tests.journeys.serving import Served, until
from tests.repositories import ContentRepository

DATA_SETS = Path(os.environ.get("PORTAL_DATA_SETS") or ROOT.parent / "shared" / "data")
CORPUS = DATA_SETS / "retrieval" / "stackfaq" / "corpus.jsonl.gz"
NEEDS = DATA_SETS / "intents" / "stackfaq-needs.jsonl.gz"
AT_ONCE = 4
"""Browsers that are at it at the same time."""
ENCODED_SECONDS, WRITTEN_SECONDS, LIVE_SECONDS = 180.0, 60.0, 60.0
DAYS, LOTS = 28, 4
EVER = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked, and which of it has no article."""

    asked: Sequence[Labelled]
    documents: Mapping[str, Document]
    without: frozenset[str]

    @staticmethod
    def drawn(seed: int, share: float = 0.5) -> "Plan":
        documents = read_documents(CORPUS)
        asked = [one for one in read_labelled(NEEDS) if one.label in documents]
        wanted = sorted({one.label for one in asked})
        gone = frozenset(Random(seed).sample(wanted, round(len(wanted) * share)))
        return Plan(asked, documents, gone)

    def files(self, labels: Collection[str]) -> dict[str, str]:
        """Return the articles of some needs, as a writer would have them in the repository."""
        return {f"en/articles/{label}.md": _article(label, self.documents[label]) for label in labels}

    def person(self, one: Labelled, *, is_answered: bool, seed: int) -> Person:
        """Return somebody who asks in these words, and knows two other ways."""
        others = [other.text for other in self.asked if other.label == one.label and other.text != one.text]
        wordings = (one.text, *Random(seed).sample(others, min(2, len(others))))
        return Person(wordings, one.label if is_answered else None)


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
    """Events that the server was told of, or made itself."""

    def crowd(self, asked: Sequence[Labelled], *, seed: int, has_everything: bool = False) -> None:
        """Let each of these be asked by somebody of their own; wait until all they did is written."""

        def come(number: int, one: Labelled) -> tuple[str, int]:
            is_answered = has_everything or one.label not in self.plan.without
            person = self.plan.person(one, is_answered=is_answered, seed=seed + number)
            browser = Browser(self.served.host)
            with closing(browser):
                return browser.cookies[COOKIE] if (many := act(browser, person, seed + number)) == 0 else (
                    browser.cookies[COOKIE]
                ), many

        with ThreadPoolExecutor(AT_ONCE) as pool:
            came = list(pool.map(come, range(len(asked)), asked))
        for (cookie, many), one in zip(came, asked, strict=True):
            self.labels[self.name(cookie)] = one.label
            self.told += many
        self.wait_for_events()
