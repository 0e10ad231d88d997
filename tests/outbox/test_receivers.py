"""Webhooks that admins set up: what they hear of, what signs their messages, and when they are let alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.errors import Conflict, Invalid, NotFound
from portal.gaps.states import Verb
from portal.outbox import receiver, receivers, store
from portal.outbox.models import Channel, Delivery, DeliveryState, Webhook
from portal.outbox.news import letter
from portal.outbox.parcel import Message
from portal.outbox.receiver import EVENTS, GAP_EVENTS, OPERATORS, read_address, secret_of
from portal.settings import Settings
from tests.outbox.test_store import HOOK, news

AT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
CHAT = "https://chat.example.com/hook"
KEY = b"the portal's own secret"


def a_webhook(
    session: Session, name: str = "Chat", url: str = CHAT, events: tuple[str, ...] = ("gap.*",), at: datetime = AT
) -> Webhook:
    return receivers.make(session, name=name, url=url, events=events, by="Ada", at=at)


def a_message(to: str, uid: str = "a", event: str = "gap.accepted") -> Message:
    return Message(uid=uid, channel=Channel.WEBHOOK, target=to, event=event, payload="{}", at=AT)


def listening(session: Session, url: str | None = None, at: datetime = AT) -> list[str]:
    return [one.name for one in receivers.listening(session, url, at)]


def test_a_webhook_hears_of_what_was_chosen_since_it_is_there(session: Session) -> None:
    one = receiver.of(a_webhook(session, events=("gap.*", "conversation.created")), AT)
    heard = [event for events in EVENTS.values() for event in events if one.hears(event, AT)]
    assert heard == [*GAP_EVENTS, "conversation.created"]
    assert one.hears("gap.of_a_later_release", AT)
    assert one.hears("ping", AT)
    assert not one.hears("gap.accepted", AT - timedelta(seconds=1))


def test_every_change_of_a_gap_that_is_told_can_be_chosen() -> None:
    assert {f"gap.{verb}" for verb in Verb if verb is not Verb.FOUND} == set(GAP_EVENTS)


def test_the_operators_hears_of_all(session: Session) -> None:
    [one] = receivers.listening(session, HOOK, AT)
    assert (one.name, one.url, one.key) == (OPERATORS, HOOK, HOOK)
    assert one.hears("conversation.created", AT - timedelta(days=400))


def test_a_change_goes_to_each_that_hears_of_it_and_to_no_other(session: Session) -> None:
    a_webhook(session, "Chat")
    a_webhook(session, "Other", events=("conversation.*",))
    told = store.announce(session, news(at=AT), receivers=receivers.listening(session, HOOK, AT), trackers=())
    assert told == 2
    names = receivers.names(session)
    listed = store.listed(session, states=[DeliveryState.WAITING])
    assert sorted(receivers.title(one, names) for one in listed) == ["Chat", OPERATORS]


def test_what_waits_goes_where_the_webhook_is_when_it_goes(session: Session) -> None:
    one = a_webhook(session)
    store.add(session, a_message(one.uid))
    receivers.change(session, one.uid, name="Chat", url="https://new.example.com/x", events=["gap.*"])
    taken = store.take(session, AT)
    assert taken
    assert taken.receiver
    assert (taken.target, taken.receiver.url) == (one.uid, "https://new.example.com/x")


def test_a_secret_is_made_of_the_portals_and_is_another_for_each_and_after_each_renewal() -> None:
    made = [secret_of(KEY, "aaaaaaaaaaaa", 1), secret_of(KEY, "bbbbbbbbbbbb", 1), secret_of(KEY, "aaaaaaaaaaaa", 2),
            secret_of(b"another", "aaaaaaaaaaaa", 1)]  # fmt: skip
    assert len(set(made)) == 4
    assert all(one.startswith("sph_") and len(one) == 68 for one in made)
    assert secret_of(KEY, "aaaaaaaaaaaa", 1) == made[0]


def test_after_a_renewal_both_secrets_sign_for_a_day(session: Session, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, secret_key="k" * 32)
    one = a_webhook(session)
    [first] = receiver.of(one, AT).secrets(settings)
    receivers.renew(session, one.uid, at=AT)
    newest, former = receiver.of(one, AT + timedelta(hours=23)).secrets(settings)
    assert former == first != newest
    assert receiver.of(one, AT + timedelta(days=1)).secrets(settings) == (newest,)


def test_what_waits_for_one_that_is_off_waits_and_what_happens_meanwhile_is_not_told(session: Session) -> None:
    one = a_webhook(session)
    store.add(session, a_message(one.uid))
    receivers.switch(session, one.uid, on=False, by="Ada", at=AT)
    assert store.take(session, AT + timedelta(hours=1)) is None
    assert listening(session) == []
    later = AT + timedelta(hours=2)
    receivers.switch(session, one.uid, on=True, by="Ada", at=later)
    assert not receiver.of(one, later).hears("gap.accepted", AT + timedelta(hours=1))
    taken = store.take(session, later)
    assert taken
    assert taken.uid == "a"


def test_what_waits_for_one_that_is_off_is_deleted_when_it_is_as_old_as_what_was_sent(session: Session) -> None:
    off, on = a_webhook(session, "Off"), a_webhook(session, "On")
    store.add(session, a_message(off.uid, "a"))
    store.add(session, a_message(on.uid, "b"))
    receivers.switch(session, off.uid, on=False, by="Ada", at=AT)
    assert store.expire(session, AT) == 0
    assert store.expire(session, AT + timedelta(days=1)) == 1
    assert [one.uid for one in store.listed(session, states=list(DeliveryState))] == ["b"]


def test_deleting_takes_the_log_and_what_waits_along_and_nothing_else(session: Session) -> None:
    one, other = a_webhook(session, "One"), a_webhook(session, "Other")
    store.add(session, a_message(one.uid, "a"))
    store.add(session, a_message(other.uid, "b"))
    store.add(session, letter(uid="c", to=one.uid, subject="s", text="t", at=AT))
    assert receivers.remove(session, one.uid) == "One"
    assert {found.uid for found in store.listed(session, states=list(DeliveryState))} == {"b", "c"}
    with pytest.raises(NotFound):
        receivers.get(session, one.uid)


def test_what_was_on_its_way_to_a_deleted_one_goes_nowhere(session: Session) -> None:
    store.add(session, a_message("0123456789ab"))
    taken = store.take(session, AT)
    assert taken
    assert taken.receiver is None


def _give_up(session: Session, to: str, uid: str) -> None:
    store.add(session, a_message(to, uid))
    session.get_one(Delivery, uid).attempts = store.MOST_TRIES
    assert store.failed(session, uid, "It can't be reached.", at=AT)


def test_ten_given_up_in_a_row_switch_it_off_by_itself(session: Session) -> None:
    one, other = a_webhook(session, "One"), a_webhook(session, "Other")
    for number in range(receivers.MOST_GIVEN_UP - 1):
        _give_up(session, one.uid, f"m{number}")
    store.add(session, a_message(one.uid, "taken"))
    store.sent(session, "taken", at=AT)
    for number in range(receivers.MOST_GIVEN_UP):
        assert receivers.hushed(session) == []
        _give_up(session, one.uid, f"n{number}")
    session.refresh(one)
    assert receivers.hushed(session) == ["One"]
    assert (one.off_at, one.off_by) == (AT, "")
    assert listening(session) == [other.name]
    receivers.switch(session, one.uid, on=True, by="Ada", at=AT)
    _give_up(session, one.uid, "last")
    assert receivers.hushed(session) == [], "it begins anew"


def test_a_receiver_that_failed_long_after_it_was_switched_off_stays_as_it_was(session: Session) -> None:
    one = a_webhook(session)
    receivers.switch(session, one.uid, on=False, by="Ada", at=AT)
    for number in range(receivers.MOST_GIVEN_UP):
        _give_up(session, one.uid, f"m{number}")
    session.refresh(one)
    assert one.off_by == "Ada"


def test_a_test_is_one_at_a_time_and_not_for_one_that_is_off(session: Session) -> None:
    one = a_webhook(session)
    for uid in ("1", "2"):
        store.add(session, receivers.test(session, receiver.of(one, AT), uid=uid, at=AT))
    assert [(found.uid, found.event) for found in receivers.log(session, one.uid)] == [("ping-2", "ping")]
    receivers.switch(session, one.uid, on=False, by="Ada", at=AT)
    with pytest.raises(Conflict, match="switched off"):
        receivers.test(session, receiver.of(one, AT), uid="3", at=AT)


def test_a_message_is_sent_again_under_its_own_name_by_its_own_receiver_alone(session: Session) -> None:
    one, other = a_webhook(session, "One"), a_webhook(session, "Other")
    store.add(session, a_message(one.uid))
    store.take(session, AT)
    store.sent(session, "a", at=AT, status=204)
    with pytest.raises(NotFound):
        receivers.send_again(session, other.uid, "a", at=AT)
    receivers.send_again(session, one.uid, "a", at=AT + timedelta(hours=1))
    taken = store.take(session, AT + timedelta(hours=1))
    assert taken
    assert (taken.uid, taken.attempt) == ("a", 1)
    receivers.switch(session, one.uid, on=False, by="Ada", at=AT)
    with pytest.raises(Conflict):
        receivers.send_again(session, one.uid, "a", at=AT)


def test_a_mail_is_never_sent_again_from_a_log(session: Session) -> None:
    store.add(session, letter(uid="m", to="ada@example.com", subject="s", text="t", at=AT))
    with pytest.raises(NotFound):
        receivers.send_again(session, "ada@example.com", "m", at=AT)


def test_there_is_an_end_to_how_many_there_are(session: Session) -> None:
    for number in range(receivers.MOST):
        a_webhook(session, f"{number}")
    with pytest.raises(Invalid, match="Delete those"):
        a_webhook(session, "one more")


@pytest.mark.parametrize(
    "url",
    [
        "", "example.com/x", "http://example.com/x", "https://", "https:///x", "https://example.com:99999/", "ftp://a.b/",
        "https://localhost/x", "https://LOCALHOST./", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.7/",
        "https://169.254.169.254/latest/meta-data", "https://0x7f000001/", "https://2130706433/", "https://127.1/",
        "https://printer/", "https://db.internal/", "https://nas.local/", "https://[::ffff:10.0.0.1]/",
        "https://user:word@example.com/", "https://example.com/x#part", "https://exämple.com/",
        "https://example.com/a b", "https://0x7f.1/",
        "https://example.com/\r\nX-Evil: 1", f"https://example.com/{'x' * 1000}",
        "https://[nonsense/", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_an_address_that_can_not_be_sent_to_is_refused_when_it_is_typed(session: Session, url: str) -> None:
    with pytest.raises(Invalid):
        a_webhook(session, url=url)


@pytest.mark.parametrize(
    "url",
    ["https://example.com", "https://hooks.example.com:8443/a?b=c", "https://93.184.216.34/", "  https://a.example/  "],
)
def test_a_public_address_is_taken(url: str) -> None:
    assert read_address(url) == url.strip()


@pytest.mark.parametrize(
    ("name", "events"), [("", ("gap.*",)), ("x" * 101, ("gap.*",)), ("Chat", ()), ("Chat", ("gap.*", "votes.*"))]
)
def test_a_name_or_events_that_can_t_be_used_are_refused(session: Session, name: str, events: tuple[str, ...]) -> None:
    with pytest.raises(Invalid):
        a_webhook(session, name, events=events)


def test_all_of_a_kind_stands_for_each(session: Session) -> None:
    assert (
        a_webhook(session, events=("gap.closed", "gap.*", "conversation.created")).events
        == "gap.* conversation.created"
    )
