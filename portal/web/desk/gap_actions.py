"""What is done to a gap: each verb a resource below it. Works as plain forms; what is refused keeps what was typed."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Response, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, pipeline
from portal.bootstrap import Portal
from portal.db import Session, transaction
from portal.errors import Conflict, Invalid, NotFound, PortalError, Unavailable
from portal.gaps import needs_store, tickets
from portal.gaps.desk_store import MOST_NUMBER
from portal.gaps.models import Gap
from portal.web.context import site, the
from portal.web.desk import gap_pages
from portal.web.desk.frame import answer, room
from portal.web.desk.gap_done import MOST_WORDINGS, url_after
from portal.web.desk.gap_filters import LIST
from portal.web.desk.gap_pages import Refused
from portal.web.desk.gap_reading import WRITES, known, window_began
from portal.web.room_words import reworded
from portal.web.staff import next_or, staff

REFUSALS = (Conflict, Invalid, NotFound, Unavailable)
STATUS = ((Conflict, 409), (Unavailable, 503))
"""Everything else is 422: what was sent can't be used, be it the number of another gap that isn't there."""
_NUMBER = re.compile(r"\s*#?\s*([0-9]{1,9})\b")
_KEPT = ("because", "title", "into", "owner", "revision")
"""Fields whose content comes back with a refusal."""

bp = room("gap_actions", f"{LIST}/<int:gap_id>")


@bp.before_request
def check() -> None:
    """Let nobody through who may only read, and no number that no gap can have."""
    staff(WRITES)
    if (request.view_args or {}).get("gap_id", 0) > MOST_NUMBER:
        raise NotFound


@bp.post("/acceptance")
def accept(gap_id: int) -> AnyResponse:
    """Take a suggestion as work, and give it to `owner` where one is named; from the list, and back to it."""
    if request.form.get("owner"):
        return _give(gap_id, "acceptance", _accept_and_assign, "given")
    back = next_or("", request.form.get("back"))
    here = f"{back}{'&' if '?' in back else '?'}done=accepted&gap={gap_id}#gap-{gap_id}" if _is_list(back) else ""
    return _change(gap_id, "acceptance", tickets.accept, then=lambda _: here or url_after("accepted", gap_id))


@bp.post("/assignment")
def assign(gap_id: int) -> AnyResponse:
    """Give a gap to somebody, or to nobody."""
    return _give(gap_id, "assignment", tickets.assign, "assigned")


@bp.post("/dismissal")
def dismiss(gap_id: int) -> AnyResponse:
    """Say why nothing is to be done."""
    because = request.form.get("because", "")
    return _change(gap_id, "dismissal", tickets.dismiss, then=lambda _: url_after("dismissed", gap_id), because=because)


@bp.post("/reopening")
def reopen(gap_id: int) -> AnyResponse:
    """Go on with what was dismissed or closed."""
    return _change(gap_id, "reopening", tickets.reopen, then=lambda _: url_after("reopened", gap_id))


@bp.post("/name")
def rename(gap_id: int) -> AnyResponse:
    """Give it a title that stays."""
    title = request.form.get("title", "")
    return _change(gap_id, "name", tickets.rename, then=lambda _: url_after("renamed", gap_id), title=title)


@bp.post("/merge")
def merge(gap_id: int) -> AnyResponse:
    """Make it a part of another gap; with what was merged in the address, so that it can be taken back."""
    into = _NUMBER.match(request.form.get("into", ""))
    if into is None:
        message = gettext("Give the number of the other gap, such as 12.")
        return _refused(gap_id, "merge", Invalid(message))
    moving = _wordings_of(gap_id)

    def then(gap: Gap) -> str:
        carried = ",".join(map(str, moving)) if len(moving) <= MOST_WORDINGS else ""
        return url_after("merged", gap.id, other=gap_id, wordings=carried)

    return _change(gap_id, "merge", tickets.merge, then=then, into=int(into[1]))


@bp.post("/split")
def split(gap_id: int) -> AnyResponse:
    """Make a new gap of the wordings that are ticked."""
    ticked = sorted(_ticked())
    return _change(
        gap_id, "split", tickets.split, then=lambda new: url_after("split", new.id, other=gap_id), wordings=ticked
    )


@bp.post("/draft")
def draft(gap_id: int) -> AnyResponse:
    """Write the proposal onto a branch of its own."""
    by = staff().name
    try:
        pipeline.draft_gap(the(Portal), gap_id, by=by, at=clock.now())
    except REFUSALS as refusal:
        return _refused(gap_id, "draft", refusal)
    return redirect(url_after("drafted", gap_id), 303)


@bp.post("/replay")
def replay(gap_id: int) -> AnyResponse:
    """Try the searches that failed again, on a revision."""
    revision = request.form.get("revision", "").strip()
    try:
        pipeline.replay_gap(the(Portal), gap_id, revision=revision, at=clock.now())
    except REFUSALS as refusal:
        return _refused(gap_id, "replay", refusal)
    return redirect(url_after("replayed", gap_id), 303)


def _give(gap_id: int, form: str, verb: Callable[..., Gap], done: str) -> AnyResponse:
    """Do what gives a gap to the `owner` of a form: an account's id, empty for nobody."""
    owner = request.form.get("owner", "")
    names = dict(known(gap_id).owners)
    is_number = owner.isascii() and owner.isdigit() and len(owner) < 10  # noqa: PLR2004 - longer than any id
    chosen = int(owner) if is_number and int(owner) in names else None
    if owner and chosen is None:
        return _refused(gap_id, form, Invalid(gettext("Choose somebody who has an account.")))
    to = names.get(chosen, "") if chosen else ""
    return _change(gap_id, form, verb, then=lambda _: url_after(done, gap_id), owner=chosen, to=to)


