import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.content.contact import Contact
from portal.conversations import attachments, intake
from portal.conversations.attachments import MEGABYTE, NAME_LENGTH, Upload, media_type, safe_name
from portal.conversations.models import Kind, Message
from portal.errors import Invalid
from tests.conversations.received import received

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(30)


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(30), "image/jpeg"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
        (b"<!DOCTYPE html><html><script>alert(1)</script>", "text/html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>", "image/svg+xml"),
        (b"BMW is how my message begins, and it is no bitmap", "text/plain"),
        ("Grüße, ein Satz".encode(), "text/plain"),
        (b"2026-01-01 error\n" * 20, "text/plain"),
        (b"nothing\0known\xff" * 3, "application/octet-stream"),
        (b"\xfe\xfd\xfc", "application/octet-stream"),
        (zipped("a.txt"), "application/zip"),
    ],
)
def test_a_file_is_what_its_content_is(content: bytes, kind: str) -> None:
    assert media_type(content) == kind


@given(st.binary(max_size=300))
def test_any_bytes_are_of_some_type(content: bytes) -> None:
    assert media_type(content).isascii()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\seen.png", "seen.png"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("two\nlines\r.txt", "two lines .txt"),
        ("", "file"),
        ("...", "file"),
        ("Öffnungszeiten 2026.txt", "Öffnungszeiten 2026.txt"),
        ("x" * 300 + ".pdf", "x" * (NAME_LENGTH - 4) + ".pdf"),
    ],
)
def test_a_name_is_safe_everywhere(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_no_name_leads_anywhere(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= NAME_LENGTH
    assert not set(safe) & set('/\\\0\n\r\u202e:"')
    assert safe_name(safe) == safe


def test_too_large_too_many_and_none_at_all_are_said() -> None:
    with pytest.raises(Invalid, match=r"“big\.log” is larger than 1 MB"):
        attachments.check([Upload("big.log", b"x" * (MEGABYTE + 1))], Contact(attachment_megabytes=1))
    with pytest.raises(Invalid, match="There are 2 files, and 1 can go"):
        attachments.check([Upload("a", b"x"), Upload("b", b"x")], Contact(attachments=1))
    with pytest.raises(Invalid, match="can't be attached here"):
        attachments.check([Upload("a", b"x")], Contact(has_attachments=False))


def test_a_file_without_content_is_none() -> None:
    assert attachments.check([Upload("", b""), Upload("empty.txt", b"")], Contact(has_attachments=False)) == ()


def test_files_stay_with_their_message(session: Session) -> None:
    conversation = intake.open_conversation(session, received(files=(Upload("../a.png", PNG),)), at=AT)
    (message,) = session.query(Message).filter_by(conversation_id=conversation.id, kind=Kind.CUSTOMER)
    (kept,) = attachments.of_messages(session, [message.id])[message.id]
    assert (kept.name, kept.media_type, kept.size_bytes) == ("a.png", "image/png", len(PNG))
    assert attachments.content(session, kept.uid) == (kept, PNG)
    assert attachments.content(session, "0" * 32) is None
