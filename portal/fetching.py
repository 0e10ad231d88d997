"""Fetching: mails that came in become conversations, or go on in them; what nobody wrote is answered by nobody.

A mail is known by its uid: handed in again, by a mailbox or by a hook, it is one. Receiving comes first and is safe to
be repeated; then the mail is noted as taken.
"""

import logging
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from portal import receiving
from portal.audience import Level
from portal.bootstrap import Portal
from portal.content.site import Site
from portal.conversations import letters, mail_store
from portal.conversations.incoming import MOST_BYTES, Head, Mail, read_head, read_mail, too_large, uid_of
from portal.conversations.intake import Received
from portal.conversations.mailbox import Mailbox, opened
from portal.conversations.message_ids import is_news
from portal.conversations.models import Conversation, Entry, IncomingMail, Verdict
from portal.conversations.taking import as_kept, kept_id, language
from portal.db import Session, transaction, unavailable_when_away
from portal.errors import Invalid, Unavailable
from portal.letterbox import house_of, post

MOST_AT_ONCE = 200
"""Mails of one run, so that other jobs have their turn."""
_TO_STAFF = "It answers a notice for staff, and no customer would see it. Write your answer on the desk."
_NOBODY = "It names no address that an answer could go to"
_UID_DIGITS = 32
_MOST_HEAD = 64 * 1024
_BLANK = re.compile(rb"\r?\n\r?\n")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a run came to."""

    taken: int = 0
    bounced: int = 0
    passed_over: int = 0
    """Written by programs."""
    refused: int = 0
    failed: int = 0
    """To be tried again."""

    def line(self) -> str:
        """Say it in one line of counts."""
        return (
            f"{self.taken} mails taken, {self.bounced} bounces, {self.passed_over} written by programs, "
            f"{self.refused} refused, {self.failed} to be tried again."
        )


def fetch(portal: Portal, *, at: datetime) -> Fetched:
    """Take what is unread in the mailbox. A mail that can't be taken stops no other one. Raises Unavailable."""
    url = portal.settings.imap_url
    if url is None:
        raise Unavailable("No mailbox is set. Set PORTAL_IMAP_URL.")
    with opened(url) as mailbox:
        verdicts = [_fetch_one(portal, mailbox, number, at) for number in mailbox.unread(MOST_AT_ONCE)]
    return Fetched(*(verdicts.count(one) for one in (*Verdict, None)))


def take_mail(portal: Portal, raw: bytes, *, at: datetime) -> IncomingMail:
    """Take one mail, once. Returns what was done with it; a mail that can't be read is refused. Raises Unavailable."""
    ours = _ours(portal)
    try:
        mail = read_mail(raw, mail_from=ours)
    except Invalid as error:
        known = _head_of(raw, ours)
        return _refuse(portal, known, known.uid if known else uid_of(None, raw), str(error), at)
    done = _without_a_person(portal, mail, at)
    if done is not None:
        return done
    head = mail.head
    with portal.database.session() as session, unavailable_when_away():
        thread = mail_store.thread(session, head.answers, head.address)
    if thread is None and head.answers and is_news(head.answers[0]):
        return _refuse(portal, head, head.uid, _TO_STAFF, at)
    number = _join(portal, thread, mail, at) if thread else _begin(portal, mail, at)
    with portal.database.session() as session, transaction(session):
        return mail_store.keep(session, head.uid, Verdict.TAKEN, conversation=number, at=at)


def _without_a_person(portal: Portal, mail: Mail, at: datetime) -> IncomingMail | None:
    """Note a mail that no person wrote, or that is here already; None for one that is to be taken."""
    head = mail.head
    with portal.database.session() as session, transaction(session):
        if (there := mail_store.known(session, head.uid)) is not None:
            return there
        if mail.bounce is not None:
            return _bounced(session, mail, at)
        if reason := head.automatic or _too_many(session, head, at):
            return mail_store.keep(session, head.uid, Verdict.LOOP, reason=reason, at=at)
        if reason := head.forged or ("" if head.address else _NOBODY):
            return mail_store.keep(session, head.uid, Verdict.REFUSED, reason=reason, at=at)
    return None


