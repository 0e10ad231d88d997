"""Mails as people, programs and Mallory send them."""

from email.message import EmailMessage
from email.policy import SMTP

OURS = "help@example.com"
ADA = "ada@example.org"


def a_mail(
    text: str = "My invoice is wrong.",
    *,
    subject: str = "Wrong invoice",
    sender: str = f"Ada Example <{ADA}>",
    message_id: str = "<one@example.org>",
    html: str = "",
    files: tuple[tuple[str, str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    """Return a mail's bytes. files: name, media type, content. headers: with _ for -."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, OURS, subject
    if message_id:
        mail["Message-ID"] = message_id
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, kind, content in files:
        main, sub = kind.split("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    return mail.as_bytes()


def a_bounce(original: str, *, action: str = "failed", why: str = "smtp; 550 5.1.1 No such user") -> bytes:
    """Return what a mail server reports of a mail. original: its Message-ID, without brackets."""
    return f"""From: MAILER-DAEMON@mx.example.org
To: {OURS}
Subject: Undelivered Mail
Return-Path: <>
Message-ID: <bounce-{action}-{original[:20]}@mx.example.org>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your mail could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {ADA}
Action: {action}
Status: 5.1.1
Diagnostic-Code: {why}

--b
Content-Type: text/rfc822-headers

From: {OURS}
Message-ID:
 <{original}>
Subject: Re: Wrong invoice

--b--
""".replace("\n", "\r\n").encode()


def without_headers(*lines: str) -> bytes:
    """Return a mail from lines as they are."""
    return "\r\n".join(lines).encode("utf-8", "surrogateescape")
