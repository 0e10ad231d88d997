"""Saved replies: texts that all agents share, kept, changed and thrown away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Response, redirect, request
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from portal import clock
from portal.bootstrap import Portal
from portal.conversations import saved
from portal.conversations.models import TEXT_LIMIT, SavedReply
from portal.db import Session, transaction, unavailable_when_away
from portal.errors import Conflict, Invalid, PortalError, Unavailable
from portal.web.access import shelf
from portal.web.context import the
from portal.web.desk.frame import DeskPage, answer, room
from portal.web.desk.inbox_asked import LIST
from portal.web.errors import status_of
from portal.web.parameters import asked
from portal.web.room_words import reworded
from portal.web.staff import staff
from portal.web.uploads import takes_files

PLACE = f"{LIST}/saved"
DONE = {
    "saved": lazy_gettext("The reply is saved. Every agent finds it in the reply box."),
    "removed": lazy_gettext("The saved reply is gone. What was sent with it stays."),
}
_LANG_LENGTH = 35

bp = room("saved_replies", PLACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedLine:
    """A saved reply in the list."""

    id: int
    name: str
    lang: str
    """Empty: for every language."""
    text: str
    used: int
    changed_by: str
    changed_at: datetime
    unknown: tuple[str, ...]
    """Variables in it that stand for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedForm:
    """The form of one: a new one without a number."""

    id: int = 0
    name: str = ""
    lang: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage(DeskPage):
    """desk/saved.html."""

    q: str
    replies: tuple[SavedLine, ...]
    form: SavedForm
    languages: tuple[str, ...]
    variables: tuple[str, ...]
    limit: int
    done: str
    error: str


@bp.get("")
def index() -> Response:
    """Show all saved replies, and the form of a new one."""
    staff()
    return answer("desk/saved.html", _page(SavedForm()))


@bp.get("/<int:saved_id>")
def show(saved_id: int) -> Response:
    """Show one in the form, to be changed."""
    staff()
    with unavailable_when_away(), the(Portal).database.session() as session:
        one = saved.get(session, saved_id)
    return answer("desk/saved.html", _page(SavedForm(id=one.id, name=one.name, lang=one.lang or "", text=one.text)))


@bp.post("")
@takes_files
def add() -> AnyResponse:
    """Save a new one."""
    return _write(0, saved.add)


@bp.post("/<int:saved_id>")
@takes_files
def change(saved_id: int) -> AnyResponse:
    """Write one anew."""
    return _write(saved_id, lambda session, **fields: saved.change(session, saved_id, **fields))


@bp.post("/<int:saved_id>/removal")
def remove(saved_id: int) -> AnyResponse:
    """Throw one away."""
    staff()
    with the(Portal).database.session() as session, transaction(session):
        saved.remove(session, saved_id)
    return redirect(f"{PLACE}?done=removed", 303)


def _write(saved_id: int, write: Callable[..., SavedReply]) -> AnyResponse:
    """Keep what a form holds; or show it again, with what is wrong."""
    me, form = staff(), _typed(saved_id)
    try:
        with the(Portal).database.session() as session, transaction(session):
            write(session, name=form.name, lang=_lang(form.lang), text=form.text, by=me, at=clock.now())
    except (Conflict, Invalid, Unavailable) as error:
        return answer("desk/saved.html", _page(form, error=error), status_of(error))
    return redirect(f"{PLACE}?done=saved", 303)


def _typed(saved_id: int) -> SavedForm:
    form = request.form
    return SavedForm(
        id=saved_id,
        name=form.get("name", "")[:1000],
        lang=form.get("lang", "")[:_LANG_LENGTH],
        text=form.get("text", "")[: 2 * TEXT_LIMIT],
    )


def _lang(chosen: str) -> str | None:
    """Return a language of the help centre, None for all of them. Raises Invalid."""
    if chosen and chosen not in _languages():
        raise Invalid(gettext("Choose a language of this help centre, or all of them."))
    return chosen or None


def _languages() -> tuple[str, ...]:
    try:
        return shelf().languages()
    except Unavailable:
        return ()


def _page(form: SavedForm, error: PortalError | None = None) -> SavedPage:
    with unavailable_when_away(), the(Portal).database.session() as session:
        lines = _lines(session, asked())
    return SavedPage(
        title=gettext("Saved replies"),
        q=asked(),
        replies=lines,
        form=form,
        languages=_languages(),
        variables=saved.VARIABLES,
        limit=TEXT_LIMIT,
        done="" if error else str(DONE.get(request.args.get("done", ""), "")),
        error=reworded(error) if error else "",
    )


def _lines(session: Session, words: str) -> tuple[SavedLine, ...]:
    return tuple(
        SavedLine(
            id=one.id,
            name=one.name,
            lang=one.lang or "",
            text=one.text,
            used=one.used,
            changed_by=one.changed_by,
            changed_at=one.changed_at,
            unknown=saved.unknown_in(one.text),
        )
        for one in saved.find(session, words=words)
    )
