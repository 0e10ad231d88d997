"""What each template is told: one frozen page for each, and nothing besides. Search's own is in `result_pages`."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote

from flask_babel import gettext, lazy_gettext
from markupsafe import Markup

from portal.content.page import Card, Heading, Neighbour, Page, TopicOnShelf
from portal.content.shelf import Shelf
from portal.content.site import Site
from portal.feedback.models import COMMENT_LIMIT, Reason, Vote
from portal.web.flagging import FlagNote
from portal.web.frame import AnyPage, ChannelLink

DEEPEST = 3
"""Depth of the headings in a contents list: `<h2>` and `<h3>`."""
TOPIC_PAGE = 50
"""Articles on one page of a topic."""
MOST_HELPFUL = 5
BESIDE = 24
"""Articles of the topic that stand beside an article; more would be a list to search, which the topic's page is."""
_TAG, _LETTERS = re.compile(r"<[^>]*>"), re.compile(r"[\W_]+")
REASONS = (
    (Reason.WRONG, lazy_gettext("Something in it is wrong")),
    (Reason.UNCLEAR, lazy_gettext("I couldn't follow it")),
    (Reason.MISSING, lazy_gettext("Something is missing")),
    (Reason.DID_NOT_WORK, lazy_gettext("I did as it says and it didn't work")),
    (Reason.NOT_LOOKED_FOR, lazy_gettext("It isn't what I was looking for")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage(AnyPage):
    """help/home.html."""

    topics: tuple[TopicOnShelf, ...]
    helpful: tuple[Card, ...]
    """Those that readers found most helpful, the best first; empty while there are too few votes to say."""
    recent: tuple[Card, ...]
    products: tuple[str, ...]
    """What a reader can say they have. What is chosen, and what was read, is told by `PersonalPart` alone."""
    mine: tuple[str, ...] = ()
    read: tuple[Card, ...] = ()

    @classmethod
    def of(cls, shelf: Shelf, lang: str, *, recent: int, helpful: Collection[str]) -> "HomePage":
        """Return the home page of a language. helpful: ids, best first, of which some may not be for this reader."""
        return cls(
            title="",
            lang=lang,
            translations=others_of(shelf, lang, "/"),
            topics=shelf.topics(lang),
            helpful=helpful_of(shelf, lang, helpful),
            recent=shelf.recent(lang, recent),
            products=shelf.facets(lang).products,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPage(AnyPage):
    """help/topic.html."""

    topic: TopicOnShelf
    cards: tuple[Card, ...]
    number: int
    """Which page of the topic this is, from 1."""
    pages: int

    @classmethod
    def of(cls, shelf: Shelf, lang: str, topic: TopicOnShelf, *, number: int) -> "TopicPage":
        """Return one page of a topic; a number beyond the last gives the last."""
        pages = -(-topic.count // TOPIC_PAGE)
        number = min(max(number, 1), pages)
        there = [
            (other, one.url)
            for other in shelf.languages()
            if other != lang
            for one in shelf.topics(other)
            if one.slug == topic.slug
        ]
        return cls(
            title=topic.name,
            lang=lang,
            description=topic.summary,
            translations=tuple(there),
            topic=topic,
            cards=shelf.in_topic(lang, topic.slug, offset=(number - 1) * TOPIC_PAGE, limit=TOPIC_PAGE),
            number=number,
            pages=pages,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage(AnyPage):
    """help/article.html."""

    article: Page
    body: Markup
    headings: tuple[Heading, ...]
    """Those of the contents list."""
    lead: str
    """The summary, unless the text begins with it."""
    beside: tuple[Neighbour, ...]
    """The articles of its topic around this one, in the writers' order and with it; empty without a topic."""
    vote: "VotePage"
    topic_url: str
    edit_url: str
    notes: tuple[FlagNote, ...]
    """Flags that wait, for staff alone."""

    @classmethod
    def of(cls, article: Page, site: Site, shelf: Shelf, notes: tuple[FlagNote, ...] = ()) -> "ArticlePage":
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
            lead="" if _begins_with(article.html, card.summary) else card.summary,
            beside=shelf.beside(card.id, BESIDE),
            vote=VotePage.of(article, card.revision, None),
            topic_url=f"/{card.lang}/topics/{quote(card.topic)}" if card.topic else "",
            edit_url=site.edit_url.replace("{path}", quote(article.path)),
            notes=notes,
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
    reasons: tuple[tuple[str, str], ...]
    comment_limit: int = COMMENT_LIMIT

    @property
    def is_explained(self) -> bool:
        """Whether the voter said why."""
        return bool(self.reason or self.comment)

    @classmethod
    def of(cls, article: Page, revision: str, vote: Vote | None) -> "VotePage":
        """Return what a voter said of an article, and may still say."""
        return cls(
            title=gettext("Your vote on “%(title)s”", title=article.card.title),
            lang=article.card.lang,
            article=article,
            url=f"/{article.card.lang}/votes/{quote(article.card.id)}",
            revision=revision,
            answer=("yes" if vote.is_helpful else "no") if vote else "",
            reason=(vote.reason or "") if vote else "",
            comment=(vote.comment or "") if vote else "",
            reasons=tuple((str(reason), str(words)) for reason, words in REASONS),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesPage(AnyPage):
    """help/notices.html."""

    @classmethod
    def of(cls, shelf: Shelf, lang: str) -> "NoticesPage":
        """Return the list of what is said to everybody; the frame has the notices."""
        return cls(title=gettext("Notices"), lang=lang, translations=others_of(shelf, lang, "/notices"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPage(AnyPage):
    """help/contact.html."""

    topic: TopicOnShelf | None
    channels: tuple[ChannelLink, ...]

    @classmethod
    def of(
        cls, shelf: Shelf, lang: str, topic: TopicOnShelf | None, channels: tuple[ChannelLink, ...]
    ) -> "ContactPage":
        """Return the ways to reach people, the best one first. topic: what it is about, if that is known."""
        translations = others_of(shelf, lang, "/contact")
        return cls(title=gettext("Contact"), lang=lang, translations=translations, topic=topic, channels=channels)


def helpful_of(shelf: Shelf, lang: str, helpful: Collection[str]) -> tuple[Card, ...]:
    """Return the most helpful articles of a language. helpful: ids, best first, also of what this shelf has not."""
    cards = shelf.cards(helpful)
    return tuple(cards[one] for one in helpful if one in cards and cards[one].lang == lang)[:MOST_HELPFUL]


def others_of(shelf: Shelf, lang: str, rest: str) -> tuple[tuple[str, str], ...]:
    """Return the addresses of a page that is there in every language."""
    return tuple((other, f"/{other}{rest}") for other in shelf.languages() if other != lang)


def _begins_with(html: str, summary: str) -> bool:
    """Whether a text begins with its summary, as it does where the summary was taken from it."""
    said = _LETTERS.sub("", summary).casefold()
    begin = unescape(_TAG.sub(" ", html[: 20 * len(summary) + 200]))
    return bool(said) and _LETTERS.sub("", begin).casefold().startswith(said)
