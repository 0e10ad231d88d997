"""A mailbox is read by IMAP from a real server: each mail once, marked only when it is kept."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from portal import fetching
from portal.bootstrap import Portal
from portal.conversations import mailbox
from portal.conversations.incoming import MOST_BYTES
from portal.conversations.models import Conversation, IncomingMail, Verdict
from portal.db import transaction
from portal.errors import Unavailable
from portal.fetching import Fetched
from portal.outbox.models import Delivery
from tests.conversations.mails import a_mail
from tests.imap_server import FLAGS

AT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[1]
SEEN, FLAGGED = r"\Seen", r"\Flagged"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    large = a_mail(sender="Eve <eve@example.net>", message_id="<large@x>") + b"x" * MOST_BYTES
    mails = {
        "1-broken": b"\x00\xff no mail at all",
        "2-good": a_mail(),
        "3-loop": a_mail(message_id="<loop@x>", Precedence="bulk"),
        "4-large": large,
        "5-good": a_mail(message_id="<two@x>", sender="bo@example.net"),
    }
    for name, raw in mails.items():
        (folder / f"{name}.eml").write_bytes(raw)
    return folder


@pytest.fixture
def port(folder: Path) -> Iterator[int]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.imap_server", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            yield int(server.stdout.readline())
        finally:
            server.kill()


def _with(portal: Portal, url: str) -> Portal:
    settings = replace(
        portal.settings, imap_url=url, smtp_url="smtp://127.0.0.1:1", mail_from="Acme <help@example.com>"
    )
    return replace(portal, settings=settings)


def test_unread_mails_are_taken_once_and_a_bad_one_stops_no_other(portal: Portal, folder: Path, port: int) -> None:
    reading = _with(portal, f"imap://help:pass%20word@127.0.0.1:{port}/INBOX")
    done = fetching.fetch(reading, at=AT)
    assert done == Fetched(taken=2, passed_over=1, refused=2)
    assert done.line().startswith("2 mails taken, 0 bounces, 1 written by programs, 2 refused")
    flags = json.loads((folder / FLAGS).read_text("utf-8"))
    assert flags["2-good.eml"] == flags["5-good.eml"] == [SEEN]
    assert all(flags[f"{name}.eml"] == [FLAGGED, SEEN] for name in ("1-broken", "3-loop", "4-large"))
    with portal.database.session() as session:
        assert len(session.scalars(select(Conversation)).all()) == 2
        [refusal] = session.scalars(select(Delivery).where(Delivery.event == "refusal"))
        assert refusal.target == "eve@example.net"
        assert "25 MB" in refusal.payload
    # The server begins anew with every mail unread, as one whose marks were lost.
    with portal.database.session() as session, transaction(session):
        kept = {one.uid: one.verdict for one in session.scalars(select(IncomingMail))}
    assert sorted(kept.values()) == [Verdict.LOOP, Verdict.REFUSED, Verdict.REFUSED, Verdict.TAKEN, Verdict.TAKEN]
    fetching.fetch(reading, at=AT)
    with portal.database.session() as session:
        assert len(session.scalars(select(Conversation)).all()) == 2
        assert len(session.scalars(select(Delivery).where(Delivery.event.in_(["receipt", "refusal"]))).all()) == 3


def test_what_could_not_be_kept_stays_unread(
    portal: Portal, folder: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        message = "The database can't be reached at the moment."
        raise Unavailable(message)

    reading = _with(portal, f"imap://help:pass%20word@127.0.0.1:{port}/INBOX")
    with monkeypatch.context() as patched:
        patched.setattr(fetching, "take_mail", away)
        with pytest.raises(Unavailable, match="database"):
            fetching.fetch(reading, at=AT)
    assert not (folder / FLAGS).exists()
    assert fetching.fetch(reading, at=AT).taken == 2


def test_a_mistake_of_ours_over_one_mail_stops_no_other(
    portal: Portal, folder: Path, port: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = fetching.take_mail

    def failing(portal: Portal, raw: bytes, *, at: datetime) -> IncomingMail:
        if b"<two@x>" in raw:
            raise RuntimeError
        return real(portal, raw, at=at)

    monkeypatch.setattr(fetching, "take_mail", failing)
    done = fetching.fetch(_with(portal, f"imap://help:pass%20word@127.0.0.1:{port}/INBOX"), at=AT)
    assert (done.taken, done.failed) == (1, 1)
    assert json.loads((folder / FLAGS).read_text("utf-8"))["5-good.eml"] == []
    assert "stays unread" in caplog.text


def test_a_wrong_password_or_mailbox_is_said_without_the_password(portal: Portal, port: int) -> None:
    for place in (f"help:hunter22@127.0.0.1:{port}/INBOX", f"help:pass%20word@127.0.0.1:{port}/Nowhere"):
        with pytest.raises(Unavailable) as told:
            fetching.fetch(_with(portal, f"imap://{place}"), at=AT)
        assert "hunter22" not in str(told.value)
        assert "mailbox" in str(told.value)


def test_a_server_that_is_away_and_no_mailbox_at_all_are_said_in_words(portal: Portal) -> None:
    with pytest.raises(Unavailable, match="mailbox can't be read"):
        fetching.fetch(_with(portal, "imap://help:x@127.0.0.1:1/INBOX"), at=AT)
    with pytest.raises(Unavailable, match="PORTAL_IMAP_URL"):
        fetching.fetch(portal, at=AT)


def test_a_password_is_not_sent_readable_to_another_machine(
    portal: Portal, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "_HERE", frozenset())
    with pytest.raises(Unavailable, match=r"(?i)tls"):
        fetching.fetch(_with(portal, f"imap://help:pass%20word@127.0.0.1:{port}/INBOX"), at=AT)
