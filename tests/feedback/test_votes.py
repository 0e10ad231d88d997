import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import Database, transaction
from portal.errors import Conflict, Invalid, NotFound
from portal.feedback import votes
from portal.feedback.models import Vote
from portal.feedback.votes import Tally

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)
ADA = "a" * 64
BO = "b" * 64
THREADS = 16


def a_vote(
    session: Session,
    *,
    article: str = "reset",
    revision: str = "r1",
    lang: str = "en",
    voter: str = ADA,
    is_helpful: bool = True,
    at: datetime = NOON,
) -> Vote:
    return votes.cast(session, article=article, revision=revision, lang=lang, voter=voter, is_helpful=is_helpful, at=at)


def an_explanation(
    session: Session,
    *,
    revision: str = "r1",
    voter: str = ADA,
    reason: str | None = "unclear",
    comment: str | None = "Which button?",
    at: datetime = LATER,
) -> Vote:
    return votes.explain(
        session, article="reset", revision=revision, voter=voter, reason=reason, comment=comment, at=at
    )


def tally(session: Session, article: str = "reset") -> Tally:
    return votes.tally(session, [article])[article]


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Threads take turns so often that a race shows."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def at_once(database: Database, voter: Callable[[int], str]) -> None:
    """One thread for each number votes as `voter(number)`; all begin together."""
    start = threading.Barrier(THREADS)
    failures = []

    def click(number: int) -> None:
        start.wait()
        try:
            with database.session() as session, transaction(session):
                a_vote(session, voter=voter(number), is_helpful=number % 4 == 0)
        except Exception as error:  # noqa: BLE001 - told by the main thread
            failures.append(error)

    threads = [threading.Thread(target=click, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_click_is_counted(session: Session) -> None:
    a_vote(session, is_helpful=True)
    a_vote(session, voter=BO, is_helpful=False)
    assert tally(session) == Tally(helpful=1, unhelpful=1)
    assert tally(session).total == 2


def test_a_visitor_has_one_vote_on_a_revision(session: Session) -> None:
    for _ in range(3):
        a_vote(session)
    assert tally(session) == Tally(helpful=1)


def test_a_vote_can_be_changed_and_keeps_when_it_was_first_cast(session: Session) -> None:
    first = a_vote(session, is_helpful=True)
    changed = a_vote(session, is_helpful=False, at=LATER)
    assert changed.id == first.id
    assert (changed.created_at, changed.changed_at) == (NOON, LATER)
    assert tally(session) == Tally(unhelpful=1)


def test_another_revision_is_voted_on_anew(session: Session) -> None:
    a_vote(session, revision="r1", is_helpful=False)
    a_vote(session, revision="r2", is_helpful=True)
    assert tally(session) == Tally(helpful=1, unhelpful=1)
    assert votes.tally_by_revision(session, "reset") == {"r1": Tally(unhelpful=1), "r2": Tally(helpful=1)}


def test_articles_are_counted_apart_and_those_without_votes_have_zeros(session: Session) -> None:
    a_vote(session, article="reset")
    a_vote(session, article="invite", is_helpful=False)
    a_vote(session, article="unasked")
    counts = votes.tally(session, ["reset", "invite", "unread"])
    assert counts == {"reset": Tally(helpful=1), "invite": Tally(unhelpful=1), "unread": Tally()}
    assert votes.tally(session, []) == {}


def test_a_voter_sees_their_own_vote_alone(session: Session) -> None:
    a_vote(session, is_helpful=False)
    seen = votes.mine(session, "reset", "r1", ADA)
    assert seen is not None
    assert not seen.is_helpful
    assert votes.has_voted(session, "reset", "r1", ADA)
    assert votes.mine(session, "reset", "r1", BO) is None
    assert not votes.has_voted(session, "reset", "r2", ADA)


def test_an_unhelpful_vote_can_be_explained(session: Session) -> None:
    a_vote(session, is_helpful=False)
    vote = an_explanation(session, reason="did_not_work", comment=" First\r\nsecond\x00\u202e ")
    assert (vote.reason, vote.comment) == ("did_not_work", "First\nsecond")
    assert (vote.created_at, vote.changed_at) == (NOON, LATER)


def test_reason_and_comment_may_both_be_left_out(session: Session) -> None:
    a_vote(session, is_helpful=False)
    vote = an_explanation(session, reason="", comment=" \n ")
    assert (vote.reason, vote.comment) == (None, None)


def test_repeating_an_unhelpful_click_keeps_its_explanation(session: Session) -> None:
    a_vote(session, is_helpful=False)
    an_explanation(session)
    assert a_vote(session, is_helpful=False).comment == "Which button?"


def test_a_vote_that_turns_helpful_drops_reason_and_comment(session: Session) -> None:
    a_vote(session, is_helpful=False)
    an_explanation(session)
    vote = a_vote(session, is_helpful=True)
    assert (vote.reason, vote.comment) == (None, None)


def test_an_unknown_reason_is_refused_with_the_known_ones(session: Session) -> None:
    a_vote(session, is_helpful=False)
    with pytest.raises(Invalid, match=r"'boring' is not known.*wrong, unclear, missing, did_not_work, not_looked_for"):
        an_explanation(session, reason="boring")


def test_a_comment_has_2000_characters_at_most(session: Session) -> None:
    a_vote(session, is_helpful=False)
    assert an_explanation(session, comment="ü" * 2000).comment == "ü" * 2000
    assert an_explanation(session, comment="a\r\n" * 1000).comment == ("a\n" * 1000).strip()
    with pytest.raises(Invalid, match=r"has 2,001 characters\. Shorten it to 2,000"):
        an_explanation(session, comment="ü" * 2001)


def test_there_is_nothing_to_explain_without_a_vote(session: Session) -> None:
    a_vote(session, voter=BO, is_helpful=False)
    with pytest.raises(NotFound):
        an_explanation(session, voter=ADA)


def test_a_helpful_vote_takes_no_explanation(session: Session) -> None:
    a_vote(session, is_helpful=True)
    with pytest.raises(Conflict):
        an_explanation(session)


def test_a_vote_can_be_withdrawn(session: Session) -> None:
    a_vote(session)
    a_vote(session, voter=BO)
    assert votes.withdraw(session, article="reset", revision="r1", voter=ADA)
    assert not votes.withdraw(session, article="reset", revision="r1", voter=ADA)
    assert tally(session) == Tally(helpful=1)


def test_a_voters_key_itself_is_refused(session: Session) -> None:
    with pytest.raises(IntegrityError):
        a_vote(session, voter="a-raw-key")


def test_the_sessions_work_is_undone_even_when_committed(database: Database, session: Session) -> None:
    with transaction(session):
        a_vote(session)
    assert tally(session) == Tally(helpful=1)
    with database.session() as other:
        assert tally(other) == Tally()


def test_one_visitor_clicking_in_sixteen_threads_has_one_vote(database: Database, eager_threads: None) -> None:
    at_once(database, lambda _number: ADA)
    with database.session() as session:
        assert tally(session).total == 1


def test_sixteen_visitors_clicking_at_once_are_all_counted(database: Database, eager_threads: None) -> None:
    at_once(database, lambda number: f"{number:064x}")
    with database.session() as session:
        assert tally(session) == Tally(helpful=4, unhelpful=12)
