"""Opinions: why articles did not help, in their readers' own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import Response
from flask_babel import gettext

from portal.bootstrap import Portal
from portal.content.page import Card
from portal.db import unavailable_when_away
from portal.feedback import opinions
from portal.feedback.models import Reason
from portal.feedback.opinions import Asked, Opinion
from portal.web.context import the
from portal.web.desk.frame import DeskPage, answer, room
from portal.web.desk.gap_filters import MOST_PAGES
from portal.web.desk.gap_reading import cards
from portal.web.desk.gap_words import REASONS
from portal.web.desk.plots import Share
from portal.web.parameters import calm_whole, name
from portal.web.staff import staff

PLACE = "/desk/opinions"
PAGE = 50
MOST_ARTICLES = 200
"""Articles that the filter offers, those with the most opinions; any other can be named in the address."""

bp = room("opinions", PLACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionRow:
    """One opinion. Without `url` the article can't be opened by this reader any more."""

    article: str
    title: str
    url: str
    filtered: str
    """This list with this article alone."""
    reason: str
    comment: str
    lang: str
    at: datetime
    is_of_an_older_text: bool
    """Whether the article has changed since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionsPage(DeskPage):
    """desk/opinions.html."""

    rows: tuple[OpinionRow, ...]
    shares: tuple[Share, ...]
    """By reason."""
    total: int
    articles: tuple[tuple[str, str], ...]
    """(id, title with the number of opinions)."""
    reasons: tuple[tuple[str, str], ...]
    article: str
    reason: str
    has_comment: bool
    is_narrow: bool
    first: int
    earlier: str
    later: str


@bp.get("")
def index() -> Response:
    """List what readers said, the latest first."""
    staff()
    asked, number = _asked(), calm_whole("page", 1, MOST_PAGES)
    with unavailable_when_away(), the(Portal).database.session() as session:
        rows = opinions.newest(session, asked, offset=(number - 1) * PAGE, limit=PAGE)
        counts, known = opinions.count_by_reason(session, asked), opinions.articles(session)
    return answer("desk/opinions.html", _page(asked, rows, counts, known, number))


def _page(
    asked: Asked, rows: list[Opinion], counts: Mapping[Reason | None, int], known: Mapping[str, int], number: int
) -> OpinionsPage:
    offered = list(known)[:MOST_ARTICLES]
    titles = cards({*offered, *(row.article for row in rows), *([asked.article] if asked.article else [])})
    total = sum(counts.values())
    first = (number - 1) * PAGE + 1
    return OpinionsPage(
        title=gettext("Opinions"),
        rows=tuple(_row(one, titles.get(one.article)) for one in rows),
        shares=tuple(Share(_reason(reason), count, total) for reason, count in counts.items()),
        total=total,
        articles=tuple((one, f"{_title(one, titles.get(one))} ({known[one]})") for one in offered),
        reasons=tuple((reason.value, _reason(reason)) for reason in Reason),
        article=asked.article or "",
        reason=asked.reason or "",
        has_comment=asked.has_comment,
        is_narrow=asked != Asked(),
        first=first,
        earlier=_url(asked, number - 1) if number > 1 else "",
        later=_url(asked, number + 1) if first - 1 + len(rows) < total else "",
    )


def _row(one: Opinion, card: Card | None) -> OpinionRow:
    return OpinionRow(
        article=one.article,
        title=_title(one.article, card),
        url=card.url if card else "",
        filtered=_url(Asked(article=one.article), 1),
        reason=_reason(one.reason) if one.reason else "",
        comment=one.comment or "",
        lang=one.lang,
        at=one.at,
        is_of_an_older_text=card is not None and card.revision != one.revision,
    )


def _asked() -> Asked:
    reason = name("reason")
    return Asked(
        article=name("article"),
        reason=next((one for one in Reason if one == reason), None),
        has_comment=name("comment") == "1",
    )


def _url(asked: Asked, number: int) -> str:
    wanted = {
        "article": asked.article,
        "reason": asked.reason,
        "comment": "1" if asked.has_comment else None,
        "page": str(number) if number > 1 else None,
    }
    kept = {key: value for key, value in wanted.items() if value}
    return f"{PLACE}?{urlencode(kept)}" if kept else PLACE


def _title(article: str, card: Card | None) -> str:
    return card.title if card else gettext("Article %(id)s, which is gone or which you may not see", id=article)


def _reason(reason: Reason | None) -> str:
    return str(REASONS[reason]) if reason else gettext("No reason, but a comment")
