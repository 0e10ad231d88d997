"""Mails as the world sends them: read as text, within bounds, and never a reason to fall over."""

import time
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content.contact import Contact
from portal.conversations import incoming
from portal.conversations.incoming import MOST_BYTES, Mail, read_head, read_mail
from portal.conversations.models import TEXT_LIMIT
from portal.conversations.taking import as_kept, language
from portal.errors import Invalid
from tests.conversations.mails import ADA, OURS, a_bounce, a_mail, without_headers

PIXEL = b"GIF89a" + b"\0" * 40
HEAD = (f"From: {ADA}", "Subject: x")


def _read(raw: bytes) -> Mail:
    return read_mail(raw, mail_from=OURS)


def test_a_mail_is_read_with_its_words_decoded() -> None:
    raw = without_headers(
        "From: =?utf-8?q?Ad=C3=A4_Example?= <Ada@EXAMPLE.org>",
        "Subject: =?iso-8859-1?q?Rechnung_f=FCr?= =?utf-8?b?IE3DpHJ6?=",
        "Message-ID: <one@example.org>",
        "In-Reply-To: <b@x>",
        "References: <a@x>",
        " <b@x>",
        "Content-Type: text/plain; charset=iso-8859-1",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "Gr=FC=DFe",
    )
    mail = _read(raw)
    assert (mail.head.name, mail.head.address) == ("Adä Example", "Ada@example.org")
    assert mail.head.subject == "Rechnung für März"
    assert mail.head.answers == ("b@x", "a@x")
    assert mail.text == "Grüße"


def test_html_becomes_text_and_nothing_in_it_runs_loads_or_hides() -> None:
    html = (
        '<style>p{}</style><p>Hello</p><script>alert(1)</script><p style="display: none">hidden</p>'
        '<img src="https://spy.example/p.gif" alt=""><a href="https://x.example/y">here</a>'
        '<a href="javascript:alert(2)">there</a><ul><li>one<li>two</ul><!-- secret --><iframe>z</iframe>'
    )
    mail = _read(a_mail(" ", html=html))
    assert mail.text == "Hello\n\nhere (https://x.example/y)there\n\n- one\n- two"
    assert not any(word in mail.text for word in ("alert", "spy", "hidden", "secret", "<"))


def test_plain_text_is_taken_before_html() -> None:
    assert _read(a_mail("plain", html="<p>html</p>")).text == "plain"


@pytest.mark.parametrize(
    ("charset", "raw"),
    [
        ("us-ascii", "Grüße".encode()), ("utf-8", "Grüße".encode("cp1252")), ("nonsense-9", "Grüße".encode()),
        ("utf-16", "Grüße".encode()), ("unicode_escape", "Grüße".encode()), ("idna", "Grüße".encode()),
        ("rot13", "Grüße".encode()), ("base64", "Grüße".encode()), ("", "Grüße".encode()),
    ],
)  # fmt: skip
def test_a_wrong_encoding_is_seen_through(charset: str, raw: bytes) -> None:
    head = without_headers(
        *HEAD, f"Content-Type: text/plain; charset={charset}", "Content-Transfer-Encoding: 8bit", "", ""
    )
    assert _read(head + raw).text == "Grüße"


def test_what_is_quoted_and_signed_is_left_out() -> None:
    text = "It works now.\n\nBest regards,\nAda\n\nOn Sun, 22 Nov 2026 at 14:00, Acme wrote:\n> Did it help?\n> Bo\n"
    assert _read(a_mail(text)).text == "It works now."


@pytest.mark.parametrize(
    "text",
    [
        "See below.\n\nOn Sunday, Acme wrote:\n> Did it help?\n\nNo.\n\n> Really?\n\nYes.",
        "Thanks, but that did not work.\nWhat now?",
        "The log says\nFrom: nobody\nTo: nobody\nand stops.",
        "- one\n- two\n- three",
        "> only a quote",
    ],
)
def test_where_it_is_not_certain_what_is_new_all_of_it_stays(text: str) -> None:
    assert _read(a_mail(text)).text == text


