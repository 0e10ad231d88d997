"""How the value of a setting is read from its text. Each raises ValueError with what can be given."""

import re
from urllib.parse import urlsplit

_ENCODERS = frozenset({"auto", "none", "use", "wordllama"})
_TRANSFORMER = re.compile(r"transformer:[^?\s][^?]*(\?languages=.+)?")


def whole(text: str, least: int, most: int) -> int:
    """Return a whole number within bounds."""
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not least <= number <= most:
        message = f"give a whole number from {least} to {most}"
        raise ValueError(message)
    return number


def seconds(text: str) -> float:
    """Return seconds."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0.1 <= number <= 600:  # noqa: PLR2004 - the bounds stand in the message
        message = "give seconds from 0.1 to 600"
        raise ValueError(message)
    return number


def encoder(text: str) -> str:
    """Return the name of an encoder."""
    if text not in _ENCODERS and not _TRANSFORMER.fullmatch(text):
        message = "give auto, none, use, wordllama, or transformer: with a folder or package behind it"
        raise ValueError(message)
    return text


def base_url(text: str) -> str:
    """Return the address of a host, without a slash at its end."""
    parts = urlsplit(text)
    is_whole = parts.scheme in ("http", "https") and parts.netloc and not (parts.query or parts.fragment)
    if not is_whole or parts.path.strip("/"):
        message = "give the address of a whole host such as https://help.example.com, without a path"
        raise ValueError(message)
    return text.rstrip("/")


def bind(text: str) -> str:
    """Return an address and a port."""
    host, colon, port = text.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) < 65536):  # noqa: PLR2004 - ports end there
        message = "give an address and a port such as 127.0.0.1:8000"
        raise ValueError(message)
    return text


def long_enough(text: str) -> str:
    """Return a secret."""
    least = 16
    if len(text) < least:
        message = f"a secret has at least {least} characters"
        raise ValueError(message)
    return text


def signing_key(text: str) -> str:
    """Return a key for HMAC with SHA-256, which has no fewer bits than the hash (RFC 7518, 3.2)."""
    least = 32
    if len(text.encode()) < least:
        message = f"a key that signs links has at least {least} characters"
        raise ValueError(message)
    return text


def smtp_url(text: str) -> str:
    """Return the address of a mail server."""
    parts = urlsplit(text)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/"):
        message = "give an address such as smtp://user:password@mail.example.com:587"
        raise ValueError(message)
    return text


def https_url(text: str) -> str:
    """Return an https address, without a slash at its end."""
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.fragment:
        message = "give an https: address"
        raise ValueError(message)
    return text.rstrip("/")


def imap_url(text: str) -> str:
    """Return the address of a mailbox."""
    parts = urlsplit(text)
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        message = "give an address such as imaps://user:password@mail.example.com/INBOX"
        raise ValueError(message)
    return text
