"""Tokens: the keys by which programs use the API in somebody's name. Everybody sees their own, admins everybody's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import redirect, request
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction, unavailable_when_away
from portal.errors import Forbidden, Invalid
from portal.people.models import Role, User
from portal.programs import tokens
from portal.programs.scopes import Scope, within
from portal.programs.tokens import DAYS, MOST_DAYS, Listed, Trouble
from portal.web import staff
from portal.web.context import the
from portal.web.desk.frame import DeskPage, answer, room
from portal.web.room_words import reworded

bp = room("tokens", "/desk/tokens")

MAY = {
    Scope.ARTICLES_READ: lazy_gettext("Read articles as staff do; without it, what the public reads"),
    Scope.VOTES_WRITE: lazy_gettext("Hand in votes, requests and flags"),
    Scope.CONVERSATIONS_READ: lazy_gettext("Read what customers wrote, with their names and addresses"),
    Scope.CONVERSATIONS_WRITE: lazy_gettext("Write to customers in your name, assign and close"),
    Scope.LINKS_WRITE: lazy_gettext("Make links to articles, and see what came of them"),
    Scope.GAPS_READ: lazy_gettext("Read gaps"),
    Scope.GAPS_WRITE: lazy_gettext("Accept, dismiss, assign and draft gaps"),
    Scope.MEASURES_READ: lazy_gettext("Read the figures"),
}
"""In the words of those who tick them."""
ENDED = {
    Trouble.EXPIRED: lazy_gettext("Expired"),
    Trouble.REVOKED: lazy_gettext("Revoked"),
    Trouble.SHUT: lazy_gettext("The account is shut"),
}
LASTS = ((7, lazy_gettext("7 days")), (30, lazy_gettext("30 days")), (DAYS, lazy_gettext("90 days")),
         (365, lazy_gettext("a year")))  # fmt: skip


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token of the list."""

    id: int
    name: str
    beginning: str
    owner: str
    """Empty where all are one's own."""
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    ended: str
    """Why it is not taken any more; empty for one that lives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensPage(DeskPage):
    """desk/tokens.html."""

    lines: tuple[TokenLine, ...]
    scopes: tuple[tuple[str, str, bool], ...]
    """(value, what it lets do, whether it is ticked)."""
    lasts: tuple[tuple[str, str, bool], ...]
    name: str
    done: str
    error: str
    text: str
    """The token that was just made, shown this once."""
    is_everybodys: bool


@bp.get("")
def show() -> Response:
    """Show my tokens, to an admin everybody's."""
    done = gettext("The token is revoked. Whatever used it is turned away from now on.")
    return answer("desk/tokens.html", _page(done=str(done) if request.args.get("done") == "revoked" else ""))


@bp.post("")
def make() -> Response:
    """Make a token, and show it this once."""
    user, at = staff.staff(), clock.now()
    try:
        with the(Portal).database.session() as session, transaction(session):
            _, text = tokens.make(session, user=user, name=request.form.get("name", "")[:1000], scopes=_ticked(),
                                  expires_at=_end(user, at), at=at)  # fmt: skip
    except (Invalid, Forbidden) as error:
        return answer("desk/tokens.html", _page(error=reworded(error)), 422)
    return answer("desk/tokens.html", _page(text=text))


@bp.post("/<int:token_id>/revocation")
def revoke(token_id: int) -> Response:
    """End a token at once."""
    user = staff.staff()
    with the(Portal).database.session() as session, transaction(session):
        tokens.revoke(session, token_id, by=user, at=clock.now())
    return redirect("/desk/tokens?done=revoked", 303)


def _page(*, done: str = "", error: str = "", text: str = "") -> TokensPage:
    user, at = staff.staff(), clock.now()
    is_everybodys = user.role is Role.ADMIN
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = tokens.listed(session, user=None if is_everybodys else user.id)
    kept, days = (request.form.getlist("scopes"), request.form.get("days", "")) if error else ([], "")
    return TokensPage(
        title=str(gettext("Tokens")),
        lines=tuple(_line(one, at, is_everybodys=is_everybodys) for one in found),
        scopes=tuple((one.value, str(MAY[one]), one.value in kept) for one in Scope if one in within(Scope, user.role)),
        lasts=_lasts(user, days or str(DAYS)),
        name=request.form.get("name", "")[:100] if error else "",
        done=done,
        error=error,
        text=text,
        is_everybodys=is_everybodys,
    )


def _line(one: Listed, at: datetime, *, is_everybodys: bool) -> TokenLine:
    token, trouble = one.token, one.trouble(at)
    return TokenLine(
        id=token.id,
        name=token.name,
        beginning=token.beginning,
        owner=one.owner.name if is_everybodys else "",
        scopes=tuple(sorted(one.scopes)),
        made_at=token.created_at,
        expires_at=token.expires_at,
        used_at=token.used_at,
        ended=str(ENDED[trouble]) if trouble else "",
    )


def _lasts(user: User, chosen: str) -> tuple[tuple[str, str, bool], ...]:
    offered = [(str(days), str(words)) for days, words in LASTS]
    if user.role is Role.ADMIN:
        offered.append(("none", str(gettext("no end"))))
    return tuple((value, words, value == chosen) for value, words in offered)


def _ticked() -> list[Scope]:
    """Return the scopes that are ticked. Raises Invalid for one that there isn't."""
    sent = request.form.getlist("scopes")
    known = {one.value: one for one in Scope}
    if not set(sent) <= known.keys():
        raise Invalid("Choose from what the page offers.")
    return [known[one] for one in sent]


def _end(user: User, at: datetime) -> datetime | None:
    """Return when it ends, None for never. Raises Invalid."""
    days = request.form.get("days", "")
    if days == "none" and user.role is Role.ADMIN:
        return None
    if not (days.isascii() and days.isdigit() and 0 < int(days[:4]) <= MOST_DAYS):
        raise Invalid("Choose when the token ends.")
    return at + timedelta(days=int(days[:4]))
