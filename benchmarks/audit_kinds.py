"""The kinds of pages that are audited, each with one address, and what is fetched from there."""

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from benchmarks.questions import Questions
from portal.search.level import LevelReader

_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of page."""

    name: str
    path: str
    status: int = 200
    """What it is answered with."""
    is_indexed: bool = True
    """Whether search engines shall list it; a list of results, a vote and an error are nobody's landing page."""


def of_the_manual() -> list[Kind]:
    """Return every kind of page, one of each, on the manual with the hard input of `audit_material`."""
    return [
        Kind("home", "/en/"),
        Kind("home in German", "/de/"),
        Kind("home, right to left", "/ar/"),
        Kind("topic", "/en/topics/writing"),
        Kind("topic, second page", "/en/topics/many?page=2"),
        Kind("article", "/en/articles/writing/markdown-you-can-use"),
        Kind("article, right to left", "/ar/articles/reading/password"),
        Kind("article: long title", "/en/articles/hard/long-title"),
        Kind("article: no text", "/en/articles/hard/no-text"),
        Kind("article: 40 columns", "/en/articles/hard/wide-table"),
        Kind("article: no image", "/en/articles/hard/missing-image"),
        Kind("article: long words", "/en/articles/hard/unbreakable"),
        Kind("notices", "/en/notices"),
        Kind("notice", "/en/articles/notices/slow"),
        Kind("contact", "/en/contact"),
        _aside("search", "/en/search"),
        _aside("search: hits", "/en/search?q=article"),
        _aside("search: no hits", "/en/search?q=zzyzx"),
        _aside("vote", "/en/votes/markdown"),
        _missing("not found", "/en/articles/writing/markdwon-you-can-use"),
        _missing("not found: no such topic", "/en/topics/there-is-none"),
        _missing("not found: not translated", "/de/articles/hard/no-text"),
        _missing("not found: no such language", "/fr/"),
    ]


def of_a_collection(opened: LevelReader, questions: Questions) -> list[Kind]:
    """Return the kinds of pages that a writer fills, on what writers wrote."""
    some = questions.articles
    pictured = max(some, key=lambda card: _pictures(opened, card.id))
    topic = next((card.topic for card in some if card.topic), "more")
    return [
        Kind("home", f"/{questions.lang}/"),
        Kind("topic", f"/{questions.lang}/topics/{topic}"),
        Kind("article", some[0].url),
        Kind("article, most pictures", pictured.url),
        _aside("search: hits", questions.page_of(next(questions.queries(seed=3)))),
        _missing("not found", f"{some[0].url}x-y"),
    ]


def fetch(address: str, kind: Kind, file: Path) -> str:
    """Save a page; returns what is wrong with its answer, empty when nothing is."""
    try:
        with urlopen(address + kind.path, timeout=_SECONDS) as answer:  # noqa: S310 - our own server, over http
            status, body = answer.status, answer.read()
    except HTTPError as error:
        with error:
            status, body = error.code, error.read()
    file.write_bytes(body)
    return "" if status == kind.status else f"answered {status}, not {kind.status}"


def _aside(name: str, path: str) -> Kind:
    return Kind(name, path, is_indexed=False)


def _missing(name: str, path: str) -> Kind:
    return Kind(name, path, status=HTTPStatus.NOT_FOUND, is_indexed=False)


def _pictures(opened: LevelReader, article_id: str) -> int:
    page = opened.shelf.page(article_id)
    return page.html.count("<img") if page else 0
