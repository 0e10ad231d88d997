"""What each template is told: one frozen page for each, and nothing besides."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from markupsafe import Markup

from portal.content.page import Card, Heading, Page, TopicOnShelf
from portal.content.shelf import Shelf
from portal.content.site import Site
from portal.feedback.models import COMMENT_LIMIT, Reason, Vote
from portal.search.hits import Hit, Query, ResultPage
from portal.text import slugify
from portal.web.frame import AnyPage

NEAREST = 5
DEEPEST = 3
"""Depth of the headings in a contents list: `<h2>` and `<h3>`."""
REASONS = (
    (Reason.WRONG, "Something in it is wrong"),
    (Reason.UNCLEAR, "I couldn't follow it"),
    (Reason.MISSING, "Something is missing"),
    (Reason.DID_NOT_WORK, "I did as it says and it didn't work"),
    (Reason.NOT_LOOKED_FOR, "It isn't what I was looking for"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage(AnyPage):
    """help/home.html."""

    topics: tuple[TopicOnShelf, ...]
    recent: tuple[Card, ...]
    count: int

    @classmethod
    def of(cls, shelf: Shelf, lang: str, *, recent: int) -> "HomePage":
        """Return the home page of a language, with its `recent` latest articles."""
        return cls(
            title="",
            lang=lang,
            topics=shelf.topics(lang),
            recent=shelf.recent(lang, recent),
            count=shelf.count(lang),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPage(AnyPage):
    """help/topic.html."""

    topic: TopicOnShelf
    cards: tuple[Card, ...]

    @classmethod
    def of(cls, shelf: Shelf, lang: str, topic: TopicOnShelf) -> "TopicPage":
        """Return the page of a topic."""
        return cls(
            title=topic.name,
            lang=lang,
            description=topic.summary,
            topic=topic,
            cards=shelf.in_topic(lang, topic.slug),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage(AnyPage):
    """help/article.html."""

    article: Page
    body: Markup
    headings: tuple[Heading, ...]
    """Those of the contents list."""
    vote: "VotePage"
    topic_url: str
    edit_url: str

    @classmethod
    def of(cls, article: Page, site: Site) -> "ArticlePage":
        """Return the page of an article."""
        card = article.card
        return cls(
            title=card.title,
            lang=card.lang,
            description=card.summary,
            translations=tuple((other.lang, other.url) for other in article.translations),
            article=article,
            body=Markup(article.html),  # noqa: S704 - content/render sanitised it before it came onto the shelf
            headings=tuple(one for one in article.headings if one.depth <= DEEPEST),
            vote=VotePage.of(article, card.revision, None),
            topic_url=f"/{card.lang}/topics/{quote(card.topic)}" if card.topic else "",
            edit_url=site.edit_url.replace("{path}", quote(article.path)),
        )


@dataclass(frozen=True, slots=True)
class FilterLink:
    """A filter that a click sets or, where it is set, takes away."""

    label: str
    url: str
    is_set: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage(AnyPage):
    """help/search.html and its fragment."""

    query: Query
    total: int = 0
    first: int = 0
    hits: tuple[Hit, ...] = ()
    elsewhere: tuple[Hit, ...] = ()
    nearest: tuple[Card, ...] = ()
    topics: tuple[TopicOnShelf, ...] = ()
    filters: tuple[FilterLink, ...] = ()
    start: str = ""
    earlier: str = ""
    later: str = ""
    is_cut: bool = False

    @classmethod
    def unasked(cls, shelf: Shelf, query: Query) -> "SearchPage":
        """Return the page before anything was asked."""
        return cls(title="Search", lang=query.lang, query=query, topics=shelf.topics(query.lang))

    @classmethod
    def of(cls, shelf: Shelf, results: ResultPage, *, is_cut: bool) -> "SearchPage":
        """Return the page of one page of results."""
        query, ends_at = results.query, results.offset + len(results.hits)
        topics = shelf.topics(query.lang)
        return cls(
            title=query.text,
            lang=query.lang,
            translations=tuple((lang, _search_url(Query(text=query.text, lang=lang))) for lang in shelf.languages()),
            query=query,
            total=results.total,
            first=results.offset + 1,
            hits=results.hits,
            elsewhere=results.elsewhere,
            nearest=() if results.total else shelf.nearest(query.lang, slugify(query.text), NEAREST),
            topics=topics,
            filters=_filters(query, topics),
            start=_search_url(query),
            earlier=_search_url(query, max(0, results.offset - results.limit)) if results.offset else "",
            later=_search_url(query, ends_at) if results.hits and ends_at < results.total else "",
            is_cut=is_cut,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VotePage(AnyPage):
    """help/vote.html and its fragment."""

    article: Page
    url: str
    revision: str
    answer: str
    """yes, no, or empty before a vote."""
    reason: str
    comment: str
    reasons: tuple[tuple[str, str], ...] = tuple((str(reason), words) for reason, words in REASONS)
    comment_limit: int = COMMENT_LIMIT

    @property
    def is_explained(self) -> bool:
        """Whether the voter said why."""
        return bool(self.reason or self.comment)

    @classmethod
    def of(cls, article: Page, revision: str, vote: Vote | None) -> "VotePage":
        """Return what a voter said of an article, and may still say."""
        return cls(
            title=article.card.title,
            lang=article.card.lang,
            article=article,
            url=f"/{article.card.lang}/votes/{quote(article.card.id)}",
            revision=revision,
            answer=("yes" if vote.is_helpful else "no") if vote else "",
            reason=(vote.reason or "") if vote else "",
            comment=(vote.comment or "") if vote else "",
        )


def _filters(query: Query, topics: tuple[TopicOnShelf, ...]) -> tuple[FilterLink, ...]:
    by_topic = [
        FilterLink(topic.name, _search_url(Query(text=query.text, lang=query.lang, tag=query.tag,
                                                 topic=None if topic.slug == query.topic else topic.slug)),
                   topic.slug == query.topic)
        for topic in topics if topic.slug
    ]  # fmt: skip
    without_tag = Query(text=query.text, lang=query.lang, topic=query.topic)
    by_tag = [FilterLink(query.tag, _search_url(without_tag), is_set=True)] if query.tag else []
    return (*by_tag, *by_topic)


def _search_url(query: Query, offset: int = 0) -> str:
    asked = {"q": query.text, "topic": query.topic, "tag": query.tag, "offset": offset or None}
    return f"/{query.lang}/search?" + urlencode({name: value for name, value in asked.items() if value})
