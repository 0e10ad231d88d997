"""`/api/v1/articles/<id>/flags` and `/flags`: an article is wrong; its writer is told, and says what came of it."""

from datetime import datetime
from typing import Annotated

from flask import Response
from pydantic import Field, StringConstraints

from portal import clock
from portal.bootstrap import Portal
from portal.db import unavailable_when_away
from portal.errors import Conflict, NotFound
from portal.feedback import flags
from portal.feedback.models import REQUEST_LIMIT, Fault, Flag
from portal.programs.scopes import Scope
from portal.web import access, flagging, programs
from portal.web.api.members import ListQuery, Shape, Text, cursor_of, place_of, uid_of
from portal.web.api.operations import operation
from portal.web.api.problems import resource
from portal.web.api.writing import new_uid, once, once_apart
from portal.web.context import the

TAG = "Articles"
Words = Annotated[Text, StringConstraints(max_length=REQUEST_LIMIT)]

bp = resource("flags", "")


class NewFlag(Shape):
    """What is wrong with an article."""

    fault: Fault
    text: Words = Field(examples=["Step 3 names the old button."])


class Flagged(Shape):
    """A flag that waits for a writer."""

    id: str
    article: str
    title: str
    fault: Fault
    text: str = Field(description="Without what was personal in it.")
    by: str
    at: datetime
    topic: str | None = Field(description="The article's topic, by its slug.")
    owner: str = Field(description="Who is to settle it, as it is written; empty for any writer.")
    done_at: datetime | None = Field(description="When it was settled; null while it waits.")
    done_by: str
    was_right: bool | None = Field(description="Whether something was wrong; false where the article stays as it is.")
    answer: str


class Flags(Shape):
    """Flags that wait, the oldest first."""

    flags: tuple[Flagged, ...]


class WaitingFlags(Flags):
    """A portion of the flags that wait, the oldest first."""

    next_cursor: str | None


class FlagsQuery(ListQuery):
    """Which flags."""

    topic: Annotated[str, StringConstraints(max_length=80)] | None = Field(default=None, description="A topic's slug.")


class Settlement(Shape):
    """What came of a flag."""

    was_right: bool = Field(description="Whether something was wrong, and is mended; false where the article is right.")
    answer: Annotated[str, StringConstraints(max_length=REQUEST_LIMIT)] = Field(
        default="", description="Whoever flagged it reads this.", examples=["The button has its new name now."]
    )


@bp.get("/articles/<article_id>/flags")
@operation(TAG, Scope.GAPS_READ, answer=Flags)
def list_flags(article_id: str) -> Flags:
    """List what waits for an article's writer."""
    return _waiting(access.page_for(article_id).card.id)


@bp.post("/articles/<article_id>/flags")
@operation(TAG, Scope.VOTES_WRITE, answer=Flags, status=201, is_once=True)
def flag_article(article_id: str, json: NewFlag) -> Response:
    """Say that an article is wrong; its owner is told, and what waits for it is returned.

    The same words of the same account twice are one flag.
    """
    page, by = access.page_for(article_id), programs.allowed(Scope.VOTES_WRITE).user
    said = flagging.Complaint(uid=new_uid(), fault=json.fault, text=flags.read_text(json.text))

    def write() -> Flags:
        flagging.keep(page, said, by=by, at=clock.now())
        return _waiting(page.card.id)

    return once_apart(write)


@bp.get("/flags")
@operation(TAG, Scope.GAPS_READ, answer=WaitingFlags)
def list_all_flags(query: FlagsQuery) -> WaitingFlags:
    """List the flags of all articles that wait, the oldest first."""
    after = place_of(query.cursor) if query.cursor else None
    topic = query.topic.replace("\x00", "") if query.topic else None
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = [one for one in flags.waiting(session, topic=topic) if after is None or _place(one) > after]
    shown = found[: query.limit]
    more = len(found) > query.limit
    return WaitingFlags(
        flags=tuple(_of(one) for one in shown), next_cursor=cursor_of(*_place(shown[-1])) if more else None
    )


@bp.get("/flags/<uid>")
@operation(TAG, Scope.GAPS_READ, answer=Flagged)
def read_flag(uid: str) -> Flagged:
    """Read a flag, and what came of it."""
    return _read(uid)


@bp.delete("/flags/<uid>")
@operation(TAG, Scope.VOTES_WRITE, status=204, errors=(409,))
def withdraw_flag(uid: str) -> Response:
    """Take a flag of the token's account back, while it waits."""
    by, known = programs.allowed(Scope.VOTES_WRITE).user, _row(uid)
    if known.user != by.id:
        raise NotFound("There is no such flag of yours.")
    if not flagging.take_back(known.uid, by=by):
        raise Conflict("This flag is settled by now, so it can't be taken back.")
    return Response(status=204)


@bp.post("/flags/<uid>/settlement")
@operation(TAG, Scope.GAPS_WRITE, answer=Flagged, is_once=True)
def settle_flag(uid: str, json: Settlement) -> Response:
    """Say what came of a flag, in the name of the token's account; whoever raised it hears of it."""
    by, said, known = programs.allowed(Scope.GAPS_WRITE).user, flags.read_answer(json.answer), _row(uid).uid

    def write() -> Flagged:
        flagging.settle(known, by=by, answer=said, was_right=json.was_right, at=clock.now())
        return _read(known)

    return once_apart(write, status=200)


@bp.post("/flags/<uid>/reopening")
@operation(TAG, Scope.GAPS_WRITE, answer=Flagged, is_once=True)
def reopen_flag(uid: str) -> Response:
    """Let a settled flag wait again; doing so twice is doing so once."""
    known = _row(uid).uid
    return once(lambda session: _of(flags.reopen(session, known)))


def _waiting(article: str) -> Flags:
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = flags.of_article(session, article)
    return Flags(flags=tuple(_of(one) for one in found))


def _row(uid: str) -> Flag:
    with unavailable_when_away(), the(Portal).database.session() as session:
        return flags.get(session, uid_of(uid))


def _read(uid: str) -> Flagged:
    return _of(_row(uid))


def _place(flag: Flag) -> tuple[datetime, int]:
    """Return where a flag stands in the list: two of the same microsecond by the beginning of their ids."""
    return flag.at, int(flag.uid[:7], 16)


def _of(flag: Flag) -> Flagged:
    return Flagged(id=flag.uid, article=flag.article, title=flag.title, fault=flag.fault, text=flag.text, by=flag.by,
                   at=flag.at, topic=flag.topic or None, owner=flag.owner, done_at=flag.done_at, done_by=flag.done_by,
                   was_right=flag.was_right, answer=flag.answer)  # fmt: skip
