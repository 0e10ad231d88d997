"""`/api/v1/topics`, `/notices` and `/contact`: how the help centre is ordered, what it says today, whom one can ask."""

from typing import Annotated

from pydantic import Field, StringConstraints

from portal.content.page import TopicOnShelf
from portal.content.shelf import NO_TOPIC
from portal.errors import NotFound
from portal.programs.scopes import Scope
from portal.web import access
from portal.web.api import shapes
from portal.web.api.article_shapes import Articles, Card
from portal.web.api.members import ListQuery, Shape, first_language, language_of, number_of
from portal.web.api.operations import operation
from portal.web.api.problems import resource
from portal.web.ways import ways

TAG = "Articles"
READ = Scope.ARTICLES_READ

bp = resource("topics", "")


class Topic(Shape):
    """A group of articles, in a language."""

    slug: str = Field(description=f"`{NO_TOPIC}` for the articles without one.", examples=["brewing"])
    name: str
    summary: str
    count: int = Field(description="How many of its articles may be read with this token, or without one.")
    url: str


class Topics(Shape):
    """All topics that have articles, in the company's order."""

    topics: tuple[Topic, ...]


class Notices(Shape):
    """What is said to everybody today."""

    notices: tuple[Card, ...]


class Channel(Shape):
    """A way to reach people."""

    kind: str = Field(description="form, email, phone, chat or social.", examples=["phone"])
    label: str
    value: str = Field(description="Address or number, as people write it; empty for the help centre's own form.")
    url: str = Field(description="Where it leads; a path on this host for the help centre's own form.")
    hours: str = Field(description="As people say it.", examples=["Mon to Fri, 9 to 17"])
    time_zone: str = Field(examples=["Europe/Berlin"])


class Channels(Shape):
    """Every way to reach people, the best one first."""

    channels: tuple[Channel, ...]


class LanguageQuery(Shape):
    """In which language."""

    lang: str | None = Field(default=None, description="A language of the help centre; its first by default.")


class TopicQuery(ListQuery, LanguageQuery):
    """In which language, and which part of the list."""


class ContactQuery(LanguageQuery):
    """In which language, and what about."""

    topic: Annotated[str, StringConstraints(max_length=80)] | None = Field(
        default=None, description="A topic's slug; one that there is not is none."
    )


@bp.get("/topics")
@operation(TAG, READ, answer=Topics, is_open=True)
def list_topics(query: LanguageQuery) -> Topics:
    """List the topics of a language."""
    lang = language_of(query.lang) or first_language()
    return Topics(topics=tuple(_topic(one) for one in access.shelf().topics(lang)))


@bp.get("/topics/<slug>/articles")
@operation(TAG, READ, answer=Articles, is_open=True)
def list_topic(slug: str, query: TopicQuery) -> Articles:
    """List the articles of a topic in its writers' order; those of a topic that there is not are 404."""
    lang, shelf = language_of(query.lang) or first_language(), access.shelf()
    topic = next((one for one in shelf.topics(lang) if (one.slug or NO_TOPIC) == slug), None)
    if topic is None:
        raise NotFound("There is no such topic in this language.")
    first = number_of(query.cursor)
    cards = shelf.in_topic(lang, topic.slug, offset=first, limit=query.limit + 1)
    return Articles(
        articles=tuple(Card.model_validate(shapes.of_card(one)) for one in cards[: query.limit]),
        next_cursor=f"{first + query.limit:x}" if len(cards) > query.limit else None,
    )


@bp.get("/notices")
@operation(TAG, READ, answer=Notices, is_open=True)
def list_notices(query: LanguageQuery) -> Notices:
    """List what is said to everybody today, such as a known problem."""
    found = access.shelf().notices(language_of(query.lang) or first_language())
    return Notices(notices=tuple(Card.model_validate(shapes.of_card(one)) for one in found))


@bp.get("/contact")
@operation(TAG, READ, answer=Channels, is_open=True)
def list_channels(query: ContactQuery) -> Channels:
    """List every way to reach people, for a topic those that serve it, its own first."""
    lang = language_of(query.lang) or first_language()
    known = {one.slug for one in access.shelf().topics(lang)}
    found = ways(lang, query.topic if query.topic and query.topic in known else "")
    return Channels(channels=tuple(
        Channel(kind=one.kind, label=one.label, value=one.value, url=one.url, hours=one.hours, time_zone=one.time_zone)
        for one in found
    ))  # fmt: skip


def _topic(one: TopicOnShelf) -> Topic:
    return Topic(slug=one.slug or NO_TOPIC, name=one.name, summary=one.summary, count=one.count, url=one.url)
