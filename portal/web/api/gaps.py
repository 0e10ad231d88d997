"""`/api/v1/gaps`: what customers need and no article meets, and the work to meet it."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

from flask import Response, request

from portal import clock, pipeline
from portal.bootstrap import Portal
from portal.db import Session, unavailable_when_away
from portal.errors import Conflict, NotFound
from portal.gaps import desk_store, models, needs_store, tickets
from portal.gaps.desk_store import Filters, Listed
from portal.people import accounts
from portal.programs.scopes import Scope
from portal.web import programs
from portal.web.api.gap_shapes import (
    Dismissal,
    Draft,
    Gap,
    GapFilters,
    Gaps,
    GapsQuery,
    Ownership,
    Reopening,
    WholeGap,
    of_gap,
    of_whole,
)
from portal.web.api.members import MOST_NUMBER, Change, number_of
from portal.web.api.operations import operation
from portal.web.api.problems import resource
from portal.web.api.writing import once, once_apart, stale, version_asked
from portal.web.caching import never_kept
from portal.web.context import site, the

TAG = "Gaps"
READ, WRITE = Scope.GAPS_READ, Scope.GAPS_WRITE
COLUMNS = tuple(name for name in Gap.model_fields if name not in {"trend", "version"})
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a cell must not begin with: spreadsheets would take it for a formula (OWASP, CSV injection)."""

bp = resource("gaps", "")


@bp.get("/gaps")
@operation(TAG, READ, answer=Gaps)
def list_gaps(query: GapsQuery) -> Gaps:
    """List gaps by number, oldest first."""
    found = _found(query, after=number_of(query.cursor), limit=query.limit + 1)
    shown, base = found[: query.limit], _base()
    more = len(found) > query.limit
    return Gaps(gaps=tuple(of_gap(one, base) for one in shown), next_cursor=f"{shown[-1].gap.id:x}" if more else None)


@bp.get("/gaps.csv")
@operation(TAG, READ, media_type="text/csv")
def export_gaps(query: GapFilters) -> Response:
    """Export all gaps as a table that a spreadsheet opens without harm."""
    out, base = io.StringIO(), _base()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in _found(query):
        values = of_gap(one, base).model_dump(mode="json")
        values["owner"] = one.owner or None
        writer.writerow([_harmless(values[name]) for name in COLUMNS])
    response = never_kept(Response(out.getvalue(), content_type="text/csv; charset=utf-8"))
    response.headers["Content-Disposition"] = 'attachment; filename="gaps.csv"'
    return response


@bp.get("/gaps/<int:number>")
@operation(TAG, READ, answer=WholeGap)
def read_gap(number: int) -> WholeGap:
    """Read a gap with how people asked, what speaks for it, what is proposed, and what was done."""
    return read_whole(number)


@bp.post("/gaps/<int:number>/acceptance")
@operation(TAG, WRITE, answer=WholeGap, is_once=True, is_versioned=True)
def accept_gap(number: int, json: Change) -> Response:
    """Take a suggested gap as work to be done."""
    return change(tickets.accept, number, json)


@bp.post("/gaps/<int:number>/dismissal")
@operation(TAG, WRITE, answer=WholeGap, is_once=True, is_versioned=True)
def dismiss_gap(number: int, json: Dismissal) -> Response:
    """Say that nothing is to be done, and why; it comes back when twice as many people have the need."""
    return change(tickets.dismiss, number, json, because=json.because)


@bp.post("/gaps/<int:number>/assignment")
@operation(TAG, WRITE, answer=WholeGap, is_once=True, is_versioned=True)
def assign_gap(number: int, json: Ownership) -> Response:
    """Give a gap to a member of staff, or to nobody."""
    return change(tickets.assign, number, json, owner=json.owner, to=_name_of(json.owner))


@bp.post("/gaps/<int:number>/reopening")
@operation(TAG, WRITE, answer=WholeGap, is_once=True, is_versioned=True)
def reopen_gap(number: int, json: Reopening) -> Response:
    """Go on with a gap that was dismissed, closed or thought to be proved."""
    return change(tickets.reopen, number, json, because=json.because)


@bp.post("/gaps/<int:number>/draft")
@operation(TAG, WRITE, answer=Draft, is_once=True, errors=(404, 409))
def draft_gap(number: int) -> Response:
    """Write the proposal onto a branch of its own; the branch that is published stays as it is. Takes seconds."""
    by = programs.allowed(WRITE).user.name
    if number > MOST_NUMBER:
        raise NotFound(_missing(number))

    def write() -> Draft:
        made = pipeline.draft_gap(the(Portal), number, by=by, at=clock.now())
        return Draft(
            gap=made.gap, branch=made.branch, commit=made.commit, is_new=made.is_new, is_pushed=made.is_pushed,
            problem=made.problem, paths=made.paths,
        )  # fmt: skip

    return once_apart(write, status=200)


def change(verb: Callable[..., models.Gap], number: int, json: Change, **details: object) -> Response:
    """Do one of the tickets' verbs once, on the version that was asked for; the gap that comes of it is answered."""
    by, asked = programs.allowed(WRITE).user.name, version_asked(json.version)
    if number > MOST_NUMBER:
        raise NotFound(_missing(number))

    def write(session: Session) -> WholeGap:
        try:
            changed = verb(session, number, by=by, at=clock.now(), version=asked, **details)
        except Conflict as error:
            raise stale(error, asked=asked, present=desk_store.one(session, number).gap.version) from error
        return _whole(session, changed.id)

    return once(write)


def read_whole(number: int) -> WholeGap:
    """Return a gap as it is now. Raises NotFound, Unavailable."""
    with unavailable_when_away(), the(Portal).database.session() as session:
        return _whole(session, number)


def _found(filters: GapFilters, *, after: int = 0, limit: int | None = None) -> list[Listed]:
    states = (filters.state,) if filters.state else ()
    topic = filters.topic.replace("\x00", "") if filters.topic else None
    wanted = Filters(states=states, cause=filters.cause, lang=filters.lang, topic=topic)
    with unavailable_when_away(), the(Portal).database.session() as session:
        return desk_store.by_number(session, wanted, after=after, limit=limit)


def _whole(session: Session, number: int) -> WholeGap:
    listed = desk_store.one(session, number)
    least, since = site().gaps.least_people, clock.now() - timedelta(days=site().gaps.window_days)
    said = needs_store.wordings_of(session, number, least_people=least, since=since)
    changes = desk_store.changes(session, number)
    return of_whole(listed, _base(), said.wordings, changes, untold=said.hidden, least=least)


def _name_of(owner: int | None) -> str:
    """Return the name of an account that may own a gap, empty for nobody. Raises NotFound."""
    if owner is None:
        return ""
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = accounts.get(session, owner)
    if found.is_disabled:
        raise NotFound("There is no such account.")
    return found.name


def _base() -> str:
    return (the(Portal).settings.base_url or request.host_url).rstrip("/")


def _harmless(value: object) -> object:
    text = "" if value is None else value
    return f"'{text}" if isinstance(text, str) and text.startswith(_DANGEROUS) else text


def _missing(number: int) -> str:
    return f"There is no gap {number}."
