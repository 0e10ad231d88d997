"""Unresolved: what was searched in the last days and not answered, as it is known at this very moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response
from flask_babel import gettext

from portal import clock
from portal.bootstrap import Portal
from portal.db import unavailable_when_away
from portal.events import log
from portal.gaps import desk_store
from portal.gaps.lately import Lately, lately
from portal.web.context import site, the
from portal.web.desk.frame import DeskPage, answer, room
from portal.web.desk.gap_words import OUTCOMES, said
from portal.web.desk.plots import Share
from portal.web.parameters import name
from portal.web.staff import staff

PLACE = "/desk/unresolved"
DAYS = (1, 3, 7)
"""How far back one may look. Judging takes longer with each day; a week is what people look at."""
MOST_SHOWN = 200

bp = room("unresolved", PLACE)


@dataclass(frozen=True, slots=True)
class Line:
    """A wording, how many people used it without an answer, and the gap that it is in, if any."""

    text: str
    lang: str
    people: int
    gap: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnresolvedPage(DeskPage):
    """desk/unresolved.html."""

    lines: tuple[Line, ...]
    lately: Lately
    outcomes: tuple[Share, ...]
    days: int
    choices: tuple[int, ...]
    least: int
    at: datetime
    is_recording: bool
    """Whether anything is written down at all."""


@bp.get("")
def index() -> Response:
    """List wordings that enough people used without an answer; of the others only how many there are."""
    staff()
    at, days, least = clock.now(), _days(), site().gaps.least_people
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = lately(log.read(session, since=at - timedelta(days=days)), least=least)
        shown = found.searched[:MOST_SHOWN]
        gaps = desk_store.gaps_of_wordings(session, [(one.lang, one.wording) for one in shown])
    page = UnresolvedPage(
        title=gettext("Unresolved searches"),
        lines=tuple(Line(one.text, one.lang, one.people, gaps.get((one.lang, one.wording))) for one in shown),
        lately=found,
        outcomes=tuple(Share(said(OUTCOMES, outcome), people, found.people) for outcome, people in found.outcomes),
        days=days,
        choices=DAYS,
        least=least,
        at=at,
        is_recording=site().recording.is_on,
    )
    return answer("desk/unresolved.html", page)


def _days() -> int:
    asked = name("days")
    return next((one for one in DAYS if str(one) == asked), DAYS[0])
