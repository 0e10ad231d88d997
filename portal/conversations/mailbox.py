"""Mailbox: the unread mails of an IMAP mailbox (RFC 3501), one by one; each is marked as read only when it is kept."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from portal.errors import Unavailable

SECONDS = 30.0
"""For each answer of the server; a mail of 25 MB takes some seconds."""
_PORTS = {"imap": 143, "imaps": 993}
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_FINE = "OK"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An open mailbox."""

    server: imaplib.IMAP4

    def unread(self, most: int) -> list[str]:
        """Return the numbers of the mails that nobody has read, oldest first."""
        [found, *_] = self._ask("SEARCH", "UNSEEN")
        return [one.decode() for one in (found or b"").split()][:most]

    def size(self, number: str) -> int:
        """Return how many bytes a mail has, as the server says."""
        found = _SIZE.search(b" ".join(one for one in self._ask("FETCH", number, "(RFC822.SIZE)") if one))
        return int(found[1]) if found else 0

    def mail(self, number: str) -> bytes:
        """Return a mail; it stays unread."""
        return self._literal(number, "(BODY.PEEK[])")

    def head(self, number: str) -> bytes:
        """Return a mail's headers; it stays unread."""
        return self._literal(number, "(BODY.PEEK[HEADER])")

    def mark(self, number: str, *, is_flagged: bool) -> None:
        """Mark a mail as read; with a flag too where somebody should look at it."""
        self._ask("STORE", number, "+FLAGS", r"(\Seen \Flagged)" if is_flagged else r"(\Seen)")

    def _literal(self, number: str, what: str) -> bytes:
        answer = self._talk("FETCH", number, what)
        found = next((one[1] for one in answer if isinstance(one, tuple)), None)
        if not isinstance(found, bytes):
            raise Unavailable("The mail server announced a mail and did not hand it out.")
        return found

    def _ask(self, command: str, *words: str) -> list[bytes]:
        answer = self._talk(command, *words)
        return [one if isinstance(one, bytes) else b"" for one in answer] or [b""]

    def _talk(self, command: str, *words: str) -> list[object]:
        verdict, answer = self.server.uid(command, *words)
        if verdict != _FINE:
            raise Unavailable(f"The mail server refused {command}.")
        return list(answer)


@contextmanager
def opened(url: str, context: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """Lend the mailbox of `PORTAL_IMAP_URL`. context: handed in by tests alone. Raises Unavailable, in words.

    Without TLS it talks to this machine alone; `imap://` elsewhere must offer STARTTLS.
    """
    server = None
    try:
        server = _server(url, context or ssl.create_default_context())
        parts = urlsplit(url)
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        verdict, _ = server.select(f'"{_quoted(folder)}"')
        if verdict != _FINE:
            raise Unavailable(f"The mailbox {folder!r} can't be opened.")
        yield Mailbox(server)
    except (OSError, imaplib.IMAP4.error) as error:
        raise Unavailable(f"The mailbox can't be read: {_words(error)}.") from error
    finally:
        if server is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                server.logout()
            with suppress(OSError):
                server.shutdown()


def _server(url: str, context: ssl.SSLContext) -> imaplib.IMAP4:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    if parts.scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=SECONDS)
    server = imaplib.IMAP4(host, port, timeout=SECONDS)
    if host not in _HERE:
        try:
            server.starttls(context)
        except (OSError, imaplib.IMAP4.error):
            server.shutdown()
            raise
    return server


def _quoted(folder: str) -> str:
    """Return a mailbox's name as IMAP writes it within quotes; a line end would begin another command."""
    return re.sub(r'(["\\])', r"\\\1", re.sub(r"[\r\n]", "", folder))


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it took too long"
    said = error.args[0] if error.args else ""
    return " ".join((said.decode("utf-8", "replace") if isinstance(said, bytes) else str(error)).split()) or "no answer"
