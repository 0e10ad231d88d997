"""`/api/v1/links`: short links to articles that are sent to customers, and what came of them."""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal
from urllib.parse import urljoin

from flask import Response, request
from pydantic import Field, StringConstraints

from portal import clock
from portal.bootstrap import Portal
from portal.conversations import store as conversations
from portal.db import Session, unavailable_when_away
from portal.errors import NotFound
from portal.links import store
from portal.links.address import short_path
from portal.links.models import Origin, SentLink
from portal.programs.scopes import Scope
from portal.web import access, programs
from portal.web.api.article_shapes import Record
from portal.web.api.members import MOST, PAGE, Number, Shape, language_of
from portal.web.api.operations import operation
from portal.web.api.problems import resource
from portal.web.api.searches import of_record
from portal.web.api.validation import Whole
from portal.web.api.writing import once
from portal.web.context import the

TAG = "Links"
WRITE = Scope.LINKS_WRITE
MOST_DAYS = 400

bp = resource("links", "")


class NewLink(Shape):
    """The article that is sent."""

    article: Annotated[str, StringConstraints(min_length=1, max_length=64)] = Field(description="Its id.")
    anchor: Annotated[str, StringConstraints(max_length=300)] = Field(
        default="", description="A heading's; empty for the whole article."
    )
    lang: str | None = Field(default=None, description="The customer's language; the article's own by default.")
    conversation: Number | None = Field(default=None, description="Number of the conversation that it is made for.")


class Link(Shape):
    """A link, and what came of it. It names no customer."""

    token: str
    article: str
    anchor: str
    lang: str
    origin: Origin
    conversation: int | None
    path: str = Field(description="What to send, on this host.")
    url: str = Field(description="The same with the host.")
    title: str = Field(description="The article's; empty where it is gone.")
    made_at: datetime
    sent_at: datetime | None = Field(description="Null until a reply with it goes out.")
    opened_at: datetime | None
    opened: int
    is_helpful: bool | None
    came_back_at: datetime | None


class ArticleRecord(Record):
    """What came of sending one article."""

    article: str = Field(description="Its id.")
    title: str = Field(description="Empty where it is gone, or may not be read with this token.")


class Records(Shape):
    """A portion of what came of sending articles, by their ids."""

    records: tuple[ArticleRecord, ...]
    next_cursor: str | None


class RecordsQuery(Shape):
    """Of which days, and whose links."""

    EMPTY_IS_NONE: ClassVar = ("cursor",)

    days: Whole = Field(default=90, ge=1, le=MOST_DAYS, description="Those sent in so many days until now.")
    whose: Literal["all", "mine"] = Field(default="all", description="`mine` are those of the token's account.")
    limit: Whole = Field(default=PAGE, ge=1, le=MOST, description="How many at most.")
    cursor: str | None = Field(default=None, description="`next_cursor` of the portion before.")


@bp.get("/links")
@operation(TAG, WRITE, answer=Records)
def list_records(query: RecordsQuery) -> Records:
    """List what came of sending articles: of each how often it was sent, opened, voted on, and came back."""
    user, since = programs.allowed(WRITE).user.id, clock.now() - timedelta(days=query.days)
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = store.all_records(session, since=since, user=user if query.whose == "mine" else None)
    ids = sorted(one for one in found if one > (query.cursor or ""))
    shown, cards = ids[: query.limit], access.shelf().cards(ids[: query.limit])
    return Records(
        records=tuple(_record(one, found[one], cards[one].title if one in cards else "") for one in shown),
        next_cursor=shown[-1] if len(ids) > query.limit else None,
    )


@bp.post("/links")
@operation(TAG, WRITE, answer=Link, status=201, is_once=True, errors=(404,))
def make_link(json: NewLink) -> Response:
    """Make a link to an article. It opens in the reader's language and at the section, after any rename."""
    page, user = access.page_for(json.article), programs.allowed(WRITE).user.id
    lang = language_of(json.lang) or page.card.lang

    def write(session: Session) -> Link:
        if json.conversation and conversations.conversation(session, json.conversation) is None:
            raise NotFound(f"There is no conversation {json.conversation}.")
        return _of(store.make(session, article=page.card.id, anchor=json.anchor.replace("\x00", ""), lang=lang,
                              origin=Origin.API, user=user, conversation=json.conversation,
                              at=clock.now()))  # fmt: skip

    return once(write, status=201)


@bp.get("/links/<token>")
@operation(TAG, WRITE, answer=Link)
def read_link(token: str) -> Link:
    """Read a link, and what came of it."""
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = store.find(session, token) if token.isascii() and token.isalnum() else None
    if found is None:
        raise NotFound("There is no such link.")
    return _of(found)


@bp.get("/articles/<article_id>/links")
@operation(TAG, WRITE, answer=Record)
def read_record(article_id: str) -> Record:
    """Read what came of sending an article: sent, opened, voted, came back."""
    page = access.page_for(article_id)
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = store.records(session, [page.card.id])
    return of_record(found.get(page.card.id, store.Record()))


def _record(article: str, record: store.Record, title: str) -> ArticleRecord:
    return ArticleRecord(article=article, title=title, **of_record(record).model_dump())


def _of(link: SentLink) -> Link:
    card = access.shelf().cards([link.article]).get(link.article)
    path = short_path(link.article, link.token, link.anchor)
    base = (the(Portal).settings.base_url or request.host_url).rstrip("/")
    return Link(
        token=link.token, article=link.article, anchor=link.anchor, lang=link.lang, origin=link.origin,
        conversation=link.conversation, path=path, url=urljoin(f"{base}/", path), title=card.title if card else "",
        made_at=link.made_at, sent_at=link.sent_at, opened_at=link.opened_at, opened=link.opened,
        is_helpful=link.is_helpful, came_back_at=link.came_back_at,
    )  # fmt: skip
