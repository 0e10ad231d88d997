"""Mail: plain text, by the mail server of the settings."""

import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formataddr, make_msgid, parseaddr
from urllib.parse import unquote, urlsplit

from portal.errors import Invalid, Unavailable
from portal.settings import Settings
from portal.text import one_line, without_controls

SECONDS = 20.0
MOST_SUBJECT = 200
HEADERS = frozenset({
    "Message-ID", "In-Reply-To", "References", "Reply-To", "Auto-Submitted", "X-Auto-Response-Suppress", "X-Loop"
})  # fmt: skip
"""What a letter may say of itself; anything else in its payload is passed over."""
_IDS = frozenset({"message-id", "in-reply-to", "references"})
_PORTS = {"smtp": 587, "smtps": 465}


class _Policy(EmailPolicy):
    """SMTP's, with ids one to a line: the library would write those over 78 characters as encoded words.

    They would be other ids then, and the thread of a conversation would tear.
    """

    def fold(self, name: str, value: str) -> str:
        """Return a header as it goes out."""
        if name.lower() in _IDS:
            return f"{name}: {(self.linesep + ' ').join(str(value).split())}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header as it goes out, in bytes."""
        return self.fold(name, value).encode() if name.lower() in _IDS else bytes(super().fold_binary(name, value))


@dataclass(frozen=True, slots=True)
class Mailer:
    """The way out for mails. `context` is handed in by tests alone."""

    settings: Settings
    context: ssl.SSLContext | None = None

    @property
    def is_on(self) -> bool:
        """Whether there is a mail server."""
        return self.settings.smtp_url is not None

    def send(
        self,
        to: str,
        subject: str,
        text: str,
        *,
        list_unsubscribe: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send one mail to one address.

        list_unsubscribe: address of a page that ends further mails of this kind. headers: some of `HEADERS`, and From:
        the name that it comes from; without them it is a mail that no person wrote, from the name of the settings.
        Raises Invalid for an address that can't be one, Unavailable where the server is away or refuses.
        """
        if self.settings.smtp_url is None:
            raise Unavailable("No mail server is set. Set PORTAL_SMTP_URL.")
        message = self._message(to, subject, text, list_unsubscribe, headers)
        try:
            self._hand_over(message, self.settings.smtp_url)
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(f"The mail server did not take the mail: {_words(error)}.") from error

    def _message(
        self, to: str, subject: str, text: str, list_unsubscribe: str | None, headers: Mapping[str, str] | None
    ) -> EmailMessage:
        """Put a mail together; a line end in any of its headers ends nothing."""
        name, sender = parseaddr(one_line(self.settings.mail_from))
        given = headers or {"Auto-Submitted": "auto-generated"}
        message = EmailMessage(policy=_Policy(linesep="\r\n"))
        try:
            message["From"] = formataddr((one_line(given.get("From") or name), _address(sender)))
            message["To"] = _address(to)
            message["Subject"] = one_line(subject)[:MOST_SUBJECT]
            for header in sorted(HEADERS & given.keys()):
                message[header] = one_line(given[header])
            if "Message-ID" not in message:
                message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "localhost")
            if list_unsubscribe:
                message["List-Unsubscribe"] = f"<{one_line(list_unsubscribe).replace('>', '%3E')}>"
                message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        except (ValueError, HeaderParseError) as error:
            raise Invalid(f"{to!r} can't be the address of a mail.") from error
        message.set_content(without_controls(text))
        return message

    def _hand_over(self, message: EmailMessage, url: str) -> None:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        context = self.context or ssl.create_default_context()
        secured = parts.scheme == "smtps"
        server = (
            smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
            if secured
            else smtplib.SMTP(host, port, timeout=SECONDS)
        )
        try:
            if not secured and (server.ehlo()[0], server.has_extn("starttls"))[1]:
                server.starttls(context=context)
                server.ehlo()
                secured = True
            if parts.username:
                _refuse_in_the_clear(host, secured=secured)
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()


def _refuse_in_the_clear(host: str, *, secured: bool) -> None:
    """Keep a password from going over the network readable."""
    if not secured and host not in ("localhost", "127.0.0.1", "::1"):
        raise smtplib.SMTPException("it offers no STARTTLS, and the password must not be sent readable")


def _address(words: str) -> str:
    """Return a plain address. Raises Invalid for anything that could be more than one, or more than an address."""
    plain = words.strip()
    local, at, domain = plain.rpartition("@")
    is_plain = all(letter.isprintable() and letter not in ' ,;:<>()[]"\\' for letter in plain)
    if not (local and at and domain and is_plain and len(plain) <= 254):  # noqa: PLR2004 - RFC 5321
        raise Invalid(f"{words!r} can't be the address of a mail.")
    return plain


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "it refused the address"
    return " ".join(str(error).split()) or type(error).__name__
