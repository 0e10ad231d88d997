"""Needs and gaps, kept and read."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.feedback import requests
from portal.gaps import needs_store, store
from portal.gaps.found import Findings, Found
from portal.gaps.models import Cause, Gap, Need, State, Wording
from portal.gaps.suggest import Evidence, Kind, Offered, Proposal, Reference, Variation
from portal.gaps.unmet import Unmet, as_typed, wording
from tests.gaps.needs import AT, a_need

DAY = timedelta(days=1)
SINCE = AT - 90 * DAY


def _put(session: Session, *needs: Unmet) -> None:
    needs_store.put_needs(session, needs, since=AT, until=AT)


def _write(session: Session, *needs: Unmet, texts: tuple[str, ...] = ("cancel plan",), gap: int | None = None) -> int:
    found = Found(
        gap=gap,
        lang="en",
        people=2,
        people_a_week=1.0,
        weight=0.5,
        trend=(0, 2),
        last_at=AT,
        title="Cancel plan",
        wordings=tuple(("en", text) for text in texts),
        needs=tuple(need.uid for need in needs),
    )
    new = store.write(session, Findings(found=(found,)), at=AT)
    return new[0] if gap is None else gap


def test_a_need_is_read_as_it_was_put(session: Session) -> None:
    need = a_need(
        "Ada", "one", "two", offered=("a", "b"), clicked=(("a", 1),), ended_on="b", ended_with="three", request="0" * 32
    )
    _put(session, need)
    assert needs_store.needs_since(session, SINCE) == [need]


def test_a_day_that_is_counted_again_loses_what_is_gone_and_keeps_gaps(session: Session) -> None:
    stays, goes = a_need("Ada"), a_need("Bo")
    _put(session, stays, goes)
    gap = _write(session, stays, goes)
    changed = a_need("Ada", outcome="contacted")
    needs_store.put_needs(session, [changed], since=AT - 2 * DAY, until=AT)
    kept = needs_store.needs_since(session, SINCE)
    assert [(one.uid, one.outcome, one.gap) for one in kept] == [(stays.uid, "contacted", gap)]


def test_putting_a_day_twice_changes_nothing(session: Session) -> None:
    needs = [a_need("Ada"), a_need("Bo", days_ago=0.5)]
    for _ in range(2):
        needs_store.put_needs(session, needs, since=AT - 2 * DAY, until=AT)
    assert session.scalar(select(func.count()).select_from(Need)) == 2


def test_below_k_people_nobody_reads_a_wording(session: Session) -> None:
    needs = [a_need("Ada", "Cancel plan", days_ago=days) for days in range(1, 9)]
    _put(session, *needs)
    gap = _write(session, *needs)
    said = needs_store.wordings_of(session, gap, least_people=2, since=SINCE)
    assert (said.wordings, said.hidden) == ((), 1)


def test_wordings_are_told_as_typed_with_their_people(session: Session) -> None:
    needs = [
        a_need("Ada", "Cancel plan"),
        a_need("Bo", "Cancel plan", "stop it"),
        a_need("Bo", "Cancel plan", days_ago=2),
    ]
    _put(session, *needs)
    gap = _write(session, *needs, texts=("cancel plan", "stop it"))
    said = needs_store.wordings_of(session, gap, least_people=2, since=SINCE)
    assert [(one.text, one.people) for one in said.wordings] == [("Cancel plan", 2), ("stop it", 1)]


def test_erasing_a_visitor_takes_their_needs(session: Session) -> None:
    _put(session, a_need("Ada"), a_need("Ada", days_ago=3), a_need("Bo"))
    assert needs_store.erase(session, "Ada") == 2
    assert [need.visitor for need in needs_store.needs_since(session, SINCE)] == ["Bo"]


def test_what_is_past_goes_but_for_the_wordings_of_open_gaps(session: Session) -> None:
    _put(session, a_need("Ada", days_ago=200), a_need("Bo"))
    open_gap = _write(session, texts=("cancel plan",))
    closed = _write(session, texts=("old thing",))
    gone = session.get_one(Gap, closed)
    gone.state, gone.changed_at = State.CLOSED, AT - 200 * DAY
    session.flush()
    assert needs_store.expire(session, AT - 180 * DAY) == 1
    assert session.scalars(select(Wording.gap_id)).all() == [open_gap]


def test_a_pinned_wording_is_moved_by_nobody_but_people(session: Session) -> None:
    first = _write(session)
    session.scalars(select(Wording)).one().is_pinned = True
    session.flush()
    _write(session, texts=("cancel plan",))
    session.expire_all()
    assert session.scalars(select(Wording.gap_id)).all() == [first]


def test_a_gap_takes_up_what_people_wrote(session: Session) -> None:
    uid = "a" * 32
    requests.add(
        session, uid=uid, at=AT, lang="en", text="?", visitor="Ada", search=None, address="a@example.com", user=None
    )
    need = a_need("Ada", request=uid)
    _put(session, need)
    gap = _write(session, need)
    assert [one.uid for one in requests.waiting(session, gap)] == [uid]
    assert needs_store.askers(session, gap) == ([uid], ["Ada"])


def test_an_absorbed_gap_is_merged_and_a_faded_one_closed_by_signpost(session: Session) -> None:
    one, into, faded = _write(session), _write(session, texts=("b",)), _write(session, texts=("c",))
    store.write(session, Findings(absorbed=((one, into),), faded=(faded,)), at=AT)
    assert session.get_one(Gap, one).merged_into == into
    assert session.get_one(Gap, faded).state is State.CLOSED


def test_findings_are_written_in_small_parts(session: Session) -> None:
    many = [
        Found(gap=None, lang="en", people=2, people_a_week=1, weight=1, trend=(), last_at=AT, title=f"Gap {n}")
        for n in range(250)
    ]
    parts = list(Findings(found=tuple(many), faded=(10**6,)).parts())
    assert max(len(part.found) for part in parts) == 50
    for part in parts:
        store.write(session, part, at=AT)
    assert len(store.open_gaps(session)) == 250


def test_who_had_a_gap_is_told_by_gap(session: Session) -> None:
    needs = [a_need("Ada"), a_need("Ada", days_ago=2), a_need("Bo")]
    _put(session, *needs)
    gap = _write(session, *needs)
    assert store.visitors_by_gap(session) == {gap: {"Ada", "Bo"}}


def test_evidence_and_proposals_survive_being_kept() -> None:
    article = Reference(id="a", title="A", path="en/a.md", url="/en/articles/a", lang="en")
    evidence = Evidence(
        alike=("plan",),
        people=3,
        needs=4,
        outcomes={"gave_up": 3},
        offered=(Offered(article=article, shown=3, high=1),),
        variations=(Variation(name="as_typed", answered=0, of=3, articles=(article,)),),
        causes={Cause.MISSING.value: 3},
        nearest=(article,),
        generation="g",
        seen="s",
    )
    proposal = Proposal(kind=Kind.AKA, article=article, aka=("x",), nearest=(article,), outline=("y",), reasons=("z",))
    assert Evidence.from_json(evidence.to_json()) == evidence
    assert Proposal.from_json(proposal.to_json()) == proposal
    assert Evidence.from_json("{}") == Evidence()
    assert Proposal.from_json("") == Proposal()


@given(st.text(max_size=400))
def test_a_wording_of_a_wording_is_itself(text: str) -> None:
    assert wording(wording(text)) == wording(text)
    assert len(as_typed(text)) <= 200
