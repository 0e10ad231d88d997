"""The body of a mail: its text, and the files that came with it."""

import codecs
from email.message import Message

from portal.conversations import _mime
from portal.conversations._html_text import text_of as text_of_html
from portal.conversations.attachments import Upload
from portal.conversations.models import TEXT_LIMIT
from portal.conversations.quoting import newly_written
from portal.text import without_controls

WHOLE = "whole-message.txt"
"""Name of the file that has all of a text that is too long for a message."""
_SMALLEST_PICTURE = 5_000
"""Bytes of a picture within a text that is kept: below are logos, rulers and pixels that spy."""
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_NO_CODECS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined"})
"""What Python can decode by, and no mail is written in; some take the square of the length."""
_MOST_TEXT = 2_000_000


def text_of(mail: Message) -> str:
    """Return what is new in a mail, without its quotes and its signature; cut where it is too long for a message."""
    return newly_written(_written(mail))[:TEXT_LIMIT].strip()


def files_of(mail: Message) -> tuple[Upload, ...]:
    """Return what came with a mail, and its whole text where that is too long for a message."""
    found = [Upload(_name(one), _mime.content(one)) for one in _mime.leaves(mail) if _is_file(one)]
    text = _written(mail)
    if len(newly_written(text)) > TEXT_LIMIT:
        found.insert(0, Upload(WHOLE, text.encode("utf-8", "replace")))
    return tuple(one for one in found if one.content)


def _written(part: Message) -> str:
    """Return the text of a part and all in it. Of alternatives the plain one, if it says anything."""
    parts = _mime.inner(part)
    if part.get_content_maintype() == "multipart" and parts:
        if part.get_content_subtype() == "alternative":
            plain_first = sorted(parts, key=lambda one: one.get_content_type() != "text/plain")
            return next((said for one in plain_first if (said := _written(one))), "")
        return "\n\n".join(said for one in parts if (said := _written(one)))
    if _is_file(part) or part.get_content_maintype() != "text":
        return ""
    text = _decoded(part).replace("\r\n", "\n")
    return text_of_html(text) if part.get_content_subtype() == "html" else without_controls(text).strip()


def _is_file(part: Message) -> bool:
    """Whether a part is a file: not the text, nor a small picture within it, nor a signature that programs check."""
    kind = part.get_content_type()
    if kind in _SIGNATURES or kind.startswith("message/delivery-status"):
        return False
    is_text = kind in {"text/plain", "text/html"}
    if is_text and part.get_content_disposition() != "attachment":
        return bool(_mime.file_name(part))
    is_within = part.get_content_maintype() == "image" and part.get_content_disposition() != "attachment"
    return not is_within or len(_mime.content(part)) >= _SMALLEST_PICTURE


def _name(part: Message) -> str:
    named = _mime.file_name(part)
    if named:
        return named
    endings = {"message/rfc822": "mail.eml", "text/calendar": "invitation.ics", "text/html": "page.html"}
    return endings.get(part.get_content_type(), f"{part.get_content_maintype()}.{part.get_content_subtype()}")


def _decoded(part: Message) -> str:
    """Return a text by its declared encoding; where that is wrong, by UTF-8, else by Windows' Latin."""
    raw = _mime.content(part)[:_MOST_TEXT]
    declared = _codec(part)
    for name in (declared, "utf-8"):
        try:
            return raw.decode(name)
        except (UnicodeError, LookupError, ValueError):
            continue
    return raw.decode("cp1252" if declared in {"ascii", "utf-8"} else declared, "replace")


def _codec(part: Message) -> str:
    try:
        name = codecs.lookup(str(part.get_content_charset("utf-8"))).name
        "".encode(name)
    except (LookupError, ValueError, UnicodeError):
        return "utf-8"
    return "utf-8" if name in _NO_CODECS else name
