"""Gaps for other programs: the same filters as the list, as a table or as JSON."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import Response, request

from portal.bootstrap import Portal
from portal.gaps.desk_store import Listed
from portal.web.caching import never_kept
from portal.web.context import the
from portal.web.desk.frame import room
from portal.web.desk.gap_filters import LIST, Asked
from portal.web.desk.gap_reading import every
from portal.web.staff import DESK, staff

COLUMNS = (
    "number", "title", "language", "topic", "cause", "state", "people", "people_a_week", "weight", "owner",
    "created_at", "changed_at", "last_at", "branch", "revision", "url",
)  # fmt: skip
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a cell must not begin with: spreadsheets would take it for a formula (OWASP, CSV injection)."""
_MARK = "\ufeff"
"""Tells spreadsheets that it is UTF-8; without it they read names with accents wrongly."""

bp = room("gap_exports", DESK)


@bp.get("/gaps.csv")
def table() -> Response:
    """Return the gaps of a list as a table."""
    staff()
    return as_csv(every(Asked.here()), _base())


@bp.get("/gaps.json")
def data() -> Response:
    """Return the gaps of a list as JSON."""
    staff()
    return as_json(every(Asked.here()), _base())


def as_csv(rows: Sequence[Listed], base: str) -> Response:
    """Return a table that a spreadsheet can open without harm. base: the portal's address, for links."""
    return as_table(COLUMNS, ([row[name] for name in COLUMNS] for row in _rows(rows, base)), "gaps.csv")


def as_table(columns: Sequence[str], rows: Iterable[Sequence[object]], name: str) -> Response:
    """Return any table of the desk for spreadsheets, without harm. name: of the file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    return _file(_MARK + out.getvalue(), "text/csv", name)


def as_json(rows: Sequence[Listed], base: str) -> Response:
    """Return `{"gaps": […]}` with the people of the last twelve weeks in `trend`, oldest first."""
    gaps = [
        row | {"trend": json.loads(one.gap.trend or "[]")} for row, one in zip(_rows(rows, base), rows, strict=True)
    ]
    return _file(json.dumps({"gaps": gaps}, ensure_ascii=False, indent=1), "application/json", "gaps.json")


def _base() -> str:
    """Return the portal's own address, as it was told, else as it was asked."""
    return (the(Portal).settings.base_url or request.host_url).rstrip("/")


def _rows(rows: Sequence[Listed], base: str) -> Iterable[dict[str, object]]:
    for one in rows:
        gap = one.gap
        values = (
            gap.id, gap.title, gap.lang, gap.topic, gap.cause.value, gap.state.value, gap.people,
            round(gap.people_a_week, 2), round(gap.weight, 2), one.owner or None, _written(gap.created_at),
            _written(gap.changed_at), _written(gap.last_at), gap.branch, gap.revision, f"{base}{LIST}/{gap.id}",
        )  # fmt: skip
        yield dict(zip(COLUMNS, values, strict=True))


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _harmless(value: object) -> object:
    text = "" if value is None else value
    return f"'{text}" if isinstance(text, str) and text.startswith(_DANGEROUS) else text


def _file(text: str, media_type: str, name: str) -> Response:
    response = never_kept(Response(text, content_type=f"{media_type}; charset=utf-8"))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
