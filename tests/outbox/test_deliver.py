import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from portal.content.loop import Tracker
from portal.db import Database, transaction
from portal.errors import Unavailable
from portal.outbox import store, webhook
from portal.outbox.deliver import Delivered, Sender, deliver
from portal.outbox.mail import Mailer
from portal.outbox.models import Channel, DeliveryState
from portal.outbox.news import letter
from portal.outbox.parcel import Issue, Message, Parcel
from portal.outbox.reach import Answer, Reach
from portal.settings import Settings
from tests.outbox.test_store import HOOK, TRACKERS, news

AT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


class Outside(Reach):
    """What is outside: keeps what it is sent, and answers as it is told to."""

    __slots__ = ("answers", "asked")

    def __init__(self, *answers: Answer | Exception) -> None:
        super().__init__()
        object.__setattr__(self, "answers", list(answers))
        object.__setattr__(self, "asked", [])

    def send(self, method: str, url: str, headers: object, body: bytes) -> Answer:
        self.asked.append((method, url, dict(headers), json.loads(body)))
        answer = self.answers.pop(0) if self.answers else Answer(200, b"{}")
        if isinstance(answer, Exception):
            raise answer
        return answer


def _put(database: Database, *messages: Message) -> None:
    with database.session() as session, transaction(session):
        for message in messages:
            store.add(session, message)


def _states(database: Database) -> dict[str, tuple[str, str | None]]:
    with database.session() as session:
        return {one.uid: (one.state, one.problem) for one in store.listed(session, states=list(DeliveryState))}


def _hook(uid: str, gap: int | None = None) -> Message:
    return Message(
        uid=uid, channel=Channel.WEBHOOK, target=HOOK, event="gap.accepted", payload='{"a": "ü"}', at=AT, gap=gap
    )


def _sender(reach: Reach, trackers: tuple[Tracker, ...] = (), at: datetime = AT, **settings: str) -> Sender:
    known = Settings(**settings)  # type: ignore[arg-type]
    return Sender(known, trackers, at, reach, Mailer(known))


def test_a_webhook_is_signed_over_its_timestamp_and_body(sqlite_database: Database) -> None:
    _put(sqlite_database, _hook("a"))
    outside = Outside()
    done = deliver(sqlite_database, _sender(outside, webhook_secret="a secret of many letters"), at=AT)
    assert done == Delivered(sent=1)
    [(method, url, headers, body)] = outside.asked
    assert (method, url, body) == ("POST", HOOK, {"a": "ü"})
    assert (headers["X-Signpost-Id"], headers["X-Signpost-Event"]) == ("a", "gap.accepted")
    signed = headers["X-Signpost-Timestamp"].encode() + b"." + '{"a": "ü"}'.encode()
    wanted = hmac.new(b"a secret of many letters", signed, hashlib.sha256).hexdigest()
    assert headers["X-Signpost-Signature"] == f"sha256={wanted}"
    assert int(headers["X-Signpost-Timestamp"]) == int(AT.timestamp())


def test_without_a_secret_nothing_is_signed() -> None:
    parcel = Parcel(
        uid="a", channel=Channel.WEBHOOK, target=HOOK, event="e", gap=None, payload="{}", attempt=1, created_at=AT
    )
    assert "X-Signpost-Signature" not in webhook.headers(parcel, (), AT)


def test_a_receiver_that_is_down_loses_nothing_and_stops_nobody_else(sqlite_database: Database) -> None:
    others = ("https://one.example.com/x", "https://two.example.com/x")
    _put(sqlite_database, _hook("a"), *(replace(_hook(uid), target=to) for uid, to in zip("bc", others, strict=True)))
    outside = Outside(Answer(503, b""), Unavailable("It can't be reached."), Answer(204, b""))
    assert deliver(sqlite_database, _sender(outside), at=AT, abreast=1) == Delivered(sent=1, failed=2)
    assert _states(sqlite_database) == {
        "a": ("waiting", "The webhook answered 503."),
        "b": ("waiting", "It can't be reached."),
        "c": ("sent", None),
    }
    assert deliver(sqlite_database, _sender(Outside()), at=AT) == Delivered()
    assert deliver(sqlite_database, _sender(Outside()), at=AT + timedelta(minutes=3)) == Delivered(sent=2)


def test_who_dies_while_sending_has_it_sent_again_under_the_same_name(sqlite_database: Database) -> None:
    _put(sqlite_database, _hook("a"))

    def dies(_: Parcel) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(sqlite_database, dies, at=AT)
    assert deliver(sqlite_database, _sender(Outside()), at=AT + timedelta(minutes=1)) == Delivered()
    outside = Outside()
    assert deliver(sqlite_database, _sender(outside), at=AT + store.LEASE) == Delivered(sent=1)
    assert outside.asked[0][2]["X-Signpost-Id"] == "a"


def test_nobody_waits_for_a_receiver(sqlite_database: Database) -> None:
    _put(sqlite_database, _hook("a"))

    def writes_meanwhile(_: Parcel) -> None:
        _put(sqlite_database, _hook("b"))

    assert deliver(sqlite_database, writes_meanwhile, at=AT, most=1) == Delivered(sent=1)
    assert _states(sqlite_database).keys() == {"a", "b"}