def _accept_and_assign(  # noqa: PLR0913 - what both verbs take
    session: Session, gap_id: int, *, owner: int | None, by: str, at: datetime, version: int, to: str
) -> Gap:
    gap = tickets.accept(session, gap_id, by=by, at=at, version=version)
    later = at + timedelta(microseconds=1)  # other programs are told of both in this order
    return tickets.assign(session, gap_id, owner=owner, by=by, at=later, version=gap.version, to=to)


def _change(
    gap_id: int, form: str, verb: Callable[..., Gap], *, then: Callable[[Gap], str], **details: object
) -> AnyResponse:
    """Do it, and lead on to where it can be seen; or show the gap as it is by now, with what was typed."""
    by = staff().name
    try:
        with the(Portal).database.session() as session, transaction(session):
            gap = verb(session, gap_id, by=by, at=clock.now(), version=_version(), **details)
    except REFUSALS as refusal:
        return _refused(gap_id, form, refusal)
    return redirect(then(gap), 303)


def _refused(gap_id: int, form: str, refusal: PortalError) -> Response:
    """Say why, in the gap's own page, whose forms hold what was typed and the version that stands now."""
    values = {name: request.form[name] for name in _KEPT if name in request.form}
    told = Refused(form, reworded(refusal), values, frozenset(_ticked()))
    status = next((status for kind, status in STATUS if isinstance(refusal, kind)), 422)
    return answer("desk/gap.html", gap_pages.page_of(known(gap_id), may_change=True, refused=told), status)


def _version() -> int:
    text = request.form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - longer than any version
        message = gettext("This form is out of date. Look at the gap again, then send it once more.")
        raise Invalid(message)
    return int(text)


def _ticked() -> set[int]:
    """Return the ids of wordings: one field each from the page, or all in one from the way back."""
    sent = ",".join(request.form.getlist("wordings")).split(",")
    return {int(one) for one in sent if one.isascii() and one.isdigit() and len(one) < 10}  # noqa: PLR2004


def _wordings_of(gap_id: int) -> list[int]:
    since = window_began(clock.now(), site().gaps.window_days)
    with the(Portal).database.session() as session:
        asked = needs_store.wordings_of(session, gap_id, least_people=1, since=since)
    return [one.id for one in asked.wordings]


def _is_list(back: str) -> bool:
    return back == LIST or back.startswith(f"{LIST}?")
