"""Contact in numbers: forms that were begun, answered by an article, sent; and what suggestions really avoid."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response
from flask_babel import gettext

from portal import clock
from portal.bootstrap import Portal
from portal.content.page import Card
from portal.conversations import offers
from portal.conversations.models import Arm
from portal.conversations.offers import ArmCounts
from portal.db import unavailable_when_away
from portal.gaps.intervals import Interval, fall, wilson
from portal.people.models import Role
from portal.web.access import shelf
from portal.web.context import site, the
from portal.web.desk.frame import DeskPage, answer, room
from portal.web.parameters import name
from portal.web.staff import staff

PLACE = "/desk/contact"
DAYS = (28, 7, 90, 365)
"""How far back one may look, the usual first."""
STILL_WRITING = timedelta(hours=1)
"""A form begun so lately may be sent yet, so it is in no figure."""
MOST_ARTICLES = 20
_WHOLE = 100

bp = room("desk_contact", PLACE)


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `n`, and between which bounds the share lies in 95 of 100 cases; in per cent."""

    count: int
    n: int

    @property
    def interval(self) -> Interval:
        """Return the share with Wilson's interval."""
        return wilson(self.count, self.n)

    @property
    def percent(self) -> int:
        """Return the share."""
        return round(_WHOLE * self.interval.value)

    @property
    def low(self) -> int:
        """Return the lower bound."""
        return round(_WHOLE * self.interval.low)

    @property
    def high(self) -> int:
        """Return the upper bound."""
        return round(_WHOLE * self.interval.high)


@dataclass(frozen=True, slots=True)
class Column:
    """One arm's forms."""

    counts: ArmCounts

    @property
    def n(self) -> int:
        """Return how many forms were begun."""
        return self.counts.begun

    @property
    def rows(self) -> tuple[Share, Share, Share]:
        """Return those answered by an article, sent, and left, in this order."""
        return Share(self.counts.withdrawn, self.n), Share(self.counts.sent, self.n), Share(self.counts.left, self.n)


@dataclass(frozen=True, slots=True)
class Avoided:
    """How many points fewer forms are sent where articles are suggested; less than 0 where more are."""

    points: int
    low: int
    high: int

    @property
    def is_sure(self) -> bool:
        """Whether even the lower bound says that something is avoided."""
        return self.low > 0

    @classmethod
    def of(cls, offered: ArmCounts, held_out: ArmCounts) -> "Avoided | None":
        """Return the difference with its 95 % interval; None while either arm is empty: unknown is not zero."""
        if not offered.begun or not held_out.begun:
            return None
        found = fall(wilson(held_out.sent, held_out.begun), wilson(offered.sent, offered.begun))
        return cls(*(round(_WHOLE * value) for value in (found.value, found.low, found.high)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactNumbersPage(DeskPage):
    """desk/contact.html."""

    days: int
    choices: tuple[int, ...]
    offered: Column
    held_out: Column
    avoided: Avoided | None
    articles: tuple[tuple[str, str, int], ...]
    """(title, URL, how often it made writing needless); without a URL the article is gone, and its id is the title."""
    hold_out_percent: int
    is_recording: bool

    @property
    def is_empty(self) -> bool:
        """Whether nobody began a form."""
        return not self.offered.n and not self.held_out.n


@bp.get("")
def index() -> Response:
    """Show what became of the forms that were begun."""
    staff(Role.LEAD)
    days = _days()
    since, until = _span(clock.now(), days)
    with unavailable_when_away(), the(Portal).database.session() as session:
        numbers = offers.numbers(session, since=since, until=until)
        articles = offers.answering(session, since=since, until=until, limit=MOST_ARTICLES)
    page = ContactNumbersPage(
        title=gettext("Contact form"),
        days=days,
        choices=tuple(sorted(DAYS)),
        offered=Column(numbers[Arm.OFFERED]),
        held_out=Column(numbers[Arm.HELD_OUT]),
        avoided=Avoided.of(numbers[Arm.OFFERED], numbers[Arm.HELD_OUT]),
        articles=_named(articles),
        hold_out_percent=round(_WHOLE * site().contact.hold_out),
        is_recording=site().recording.is_on,
    )
    return answer("desk/contact.html", page)


def _span(at: datetime, days: int) -> tuple[datetime, datetime]:
    return at - timedelta(days=days), at - STILL_WRITING


def _days() -> int:
    asked = name("days")
    return next((one for one in DAYS if str(one) == asked), DAYS[0])


def _named(articles: list[tuple[str, int]]) -> tuple[tuple[str, str, int], ...]:
    cards: Mapping[str, Card] = shelf().cards([article for article, _ in articles])
    return tuple(
        (cards[article].title, cards[article].url, times) if article in cards else (article, "", times)
        for article, times in articles
    )