def _fetch_one(portal: Portal, mailbox: Mailbox, number: str, at: datetime) -> Verdict | None:
    """Take one mail and mark it as read; None for one that is to be tried again. Raises Unavailable."""
    try:
        if mailbox.size(number) > MOST_BYTES:
            head = read_head(mailbox.head(number), mail_from=_ours(portal))
            done = _refuse(portal, head, head.uid, too_large(), at)
        else:
            done = take_mail(portal, mailbox.mail(number), at=at)
        mailbox.mark(number, is_flagged=done.verdict in {Verdict.REFUSED, Verdict.LOOP})
    except Unavailable:
        raise
    except Exception:  # noqa: BLE001 - the outermost loop: one mail must not keep all others waiting
        _log.exception("A mail could not be taken; it stays unread")
        return None
    return done.verdict


def _begin(portal: Portal, mail: Mail, at: datetime) -> int:
    """Begin a conversation; return its number."""
    head = mail.head
    text, files = as_kept(mail, _site(portal).contact)
    received = Received(
        uid=head.uid[:_UID_DIGITS],
        entry=Entry.MAIL,
        subject=head.subject,
        text=text,
        lang=_language(portal, head.lang),
        topic=None,
        name=head.name,
        address=head.address,
        level=Level.PUBLIC.value,
        visitor=None,
        has_trail=False,
        search=None,
        files=files,
        message_id=kept_id(head),
    )
    return receiving.receive(portal, received, at=at).id


def _join(portal: Portal, thread: Conversation, mail: Mail, at: datetime) -> int:
    """Go on with a conversation; return its number."""
    text, files = as_kept(mail, _site(portal).contact)
    message = receiving.customer_wrote(
        portal,
        thread.uid,
        uid=mail.head.uid[:_UID_DIGITS],
        text=text,
        files=files,
        at=at,
        message_id=kept_id(mail.head),
    )
    return message.conversation_id


def _refuse(portal: Portal, head: Head | None, uid: str, reason: str, at: datetime) -> IncomingMail:
    """Note that a mail was not taken, and tell its sender, once a day, where a person wrote it."""
    with portal.database.session() as session, transaction(session):
        if (there := mail_store.known(session, uid)) is not None:
            return there
        if head and head.address and not (head.automatic or head.forged):
            lang = _language(portal, head.lang)
            house = house_of(portal, lang)
            post(session, portal, letters.refusal(house, to=head.address, lang=lang, reason=reason, at=at))
        return mail_store.keep(session, uid, Verdict.REFUSED, reason=reason, at=at)


def _bounced(session: Session, mail: Mail, at: datetime) -> IncomingMail:
    bounce, found = mail.bounce, None
    if bounce and bounce.original and bounce.is_final:
        found = mail_store.bounced(session, bounce.original, bounce.reason, at=at)
    number = found.id if found else None
    reason = bounce.reason if bounce else ""
    return mail_store.keep(session, mail.head.uid, Verdict.BOUNCE, reason=reason, conversation=number, at=at)


def _too_many(session: Session, head: Head, at: datetime) -> str:
    """Say that an address writes more than a person does; empty where it doesn't."""
    is_over = head.address and mail_store.written_lately(session, head.address, at) >= mail_store.MOST_AN_HOUR
    return f"More than {mail_store.MOST_AN_HOUR} mails of one address within an hour" if is_over else ""


def _head_of(raw: bytes, ours: str) -> Head | None:
    """Return the headers of a mail whose parts can't be read."""
    found = _BLANK.search(raw)
    try:
        return read_head(raw[: found.end() if found else 0][:_MOST_HEAD], mail_from=ours)
    except Invalid:
        return None


def _language(portal: Portal, said: str) -> str:
    """Return the language of the help centre that a mail's program names, else the first one."""
    try:
        spoken = tuple(portal.library.current().level(Level.PUBLIC).shelf.languages())
    except Unavailable:
        spoken = ()
    return language(said, spoken) or _site(portal).default_language(spoken)


def _ours(portal: Portal) -> str:
    return parseaddr(portal.settings.mail_from)[1]


def _site(portal: Portal) -> Site:
    """Return what the live generation says, or the house's defaults while there is none."""
    try:
        return portal.library.current().site
    except Unavailable:
        return Site()
