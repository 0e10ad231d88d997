"""`/api/v1/articles/<id>/flags`: an article is wrong; its writer is told."""

from datetime import datetime
from typing import Annotated

from flask import Response
from pydantic import Field, StringConstraints

from portal import clock
from portal.bootstrap import Portal
from portal.db import unavailable_when_away
from portal.feedback import flags
from portal.feedback.models import REQUEST_LIMIT, Fault, Flag
from portal.programs.scopes import Scope
from portal.web import access, flagging, programs
from portal.web.api.members import Shape, Text
from portal.web.api.operations import operation
from portal.web.api.problems import resource
from portal.web.api.writing import new_uid, once_apart
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


class Flags(Shape):
    """Flags that wait, the oldest first."""

    flags: tuple[Flagged, ...]


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


def _waiting(article: str) -> Flags:
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = flags.of_article(session, article)
    return Flags(flags=tuple(_of(one) for one in found))


def _of(flag: Flag) -> Flagged:
    return Flagged(id=flag.uid, article=flag.article, title=flag.title, fault=flag.fault, text=flag.text, by=flag.by,
                   at=flag.at)  # fmt: skip
