"""Attachments: files that came with a message. What they are is told by their content, never by their sender."""

import logging
import re
import secrets
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import puremagic
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.content.contact import Contact
from portal.conversations.models import Attachment, AttachmentContent, Message
from portal.errors import Invalid
from portal.text import one_line

UNKNOWN = "application/octet-stream"
PLAIN = "text/plain"
MEGABYTE = 1024 * 1024
NAME_LENGTH = 120
"""Characters of a file's name: what a file system takes in any script, 255 bytes at worst two a character."""
_UNNAMED = "file"
_NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028\u2029\ufeff]+')
_ENDING = re.compile(r"\.[^.\s]{1,10}$")
_READ_BYTES = 64 * 1024
_SURE, _SURE_OF_TEXT = 0.3, 0.4
"""Least confidence of puremagic's guess: it grows with the bytes that fit, 0.1 for each, and two may fit by chance."""
_WRITTEN_AS_TEXT = frozenset({"application/pdf", "application/rtf", "image/svg+xml", "application/xml",
                              "message/rfc822"})  # fmt: skip
_ZIP, _OFFICE_PART = b"PK\x03\x04", b"[Content_Types].xml"

logging.getLogger("puremagic").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent. `name` is its sender's word."""

    name: str
    content: bytes


def check(uploads: Sequence[Upload], contact: Contact) -> tuple[Upload, ...]:
    """Return the files under names that are safe everywhere; those without content are left out.

    Raises Invalid, which names the file and the mend, for too many, for one that is too large, and for any where none
    are taken.
    """
    there = tuple(Upload(safe_name(one.name), one.content) for one in uploads if one.content)
    if there and not contact.has_attachments:
        raise Invalid("Files can't be attached here. Send what you wrote without them.")
    if len(there) > contact.attachments:
        raise Invalid(
            f"There are {len(there)} files, and {contact.attachments} can go with one message. Take some out."
        )
    for one in there:
        if len(one.content) > contact.attachment_megabytes * MEGABYTE:
            message = (
                f"The file “{one.name}” is larger than {contact.attachment_megabytes} MB. "
                "Send a smaller one, or leave it out."
            )
            raise Invalid(message)
    return there


def keep(session: Session, message: Message, uploads: Sequence[Upload], *, at: datetime) -> list[Attachment]:
    """Keep files with a message that is in the session already. uploads: those that `check` returned."""
    kept = []
    for one in uploads:
        uid = secrets.token_hex(16)
        row = Attachment(
            uid=uid,
            message_id=message.id,
            name=safe_name(one.name),
            media_type=media_type(one.content),
            size_bytes=len(one.content),
            created_at=at,
        )
        session.add(row)
        session.flush()
        session.add(AttachmentContent(attachment=uid, content=one.content))
        kept.append(row)
    session.flush()
    return kept


def of_messages(session: Session, ids: Collection[int]) -> Mapping[int, list[Attachment]]:
    """Return message -> its files, in the order in which they were kept; a message without any has an empty list."""
    asked = select(Attachment).where(Attachment.message_id.in_(ids)).order_by(Attachment.created_at, Attachment.name)
    found: defaultdict[int, list[Attachment]] = defaultdict(list)
    for one in session.scalars(asked):
        found[one.message_id].append(one)
    return found


def content(session: Session, uid: str) -> tuple[Attachment, bytes] | None:
    """Return a file and its bytes. Who may have it is the caller's to ask, by its message."""
    row = session.get(Attachment, uid)
    held = session.get(AttachmentContent, uid) if row else None
    return (row, held.content) if row and held else None


def media_type(content: bytes) -> str:
    """Return what bytes are, by themselves: a media type, `text/plain` for other text in UTF-8, else UNKNOWN."""
    guess, confidence = _guess(content)
    if _is_text(content):
        is_likely = confidence >= _SURE_OF_TEXT and (guess.startswith("text/") or guess in _WRITTEN_AS_TEXT)
        return guess if is_likely else PLAIN
    if content.startswith(_ZIP) and _OFFICE_PART not in content:
        return "application/zip"
    return guess if guess and confidence >= _SURE else UNKNOWN


def safe_name(name: str) -> str:
    """Return a file's name without its path and without what a file system or a reader could trip over."""
    last = one_line(_NOT_IN_NAMES.sub("\n", name.replace("\\", "/").rpartition("/")[2])).strip(" .")
    if len(last) <= NAME_LENGTH:
        return last or _UNNAMED
    ending = _ENDING.search(last)
    kept = ending[0] if ending else ""
    return last[: NAME_LENGTH - len(kept)].rstrip(" .") + kept


def _guess(content: bytes) -> tuple[str, float]:
    try:
        found = puremagic.magic_string(content[:_READ_BYTES])
    except (puremagic.PureError, ValueError):
        return "", 0.0
    best = next((one for one in found if one.mime_type), None)
    return (best.mime_type, float(best.confidence)) if best else ("", 0.0)


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
