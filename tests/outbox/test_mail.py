"""Mails, taken in by a real mail server on this machine."""

import smtplib
import ssl
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from portal.errors import Invalid, Unavailable
from portal.outbox.mail import Mailer
from portal.settings import Settings
from tests.outbox.certificates import write_certificate


class Box:
    def __init__(self) -> None:
        self.letters: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, _: object, __: object, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        letter = message_from_bytes(content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append((envelope.rcpt_tos, letter))
        return "250 OK"


class Server(Controller):
    """A mail server at whatever port is free."""

    def _trigger_server(self) -> None:
        assert self.server
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[Server]:
    controller = Server(box, hostname="127.0.0.1", port=0)
    controller.start()
    yield controller
    controller.stop()


def _mailer(controller: Server, login: str = "", mail_from: str = "Acme help <help@example.com>") -> Mailer:
    return Mailer(Settings(smtp_url=f"smtp://{login}127.0.0.1:{controller.port}", mail_from=mail_from))


def test_a_mail_arrives_as_plain_text(server: Server, box: Box) -> None:
    mailer = _mailer(server)
    assert mailer.is_on
    mailer.send("ada@example.com", "Ü: it is there", "Dear Ada,\nhere: https://x\n", list_unsubscribe="https://h/off")
    [(to, letter)] = box.letters
    assert to == ["ada@example.com"]
    assert (letter["Subject"], letter["From"]) == ("Ü: it is there", "Acme help <help@example.com>")
    assert letter["List-Unsubscribe"] == "<https://h/off>"
    assert letter["Message-ID"]
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().replace("\r\n", "\n") == "Dear Ada,\nhere: https://x\n"


LONG = f"<{'a' * 120}@mail.example.org>"
"""Longer than a line: as Outlook makes them."""


def test_a_letter_s_headers_arrive_as_they_are(server: Server, box: Box) -> None:
    headers = {
        "From": "Bö at Acme", "Message-ID": "<1@example.com>", "In-Reply-To": LONG,
        "References": " ".join([LONG, "<a@b>"] * 10), "Reply-To": "Acme <help@example.com>",
        "X-Loop": "help@example.com",
        "Bcc": "mallory@evil.com", "X-Other": "passed over",
    }  # fmt: skip
    _mailer(server).send("ada@example.com", "S", "T", headers=headers)
    [(to, letter)] = box.letters
    assert to == ["ada@example.com"]
    assert letter["From"] == "Bö at Acme <help@example.com>"
    assert (letter["Message-ID"], letter["In-Reply-To"], letter["X-Loop"]) == (
        "<1@example.com>",
        LONG,
        "help@example.com",
    )
    assert letter["References"].split() == [LONG, "<a@b>"] * 10
    assert not [value for name, value in letter.raw_items() if name in {"In-Reply-To", "References"} and "=?" in value]
    assert (letter["Auto-Submitted"], letter["Bcc"], letter["X-Other"]) == (None, None, None)


def test_a_line_end_in_a_letter_s_header_begins_none(server: Server, box: Box) -> None:
    headers = {
        "Message-ID": "<1@x>\r\nBcc: mallory@evil.com",
        "From": "Bo\r\nBcc: mallory@evil.com",
        "References": "<a\n@b>",
    }
    _mailer(server).send("ada@example.com", "S", "T", headers=headers)
    [(to, letter)] = box.letters
    assert to == ["ada@example.com"]
    assert letter["Bcc"] is None
    assert letter.get_content().strip() == "T"


def test_a_mail_without_headers_of_its_own_says_that_no_person_wrote_it(server: Server, box: Box) -> None:
    _mailer(server).send("ada@example.com", "S", "T", headers={})
    assert box.letters[0][1]["Auto-Submitted"] == "auto-generated"


def test_no_header_can_be_smuggled_in(server: Server, box: Box) -> None:
    _mailer(server, mail_from='"Acme\r\nBcc: x@evil.com" <help@example.com>').send(
        "ada@example.com", "Hello\r\nBcc: mallory@evil.com\r\n\r\nBody", "Text", list_unsubscribe="https://h/\r\nX: y"
    )
    [(to, letter)] = box.letters
    assert to == ["ada@example.com"]
    assert letter["Bcc"] is None
    assert letter["X"] is None
    assert letter.get_content().strip() == "Text"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "@x",
        "ada@",
        "a@b.c, d@e.f",
        "a@b.c\nBcc: d@e.f",
        "Ada <a@b.c>",
        "a b@c.d",
        "a@b.c\x00",
        "x" * 260 + "@b.c",
    ],
)
def test_what_is_no_single_address_is_refused(address: str, server: Server, box: Box) -> None:
    with pytest.raises(Invalid):
        _mailer(server).send(address, "S", "T")
    assert box.letters == []


def test_a_server_that_is_away_is_said_in_words() -> None:
    with pytest.raises(Unavailable, match="did not take the mail"):
        Mailer(Settings(smtp_url="smtp://127.0.0.1:1")).send("ada@example.com", "S", "T")
    off = Mailer(Settings())
    assert not off.is_on
    with pytest.raises(Unavailable, match="PORTAL_SMTP_URL"):
        off.send("ada@example.com", "S", "T")


def test_a_password_is_not_sent_readable(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    class Plain(smtplib.SMTP):
        def __init__(self, _: str, port: int, timeout: float) -> None:
            super().__init__("127.0.0.1", port, timeout=timeout)

    controller = Server(
        box, hostname="127.0.0.1", port=0, auth_require_tls=False, authenticator=lambda *_: AuthResult(success=True)
    )
    controller.start()
    try:
        monkeypatch.setattr(smtplib, "SMTP", Plain)
        settings = Settings(smtp_url=f"smtp://bot:hunter22@mail.example.com:{controller.port}")
        with pytest.raises(Unavailable, match="STARTTLS") as told:
            Mailer(settings).send("ada@example.com", "S", "T")
        assert "hunter22" not in str(told.value)
        assert box.letters == []
    finally:
        controller.stop()


def test_starttls_is_used_and_the_certificate_checked(box: Box, tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path / "mail.pem", "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    seen: list[bytes] = []

    def authenticate(server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
        seen.append(getattr(data, "password", b""))
        return AuthResult(success=True)

    controller = Server(box, hostname="127.0.0.1", port=0, tls_context=context, authenticator=authenticate)
    controller.start()
    try:
        settings = Settings(smtp_url=f"smtp://bot:p%40ss@localhost:{controller.port}")
        with pytest.raises(Unavailable, match=r"(?i)certificate"):
            Mailer(settings).send("ada@example.com", "S", "T")
        Mailer(settings, ssl.create_default_context(cafile=str(certificate))).send("ada@example.com", "S", "T")
    finally:
        controller.stop()
    assert seen == [b"p@ss"]
    assert len(box.letters) == 1
