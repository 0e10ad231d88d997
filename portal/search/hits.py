"""Hit, Snippet, ResultPage: what a search answers with."""

from dataclasses import dataclass, field
from html import escape

from portal.content.page import Card

STAGES = ("before", "during", "after")
"""Where a reader may be in what they set out to do, as `stage:` in front matter says."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A few words around the matches, as (text, is a match) in order; escaped once, here, on display."""

    parts: tuple[tuple[str, bool], ...]

    def __html__(self) -> str:
        """Return the snippet as safe HTML; templates call this by themselves."""
        return "".join(f"<mark>{escape(text)}</mark>" if hit else escape(text) for text, hit in self.parts)

    def __str__(self) -> str:
        """Return the words alone."""
        return "".join(text for text, _ in self.parts)


@dataclass(frozen=True, slots=True)
class Jump:
    """Another section of a hit's article that fits the query; `heading` is text as written, to be escaped."""

    heading: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article with its best section for a query."""

    card: Card
    anchor: str
    heading: str
    snippet: Snippet
    score: float
    title: Snippet
    """The title with its matches marked."""
    jumps: tuple[Jump, ...] = ()
    """Up to two further sections of the article, the best first; their headings differ, and from the hit's too."""

    @property
    def section_url(self) -> str:
        """Path to the best section."""
        return f"{self.card.url}#{self.anchor}" if self.anchor else self.card.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The passage that answers a question, word for word, and where it stands."""

    card: Card
    anchor: str
    heading: str
    passage: Snippet

    @property
    def section_url(self) -> str:
        """Path to the section that it was taken from."""
        return f"{self.card.url}#{self.anchor}" if self.anchor else self.card.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked: `text` as typed, made safe by `query.read`; filters count where they are given.

    topic: its slug. tag, product: exact but for case and accents. stage: before, during or after.
    """

    text: str
    lang: str
    topic: str | None = None
    tag: str | None = None
    product: str | None = None
    stage: str | None = None
    is_verbatim: bool = False
    """Whether words that no article has are searched as they were typed, and not corrected."""

    def filters(self) -> dict[str, str]:
        """Return the filters that are given, by name."""
        found = {"topic": self.topic, "tag": self.tag, "product": self.product, "stage": self.stage}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Match:
    """An article that a whole message may be about."""

    hit: Hit
    because: tuple[str, ...]
    """Up to three of the message's words, as they stand there, that told most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """One page of hits. `total` counts articles in the query's language; `elsewhere` are hits in others.

    Where nothing here answers the query there are no hits: `total` is 0, and what comes nearest stands apart.
    """

    query: Query
    hits: tuple[Hit, ...]
    total: int
    offset: int
    limit: int
    elsewhere: tuple[Hit, ...] = field(default=())
    nearest: tuple[Hit, ...] = ()
    """Articles that come nearest, best first, where there are no hits; none of them is said to be an answer."""
    confidence: float | None = None
    """How likely it is that an article here answers the query, from 0 to 1; None where nothing was asked."""
    corrected: str | None = None
    """What was searched for, where words were corrected: the query's text with other words in their place."""
    answer: Answer | None = None
    """The answering passage of the first hit, for questions on the first page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A suggestion while typing: a title, another name of an article, a heading within it, or a past query."""

    text: str
    url: str
    """Where it leads: the article, its section, or the search page for a past query."""
    kind: str
    """"title", "aka", "heading" or "query"."""
    article: str
    """Its id; empty for a past query."""
    title: str
    """The article's; empty for a past query."""
    topic: str | None
    is_corrected: bool = False
    """Whether it fits only if words that were typed are taken for others that are spelt nearly so."""
