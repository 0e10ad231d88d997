"""`/api/v1/opinions` and `/unresolved`: why articles did not help, and what was searched lately and not answered."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from portal import clock
from portal.bootstrap import Portal
from portal.db import unavailable_when_away
from portal.events import log
from portal.feedback import opinions
from portal.feedback.models import Reason
from portal.gaps import desk_store
from portal.gaps.lately import Lately, Searched, lately
from portal.programs.scopes import Scope
from portal.web.api.members import MOST_NUMBER, ListQuery, Shape, cursor_of, place_of
from portal.web.api.operations import operation
from portal.web.api.problems import resource
from portal.web.api.validation import Whole
from portal.web.context import site, the

TAG = "Gaps"
READ = Scope.GAPS_READ
MOST_DAYS = 7
"""As at the desk: judging takes longer with each day."""
MOST_SHOWN = 200

bp = resource("opinions", "")


class Opinion(Shape):
    """Why an article did not help one reader, without a trace of who it was."""

    article: str
    revision: str = Field(description="The one that was read.")
    lang: str
    reason: Reason | None
    comment: str | None = Field(description="The reader's own text: show it escaped.")
    at: datetime


class Opinions(Shape):
    """A portion of the opinions, the latest first."""

    opinions: tuple[Opinion, ...]
    next_cursor: str | None


class OpinionsQuery(ListQuery):
    """Which opinions; what is absent filters nothing."""

    article: Annotated[str, StringConstraints(max_length=64)] | None = Field(default=None, description="Its id.")
    reason: Reason | None = None
    comment: Literal["0", "1"] = Field(default="0", description="`1`: those alone that say more than a reason.")


class Unanswered(Shape):
    """A wording, how many people used it without an answer, and the gap that it is in, if any."""

    text: str
    lang: str
    people: int
    gap: int | None


class Unresolved(Shape):
    """What was searched and not answered, as it is known at this moment. Counts are of different people."""

    days: int
    asked: int = Field(description="How many searched at all.")
    people: int = Field(description="How many were left without an answer.")
    times: int = Field(description="How often.")
    wordings: tuple[Unanswered, ...] = Field(description="At most 200, the most frequent first; enough people's alone.")
    untold: int = Field(description="Wordings of too few people to be told.")
    outcomes: dict[str, int] = Field(description="How it ended, by people.")


class LatelyQuery(Shape):
    """How far back."""

    days: Whole = Field(default=1, ge=1, le=MOST_DAYS, description="How many days.")


@bp.get("/opinions")
@operation(TAG, READ, answer=Opinions)
def list_opinions(query: OpinionsQuery) -> Opinions:
    """List why articles did not help, the latest first. Portions stay as they are while readers say more."""
    until, first = place_of(query.cursor) if query.cursor else (clock.now(), 0)
    article = query.article.replace("\x00", "") if query.article else None
    asked = opinions.Asked(article=article, reason=query.reason, has_comment=query.comment == "1", until=until)
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = opinions.newest(session, asked, offset=first, limit=query.limit + 1)
    following = min(first + query.limit, MOST_NUMBER)
    return Opinions(
        opinions=tuple(_of(one) for one in found[: query.limit]),
        next_cursor=cursor_of(until, following) if len(found) > query.limit else None,
    )


@bp.get("/unresolved")
@operation(TAG, READ, answer=Unresolved)
def read_unresolved(query: LatelyQuery) -> Unresolved:
    """Read what was searched in the last days and not answered, before any gap is looked for."""
    since, least = clock.now() - timedelta(days=query.days), site().gaps.least_people
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = lately(log.read(session, since=since), least=least)
        shown = found.searched[:MOST_SHOWN]
        gaps = desk_store.gaps_of_wordings(session, [(one.lang, one.wording) for one in shown])
    return _unresolved(query.days, found, tuple(_wording(one, gaps.get((one.lang, one.wording))) for one in shown))


def _of(one: opinions.Opinion) -> Opinion:
    return Opinion(article=one.article, revision=one.revision, lang=one.lang, reason=one.reason, comment=one.comment,
                   at=one.at)  # fmt: skip


def _wording(one: Searched, gap: int | None) -> Unanswered:
    return Unanswered(text=one.text, lang=one.lang, people=one.people, gap=gap)


def _unresolved(days: int, found: Lately, wordings: tuple[Unanswered, ...]) -> Unresolved:
    return Unresolved(
        days=days, asked=found.asked, people=found.people, times=found.times, wordings=wordings,
        untold=found.unshown, outcomes=dict(found.outcomes),
    )  # fmt: skip
