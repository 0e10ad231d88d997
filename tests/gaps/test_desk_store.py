"""What the desk asks of the database, on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.feedback import opinions, votes
from portal.feedback.models import Reason
from portal.gaps import desk_store
from portal.gaps.desk_store import NOBODY, Filters, Order
from portal.gaps.models import Cause, State
from portal.people.models import Role
from portal.schedule.models import Job
from tests.people.staff import a_user
from tests.web.desk_gaps import NOW, a_gap

EVERY = Filters()


def titles(session: Session, filters: Filters = EVERY, order: Order = Order.PEOPLE, *, falls: bool = True) -> str:
    return " ".join(one.gap.title for one in desk_store.listed(session, filters, order=order, is_falling=falls))


@pytest.fixture
def three(session: Session) -> Session:
    """Gaps a, B and c, of which Ada owns one."""
    ada = a_user(session, "ada@acme.example", Role.LEAD)
    a_gap(session, "a", topic="billing", owner=ada.id, state=State.ASSIGNED, trend=[2] * 12, days_old=1,
          asked=[("a", 2, "no_results")])  # fmt: skip
    a_gap(session, "B", cause=Cause.DRAFT, trend=[3] * 12, days_old=3, asked=[("b", 2, "no_results")])
    a_gap(session, "c", lang="de", state=State.CLOSED, trend=[1] * 12, days_old=2, asked=[("c", 2, "no_results")])
    return session


def test_every_order_and_both_ways(three: Session) -> None:
    falling = {order: titles(three, order=order) for order in Order}
    rising = {order: titles(three, order=order, falls=False) for order in Order}
    assert falling == {
        Order.PEOPLE: "B a c", Order.TITLE: "c B a", Order.CAUSE: "B a c", Order.AGE: "B c a",
        Order.OWNER: "a B c", Order.STATE: "c a B",
    }  # fmt: skip
    assert rising == {
        Order.PEOPLE: "c a B", Order.TITLE: "a B c", Order.CAUSE: "a c B", Order.AGE: "a c B",
        Order.OWNER: "B c a", Order.STATE: "B a c",
    }  # fmt: skip


def test_filters_are_joined_by_and(three: Session) -> None:
    assert titles(three, Filters(states=(State.CLOSED,))) == "c"
    assert titles(three, Filters(cause=Cause.DRAFT)) == "B"
    assert titles(three, Filters(topic="")) == "B c"
    assert titles(three, Filters(owner=NOBODY, lang="de")) == "c"
    assert titles(three, Filters(cause=Cause.DRAFT, lang="de")) == ""
    assert desk_store.sizes(three, Filters()) == [3.0, 2.0, 1.0]


def test_facets_name_what_there_is(three: Session) -> None:
    found = desk_store.facets(three)
    assert (found.languages, found.topics) == (("de", "en"), ("billing",))
    assert [name for _, name in found.owners] == ["Ada"]


def test_a_gap_comes_with_its_owners_name(three: Session) -> None:
    number = desk_store.listed(three, Filters(topic="billing"), order=Order.PEOPLE, is_falling=True)[0].gap.id
    assert desk_store.one(three, number).owner == "Ada"
    for missing in (number + 1000, 2**40):
        with pytest.raises(NotFound):
            desk_store.one(three, missing)


def test_a_gap_can_be_merged_into_open_ones_of_its_language(three: Session) -> None:
    assert [title for _, title in desk_store.open_titles(three, besides=0, lang="en")] == ["a", "B"]
    assert desk_store.open_titles(three, besides=0, lang="de") == []


def test_a_wording_leads_to_its_gap(three: Session) -> None:
    gap = desk_store.open_titles(three, besides=0, lang="en")[0][0]
    assert desk_store.gaps_of_wordings(three, [("en", "a"), ("en", "nothing"), ("de", "a")]) == {("en", "a"): gap}
    assert desk_store.gaps_of_wordings(three, []) == {}


def test_the_last_run_is_told(session: Session) -> None:
    assert desk_store.last_run(session).at is None
    session.add(Job(name="find-gaps", ended_at=NOW, failures=1))
    session.flush()
    assert desk_store.last_run(session) == desk_store.LastRun(NOW, 1)


def test_opinions_are_counted_and_found(session: Session) -> None:
    for voter, (article, reason, comment) in enumerate((("a", "wrong", "x"), ("a", "wrong", None), ("b", None, "y"))):
        key = {"article": article, "revision": "abcd", "voter": f"{voter:064x}"}
        votes.cast(session, **key, lang="en", is_helpful=False, at=NOW)
        votes.explain(session, **key, reason=reason, comment=comment, at=NOW + timedelta(seconds=voter))
    votes.cast(session, article="a", revision="abcd", voter="f" * 64, lang="en", is_helpful=False, at=NOW)
    assert [one.comment for one in opinions.newest(session, opinions.Asked(), limit=9)] == ["y", None, "x"]
    assert opinions.count_by_reason(session, opinions.Asked()) == {Reason.WRONG: 2, None: 1}
    assert opinions.articles(session) == {"a": 2, "b": 1}
    wanted = opinions.Asked(article="a", reason=Reason.WRONG, has_comment=True)
    assert [one.comment for one in opinions.newest(session, wanted, limit=9)] == ["x"]
