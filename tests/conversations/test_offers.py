from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from portal.conversations import offers
from portal.conversations.models import Arm, ContactForm, Ending
from portal.conversations.offers import ArmCounts

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ONE, TWO = "1" * 32, "2" * 32


def begin(session: Session, uid: str = ONE, *offered: str, arm: Arm = Arm.OFFERED, at: datetime = AT) -> None:
    offers.begin(session, uid=uid, lang="en", topic=None, arm=arm, offered=offered, at=at)


def form(session: Session, uid: str = ONE) -> ContactForm:
    session.expire_all()
    return session.get_one(ContactForm, uid)


def test_a_form_stays_in_the_arm_that_it_drew() -> None:
    uids = [f"{n:032x}" for n in range(2000)]
    held = [uid for uid in uids if offers.arm_of(uid, 0.1) is Arm.HELD_OUT]
    assert 140 < len(held) < 260
    assert all(offers.arm_of(uid, 0.3) is Arm.HELD_OUT for uid in held), "a larger share holds out those of a smaller"
    assert all(offers.arm_of(uid, 0.0) is Arm.OFFERED for uid in uids)


def test_a_form_keeps_what_it_offered_last(session: Session) -> None:
    begin(session, ONE, "a", "b")
    begin(session, ONE, "c")
    begin(session, ONE)
    assert form(session).offered == "c"
    assert offers.offered_before(session, ONE) == "c"
    assert offers.offered_before(session, TWO) is None


def test_a_form_ends_once_and_sending_counts_more_than_withdrawing(session: Session) -> None:
    begin(session, ONE, "a")
    assert offers.withdraw(session, ONE, article="a", at=AT)
    assert not offers.withdraw(session, ONE, article="b", at=AT)
    assert (form(session).ending, form(session).article) == (Ending.WITHDRAWN, "a")
    begin(session, ONE, "z")
    assert form(session).offered == "a", "what has ended stays"
    assert offers.send(session, ONE, at=AT)
    assert (form(session).ending, form(session).article) == (Ending.SENT, None)
    assert not offers.withdraw(session, ONE, article="a", at=AT)


def test_a_form_that_nobody_began_does_not_end(session: Session) -> None:
    assert not offers.withdraw(session, ONE, article="a", at=AT)
    assert not offers.send(session, ONE, at=AT)


def test_each_arm_is_counted_by_itself(session: Session) -> None:
    begin(session, ONE, "a")
    begin(session, TWO, "a")
    begin(session, "3" * 32, arm=Arm.HELD_OUT)
    begin(session, "4" * 32, "a", at=AT - 40 * DAY)
    offers.withdraw(session, ONE, article="a", at=AT)
    offers.send(session, "3" * 32, at=AT)
    found = offers.numbers(session, since=AT - DAY, until=AT + DAY)
    assert found[Arm.OFFERED] == ArmCounts(begun=2, withdrawn=1, sent=0, shown=2)
    assert found[Arm.HELD_OUT] == ArmCounts(begun=1, withdrawn=0, sent=1, shown=0)
    assert found[Arm.OFFERED].left == 1
    assert offers.answering(session, since=AT - DAY, until=AT + DAY, limit=5) == [("a", 1)]


def test_old_forms_are_forgotten(session: Session) -> None:
    begin(session, ONE)
    begin(session, TWO, at=AT - 40 * DAY)
    assert offers.expire(session, AT - 30 * DAY) == 1
    assert offers.offered_before(session, ONE) is not None
