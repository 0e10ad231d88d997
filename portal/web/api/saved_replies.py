"""`/api/v1/saved-replies`: texts that agents send again and again; and each as it reads in one conversation."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from flask import Response
from pydantic import Field, StringConstraints

from portal import clock
from portal.bootstrap import Portal
from portal.conversations import saved
from portal.conversations.models import TEXT_LIMIT, SavedReply
from portal.db import Session, transaction, unavailable_when_away
from portal.programs.scopes import Scope
from portal.web import programs
from portal.web.api import conversation_reading as reading
from portal.web.api.members import ListQuery, Shape, Text, language_of, number_of
from portal.web.api.operations import operation
from portal.web.api.problems import resource
from portal.web.api.writing import once
from portal.web.context import the
from portal.web.saved_filling import values_for

TAG = "Saved replies"
READ, WRITE = Scope.CONVERSATIONS_READ, Scope.CONVERSATIONS_WRITE

bp = resource("saved_replies", "")


class SavedText(Shape):
    """A text to be kept for all of staff."""

    name: Annotated[Text, StringConstraints(max_length=saved.NAME_LENGTH)] = Field(examples=["Descaling"])
    lang: str | None = Field(default=None, description="A language of the help centre; null for every language.")
    text: Annotated[Text, StringConstraints(max_length=TEXT_LIMIT)] = Field(
        description=f"`{{{'}`, `{'.join(saved.VARIABLES)}}}` stand for what differs.",
        examples=["Hello {customer},\n\ndescale the kettle once a month.\n\n{agent}"],
    )


class Saved(Shape):
    """A saved reply."""

    id: int
    name: str
    lang: str | None
    text: str
    unknown: tuple[str, ...] = Field(description="Variables in it that stand for nothing.")
    changed_by: str
    changed_at: datetime
    used: int = Field(description="How many replies it went into.")


class SavedReplies(Shape):
    """A portion of the saved replies, by number."""

    saved_replies: tuple[Saved, ...]
    next_cursor: str | None


class FilledText(Shape):
    """A saved reply as it reads in one conversation."""

    text: str
    missing: tuple[str, ...] = Field(description="Variables that have no value there, and so stay in the text.")


class SavedQuery(ListQuery):
    """Which saved replies."""

    lang: str | None = Field(default=None, description="A language: those for it, and those for every language.")
    q: Annotated[str, StringConstraints(max_length=500)] | None = Field(
        default=None, description="Each word must stand in name or text."
    )


@bp.get("/saved-replies")
@operation(TAG, READ, answer=SavedReplies)
def list_saved_replies(query: SavedQuery) -> SavedReplies:
    """List saved replies by number."""
    lang, words = ((text or "").replace("\x00", "") for text in (query.lang, query.q))
    after, limit = number_of(query.cursor), query.limit
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = saved.by_number(session, lang=lang, words=words, after=after, limit=limit + 1)
    more = len(found) > limit
    return SavedReplies(
        saved_replies=tuple(map(_of, found[:limit])), next_cursor=f"{found[limit - 1].id:x}" if more else None
    )


@bp.post("/saved-replies")
@operation(TAG, WRITE, answer=Saved, status=201, is_once=True)
def add_saved_reply(json: SavedText) -> Response:
    """Keep a text for all of staff. Its name must be one that no other has."""
    keep = _written(json, saved.add)
    return once(lambda session: _of(keep(session)), status=201)


@bp.get("/saved-replies/<int:number>")
@operation(TAG, READ, answer=Saved)
def read_saved_reply(number: int) -> Saved:
    """Read a saved reply, with its variables as they stand."""
    with unavailable_when_away(), the(Portal).database.session() as session:
        return _of(saved.get(session, number))


@bp.put("/saved-replies/<int:number>")
@operation(TAG, WRITE, answer=Saved, errors=(409,))
def put_saved_reply(number: int, json: SavedText) -> Saved:
    """Write a saved reply anew."""
    change = _written(json, lambda session, **fields: saved.change(session, number, **fields))
    with the(Portal).database.session() as session, transaction(session):
        return _of(change(session))


@bp.delete("/saved-replies/<int:number>")
@operation(TAG, WRITE, status=204)
def remove_saved_reply(number: int) -> Response:
    """Throw a saved reply away; what was sent with it stays."""
    with the(Portal).database.session() as session, transaction(session):
        saved.remove(session, number)
    return Response(status=204)


@bp.get("/conversations/<int:number>/saved-replies/<int:saved_id>")
@operation(TAG, WRITE, answer=FilledText)
def fill_saved_reply(number: int, saved_id: int) -> FilledText:
    """Read a saved reply with its variables filled in for a conversation, in the name of the token's account.

    It needs the scope that writes, as `{link}` is the customer's private page. To count it as used, name it in the
    reply's `saved`.
    """
    by = programs.allowed(WRITE).user
    with unavailable_when_away(), the(Portal).database.session() as session:
        values = values_for(reading.must_be(session, number), by)
        filled = saved.fill(saved.get(session, saved_id).text, values)
    return FilledText(text=filled.text, missing=filled.missing)


def _written(json: SavedText, keep: Callable[..., SavedReply]) -> Callable[[Session], SavedReply]:
    by, lang = programs.allowed(WRITE).user, language_of(json.lang)
    return lambda session: keep(session, name=json.name, lang=lang, text=json.text, by=by, at=clock.now())


def _of(one: SavedReply) -> Saved:
    return Saved(
        id=one.id, name=one.name, lang=one.lang, text=one.text, unknown=saved.unknown_in(one.text),
        changed_by=one.changed_by, changed_at=one.changed_at, used=one.used,
    )  # fmt: skip
