"""Flagging: an agent's flag of an article and a writer's answer, each kept with its event and its mail.

For the desk, whose pages these are, and for the article's page, which shows staff what waits.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from flask_babel import lazy_gettext

from portal.bootstrap import Portal
from portal.content.page import Page
from portal.db import Session, transaction, unavailable_when_away
from portal.errors import Invalid, Unavailable
from portal.events import log
from portal.events.kinds import Flagged
from portal.feedback import flags, requests
from portal.feedback.flags import NewFlag
from portal.feedback.models import REQUEST_LIMIT, Fault, Flag
from portal.letterbox import language_of
from portal.outbox import store as outbox
from portal.outbox.flag_letters import About, flagged_letter, settled_letter
from portal.outbox.news import letter
from portal.people import accounts
from portal.people.models import User
from portal.text import cut
from portal.web.context import site, the
from portal.web.recording import redacted
from portal.web.staff import signed_in

PLACE = "/desk/flags"
FAULTS = {
    Fault.WRONG: lazy_gettext("wrong"),
    Fault.OUT_OF_DATE: lazy_gettext("out of date"),
    Fault.UNCLEAR: lazy_gettext("unclear"),
    Fault.INCOMPLETE: lazy_gettext("incomplete"),
}
"""As they end a sentence."""
_MOST_TITLE, _MOST_OWNER, _MOST_NAME = 300, 254, 100


@dataclass(frozen=True, slots=True)
class Complaint:
    """What an agent typed, read by `flags.read_fault` and `flags.read_text`."""

    uid: str
    """Of the form: the same one twice is one flag."""
    fault: Fault
    text: str


@dataclass(frozen=True, slots=True)
class FlagNote:
    """A flag that waits, as little as an article's page tells of it."""

    uid: str
    at: datetime
    by: str
    fault: str
    """In words."""
    owner: str
    """Who is to settle it, as it is written; empty for any writer."""


def notes(article: str) -> tuple[FlagNote, ...]:
    """Return what waits for an article's writer; nothing for who is no staff, or while the database is away."""
    try:
        if signed_in() is None:
            return ()
        with unavailable_when_away(), the(Portal).database.session() as session:
            found = flags.of_article(session, article)
    except Unavailable:
        return ()
    return tuple(FlagNote(flag.uid, flag.at, flag.by, str(FAULTS[flag.fault]), flag.owner) for flag in found)


def owner_of(page: Page) -> str:
    """Return who looks after an article, as it is written: in its front matter, else at its topic; may be empty."""
    return page.owner or site().topic_owner(page.card.topic)


def edit_url(page: Page) -> str:
    """Return where an article's file is edited, empty where `portal.toml` names no editor."""
    return site().edit_url.replace("{path}", quote(page.path))


def keep(page: Page, said: Complaint, *, by: User, at: datetime) -> None:
    """Commit a flag with its event, and a mail to who looks after the article. Raises Unavailable.

    What is personal in its words is taken out before they are kept. The same form twice is one flag; so are the same
    words of the same account as long as the first flag waits.
    """
    card, who = page.card, f"user-{by.id}"
    new = NewFlag(
        uid=hashlib.sha256(repr((who, card.id, said)).encode()).hexdigest()[:32],
        article=card.id,
        revision=card.revision,
        lang=card.lang,
        title=cut(card.title, _MOST_TITLE),
        topic=card.topic or "",
        owner=owner_of(page)[:_MOST_OWNER],
        fault=said.fault,
        text=cut(redacted(said.text), REQUEST_LIMIT),
        user=by.id,
        by=by.name[:_MOST_NAME],
    )
    event = Flagged(uid=new.uid, at=at, visitor=who, lang=card.lang, article=card.id, reason=said.fault)
    with the(Portal).database.session() as session, transaction(session):
        if any(_says(one) == (by.id, new.fault, new.text) for one in flags.of_article(session, card.id)):
            return
        flag = flags.add(session, new, at=at)
        log.append(session, (event,))
        to = owner_address(session, flag.owner)
        if to and to != by.email:
            lang = language_of(session, the(Portal), to)
            about = _about(flag, lang, by=flag.by, text=flag.text)
            topic = "" if page.owner else site().topic_name(flag.topic, lang) or ""
            _write(session, flag, to, flagged_letter(lang, about, said.fault, topic=topic), at)


def settle(uid: str, *, by: User, answer: str, was_right: bool, at: datetime) -> None:
    """Commit a writer's answer, and a mail to whoever flagged the article. Raises NotFound, Conflict, Unavailable."""
    with the(Portal).database.session() as session, transaction(session):
        flag = flags.done(session, uid, by.name[:_MOST_NAME], answer, at, was_right=was_right)
        asker = next((one for one in accounts.everybody(session) if one.id == flag.user), None)
        if asker and asker.id != by.id and not asker.is_disabled:
            lang = language_of(session, the(Portal), asker.email)
            about = _about(flag, lang, by=flag.done_by, text=flag.answer)
            _write(session, flag, asker.email, settled_letter(lang, about, was_right=was_right), at)


def take_back(uid: str, *, by: User) -> bool:
    """Forget somebody's own flag, its event with it, while nobody has settled it. Return whether it was there."""
    with the(Portal).database.session() as session, transaction(session):
        is_gone = flags.take_back(session, uid, user=by.id)
        if is_gone:
            log.take_back(session, uid)
        return is_gone


def owner_address(session: Session, owner: str) -> str | None:
    """Return where an article's owner reads mail: the address of the one account that is called so, else their own.

    None for a name of nobody or of several, and for the address of an account that is shut.
    """
    user = accounts.called(session, owner)
    if user is not None:
        return user.email
    try:
        address = requests.read_address(owner)
    except Invalid:
        return None
    return None if address is None or accounts.find(session, address) else address


def _says(flag: Flag) -> tuple[int | None, Fault, str]:
    return flag.user, flag.fault, flag.text


def _write(session: Session, flag: Flag, to: str, written: tuple[str, str], at: datetime) -> None:
    """Put a mail into the outbox, where there is a mail server; a flag that is settled anew is told anew."""
    if not the(Portal).settings.smtp_url:
        return
    event = "flag.done" if flag.done_at else "flag.new"
    named = hashlib.sha256(repr((event, flag.uid, flag.done_at)).encode()).hexdigest()[:32]
    subject, text = written
    outbox.add(session, letter(uid=f"{event}-{named}", to=to, subject=subject, text=text, at=at, event=event))


def _about(flag: Flag, lang: str, *, by: str, text: str) -> About:
    settings = the(Portal).settings
    base = settings.base_url or f"http://{settings.bind}"
    return About(
        site=site().name_in(lang),
        title=flag.title,
        article=f"{base}/a/{quote(flag.article)}",
        desk=f"{base}{PLACE}#flag-{flag.uid}",
        by=by,
        text=text,
    )
