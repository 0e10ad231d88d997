"""Writing: each write is one transaction; a named one (`Idempotency-Key`) is done once and answered the same again.

`once` is for what a room's verb does within our session, `once_within` for what opens its own transaction and lets us
write into it: either way the answer is committed with what was done. `once_apart` is for what can't be one transaction,
as it reaches beyond the database; done again, it makes nothing twice by itself.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from flask import Response, g, request
from pydantic import BaseModel

from portal import clock
from portal.bootstrap import Portal
from portal.db import Session, transaction
from portal.errors import Conflict, Invalid
from portal.programs import idempotency
from portal.programs.idempotency import Answer, Claim
from portal.web import programs, recording
from portal.web.api.operations import of_model
from portal.web.api.problems import Refused
from portal.web.context import the

Made = TypeVar("Made")

KEY, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
KEY_PATTERN = r"^[!-~]{1,200}$"
_KEPT_HEADERS = ("Location",)
_VERSION = re.compile(r'(?:W/)?"([0-9]{1,9})\.[0-9a-f]{16}"')


def once(write: Callable[[Session], BaseModel], *, status: int = 200) -> Response:
    """Do a write in one transaction with what it is answered. Raises what the write raises, and as `claim` does."""
    claimed = _claimed()
    if isinstance(claimed, Answer):
        return _replayed(claimed)
    try:
        with the(Portal).database.session() as session, transaction(session):
            response = of_model(write(session), status)
            if claimed:
                idempotency.settle(session, claimed, _answer(response))
    except BaseException:
        _release(claimed)
        raise
    return response


def once_within(
    write: Callable[[Callable[[Session, Made], None]], object],
    shape: Callable[[Session, Made], BaseModel],
    *,
    status: int = 201,
) -> Response:
    """Do a write that brings its own transaction, and calls what it is handed inside it with what it made.

    shape: makes the answer of that, in the same transaction, with which the answer is kept.
    """
    claimed = _claimed()
    if isinstance(claimed, Answer):
        return _replayed(claimed)
    answers: list[Response] = []

    def then(session: Session, made: Made) -> None:
        response = of_model(shape(session, made), status)
        if claimed:
            idempotency.settle(session, claimed, _answer(response))
        answers.append(response)

    try:
        write(then)
    except BaseException:
        _release(claimed)
        raise
    return answers[-1]


def once_apart(write: Callable[[], BaseModel], *, status: int = 201) -> Response:
    """Do a write that commits by itself and makes nothing twice; keep its answer afterwards."""
    claimed = _claimed()
    if isinstance(claimed, Answer):
        return _replayed(claimed)
    try:
        response = of_model(write(), status)
    except BaseException:
        _release(claimed)
        raise
    if claimed:
        with the(Portal).database.session() as session, transaction(session):
            idempotency.settle(session, claimed, _answer(response))
    return response


def new_uid() -> str:
    """Return the uid of what this request makes: by its key where it has one, else by chance."""
    claimed = _wanted()
    return claimed.uid if claimed else recording.new_uid()


def version_asked(version: int | None) -> int | None:
    """Return the version that a write is meant for: that of `If-Match`, else that of the body, else None.

    Raises Refused (412) for an `If-Match` that no state of ours ever had.
    """
    asked = request.headers.get("If-Match", "*").strip()
    if asked == "*":
        return version
    found = _VERSION.fullmatch(asked)
    if found is None:
        raise Refused(412, "If-Match: send the ETag of what you read, as it was.")
    return int(found[1])


def stale(error: Conflict, *, asked: int | None, present: int | None) -> Conflict | Refused:
    """Return what to raise for a write that came too late: 412 where `If-Match` was not met, else the conflict."""
    if request.headers.get("If-Match", "*").strip() != "*" and asked is not None and asked != present:
        return Refused(412, str(error))
    return error


@contextmanager
def fitting() -> Iterator[None]:
    """Let a verb be done that names another thing, and answer 409 where the two don't fit together.

    Rooms raise Invalid for it, as forms are refused; what a program sent was written as it must be.
    """
    try:
        yield
    except Invalid as error:
        raise Conflict(str(error)) from error


def _wanted() -> Claim | None:
    """Return the claim of this request, None without a key. Raises Invalid for a key that can't be used."""
    if "claim" not in g:
        key = request.headers.get(KEY)
        if key is not None and not re.fullmatch(KEY_PATTERN, key):
            message = f"{KEY}: give 1 to 200 visible ASCII characters, such as a UUID."
            raise Invalid(message)
        g.claim = None if key is None else Claim.of(_who(), request.method, request.path, key, _sent())
    found: Claim | None = g.claim
    return found


def _sent() -> bytes:
    """Return what must be the same for a write to be the same: the body, and the query string where there is one."""
    query = request.query_string
    return request.get_data() + (b"?" + query if query else b"")


def _who() -> str:
    found = programs.bearer()
    return f"token {found.token}" if found else "nobody"


def _claimed() -> Claim | Answer | None:
    wanted = _wanted()
    if wanted is None:
        return None
    with the(Portal).database.session() as session, transaction(session):
        return idempotency.claim(session, wanted, at=clock.now()) or wanted


def _release(claimed: Claim | None) -> None:
    if claimed:
        with the(Portal).database.session() as session, transaction(session):
            idempotency.release(session, claimed)


def _answer(response: Response) -> Answer:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    return Answer(response.status_code, headers, response.get_data(as_text=True))


def _replayed(answer: Answer) -> Response:
    """Answer what was answered before, and say that this is so."""
    response = Response(answer.body, answer.status, content_type="application/json", headers=dict(answer.headers))
    response.headers[REPLAYED] = "true"
    response.headers["Cache-Control"] = "no-store"
    return response
