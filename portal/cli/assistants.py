"""What an assistant may do here: search, read, match a message, report what is missing. No word of any protocol.

Each call is answered from what is live at that moment, for the level on which the caller stands, and for no other.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from portal.audience import Level
from portal.bootstrap import Portal, redaction
from portal.content.site import Site
from portal.db import transaction
from portal.errors import Forbidden, Invalid, NotFound, TooMany
from portal.events import log
from portal.events.kinds import Requested
from portal.feedback import requests
from portal.feedback.models import REQUEST_LIMIT
from portal.search.hits import Answer, Hit, Query, ResultPage
from portal.search.level import LevelReader
from portal.text import cut, one_line

MOST_HITS = 8
MOST_MATCHES = 5
QUERY_LIMIT = 500
"""Characters of a query that are searched, as on the pages."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `name` tells this caller from all others, and means nothing to anybody."""

    name: str
    level: Level
    may_report: bool


@dataclass(frozen=True, slots=True)
class Article:
    """An article in a list. `id` is what `read` takes; `passage` is what fits best, in plain text."""

    id: str
    title: str
    url: str
    section: str
    summary: str
    passage: str
    topic: str
    lang: str
    updated: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """The passage that answers a question, word for word."""

    id: str
    title: str
    url: str
    text: str


@dataclass(frozen=True)
class Results:  # no slots: the SDK reads defaults off the class
    """What a search found. Where nothing answers it, `articles` is empty, and `nearest` are no answers."""

    total: int
    corrected: str
    answer: Quoted | None
    articles: list[Article]
    nearest: list[Article]
    other_languages: list[Article]


@dataclass(frozen=True, slots=True)
class Matched:
    """An article that a message may be about. `because` are the message's words that told most."""

    article: Article
    because: list[str]


@dataclass(frozen=True)
class Reported:  # no slots: the SDK reads defaults off the class
    """What became of a report. `text` is as it was kept, without personal data."""

    id: str
    text: str
    says: str


