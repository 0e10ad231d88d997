"""Lost: what somebody who came to no page may have wanted, as far as the address tells."""

from dataclasses import dataclass

from flask import request

from portal.content.page import Card
from portal.errors import PortalError
from portal.search.hits import Query
from portal.text import one_line, slugify
from portal.web.access import level_reader, shelf

NEAREST = 5
MOST_CHARACTERS = 200
ARTICLE, TOPIC = "articles.show", "topics.show"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What an address that leads nowhere still says."""

    words: str = ""
    """What to search for."""
    nearest: tuple[Card, ...] = ()
    elsewhere: tuple[Card, ...] = ()
    """The very article in other languages."""
    unknown: str = ""
    """The language that was asked for and that there is none of, as it was written."""
    is_topic: bool = False


def look_around(lang: str) -> Lost:
    """Return what this request's address still says. lang: the language of the page that will show it."""
    try:
        unknown = _unknown()
        if request.endpoint == TOPIC:
            return Lost(unknown=unknown, is_topic=True)
        if request.endpoint not in {None, ARTICLE}:
            return Lost(unknown=unknown)  # elsewhere the last word is an id, which says nothing of what was sought
        elsewhere = _elsewhere()
        words = _words()
        nearest = () if elsewhere or not words else _nearest(lang, words)
        return Lost(words=words.replace("-", " "), nearest=nearest, elsewhere=elsewhere, unknown=unknown)
    except PortalError:
        return Lost()


def _unknown() -> str:
    asked = str((request.view_args or {}).get("lang", ""))
    return "" if asked.casefold() in {one.casefold() for one in shelf().languages()} else asked


def _elsewhere() -> tuple[Card, ...]:
    slug = str((request.view_args or {}).get("slug", "")).removesuffix(".md")
    tidy = "/".join(slugify(segment) for segment in slug.split("/") if segment.strip())
    return shelf().counterparts(tidy) if tidy else ()


def _words() -> str:
    last = one_line(request.path.rstrip("/").rpartition("/")[2]).removesuffix(".md")
    return slugify(last[:MOST_CHARACTERS])


def _nearest(lang: str, words: str) -> tuple[Card, ...]:
    """Return the articles whose addresses are most like these words, then those that the words would find."""
    alike = shelf().nearest(lang, words, NEAREST)
    asked = Query(text=words.replace("-", " "), lang=lang)
    found = level_reader().search(asked, offset=0, limit=NEAREST).hits if len(alike) < NEAREST else ()
    return tuple({card.id: card for card in (*alike, *(hit.card for hit in found))}.values())[:NEAREST]
