"""Shapes of articles, searches and suggestions, as `shapes.py` makes them: for the document, and for its tests."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from portal.audience import Audience
from portal.web.api.members import MOST, PAGE, Shape
from portal.web.api.validation import Whole, integral
from portal.web.parameters import MOST_OFFSET
from portal.web.parameters import PAGE as HITS

MOST_COMPLETIONS = 20


class Card(Shape):
    """An article, as lists have it."""

    id: str
    title: str
    summary: str
    url: str = Field(description="A path on this host.")
    short_url: str = Field(description="A path that stays, whatever the article is renamed to.")
    topic: str | None = Field(description="A topic's slug.")
    tags: tuple[str, ...]
    products: tuple[str, ...]
    stage: Literal["before", "during", "after"] | None
    kind: str
    lang: str
    audience: Audience
    status: str
    updated_at: datetime
    revision: str = Field(description="The commit that last changed its text; a mere move keeps it.")


class Heading(Shape):
    """A heading of an article."""

    anchor: str
    text: str
    depth: int


class Translation(Shape):
    """The same article in another language."""

    lang: str
    url: str
    title: str


class Article(Card):
    """A whole article."""

    html: str = Field(description="Safe to show.")
    markdown: str = Field(description="Without front matter, includes drawn in.")
    headings: tuple[Heading, ...]
    translations: tuple[Translation, ...]
    created_at: datetime
    reading_minutes: int


class Articles(Shape):
    """A portion of the articles, sorted by id."""

    articles: tuple[Card, ...]
    next_cursor: str | None


class ArticlesQuery(Shape):
    """Which part of the list."""

    EMPTY_IS_NONE: ClassVar = ("lang", "cursor")

    lang: str | None = Field(default=None, description="A language of the help centre; all of them by default.")
    limit: Whole = Field(default=PAGE, ge=1, le=MOST)
    cursor: str | None = Field(default=None, description="`next_cursor` of the portion before.")


class Jump(Shape):
    """A further section that fits."""

    heading: str
    url: str


class Hit(Shape):
    """An article with its best section."""

    id: str
    title: str
    url: str
    section_url: str
    short_url: str
    summary: str
    snippet_html: str = Field(description="Escaped text with `<mark>` around what matched.")
    jumps: tuple[Jump, ...]
    topic: str | None
    lang: str
    audience: Audience
    updated_at: datetime
    score: float = Field(description="Compares hits of one answer, nothing else.")


class Answer(Shape):
    """The passage that answers a question, word for word. Show it as a quotation, with a link to `section_url`."""

    id: str
    title: str
    url: str
    section_url: str
    heading: str
    text: str
    html: str = Field(description="Escaped text with `<mark>` around what matched.")


class Results(Shape):
    """What a search found."""

    q: str
    corrected: str | None = Field(description="What was searched for, where unknown words gave way to others.")
    confidence: float | None = Field(description="How likely an article here answers it, 0 to 1.")
    answer: Answer | None
    total: int
    hits: tuple[Hit, ...]
    nearest: tuple[Hit, ...] = Field(description="Where nothing answers, what comes nearest; no results.")
    search_id: str | None = Field(description="Names this search in what is recorded; null where it is not.")
    offset: int
    limit: int


class SearchQuery(Shape):
    """What to search for; filters count together, and empty ones not at all."""

    EMPTY_IS_NONE: ClassVar = ("lang", "topic", "tag", "product", "stage", "verbatim")

    q: str = Field(default="", description='Words; `"a phrase"`, `-word`, `title:word`; the first 500 characters.')
    lang: str | None = Field(default=None, description="A language of the help centre; its first by default.")
    topic: str | None = Field(default=None, description="A topic's slug.")
    tag: str | None = None
    product: str | None = None
    stage: Literal["before", "during", "after", ""] | None = None
    verbatim: Literal["0", "1", ""] | None = Field(
        default=None, description="`1` searches words that no article has as they are typed; `0` corrects them."
    )
    offset: Whole = Field(default=0, ge=0, le=MOST_OFFSET)
    limit: Whole = Field(default=HITS, ge=1, le=MOST)


class Completion(Shape):
    """How what was typed may go on."""

    text: str
    url: str
    kind: Literal["title", "aka", "heading", "query"]
    id: str | None
    title: str | None
    topic: str | None
    is_corrected: bool


class Completions(Shape):
    """What goes on from what was typed."""

    q: str
    completions: tuple[Completion, ...]


class CompleteQuery(Shape):
    """What has been typed so far."""

    EMPTY_IS_NONE: ClassVar = ("lang",)

    q: str = ""
    lang: str | None = Field(default=None, description="A language of the help centre; its first by default.")
    limit: Whole = Field(default=8, ge=1, le=MOST_COMPLETIONS)


class Message(Shape):
    """What a customer wrote, whole."""

    text: Annotated[str, StringConstraints(max_length=20_000)] = Field(
        examples=["My tea has a white film on it since this morning."]
    )
    lang: str | None = Field(default=None, description="The customer's language; the help centre's first by default.")
    limit: Annotated[int, Field(ge=1, le=MOST_COMPLETIONS), BeforeValidator(integral)] = 5


class Record(Shape):
    """What came of sending an article; each figure counts links."""

    sent: int
    opened: int
    helpful: int
    unhelpful: int
    came_back: int = Field(description="Links whose customer wrote again afterwards.")


class Suggestion(Shape):
    """An article to answer with."""

    article: str
    title: str
    lang: str
    url: str
    short_url: str
    anchor: str
    heading: str
    snippet: str
    topic: str
    because: tuple[str, ...] = Field(description="Words of the message that told most.")
    record: Record | None = Field(description="Null while it can't be told, and for who may not make links.")
    is_readable: bool = Field(description="Whether the public may read it.")
    audience: Audience
    updated_at: datetime
    score: float


class Suggestions(Shape):
    """The articles that a message may be about, the best first."""

    suggestions: tuple[Suggestion, ...]
