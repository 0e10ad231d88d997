"""`/api/v1/articles/<id>/votes/<voter>`: what a program's own readers say of an article."""

import hmac
from typing import Annotated

from flask import Response
from pydantic import Field, StringConstraints

from portal import clock
from portal.bootstrap import Portal
from portal.content.page import Page
from portal.db import Session, transaction, unavailable_when_away
from portal.errors import NotFound
from portal.feedback import votes
from portal.feedback.models import COMMENT_LIMIT, Reason, Vote
from portal.programs.scopes import Scope
from portal.web import access, programs
from portal.web.api.members import Shape
from portal.web.api.operations import operation
from portal.web.api.problems import resource
from portal.web.context import the

TAG = "Votes and requests"
WRITE = Scope.VOTES_WRITE
KEY = r"^[A-Za-z0-9._~-]{1,100}$"
Key = Annotated[str, StringConstraints(pattern=KEY)]

bp = resource("votes", "")


class NewVote(Shape):
    """What a reader says of an article."""

    is_helpful: bool
    reason: Reason | None = Field(default=None, description="Why it did not help; passed over for a helpful vote.")
    comment: Annotated[str, StringConstraints(max_length=COMMENT_LIMIT)] | None = None
    revision: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{4,64}$")] | None = Field(
        default=None, description="The revision that was read; the present one by default."
    )


class Voted(Shape):
    """A vote as it stands."""

    article: str
    revision: str
    is_helpful: bool
    reason: Reason | None
    comment: str | None


@bp.get("/articles/<article_id>/votes/<voter>")
@operation(TAG, WRITE, answer=Voted)
def read_vote(article_id: str, voter: str) -> Voted:
    """Read what one of your readers said of the article's present revision."""
    page, name = access.page_for(article_id), _named(voter)
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = votes.mine(session, page.card.id, page.card.revision, name)
    if found is None:
        raise NotFound("There is no vote of this reader on this revision.")
    return _voted(found)


@bp.put("/articles/<article_id>/votes/<voter>")
@operation(TAG, WRITE, answer=Voted)
def put_vote(article_id: str, voter: str, json: NewVote) -> Voted:
    """Say whether an article helped one of your readers; saying it again takes the former's place.

    `voter` is your name for the reader; only a keyed digest of it is kept, and other tokens' readers are others.
    """
    page, name = access.page_for(article_id), _named(voter)
    with the(Portal).database.session() as session, transaction(session):
        return _voted(_cast(session, page, name, json))


@bp.delete("/articles/<article_id>/votes/<voter>")
@operation(TAG, WRITE, status=204)
def withdraw_vote(article_id: str, voter: str) -> Response:
    """Take a reader's vote on the present revision back; doing so twice is doing so once."""
    page, name = access.page_for(article_id), _named(voter)
    with the(Portal).database.session() as session, transaction(session):
        votes.withdraw(session, article=page.card.id, revision=page.card.revision, voter=name)
    return Response(status=204)


def _cast(session: Session, page: Page, voter: str, json: NewVote) -> Vote:
    at, article, revision = clock.now(), page.card.id, json.revision or page.card.revision
    cast = votes.cast(session, article=article, revision=revision, lang=page.card.lang, voter=voter,
                      is_helpful=json.is_helpful, at=at)  # fmt: skip
    if json.is_helpful:
        return cast
    return votes.explain(session, article=article, revision=revision, voter=voter, reason=json.reason,
                         comment=json.comment, at=at)  # fmt: skip


def _voted(vote: Vote) -> Voted:
    return Voted(article=vote.article_id, revision=vote.article_revision, is_helpful=vote.is_helpful,
                 reason=vote.reason, comment=vote.comment)  # fmt: skip


def _named(key: str) -> str:
    """Return what is stored for a reader: 64 hexadecimal digits that lead back to no key."""
    return digest("voter", key)


def digest(purpose: str, key: str) -> str:
    """Return 64 hexadecimal digits for a name that a program gives a reader; other accounts' readers are others."""
    owner = programs.allowed(WRITE).user.id
    named = f"api:{purpose}:{owner}:{key}".encode("utf-8", "surrogatepass")
    return hmac.digest(the(Portal).settings.secret(), named, "sha256").hex()