def test_two_at_once_send_each_message_once(database: Database) -> None:
    _put(database, *(_hook(f"{n}") for n in range(8)))
    seen: list[str] = []
    runs = [threading.Thread(target=deliver, args=(database, _noting(seen)), kwargs={"at": AT}) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert sorted(seen) == sorted(f"{n}" for n in range(8))


@dataclass(slots=True)
class Hangs:
    """Sends everything at once but what goes to one receiver, which answers only after all others had theirs."""

    target: str
    others: int
    seen: list[str] = field(default_factory=list)
    tries: int = 0
    all_done: threading.Event = field(default_factory=threading.Event)

    def __call__(self, parcel: Parcel) -> None:
        if parcel.target == self.target:
            self.tries += 1
            assert self.all_done.wait(20), "the others were held up"
            raise Unavailable("It took too long.")
        self.seen.append(parcel.uid)
        if len(self.seen) == self.others:
            self.all_done.set()


def test_a_receiver_that_hangs_holds_up_nobody_and_is_asked_once_a_run(database: Database) -> None:
    _put(database, *(_hook(f"h{n}") for n in range(30)))
    later = replace(_hook("x"), at=AT + timedelta(seconds=1))
    _put(database, *(replace(later, uid=f"o{n}", target="https://other.example.com") for n in range(10)))
    _put(database, *(letter(uid=f"m{n}", to=f"{n}@example.com", subject="s", text="t", at=later.at) for n in range(5)))
    send = Hangs(HOOK, others=15)
    assert deliver(database, send, at=later.at) == Delivered(sent=15, failed=1)
    assert send.tries == 1
    assert sorted(send.seen) == sorted([*(f"o{n}" for n in range(10)), *(f"m{n}" for n in range(5))])


def test_nobody_is_sent_two_messages_at_once(sqlite_database: Database) -> None:
    _put(sqlite_database, *(_hook(f"{n}") for n in range(12)))
    at_once, most, lock = 0, 0, threading.Lock()

    def send(_: Parcel) -> None:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        _states(sqlite_database)  # takes as long as another would need to come in
        with lock:
            at_once -= 1

    assert deliver(sqlite_database, send, at=AT) == Delivered(sent=12)
    assert most == 1


def test_a_run_takes_no_more_than_it_may(sqlite_database: Database) -> None:
    _put(sqlite_database, *(replace(_hook(f"{n}"), target=f"https://r{n}.example.com") for n in range(9)))
    assert deliver(sqlite_database, _sender(Outside()), at=AT, most=5) == Delivered(sent=5)


def _noting(seen: list[str]) -> Callable[[Parcel], None]:
    return lambda parcel: seen.append(parcel.uid)


def test_a_message_that_can_not_be_read_is_given_up_in_the_end_and_stops_nothing(sqlite_database: Database) -> None:
    _put(sqlite_database, replace(_hook("a"), channel=Channel.MAIL, payload="{"), _hook("b"))
    assert deliver(sqlite_database, _sender(Outside()), at=AT) == Delivered(sent=1, failed=1)


def _accepted(database: Database, outside: Outside, trackers: tuple[Tracker, ...] = TRACKERS, **settings: str) -> None:
    with database.session() as session, transaction(session):
        store.announce(session, news(), receivers=(), trackers=trackers)
    deliver(database, _sender(outside, trackers, **settings), at=AT)


def _later(database: Database, outside: Outside, event: str, state: str, version: int) -> Delivered:
    later = AT + timedelta(hours=version)
    with database.session() as session, transaction(session):
        store.announce(session, news(event, state, version, later), receivers=(), trackers=TRACKERS)
    return deliver(database, _sender(outside, TRACKERS), at=later)


def test_one_gap_is_one_issue_kept_in_step(sqlite_database: Database) -> None:
    made = Answer(201, b'{"number": 77, "html_url": "https://github.com/a/b/issues/77"}')
    outside = Outside(made)
    _accepted(sqlite_database, outside, tracker_token="tok-1234")
    _later(sqlite_database, outside, "gap.drafted", "drafted", 3)
    _later(sqlite_database, outside, "gap.closed", "closed", 4)
    _later(sqlite_database, outside, "gap.reopened", "accepted", 5)
    asked = [
        (method, url.removeprefix("https://api.github.com/repos/a/b"), body) for method, url, _, body in outside.asked
    ]
    assert [(method, path) for method, path, _ in asked] == [
        ("POST", "/issues"),
        ("PATCH", "/issues/77"),
        ("PATCH", "/issues/77"),
        ("PATCH", "/issues/77"),
    ]
    assert asked[0][2]["title"] == "Export all invoices"
    assert "Signpost gap 12" in asked[0][2]["body"]
    assert (asked[2][2]["state"], asked[3][2]["state"]) == ("closed", "open")
    assert outside.asked[0][2]["Authorization"] == "Bearer tok-1234"
    with sqlite_database.session() as session:
        assert store.issues(session, 12) == {"forge": Issue("77", "https://github.com/a/b/issues/77")}


def test_an_issue_that_could_not_be_made_is_made_before_it_is_closed(sqlite_database: Database) -> None:
    outside = Outside(Answer(500, b"oh"))
    _accepted(sqlite_database, outside)
    with sqlite_database.session() as session, transaction(session):
        store.retry(session, at=AT)
    assert len(outside.asked) == 1
    assert _later(sqlite_database, Outside(Answer(201, b'{"number": 1}')), "gap.closed", "closed", 3).sent == 2


def test_a_tracker_that_portal_toml_names_no_more_is_told(sqlite_database: Database) -> None:
    with sqlite_database.session() as session, transaction(session):
        store.announce(session, news(), receivers=(), trackers=TRACKERS)
    assert deliver(sqlite_database, _sender(Outside()), at=AT) == Delivered(failed=1)
    assert "no tracker 'forge' any more" in str(_states(sqlite_database))


def test_a_mail_goes_by_the_mail_server(sqlite_database: Database) -> None:
    _put(sqlite_database, letter(uid="m", to="ada@example.com", subject="S", text="T", at=AT))
    assert deliver(sqlite_database, _sender(Outside()), at=AT) == Delivered(failed=1)
    assert "PORTAL_SMTP_URL" in str(_states(sqlite_database))
