"""`/api/v1/requests`: what somebody was looking for and did not find, and what became of it."""

from datetime import datetime
from typing import Annotated

from flask import Response
from pydantic import Field, StringConstraints

from portal import clock
from portal.bootstrap import Portal
from portal.db import Session, transaction, unavailable_when_away
from portal.errors import Conflict, NotFound
from portal.events import log
from portal.events.kinds import Requested
from portal.feedback import models, requests
from portal.feedback.models import REQUEST_LIMIT
from portal.gaps import store
from portal.gaps.models import State
from portal.programs.scopes import Scope
from portal.text import cut
from portal.web import programs, recording, visitors, wishing
from portal.web.api.conversation_shapes import Address, Uid
from portal.web.api.members import ListQuery, Shape, Text, cursor_of, first_language, language_of, place_of, uid_of
from portal.web.api.operations import operation
from portal.web.api.problems import resource
from portal.web.api.votes import Key, digest
from portal.web.api.writing import new_uid, once
from portal.web.context import the

TAG = "Votes and requests"
WRITE = Scope.VOTES_WRITE

bp = resource("requests", "/requests")


class NewRequest(Shape):
    """What somebody was looking for and did not find."""

    text: Annotated[Text, StringConstraints(max_length=REQUEST_LIMIT)] = Field(examples=["Tea tastes of metal"])
    lang: str | None = Field(default=None, description="A language of the help centre; its first by default.")
    search: Uid | None = Field(default=None, description="`search_id` of the search it came from.")
    visitor: Key | None = Field(
        default=None, description="Your name for whoever asks, so that the same person counts once; none by default."
    )
    address: Address | None = Field(
        default=None,
        description="Where they want to hear of the answer; deleted then. Not kept where no mail is sent.",
    )
    is_mine: bool = Field(
        default=False,
        description="Whether the token's account itself asks, as at the desk, and hears of the answer; `visitor`, "
        "`address` and `search` are passed over then.",
    )


class KeptRequest(Shape):
    """A request that was kept."""

    id: Uid
    text: str = Field(description="Without what was personal in it.")
    will_hear: bool = Field(description="Whether they are told of an answer.")


class RequestStanding(Shape):
    """What became of a request. Its words are for the account alone that asked."""

    id: Uid
    at: datetime
    lang: str
    text: str | None = Field(description="Null for what somebody else asked for.")
    gap: int | None = Field(description="The gap that it is a part of; null while it waits for others to need it too.")
    state: State | None = Field(description="That gap's; null while it waits.")
    because: str | None = Field(description="Why the gap was dismissed.")
    told_at: datetime | None = Field(description="When they heard of the answer.")
    will_hear: bool = Field(description="Whether they are still to be told of an answer.")


class Requests(Shape):
    """A portion of what the token's account asked for, the latest first."""

    requests: tuple[RequestStanding, ...]
    next_cursor: str | None


@bp.post("")
@operation(TAG, WRITE, answer=KeptRequest, status=201, is_once=True)
def add_request(json: NewRequest) -> Response:
    """Keep what somebody was looking for and did not find; it becomes a need in the gaps."""
    at, lang, me = clock.now(), language_of(json.lang) or first_language(), programs.allowed(WRITE).user
    text = cut(recording.redacted(requests.read_text(json.text)), REQUEST_LIMIT)
    has_mail = the(Portal).settings.smtp_url is not None  # an address is kept for a mail alone
    address = json.address if has_mail and not json.is_mine else None
    uid, who = new_uid(), _of_account(me.id) if json.is_mine else _visitor(json.visitor)
    search = None if json.is_mine else json.search
    event = Requested(uid=uid, at=at, visitor=who, lang=lang, text=text, search=search or "", request=uid)

    def write(session: Session) -> KeptRequest:
        kept = requests.add(session, uid=uid, at=at, lang=lang, text=text, visitor=who, search=search,
                            address=address, user=me.id if json.is_mine else None)  # fmt: skip
        log.append(session, (event,))
        return KeptRequest(id=kept.uid, text=kept.text, will_hear=address is not None or (json.is_mine and has_mail))

    return once(write, status=201)


@bp.get("")
@operation(TAG, WRITE, answer=Requests)
def list_requests(query: ListQuery) -> Requests:
    """List what the token's account asked to be written, with what became of it, the latest first."""
    me, before = programs.allowed(WRITE).user.id, place_of(query.cursor) if query.cursor else None
    with unavailable_when_away(), the(Portal).database.session() as session:
        mine = reversed(requests.of_visitor(session, _of_account(me)))
        found = [one for one in mine if before is None or _place(one) < before][: query.limit + 1]
        shown = tuple(_standing(session, one, me) for one in found[: query.limit])
    more = len(found) > query.limit
    return Requests(requests=shown, next_cursor=cursor_of(*_place(found[query.limit - 1])) if more else None)


@bp.get("/<uid>")
@operation(TAG, WRITE, answer=RequestStanding)
def read_request(uid: str) -> RequestStanding:
    """Read what became of a request, by the id that it was answered with."""
    me = programs.allowed(WRITE).user.id
    with unavailable_when_away(), the(Portal).database.session() as session:
        return _standing(session, _row(session, uid), me)


@bp.delete("/<uid>")
@operation(TAG, WRITE, status=204, errors=(409,))
def take_request_back(uid: str) -> Response:
    """Take back what the token's account asked for, as if it never had, while no gap has taken it up."""
    me = programs.allowed(WRITE).user
    with unavailable_when_away(), the(Portal).database.session() as session:
        known = _row(session, uid)
    if known.user != me.id:
        raise NotFound("There is no such request of yours.")
    if not wishing.take_back(known.uid, by=me):
        raise Conflict("This request is a part of a gap by now, so it can't be taken back.")
    return Response(status=204)


@bp.delete("/<uid>/address")
@operation(TAG, WRITE, status=204)
def forget_address(uid: str) -> Response:
    """Delete the address of whoever wanted to hear of the answer; doing so twice is doing so once."""
    with the(Portal).database.session() as session, transaction(session):
        requests.withdraw(session, uid_of(uid))
    return Response(status=204)


def _row(session: Session, uid: str) -> models.Request:
    found = session.get(models.Request, uid_of(uid))
    if found is None:
        raise NotFound("There is no such request.")
    return found


def _standing(session: Session, one: models.Request, me: int) -> RequestStanding:
    known = one.gap is not None and one.gap in store.gaps_by_number(session, {one.gap})
    gap = store.standing(session, one.gap) if known and one.gap else None
    is_dismissed = gap is not None and gap.state is State.DISMISSED
    return RequestStanding(
        id=one.uid, at=one.at, lang=one.lang, text=one.text if one.user == me else None, gap=gap.id if gap else None,
        state=gap.state if gap else None, because=gap.dismissal if gap and is_dismissed else None,
        told_at=one.told_at, will_hear=one.told_at is None and (one.address is not None or one.user is not None),
    )  # fmt: skip


def _place(one: models.Request) -> tuple[datetime, int]:
    """Return where a request stands in the list: two of the same microsecond by the beginning of their ids."""
    return one.at, int(one.uid[:7], 16)


def _of_account(user: int) -> str:
    return f"user-{user}"


def _visitor(key: str | None) -> str:
    return digest("visitor", key)[: visitors.NAME_LENGTH] if key else visitors.passing()
