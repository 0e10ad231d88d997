"""A small help centre of a test's own, published, with one gap that four people had."""

import atexit
import json
import shutil
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from click import Command
from click.testing import CliRunner, Result

from portal.bootstrap import Portal, bootstrap
from portal.clock import now
from portal.db import transaction
from portal.gaps.models import Cause, Gap, Need, State, Wording
from portal.gaps.suggest import Evidence, Proposal
from portal.pipeline import publish
from portal.settings import Settings
from tests.repositories import HELP_CENTRE, ContentRepository

ASKED = ("download every bill as csv", "export invoices")


@dataclass(frozen=True, slots=True)
class Stage:
    """The repository, the portal on it, and the gap's number."""

    repository: ContentRepository
    portal: Portal
    gap: int

    def run(self, verb: Command, *argv: str, **environment: str) -> Result:
        """Run a command as somebody does who has set these settings."""
        settings = self.portal.settings
        given = {"PORTAL_CONTENT": settings.content, "PORTAL_DATA": str(settings.data), "PORTAL_ENCODER": "none"}
        return CliRunner().invoke(verb, argv, env=given | environment)

    def state(self) -> Gap:
        """Return the gap as it is kept now."""
        with self.portal.database.session() as session:
            return session.get_one(Gap, self.gap)


@cache
def _template() -> Path:
    """Publish once a run; each stage is a copy."""
    folder = Path(mkdtemp(prefix="loop-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    repository = ContentRepository(folder / "content")
    repository.commit(HELP_CENTRE)
    portal = bootstrap(Settings(content=str(repository.folder), data=folder / "data"))
    publish(portal, at=now())
    portal.database.upgrade()
    portal.database.close()
    return folder


def set_up(folder: Path, proposal: Proposal, state: State = State.ACCEPTED) -> Stage:
    """Publish the small help centre, and keep a gap with two wordings of four people."""
    shutil.copytree(_template(), folder, symlinks=True, dirs_exist_ok=True)
    repository = ContentRepository(folder / "content")
    portal = bootstrap(Settings(content=str(repository.folder), data=folder / "data"))
    with portal.database.session() as session, transaction(session):
        gap = Gap(
            lang="en",
            title="Export all invoices",
            cause=Cause.MISSING,
            state=state,
            people=4,
            people_a_week=1.0,
            evidence=Evidence(people=4).to_json(),
            proposal=proposal.to_json(),
            created_at=now(),
            changed_at=now(),
            last_at=now(),
        )
        session.add(gap)
        session.flush()
        session.add_all(Wording(lang="en", text=text, gap_id=gap.id) for text in ASKED)
        session.add_all(_need(number, gap.id) for number in range(4))
    return Stage(repository, portal, gap.id)


def _need(number: int, gap: int) -> Need:
    return Need(
        uid=f"{number:032x}",
        visitor=f"visitor-{number}",
        at=now() - timedelta(days=1),
        lang="en",
        outcome="no_results",
        weight=0.7,
        wordings=json.dumps([ASKED[number % 2]]),
        gap_id=gap,
    )
