"""Webhooks from the outbox to a real receiver: a TLS server on this machine that stands for a public one."""

import hashlib
import hmac
import http.server
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.db import Database, transaction
from portal.outbox import receivers, store
from portal.outbox.deliver import Delivered, Sender, deliver
from portal.outbox.mail import Mailer
from portal.outbox.models import Delivery
from portal.outbox.reach import Reach
from portal.outbox.receiver import secret_of
from portal.settings import Settings
from tests.outbox.certificates import write_certificate
from tests.outbox.test_receivers import a_message

AT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
PUBLIC = "93.184.216.34"
NAME = "receiver.test"


@dataclass(slots=True)
class Program:
    """A program that is told: what it answers, and what it was sent."""

    status: int = 204
    words: bytes = b""
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


class _Handler(http.server.BaseHTTPRequestHandler):
    program: Program

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.program.got.append((self.path, dict(self.headers), body))
        self.send_response(self.program.status)
        self.send_header("Content-Length", str(len(self.program.words)))
        self.end_headers()
        self.wfile.write(self.program.words)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_certificate(tmp_path_factory.mktemp("tls") / "receiver.pem", NAME)


@pytest.fixture
def program() -> Program:
    return Program()


@pytest.fixture
def sender(program: Program, certificate: Path, tmp_path: Path) -> Iterator[Sender]:
    """Return what sends to it."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("_Its", (_Handler,), {"program": program}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()

    def connect(address: str, _: int, limit: float) -> socket.socket:
        assert address == PUBLIC
        return socket.create_connection(("127.0.0.1", server.server_port), limit)

    reach = Reach(lambda *_: [PUBLIC], connect, ssl.create_default_context(cafile=str(certificate)))
    settings = Settings(data=tmp_path, secret_key="k" * 32)
    yield Sender(settings, (), AT, reach, Mailer(settings))
    server.shutdown()
    server.server_close()
    thread.join()


def is_ours(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Check a message as docs/webhooks.md says."""
    timestamp = headers["X-Signpost-Timestamp"]
    wanted = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    given = headers["X-Signpost-Signature"].split(", ")
    return any(hmac.compare_digest(f"sha256={wanted}", one) for one in given)


def _told(database: Database, *uids: str) -> str:
    """Make a webhook, and write messages for it; return its uid."""
    with database.session() as session, transaction(session):
        made = receivers.make(session, name="Chat", url=f"https://{NAME}/hook?x=1", events=["gap.*"], by="Ada", at=AT)
        for uid in uids:
            store.add(session, a_message(made.uid, uid))
    return made.uid


def test_a_program_is_told_where_its_webhook_says_and_knows_who_told_it(
    sqlite_database: Database, sender: Sender, program: Program
) -> None:
    uid = _told(sqlite_database, "a")
    assert deliver(sqlite_database, sender, at=AT) == Delivered(sent=1)
    [(path, headers, body)] = program.got
    assert (path, body, headers["X-Signpost-Id"], headers["X-Signpost-Event"]) == (
        "/hook?x=1", b"{}", "a", "gap.accepted"
    )  # fmt: skip
    assert is_ours(secret_of(b"k" * 32, uid, 1), headers, body)
    assert not is_ours(secret_of(b"k" * 32, uid, 2), headers, body)
    with sqlite_database.session() as session:
        assert session.get_one(Delivery, "a").status == 204


def test_after_a_renewal_a_program_may_know_either_secret_for_a_day(
    sqlite_database: Database, sender: Sender, program: Program
) -> None:
    uid = _told(sqlite_database, "a")
    with sqlite_database.session() as session, transaction(session):
        receivers.renew(session, uid, at=AT)
    deliver(sqlite_database, sender, at=AT)
    with sqlite_database.session() as session, transaction(session):
        receivers.send_again(session, uid, "a", at=AT)
    deliver(sqlite_database, sender, at=AT + timedelta(days=1))
    [(_, during, body), (_, after, _)] = program.got
    first, second = (secret_of(b"k" * 32, uid, generation) for generation in (1, 2))
    assert [is_ours(first, during, body), is_ours(second, during, body)] == [True, True]
    assert [is_ours(first, after, body), is_ours(second, after, body)] == [False, True]


def test_what_a_program_refuses_stands_in_the_log_in_its_words_without_an_address(
    sqlite_database: Database, sender: Sender, program: Program
) -> None:
    program.status, program.words = 422, b"<b>No</b>\n ada@example.com is\x00 " + b"unknown " * 100
    _told(sqlite_database, "a")
    assert deliver(sqlite_database, sender, at=AT) == Delivered(failed=1)
    with sqlite_database.session() as session:
        kept = session.get_one(Delivery, "a")
    assert kept.status == 422
    assert (kept.problem or "").startswith("The webhook answered 422: <b>No</b> … is")
    assert len(kept.problem or "") < 240
    assert "ada@" not in (kept.problem or "")


def test_one_that_refuses_is_asked_once_a_run_and_has_the_rest_when_it_is_back(
    sqlite_database: Database, sender: Sender, program: Program
) -> None:
    program.status = 503
    _told(sqlite_database, *(f"m{number}" for number in range(5)))
    assert deliver(sqlite_database, sender, at=AT) == Delivered(failed=1)
    program.status = 200
    assert deliver(sqlite_database, sender, at=AT + timedelta(minutes=3)) == Delivered(sent=5)


def test_a_redirect_is_not_followed(sqlite_database: Database, sender: Sender, program: Program) -> None:
    program.status = 302
    _told(sqlite_database, "a")
    assert deliver(sqlite_database, sender, at=AT) == Delivered(failed=1)
    assert len(program.got) == 1