def test_german_and_outlook_quotes_are_left_out() -> None:
    for text in (
        "Danke.\n\nAm So., 22. Nov. 2026 um 14:00 Uhr schrieb Acme <help@example.com>:\n> Geht es?",
        "Danke.\n\nVon: Acme <help@example.com>\nGesendet: Sonntag\nAn: Ada\nBetreff: Re: x\n\nGeht es?",
        "Danke.\n\n-- \nAda Example",
        "Danke.\n\nGesendet von meinem iPhone",
    ):
        assert _read(a_mail(text)).text == "Danke."


def test_files_come_along_and_pixels_and_signatures_do_not() -> None:
    mail = EmailMessage()
    mail["From"] = ADA
    mail.set_content("Look.")
    mail.add_attachment(b"x" * 10, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    mail.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar")
    mail.add_attachment(b"sig", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    mail.add_attachment(PIXEL, maintype="image", subtype="gif", filename="p.gif", disposition="inline")
    mail.add_attachment(PIXEL * 200, maintype="image", subtype="gif", filename="shot.gif", disposition="inline")
    mail.add_attachment(b"", maintype="application", subtype="pdf", filename="empty.pdf")
    inner = EmailMessage()
    inner["Subject"] = "inner"
    inner.set_content("inner text")
    mail.add_attachment(inner)
    found = _read(mail.as_bytes())
    assert found.text == "Look."
    assert [one.name for one in found.files] == ["winmail.dat", "invitation.ics", "shot.gif", "mail.eml"]


def test_a_text_too_long_for_a_message_comes_along_whole() -> None:
    text = "A line of the log.\n" * 3000
    found = _read(a_mail(text))
    assert len(found.text) <= TEXT_LIMIT
    assert found.files[0].name == "whole-message.txt"
    assert found.files[0].content.decode().strip() == text.strip()


def test_a_header_can_t_begin_another_one() -> None:
    raw = without_headers(
        "From: Ada <ada@example.org>", "Subject: =?utf-8?q?x=0D=0ABcc:_evil@evil.example?=", "", "text"
    )  # fmt: skip
    assert "\n" not in _read(raw).head.subject
    assert "\r" not in _read(raw).head.subject


def test_a_bounce_says_of_what_and_why() -> None:
    bounce = _read(a_bounce("signpost.abc@example.com")).bounce
    assert bounce
    assert (bounce.original, bounce.reason, bounce.is_final) == (
        "signpost.abc@example.com",
        "550 5.1.1 No such user",
        True,
    )
    assert _read(a_mail()).bounce is None


def test_a_mail_is_known_by_its_id_else_by_its_bytes() -> None:
    assert _read(a_mail()).head.uid == _read(a_mail("Other text")).head.uid
    assert _read(a_mail(message_id="")).head.uid != _read(a_mail("Other text", message_id="")).head.uid


def test_the_language_is_what_the_mail_says_if_we_speak_it() -> None:
    assert language("de-AT", ["en", "de"]) == "de"
    assert language("pt-br", ["pt", "pt-BR"]) == "pt-BR"
    assert language("fr", ["en"]) == language("", ["en"]) == ""
    assert _read(a_mail(Content_Language="de-DE, en")).head.lang == "de-DE"
    assert _read(a_mail(Content_Language="<script>")).head.lang == ""


def test_files_that_are_not_taken_are_named_below_the_text() -> None:
    mail = _read(a_mail("x" * 30_000, files=(("a.txt", "text/plain", b"a"), ("b.txt", "text/plain", b"b"))))
    text, files = as_kept(mail, Contact(attachments=1))
    assert [one.name for one in files] == ["whole-message.txt"]
    assert "[a.txt: " in text
    assert len(text) <= TEXT_LIMIT
    assert as_kept(_read(a_mail(" ")), Contact())[0] == "(This mail has no text.)"


def test_a_mail_over_25_megabytes_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="25 MB"):
        _read(b"x" * (MOST_BYTES + 1))


def _nested(count: int) -> bytes:
    parts = [f"Content-Type: multipart/mixed; boundary=b{number}\r\n\r\n--b{number}" for number in range(count)]
    return without_headers(*HEAD, *parts, "", "deep")


HOSTILE = {
    "a thousand nested parts": _nested(1000),
    "ninety nested parts": _nested(90),
    "ten thousand parts": without_headers(
        *HEAD, "Content-Type: multipart/mixed; boundary=b", "", *["--b", "", "x"] * 10_000
    ),
    "a giant header": without_headers(*HEAD, "X-Big: " + "a" * 2_000_000, "", "text"),
    "a giant structured header": without_headers(*HEAD, "Content-Type: text/plain;" + " a=b;" * 300_000, "", "text"),
    "comments within comments": without_headers(f"From: {'(' * 50_000} <{ADA}>", "", "text"),
    "a hundred thousand headers": without_headers(*HEAD, *[f"X-{one}: y" for one in range(100_000)], "", "text"),
    "no header at all": b"just text",
    "nothing": b"",
    "NUL": without_headers(f"From: {ADA}\0", "Subject: a\0b", "", "te\0xt\0"),
    "bytes in headers": b"From: \xff\xfe <ada@example.org>\r\nSubject: Gr\xfc\xdfe\r\n\r\ntext",
    "lone surrogates": without_headers(f"From: {ADA}", "Subject: \udcff\udcfe", "", "\udc80"),
    "broken base64": without_headers(*HEAD, "Content-Transfer-Encoding: base64", "", "%%%===A"),
    "broken encoded words": without_headers(
        f"From: {ADA}", "Subject: =?utf-8?b?%%%?= =?x?q?a?= =?utf-8?z?a?=", "", "x"
    ),
    "a boundary that never comes": without_headers(*HEAD, "Content-Type: multipart/mixed; boundary=zz", "", "text"),
    "a multipart without a boundary": without_headers(*HEAD, "Content-Type: multipart/alternative", "", "text"),
    "an alternative of nothing": without_headers(
        *HEAD, "Content-Type: multipart/alternative; boundary=b", "", "--b--"
    ),
    "a report of nothing": without_headers(
        *HEAD, "Content-Type: multipart/report; report-type=delivery-status; boundary=b", "", "--b",
        "Content-Type: message/delivery-status", "", "--b--",
    ),
    "uuencode": without_headers(*HEAD, "Content-Transfer-Encoding: x-uuencode", "", "begin 644 a", "#%%", "end"),
    "a bad file name": without_headers(
        *HEAD, "Content-Type: application/x; name*0*=utf-8''%FF%00; name*2=z", "Content-Disposition: attachment", "",
        "x",
    ),
    "open comments in HTML": without_headers(*HEAD, "Content-Type: text/html", "", "<!--" * 500_000),
    "open tags in HTML": without_headers(*HEAD, "Content-Type: text/html", "", "<p a='" * 300_000),
    "nested quotes in HTML": without_headers(*HEAD, "Content-Type: text/html", "", "<blockquote>" * 50_000 + "x"),
    "slow quotes": without_headers(*HEAD, "", "Am a schrieb " * 100_000),
    "slow lines": without_headers(*HEAD, "", *["Am a schrieb On b wrote " * 8] * 5000),
    "a million blank lines": without_headers(*HEAD, "", "\r\n" * 1_000_000),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_no_mail_breaks_or_holds_up_the_reader(name: str) -> None:
    began = time.process_time()
    try:
        mail = _read(HOSTILE[name])
    except Invalid as error:
        assert str(error).endswith(".")  # noqa: PT017 - a sentence for its sender
    else:
        as_kept(mail, Contact())[0].encode()
        assert "\0" not in mail.text + mail.head.subject + mail.head.name
        assert len(mail.text) <= TEXT_LIMIT
    assert time.process_time() - began < 8


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_mail_or_refused_in_words(raw: bytes) -> None:
    for each in (raw, a_mail().replace(b"My invoice is wrong.", raw), b"From: " + raw + b"\r\n\r\nx"):
        try:
            read_head(each, mail_from=OURS)
            _read(each).text.encode()
        except Invalid:
            continue


def test_what_is_said_of_a_large_mail_names_the_limit() -> None:
    assert "25 MB" in incoming.too_large()
