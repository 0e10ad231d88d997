"""What came of links: of each article's how many were sent, opened, voted on, came back; everybody's, or one's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import Response, request
from flask_babel import gettext

from portal import clock
from portal.bootstrap import Portal
from portal.content.page import Card
from portal.db import unavailable_when_away
from portal.links import store
from portal.links.store import Record
from portal.web.context import the
from portal.web.desk.exports import as_table
from portal.web.desk.frame import DeskPage, answer, room
from portal.web.desk.gap_reading import cards
from portal.web.staff import DESK, staff

PLACE = "/desk/links"
SPANS = (30, 90, 365)
"""Days that can be chosen; the middle one unless another is."""
COLUMNS = ("sent", "opened", "helpful", "unhelpful", "came_back")
_CSV = ("article", "title", "language", *COLUMNS)

bp = room("sent_links", DESK)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """One article. Without `url` it can't be opened by this reader any more."""

    article: str
    title: str
    lang: str
    url: str
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address asks for."""

    days: int
    is_mine: bool
    order: str
    is_rising: bool

    @classmethod
    def here(cls) -> "Asked":
        """Read this request's address; whatever it can't be is the usual."""
        given = request.args
        order = given.get("order", "")
        return cls(
            days=next((one for one in SPANS if str(one) == given.get("days")), SPANS[1]),
            is_mine=given.get("whose") == "mine",
            order=order if order in {*COLUMNS, "title"} else COLUMNS[0],
            is_rising=given.get("way") == "up",
        )

    def url(self, place: str = PLACE, **other: object) -> str:
        """Return the address that asks for this, but for what `other` says."""
        wanted = {
            "days": self.days,
            "whose": "mine" if self.is_mine else None,
            "order": self.order,
            "way": "up" if self.is_rising else None,
        } | other
        return f"{place}?{urlencode({name: value for name, value in wanted.items() if value is not None})}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksPage(DeskPage):
    """desk/links.html."""

    asked: Asked
    rows: tuple[LinkRow, ...]
    total: Record
    spans: tuple[tuple[int, str], ...]
    columns: tuple[tuple[str, str, str], ...]
    """(name, label, address that sorts by it)."""
    everybodys: str
    mine: str
    table: str


@bp.get("/links")
def index() -> Response:
    """Show what came of links that were sent."""
    asked = Asked.here()
    records = _records(asked)
    return answer("desk/links.html", _page(asked, _rows(asked, records), records))


@bp.get("/links.csv")
def table() -> Response:
    """Return the same as a table for spreadsheets."""
    asked = Asked.here()
    rows = _rows(asked, _records(asked))
    values = ([one.article, one.title, one.lang, *_figures(one.record)] for one in rows)
    return as_table(_CSV, values, "links.csv")


def _records(asked: Asked) -> Mapping[str, Record]:
    user, since = staff(), _since(clock.now(), asked.days)
    with unavailable_when_away(), the(Portal).database.session() as session:
        return store.all_records(session, since=since, user=user.id if asked.is_mine else None)


def _since(at: datetime, days: int) -> datetime:
    return at - timedelta(days=days)


def _rows(asked: Asked, records: Mapping[str, Record]) -> tuple[LinkRow, ...]:
    known = cards(records)
    rows = [_row(key, record, known.get(key)) for key, record in records.items()]
    rows.sort(key=lambda row: row.title.casefold())
    if asked.order == "title":
        return tuple(reversed(rows)) if asked.is_rising else tuple(rows)
    return tuple(sorted(rows, key=lambda row: getattr(row.record, asked.order), reverse=not asked.is_rising))


def _row(article: str, record: Record, card: Card | None) -> LinkRow:
    gone = gettext("Article %(id)s, which is gone or which you may not see", id=article)
    return LinkRow(
        article=article,
        title=card.title if card else str(gone),
        lang=card.lang if card else "",
        url=card.url if card else "",
        record=record,
    )


def _page(asked: Asked, rows: tuple[LinkRow, ...], records: Mapping[str, Record]) -> LinksPage:
    labels = (gettext("Sent"), gettext("Opened"), gettext("Helped"), gettext("Did not help"), gettext("Came back"))
    names = (("title", gettext("Article")), *zip(COLUMNS, labels, strict=True))
    return LinksPage(
        title=str(gettext("What came of it")),
        asked=asked,
        rows=rows,
        total=Record(*map(sum, zip(*map(_figures, (Record(), *records.values())), strict=True))),
        spans=tuple((days, asked.url(days=days)) for days in SPANS),
        columns=tuple((name, str(label), _sorting(asked, name)) for name, label in names),
        everybodys=asked.url(whose=None),
        mine=asked.url(whose="mine"),
        table=asked.url(f"{PLACE}.csv"),
    )


def _sorting(asked: Asked, name: str) -> str:
    """Return the address that sorts by a column; the other way round where that is the order already."""
    is_same = asked.order == name
    return asked.url(order=name, way="up" if is_same and not asked.is_rising else None)


def _figures(record: Record) -> tuple[int, ...]:
    return record.sent, record.opened, record.helpful, record.unhelpful, record.came_back
