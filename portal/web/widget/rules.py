"""Rules: which articles a page of the company's own site is about, as `[[widget.rules]]` of `portal.toml` says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from portal.content.contact import WidgetRule
from portal.content.page import Page
from portal.search.hits import Query
from portal.search.level import LevelReader
from portal.web.siblings import in_language

MOST = 6
"""Articles for one page; more would be a list to search, and the search box is above it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An article for the page around the frame."""

    title: str
    url: str
    summary: str


def rule_for(rules: Iterable[WidgetRule], path: str) -> WidgetRule | None:
    """Return the first rule that fits a page. path: as browsers write it, so `/caf%C3%A9` too."""
    plain = unquote(path, errors="replace")
    ways = {plain, plain.rstrip("/") or "/"}
    return next((rule for rule in rules if any(fits(rule.path, one) for one in ways)), None)


def fits(pattern: str, path: str) -> bool:
    """Whether a path fits a pattern, in which `*` stands for anything, and for nothing too.

    Each piece between stars is looked for once, behind the one before it, so that no pattern takes long.
    """
    first, *others = pattern.split("*")
    if not others:
        return path == pattern
    if not path.startswith(first):
        return False
    *middle, last = others
    at = len(first)
    for piece in middle:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return path.endswith(last) and len(path) - len(last) >= at


def offers(rule: WidgetRule, reader: LevelReader, lang: str) -> tuple[Offer, ...]:
    """Return the articles of a rule that may be read here: those it names, those of its topic, those it finds.

    A named article is shown in this language where there is a translation. Ids that there are not are left out.
    """
    found: dict[str, Offer] = {}
    for offer in _all(rule, reader, lang):
        found.setdefault(offer.url, offer)
        if len(found) == MOST:
            break
    return tuple(found.values())


def _all(rule: WidgetRule, reader: LevelReader, lang: str) -> Iterator[Offer]:
    shelf = reader.shelf
    named = (shelf.page(one) for one in rule.articles)
    yield from (_offer(in_language(shelf, page, lang)) for page in named if page)
    if rule.topic:
        for card in shelf.in_topic(lang, rule.topic, limit=MOST):
            yield Offer(card.title, card.url, card.summary)
    if rule.query:
        for hit in reader.search(Query(text=rule.query, lang=lang), offset=0, limit=MOST).hits:
            yield Offer(hit.card.title, hit.card.url, hit.card.summary)


def _offer(page: Page) -> Offer:
    return Offer(page.card.title, page.card.url, page.card.summary)
