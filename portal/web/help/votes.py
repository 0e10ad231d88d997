"""Votes: "Did this help?", counted at the click, then why. Works as plain forms; a script swaps in the same part."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from portal import clock
from portal.bootstrap import Portal
from portal.content.page import Page
from portal.db import transaction, unavailable_when_away
from portal.errors import Invalid, NotFound, Unavailable
from portal.events import log
from portal.events.kinds import Voted
from portal.feedback import votes
from portal.web import access, arrivals, caching, recording, voters
from portal.web.context import the
from portal.web.fragments import is_fragment
from portal.web.frame import render
from portal.web.help.pages import VotePage

_REVISION = re.compile(r"[0-9a-f]{4,64}")
_ANSWERS = {"yes": True, "no": False}

bp = Blueprint("votes", __name__, url_prefix="/<lang:lang>/votes/<article_id>")


@bp.get("")
def show(lang: str, article_id: str) -> Response:
    """Show what I said of this article, and what I can still say."""
    page = _article(lang, article_id)
    revision = _revision(request.args.get("revision"), page)
    voter = voters.known_voter()
    with unavailable_when_away(), the(Portal).database.session() as session:
        vote = votes.mine(session, page.card.id, revision, voter) if voter else None
    return _answer(VotePage.of(page, revision, vote))


@bp.post("")
def cast(lang: str, article_id: str) -> AnyResponse:
    """Count a click; the reader is thanked only after it is on disk."""
    page = _article(lang, article_id)
    revision = _revision(request.form.get("revision"), page)
    answer = _ANSWERS.get(request.form.get("helpful", ""))
    if answer is None:
        message = gettext("Say whether the article helped: yes or no.")
        raise Invalid(message)
    who = voters.bearer()
    _cast(page, revision, who.voter, is_helpful=answer)
    return voters.remember(who, _see_vote(page, revision))


@bp.post("/reason")
def explain(lang: str, article_id: str) -> AnyResponse:
    """Add to my vote why the article did not help."""
    page = _article(lang, article_id)
    revision = _revision(request.form.get("revision"), page)
    visitor = recording.known_visitor()
    with (
        _or_say(gettext("What you wrote was not saved.")),
        the(Portal).database.session() as session,
        transaction(session),
    ):
        vote = votes.explain(session, article=page.card.id, revision=revision, voter=_voter(),
                             reason=request.form.get("reason"), comment=request.form.get("comment"),
                             at=clock.now())  # fmt: skip
        log.append(session, _told(visitor, page, revision, is_helpful=False, reason=vote.reason or ""))
    return _see_vote(page, revision)


@bp.post("/withdrawal")
def withdraw(lang: str, article_id: str) -> AnyResponse:
    """Take my vote back; taking back what is not there is no mistake."""
    page = _article(lang, article_id)
    revision = _revision(request.form.get("revision"), page)
    with _or_say(gettext("Your vote still stands.")), the(Portal).database.session() as session, transaction(session):
        votes.withdraw(session, article=page.card.id, revision=revision, voter=_voter())
        arrivals.note_vote(session, is_helpful=None)
    return _see_vote(page, revision)


def _cast(page: Page, revision: str, voter: str, *, is_helpful: bool) -> None:
    article, visitor = page.card.id, recording.known_visitor()
    with (
        _or_say(gettext("Your vote was not counted.")),
        the(Portal).database.session() as session,
        transaction(session),
    ):
        is_first = not votes.has_voted(session, article, revision, voter)
        if is_first:
            voters.check_crowd(article)
        votes.cast(session, article=article, revision=revision, lang=page.card.lang, voter=voter,
                   is_helpful=is_helpful, at=clock.now())  # fmt: skip
        arrivals.note_vote(session, is_helpful=is_helpful)
        log.append(session, _told(visitor, page, revision, is_helpful=is_helpful))
    if is_first:
        voters.count_vote(article)


def _told(visitor: str | None, page: Page, revision: str, *, is_helpful: bool, reason: str = "") -> tuple[Voted, ...]:
    """Return a vote as the visit saw it, for the vote's own transaction; nothing of whoever has no visit key."""
    if visitor is None:
        return ()
    event = Voted(**recording.common(visitor, page.card.lang), article=page.card.id, revision=revision,
                  is_helpful=is_helpful, reason=reason)  # fmt: skip
    return (event,)


@contextmanager
def _or_say(what: str) -> Iterator[None]:
    """Say what did not happen when the database is away."""
    try:
        yield
    except Unavailable as error:
        away = gettext("The place where it is kept can't be reached at the moment.")
        message = f"{what} {away}"
        raise Unavailable(message) from error


def _article(lang: str, article_id: str) -> Page:
    page = access.page_for(article_id)
    if page.card.lang != lang:
        raise NotFound
    return page


def _revision(given: str | None, page: Page) -> str:
    """Return the revision that was read, which may be older than the present one, or the present one."""
    return given if given and _REVISION.fullmatch(given) else page.card.revision


def _voter() -> str:
    voter = voters.known_voter()
    if voter is None:
        message = gettext("There is no vote of yours on this article. Vote first, then say why.")
        raise NotFound(message)
    return voter


def _see_vote(page: Page, revision: str) -> AnyResponse:
    return redirect(f"/{page.card.lang}/votes/{page.card.id}?revision={revision}#vote", 303)


def _answer(page: VotePage) -> Response:
    template = "help/_vote.html" if is_fragment() else "help/vote.html"
    return caching.never_kept(Response(render(template, page)))
