"""Incoming: a mail's bytes as what somebody wrote, or the reason why nobody did. Pure; keeps and answers nothing."""

import hashlib
import re
from dataclasses import dataclass
from email.message import Message

from portal.conversations import _mime
from portal.conversations._body import files_of, text_of
from portal.conversations.attachments import Upload
from portal.conversations.bounces import Bounce, read_bounce
from portal.conversations.models import NAME_LIMIT, SUBJECT_LIMIT
from portal.conversations.wording import read_address
from portal.errors import Invalid
from portal.text import cut

MOST_BYTES = 25 * 1024 * 1024
"""Of one mail: what mail servers commonly take themselves."""
MOST_IDS = 100
_BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
_FAILED = re.compile(r"\bdmarc\s*=\s*fail\b", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the headers of a mail say."""

    uid: str
    """SHA-256 of its Message-ID, else of its bytes, in hexadecimal."""
    message_id: str | None
    answers: tuple[str, ...]
    """Message-IDs that it says it answers, the nearest first."""
    address: str | None
    """Whom it is from; None where that can't be written to."""
    name: str
    subject: str
    lang: str
    """What its program says that it is written in, a BCP 47 tag; empty for nothing."""
    automatic: str
    """Why no person wrote it; empty where one did."""
    forged: str
    """Why it is not from whom it says; empty where nothing is known against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail that can be read."""

    head: Head
    text: str
    """What is new in it; may be empty."""
    files: tuple[Upload, ...]
    bounce: Bounce | None


def read_mail(raw: bytes, *, mail_from: str) -> Mail:
    """Read a mail. mail_from: our own sender's address. Raises Invalid, in words, for what is no mail."""
    if len(raw) > MOST_BYTES:
        raise Invalid(too_large())
    mail = _mime.parse(raw)
    try:
        head = _head(mail, raw, mail_from)
        return Mail(head=head, text=text_of(mail), files=files_of(mail), bounce=read_bounce(mail))
    except _mime.BROKEN as error:
        raise Invalid("The mail can't be read: it is not put together as mails are.") from error


def read_head(raw: bytes, *, mail_from: str) -> Head:
    """Read a mail's headers, where the rest is not wanted. Raises Invalid."""
    return _head(_mime.parse(raw), raw, mail_from)


def _head(mail: Message, raw: bytes, mail_from: str) -> Head:
    name, written = _mime.sender(_mime.header(mail, "From"))
    found = _mime.ids(_mime.header(mail, "Message-ID"))
    message_id = found[0] if found else None
    earlier = _mime.ids(_mime.header(mail, "References"))[-MOST_IDS:]
    answers = (*_mime.ids(_mime.header(mail, "In-Reply-To"))[:MOST_IDS], *reversed(earlier))
    language = _mime.header(mail, "Content-Language").partition(",")[0].strip()
    return Head(
        uid=uid_of(message_id, raw),
        message_id=message_id,
        answers=tuple(dict.fromkeys(answers)),
        address=_address(written),
        name=cut(name, NAME_LIMIT),
        subject=cut(_mime.words(_mime.header(mail, "Subject")), SUBJECT_LIMIT),
        lang=language if _LANGUAGE.fullmatch(language) else "",
        automatic=_automatic(mail, written, mail_from),
        forged="Its sender's domain disowns it (DMARC)" if _is_disowned(mail) else "",
    )


def uid_of(message_id: str | None, raw: bytes) -> str:
    """Return what a mail is known by, so that none is taken twice."""
    return hashlib.sha256(message_id.encode("utf-8", "replace") if message_id else raw).hexdigest()


def too_large() -> str:
    """Say that a mail is too large, and what to do."""
    megabytes = MOST_BYTES // 1024 // 1024
    return f"It is larger than {megabytes} MB. Please send it without its attachments, or with smaller ones."


def _automatic(mail: Message, address: str, mail_from: str) -> str:
    """Return why no person wrote a mail; empty where one did. RFC 3834 says which headers tell."""
    submitted = _mime.header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return f"Written by a program (Auto-Submitted: {cut(submitted, 40)})"
    if (precedence := _mime.header(mail, "Precedence").lower()) in _BULK:
        return f"Sent to many (Precedence: {precedence})"
    if _mime.header(mail, "List-Id"):
        return "Sent by a mailing list"
    if mail_from.casefold() in {one.casefold() for one in _mime.headers(mail, "X-Loop")}:
        return "Passed through here before (X-Loop)"
    return "Sent from our own address" if address.casefold() == mail_from.casefold() else _by_a_machine(mail)


def _by_a_machine(mail: Message) -> str:
    if _mime.header(mail, "X-Autoreply") or _mime.header(mail, "X-Autorespond"):
        return "An automatic answer"
    returns = _mime.headers(mail, "Return-Path")
    return "Sent by a mail server (empty Return-Path)" if returns and returns[0] in {"<>", ""} else ""


def _is_disowned(mail: Message) -> bool:
    return any(_FAILED.search(one) for one in _mime.headers(mail, "Authentication-Results"))


def _address(written: str) -> str | None:
    try:
        return read_address(written, is_needed=False)
    except Invalid:
        return None
