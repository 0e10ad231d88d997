"""Events of the commonest kinds, made of what was read several times faster than by their own constructors.

A log is read by the million. A frozen dataclass sets each field by its name, and looks up its class for each; for an
event of twelve fields that takes longer than to read it. Here fields are set by their slots.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from json import JSONDecoder
from typing import Any

from portal.events.kinds import Clicked, Event, Searched, Viewed, Where

_KEPT = 16_384
"""Data of searches that are kept as read, some 1.5 kB each: the same words find the same within one generation."""
_scan: Callable[[str, int], tuple[Any, int]] = JSONDecoder().scan_once  # type: ignore[attr-defined]
_WHERE = {str(where): where for where in Where}
_new = object.__new__


def read_json(data: str) -> dict[str, Any]:
    """Return what JSON holds. Raises ValueError.

    Not by `decode`, which looks for blanks around it at half the cost of the whole.
    """
    try:
        found, _ = _scan(data, 0)
    except StopIteration:
        found = None
    if type(found) is not dict:
        message = "the data of an event are no JSON"
        raise ValueError(message)
    return found


def a_search(uid: str, at: datetime, visitor: str, lang: str, data: str) -> Searched:
    """Make a Searched. Raises KeyError where a field is missing, ValueError for what can't be read."""
    event = _new(Searched)
    _put_uid(event, uid)
    _put_at(event, at)
    _put_visitor(event, visitor)
    _put_lang(event, lang)
    query, where, filters, hits, confidence, offered, corrected, generation = _search_data(data)
    _put_query(event, query)
    _put_where(event, where)
    _put_filters(event, dict(filters))
    _put_hits(event, hits)
    _put_confidence(event, confidence)
    _put_offered(event, offered)
    _put_corrected(event, corrected)
    _put_generation(event, generation)
    return event


def a_click(uid: str, at: datetime, visitor: str, lang: str, data: str) -> Clicked:
    """Make a Clicked, as `a_search` does."""
    event, own = _new(Clicked), read_json(data)
    _put_uid(event, uid)
    _put_at(event, at)
    _put_visitor(event, visitor)
    _put_lang(event, lang)
    _put_click_search(event, own["search"])
    _put_click_article(event, own["article"])
    _put_anchor(event, own.get("anchor", ""))
    _put_position(event, own.get("position", 0))
    return event


def a_view(uid: str, at: datetime, visitor: str, lang: str, data: str) -> Viewed:
    """Make a Viewed, as `a_search` does."""
    event, own = _new(Viewed), read_json(data)
    _put_uid(event, uid)
    _put_at(event, at)
    _put_visitor(event, visitor)
    _put_lang(event, lang)
    _put_view_article(event, own["article"])
    _put_revision(event, own.get("revision", ""))
    _put_seconds(event, own.get("seconds", 0.0))
    _put_depth(event, own.get("depth", 0.0))
    _put_view_search(event, own.get("search", ""))
    return event


@lru_cache(maxsize=_KEPT)
def _search_data(data: str) -> tuple[Any, ...]:
    own = read_json(data)
    where = own.get("where", Where.PAGE)
    return (
        own["query"],
        _WHERE.get(where) or Where(where),
        own.get("filters", _NOTHING),
        own.get("hits", 0),
        own.get("confidence"),
        tuple(own.get("offered", ())),
        own.get("corrected"),
        own.get("generation", ""),
    )


def _slot(kind: type[Event], name: str) -> Callable[[Event, object], None]:
    """Return what sets a field, frozen or not."""
    put: Callable[[Event, object], None] = vars(kind)[name].__set__
    return put


_NOTHING: Mapping[str, str] = {}
_put_uid, _put_at, _put_visitor, _put_lang = (_slot(Event, name) for name in ("uid", "at", "visitor", "lang"))
_put_query, _put_where, _put_filters = (_slot(Searched, name) for name in ("query", "where", "filters"))
_put_hits, _put_confidence, _put_offered = (_slot(Searched, name) for name in ("hits", "confidence", "offered"))
_put_corrected, _put_generation = (_slot(Searched, name) for name in ("corrected", "generation"))
_put_click_search, _put_click_article = (_slot(Clicked, name) for name in ("search", "article"))
_put_anchor, _put_position = (_slot(Clicked, name) for name in ("anchor", "position"))
_put_view_article, _put_view_search = (_slot(Viewed, name) for name in ("article", "search"))
_put_revision, _put_seconds, _put_depth = (_slot(Viewed, name) for name in ("revision", "seconds", "depth"))
