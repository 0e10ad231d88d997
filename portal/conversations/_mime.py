"""MIME: a mail's bytes as a tree of parts, by the standard library, within bounds that no sender can break.

The library's parser takes as long as lines times nested parts, and its headers as long as their square: so parts,
headers and their lengths are bounded before it looks at them. Its older policy is used, which reads no header's
structure by itself; what is read of them is read here.
"""

import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from email.utils import parseaddr

from portal.errors import Invalid
from portal.text import one_line

MOST_PARTS = 100
"""Parts of one mail, nested ones counted; people send a handful."""
_MOST_HEADERS, _MOST_HEADER = 500, 8_000
"""Headers of one part, and characters of one; long lists of receivers and signatures have some thousand."""
_MOST_DECODED = 1_000
_ID = re.compile(r"<([^<>\s]{1,250})>")
BROKEN = (ValueError, LookupError, AttributeError, TypeError, RecursionError, MessageError)
"""What the library raises on mails that nobody should have written."""


class _TooManyParts(Exception):
    pass


class _Bounded(Compat32):
    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return a header's name and its value, cut."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MOST_HEADER]


_POLICY = _Bounded()


class _Part(Message):
    def set_raw(self, name: str, value: str) -> None:
        """Keep a header that the parser met, unless there are too many."""
        if len(self) < _MOST_HEADERS:
            super().set_raw(name, value)


def parse(raw: bytes) -> Message:
    """Return the tree of a mail. Raises Invalid, in words for its sender."""
    made = 0

    def make(policy: Compat32 = _POLICY) -> Message:
        nonlocal made
        made += 1
        if made > MOST_PARTS + 1:  # the parser makes one to see how it is done
            raise _TooManyParts
        return _Part(policy=policy)

    try:
        return BytesParser(make, policy=_POLICY).parsebytes(raw)
    except _TooManyParts as error:
        raise Invalid(f"The mail has more than {MOST_PARTS} parts, one in the other or behind one another.") from error
    except BROKEN as error:
        raise Invalid("The mail can't be read: it is not put together as mails are.") from error


def headers(part: Message, name: str) -> list[str]:
    """Return all values of a header, each on one line, the topmost first."""
    return [one_line(_unescaped(str(value))) for known, value in part.raw_items() if known.lower() == name.lower()]


def header(part: Message, name: str) -> str:
    """Return a header's topmost value on one line; empty for none."""
    return next(iter(headers(part, name)), "")


def words(value: str) -> str:
    """Return a header's value as people read it, encoded words decoded."""
    try:
        return one_line(str(make_header(decode_header(value[:_MOST_DECODED]))))
    except BROKEN:
        return one_line(value[:_MOST_DECODED])


def ids(value: str) -> tuple[str, ...]:
    """Return the Message-IDs in a header, without angle brackets."""
    return tuple(_ID.findall(value))


def sender(value: str) -> tuple[str, str]:
    """Return name and address of whom a mail is from; both may be empty."""
    name, address = parseaddr(value)
    return words(name), address


def leaves(part: Message) -> Iterator[Message]:
    """Yield the parts that hold something, in order; a mail within the mail is one of them."""
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        for one in inner(part):
            yield from leaves(one)
    else:
        yield part


def inner(part: Message) -> list[Message]:
    """Return the parts of a part; none for one that holds something itself."""
    held = part.get_payload() if part.is_multipart() else []
    return [one for one in held if isinstance(one, Message)]


def content(part: Message) -> bytes:
    """Return the bytes of a part, decoded; of a mail within the mail, the whole of that."""
    try:
        if part.is_multipart():
            return b"".join(one.as_bytes() for one in inner(part))
        decoded = part.get_payload(decode=True)
    except BROKEN:
        return b""
    return decoded if isinstance(decoded, bytes) else b""


def file_name(part: Message) -> str:
    """Return the name that a part's sender gave it; empty for none."""
    try:
        return words(part.get_filename() or "")
    except BROKEN:
        return ""


def _unescaped(value: str) -> str:
    """Return a value whose bytes beyond ASCII were never declared: UTF-8 mostly, else Windows' Latin."""
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