class Assistants:
    """Answers assistants; safe for threads."""

    def __init__(self, portal: Portal) -> None:
        """portal: with something published, sooner or later."""
        self._portal = portal
        self._counts = FixedWindowRateLimiter(MemoryStorage())

    def search(self, caller: Caller, query: str, lang: str, *, at: datetime) -> Results:
        """Search the articles. Raises Invalid for no words and for a language without help, TooMany, Unavailable."""
        text = one_line(query[: 2 * QUERY_LIMIT])[:QUERY_LIMIT].strip()
        if not text:
            raise Invalid("query: write what to search for.")
        asked = Query(text=text, lang=self._language(caller, lang))
        return self._results(self._reader(caller, at).search(asked, offset=0, limit=MOST_HITS))

    def read(self, caller: Caller, article: str, *, at: datetime) -> str:
        """Return an article as Markdown, its title on top, its address at the end. Raises NotFound."""
        page = self._reader(caller, at).shelf.page(article)
        if page is None:
            raise NotFound("article_id: there is no such article. Search first, and use the id of what was found.")
        body = page.markdown.strip()
        titled = body if body.startswith("# ") else f"# {page.card.title}\n\n{body}"
        return f"{titled}\n\n---\n\n{self._address(page.card.url)} (updated {page.card.updated_at:%Y-%m-%d})\n"

    def match(self, caller: Caller, message: str, lang: str, *, at: datetime) -> list[Matched]:
        """Return the articles that a whole message may be about, the likeliest first."""
        if not message.strip():
            raise Invalid("message: give the whole message.")
        found = self._reader(caller, at).match(message, self._language(caller, lang), MOST_MATCHES)
        return [Matched(self._article(one.hit), list(one.because)) for one in found]

    def report_missing(self, caller: Caller, text: str, lang: str, *, at: datetime) -> Reported:
        """Keep what somebody needed and no article answered; it is counted among the needs, as one person's a caller.

        Raises Forbidden where the caller may not, Invalid for nothing and for too much, TooMany, Unavailable.
        """
        if not caller.may_report:
            raise Forbidden("This token may not report. Make one with the scope votes:write.")
        written, spoken = requests.read_text(text), self._language(caller, lang)
        site = self._site()
        most = site.limits.forms_per_hour
        self._count(RateLimitItemPerHour(most), "report", caller, f"At most {most} reports an hour are taken.", at)
        kept, who = cut(redaction(self._portal.library)(written), REQUEST_LIMIT), self._visitor(caller)
        uid = hashlib.sha256(repr((who, spoken, written, f"{at:%Y-%m-%d}")).encode()).hexdigest()[:32]
        event = Requested(uid=uid, at=at, visitor=who, lang=spoken, text=kept, request=uid)
        with self._portal.database.session() as session, transaction(session):
            requests.add(session, uid=uid, at=at, lang=spoken, text=kept, visitor=who, search=None, address=None,
                         user=None)  # fmt: skip
            log.append(session, (event,))
        return Reported(uid, kept, "Kept. Writers see it among the needs once several people have it.")

    def _reader(self, caller: Caller, at: datetime) -> LevelReader:
        """Return what the caller may see, and count the call. Raises TooMany, Unavailable."""
        most = self._site().limits.api_calls_per_minute
        self._count(RateLimitItemPerMinute(most), "call", caller, f"At most {most} calls a minute are answered.", at)
        return self._portal.library.current().level(caller.level)

    def _count(self, limit: RateLimitItem, what: str, caller: Caller, said: str, at: datetime) -> None:
        if not self._counts.hit(limit, what, caller.name):
            ends_at = self._counts.get_window_stats(limit, what, caller.name).reset_time
            seconds = max(1, round(ends_at - at.timestamp()))
            raise TooMany(f"{said} Try again in {seconds} seconds.", retry_after=seconds)

    def _language(self, caller: Caller, lang: str) -> str:
        languages = self._portal.library.current().level(caller.level).shelf.languages()
        found = next((one for one in languages if one.casefold() == lang.strip().casefold()), None)
        if lang.strip() and found is None:
            raise Invalid(f"lang: give one of {', '.join(languages)}, or leave it out.")
        return found or languages[0]

    def _visitor(self, caller: Caller) -> str:
        """Return under which name events know a caller: always the same, and of nobody's account."""
        secret = self._portal.settings.secret()
        return hmac.digest(secret, b"assistant:" + caller.name.encode(), "sha256").hex()[:32]

    def _site(self) -> Site:
        return self._portal.library.current().site

    def _results(self, found: ResultPage) -> Results:
        return Results(
            total=found.total,
            corrected=found.corrected or "",
            answer=self._quoted(found.answer) if found.answer else None,
            articles=[self._article(hit) for hit in found.hits],
            nearest=[self._article(hit) for hit in found.nearest],
            other_languages=[self._article(hit) for hit in found.elsewhere],
        )

    def _quoted(self, answer: Answer) -> Quoted:
        url = self._address(answer.section_url)
        return Quoted(answer.card.id, answer.card.title, url, str(answer.passage))

    def _article(self, hit: Hit) -> Article:
        card = hit.card
        return Article(
            id=card.id,
            title=card.title,
            url=self._address(hit.section_url),
            section=hit.heading if hit.anchor else "",
            summary=card.summary,
            passage=str(hit.snippet),
            topic=card.topic_name or "",
            lang=card.lang,
            updated=f"{card.updated_at:%Y-%m-%d}",
        )

    def _address(self, path: str) -> str:
        settings = self._portal.settings
        return f"{settings.base_url or f'http://{settings.bind}'}{path}"


def at_this_machine(level: Level) -> Caller:
    """Return whoever speaks over the standard streams: they run here, so nobody need prove anything."""
    return Caller("stdio", level, may_report=True)
