"""Picking: which articles answer a customer's message, why, and what came of sending them. For desk and API."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext, ngettext

from portal.audience import Level
from portal.bootstrap import Portal
from portal.content.page import Card
from portal.db import unavailable_when_away
from portal.errors import Unavailable
from portal.links import learning, store
from portal.links.store import Record
from portal.search.hits import Hit, Match, Query, Snippet
from portal.search.level import LevelReader
from portal.text import one_line
from portal.web.access import level_reader
from portal.web.context import generation, the

MOST = 20
"""Suggestions that anybody may ask for."""
RIVALS = 10
"""Articles at least whose records are compared, so that one with a good record can come up from below."""
MESSAGE_WORDS = 5
"""From this many words on it is a message; fewer are words to search for, the last of which may be a beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An article to send."""

    article: str
    title: str
    lang: str
    url: str
    """Path of its best section."""
    anchor: str
    """That section's; empty for the whole article."""
    heading: str
    snippet: str
    topic: str
    because: tuple[str, ...]
    """Words of the message that told most, as they stand there; none where titles were looked through."""
    record: Record
    is_known: bool
    """Whether the record could be asked for: the database may be away."""
    is_readable: bool
    """Whether the customer may read it."""
    audience: str
    updated_at: datetime
    score: float


def suggest(text: str, *, lang: str, level: Level, limit: int) -> list[Suggestion]:
    """Return the articles that answer a message, best first; for few words, those that these words find.

    Searches what this request's reader may see, in the customer's language, and only where nothing is found there in
    the others. The order is the search's, weighed by what came of sending each article before (`links.learning`).
    lang: the customer's language. level: where the customer stands.
    """
    reader, message, limit = level_reader(), one_line(text), min(limit, MOST)
    if not message or limit < 1:
        return []
    look = _answering if len(message.split()) >= MESSAGE_WORDS else _found
    most = max(limit, RIVALS)
    there = _languages(reader, lang)
    found = next((some for one in there[:1] if (some := look(reader, message, one, most))), ())
    matches = found or [match for one in there[1:] for match in look(reader, message, one, most)]
    return _weighed(matches, lang=lang, level=level)[:limit]


def words_of(record: Record) -> str:
    """Say what came of sending an article, in the reader's language."""
    if not record.sent:
        return str(gettext("Not sent yet"))
    sent = ngettext("Sent once", "Sent %(num)s times", record.sent)
    parts = [sent, gettext("nobody opened it yet") if not record.opened else _opened(record)]
    if record.came_back:
        parts.append(ngettext("%(num)s came back", "%(num)s came back", record.came_back))
    votes = record.helpful + record.unhelpful
    if votes:
        parts.append(gettext("helped %(helped)s of %(votes)s who said", helped=record.helpful, votes=votes))
    return ", ".join(str(part) for part in parts)


def records_of(articles: Collection[str]) -> tuple[Mapping[str, Record], bool]:
    """Return the records of articles, and whether they could be asked for."""
    with suppress(Unavailable), unavailable_when_away(), the(Portal).database.session() as session:
        return store.records(session, articles), True
    return {}, False


def readable(articles: Collection[str], level: Level) -> Mapping[str, Card]:
    """Return those of these articles that somebody on a level may read, by the rule that everything asks."""
    return generation().level(level).shelf.cards(articles)


def _opened(record: Record) -> str:
    return str(ngettext("%(num)s opened", "%(num)s opened", record.opened))


def _languages(reader: LevelReader, lang: str) -> list[str]:
    """Return the languages to look in, the customer's first, written as this help centre writes it."""
    there = reader.shelf.languages()
    mine = [one for one in there if one.casefold() == lang.casefold()]
    return [*(mine or [lang]), *(one for one in there if one not in mine)]


def _answering(reader: LevelReader, message: str, lang: str, limit: int) -> list[Match]:
    return list(reader.match(message, lang, limit))


def _found(reader: LevelReader, words: str, lang: str, limit: int) -> list[Match]:
    """Return what few words find: articles whose names go on from them first, then hits."""
    named = [one.article for one in reader.complete(words, lang, limit) if one.article and not one.is_corrected]
    page = reader.search(Query(text=words, lang=lang), offset=0, limit=limit)
    hits = {hit.card.id: hit for hit in (*page.hits, *page.nearest)}
    cards = reader.shelf.cards([one for one in named if one not in hits])
    first = dict.fromkeys(one for one in named if one in hits or one in cards)
    ordered = [*(hits.get(one) or _bare(cards[one]) for one in first), *(hits[one] for one in hits if one not in first)]
    return [Match(replace(hit, score=1 / (place + 1)), ()) for place, hit in enumerate(ordered)]


def _bare(card: Card) -> Hit:
    """Return an article found by its name alone."""
    title, summary = Snippet(((card.title, False),)), Snippet(((card.summary, False),))
    return Hit(card=card, anchor="", heading="", snippet=summary, score=0.0, title=title)


def _weighed(matches: Iterable[Match], *, lang: str, level: Level) -> list[Suggestion]:
    by_id = {one.hit.card.id: one for one in matches}
    records, is_known = records_of(by_id)
    may_read = readable(by_id, level)
    weights = learning.weights(by_id, records)
    found = [
        _suggestion(match, records.get(key, Record()), is_known=is_known, is_readable=key in may_read)
        for key, match in by_id.items()
    ]
    weighed = [replace(one, score=round(one.score * weights[one.article], 6)) for one in found]
    return sorted(weighed, key=lambda one: (one.lang != lang, -one.score))


def _suggestion(match: Match, record: Record, *, is_known: bool, is_readable: bool) -> Suggestion:
    hit, card = match.hit, match.hit.card
    return Suggestion(
        article=card.id,
        title=card.title,
        lang=card.lang,
        url=hit.section_url,
        anchor=hit.anchor,
        heading=hit.heading,
        snippet=str(hit.snippet),
        topic=card.topic_name or "",
        because=match.because,
        record=record,
        is_known=is_known,
        is_readable=is_readable,
        audience=card.audience,
        updated_at=card.updated_at,
        score=hit.score,
    )
