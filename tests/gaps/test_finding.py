"""From needs to gaps: who makes one, what keeps its number, what comes back."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.content.loop import Gaps
from portal.gaps import needs_store, store, tickets
from portal.gaps.alike import Floats
from portal.gaps.cluster import Asked, Cluster, Link, cluster
from portal.gaps.finding import Situation, Tools, find
from portal.gaps.found import Findings
from portal.gaps.gathering import gather, groups
from portal.gaps.models import Gap, Need, State
from portal.gaps.unmet import Unmet
from tests.gaps.needs import AT, a_need
from tests.gaps.probes import ToldProbe, no_vectors

SINCE = AT - timedelta(days=90)


def by_first_word(asked: Sequence[Asked], _rows: Floats | None, _links: Sequence[Link]) -> list[Cluster]:
    """Group wordings by their first word; a group lives on in the gap that most of its people were in."""
    places: dict[str, list[int]] = {}
    for at, one in enumerate(asked):
        places.setdefault(one.text.split()[0], []).append(at)
    made = []
    for word, members in places.items():
        known = [asked[at].gap for at in members if asked[at].gap is not None]
        made.append(
            Cluster(
                members=tuple(members),
                because=(word,),
                gap=max(known, key=known.count, default=None),
                exemplar=members[0],
            )
        )
    return made


def _find(session: Session, probe: ToldProbe | None = None, *, by: object = None) -> Findings:
    situation = Situation(
        needs=needs_store.needs_since(session, SINCE),
        gaps=store.every_gap(session),
        wordings=store.every_wording(session),
    )
    tools = Tools(probe=probe or ToldProbe(), encode=no_vectors, clustering=cluster if by is None else by_first_word)
    return find(situation, tools, Gaps(), at=AT)


def _run(session: Session, *needs: Unmet, by: object = by_first_word) -> Findings:
    needs_store.put_needs(session, needs, since=AT, until=AT)
    findings = _find(session, by=by)
    for part in findings.parts():
        store.write(session, part, at=AT)
    session.expire_all()
    return findings


def _people(session: Session) -> dict[str, int]:
    return {gap.title: gap.people for gap in store.every_gap(session) if gap.state is not State.CLOSED}


def test_four_people_with_four_wordings_are_one_gap(session: Session) -> None:
    texts = ("cancel my plan", "how to cancel the plan", "cancel plan please", "plan cancel where")
    _run(session, *(a_need(f"person {n}", text) for n, text in enumerate(texts)), by=None)
    gaps = store.every_gap(session)
    assert [(gap.people, gap.cause, gap.state) for gap in gaps] == [(4, "missing", State.SUGGESTED)]


def test_one_person_who_searches_five_hundred_times_makes_no_gap(session: Session) -> None:
    _run(session, *(a_need("Ada", "cancel plan", days_ago=n / 500) for n in range(500)))
    assert store.every_gap(session) == []


def test_a_person_counts_once_however_often_they_came(session: Session) -> None:
    needs = [a_need("Ada", "cancel plan", days_ago=n) for n in range(1, 9)]
    _run(session, *needs, a_need("Bo", "cancel plan"))
    assert _people(session) == {"Cancel plan": 2}


def test_mash_and_greetings_make_no_gap(session: Session) -> None:
    texts = ("asdfghjkl", "...", "qwertzuiop")
    _run(session, *(a_need(name, text) for name in ("Ada", "Bo", "Dan") for text in texts), by=None)
    assert store.every_gap(session) == []


def test_finding_twice_changes_nothing(session: Session) -> None:
    _run(session, *(a_need(name, text) for name in ("Ada", "Bo") for text in ("cancel plan", "order where")))
    assert _find(session, by=by_first_word) == Findings()


def test_more_of_the_same_keeps_numbers_and_counts_on(session: Session) -> None:
    _run(session, a_need("Ada", "cancel plan"), a_need("Bo", "cancel plan"))
    before = [gap.id for gap in store.every_gap(session)]
    _run(session, a_need("Dan", "cancel my plan"), a_need("Eve", "order where"), a_need("Fay", "order where"))
    after = {gap.id: gap.people for gap in store.every_gap(session)}
    assert after[before[0]] == 3
    assert len(after) == 2


def test_a_need_belongs_where_most_of_its_wordings_are(session: Session) -> None:
    several = a_need("Ada", "order where", "cancel plan", "cancel my plan")
    _run(session, several, a_need("Bo", "cancel plan"), a_need("Dan", "order where"), a_need("Eve", "order where"))
    assert _people(session) == {"Cancel plan": 2, "Order where": 2}


def test_a_dismissed_gap_stays_so_until_its_people_have_doubled(session: Session) -> None:
    _run(session, a_need("Ada", "cancel plan"), a_need("Bo", "cancel plan"))
    gap = store.every_gap(session)[0].id
    tickets.dismiss(session, gap, because="not ours", by="Cleo", at=AT)
    _run(session, a_need("Dan", "cancel plan"))
    assert session.get_one(Gap, gap).state is State.DISMISSED
    _run(session, a_need("Eve", "cancel plan"))
    back = session.get_one(Gap, gap)
    assert (back.state, back.dismissal, back.people) == (State.SUGGESTED, None, 4)


def test_a_closed_gap_goes_on_collecting_needs(session: Session) -> None:
    _run(session, a_need("Ada", "cancel plan"), a_need("Bo", "cancel plan"))
    gap = store.every_gap(session)[0].id
    tickets.close(session, gap, by="Cleo", at=AT)
    _run(session, a_need("Dan", "cancel plan"))
    assert (session.get_one(Gap, gap).state, session.get_one(Gap, gap).people) == (State.CLOSED, 3)


def test_a_merged_gap_sends_its_needs_on(session: Session) -> None:
    texts = ("cancel plan", "order where")
    _run(session, *(a_need(name, text) for name in ("Ada", "Bo") for text in texts))
    one, other = (gap.id for gap in store.every_gap(session))
    tickets.merge(session, one, into=other, by="Cleo", at=AT)
    _run(session, a_need("Dan", "cancel plan"), by=None)
    assert [gap.id for gap in store.every_gap(session)] == [other]
    assert session.get_one(Gap, other).people == 3


def test_what_was_drafted_keeps_its_proposal(session: Session) -> None:
    _run(session, a_need("Ada", "cancel plan"), a_need("Bo", "cancel plan"))
    gap = store.every_gap(session)[0]
    tickets.drafted(session, gap.id, branch="b", by="Cleo", at=AT)
    before = gap.proposal
    _run(session, *(a_need(f"person {n}", "cancel plan tomorrow") for n in range(9)))
    assert (session.get_one(Gap, gap.id).proposal, session.get_one(Gap, gap.id).people) == (before, 11)


def test_a_suggested_gap_whose_words_all_went_to_another_is_absorbed(session: Session) -> None:
    texts = ("cancel plan", "quit plan")
    _run(session, *(a_need(name, text) for name in ("Ada", "Bo") for text in texts))
    into, gone = (gap.id for gap in store.every_gap(session))
    findings = _run(session, a_need("Dan", "cancel plan"), by=None)
    assert findings.absorbed in {((gone, into),), ((into, gone),)}
    assert len(store.every_gap(session)) == 1
    assert _people(session) == {store.every_gap(session)[0].title: 3}


def test_a_suggested_gap_that_nobody_has_any_more_fades(session: Session) -> None:
    _run(session, a_need("Ada", "cancel plan"), a_need("Bo", "cancel plan"))
    needs_store.put_needs(session, [], since=SINCE, until=AT)
    findings = _run(session)
    assert findings.faded
    assert [gap.state for gap in store.every_gap(session)] == [State.CLOSED]


def test_needs_that_are_in_no_gap_any_more_are_let_go(session: Session) -> None:
    _run(session, a_need("Ada", "cancel plan"), a_need("Bo", "cancel plan"), a_need("Dan", "order where"))
    assert session.query(Need).filter(Need.gap_id.is_(None)).count() == 1


def test_only_what_has_changed_is_searched_again(session: Session) -> None:
    many = [a_need(f"person {n}", text) for n in range(10) for text in ("cancel plan", "order where")]
    _run(session, *many)
    needs_store.put_needs(session, [a_need("Zoe", f"order {n}") for n in range(5)], since=AT, until=AT)
    probe = ToldProbe()
    findings = _find(session, probe, by=by_first_word)
    assert [(one.gap is not None, one.is_fresh) for one in findings.found] == [(True, True)]
    assert probe.asked <= 6


def test_a_new_generation_is_searched_for_every_gap(session: Session) -> None:
    _run(session, a_need("Ada", "cancel plan"), a_need("Bo", "cancel plan"))
    findings = _find(session, ToldProbe(generation="tomorrow"), by=by_first_word)
    assert [one.is_fresh for one in findings.found] == [True]


_NEEDS = st.lists(
    st.builds(
        a_need,
        st.sampled_from(["Ada", "Bo", "Dan", "Eve"]),
        st.sampled_from(["cancel plan", "cancel my plan", "order where", "where is my order"]),
        days_ago=st.integers(1, 80),
    ),
    unique_by=lambda need: need.uid,
)


@given(_NEEDS, st.randoms())
def test_the_order_of_needs_changes_nothing(needs: list[Unmet], rng: object) -> None:
    mixed = list(needs)
    rng.shuffle(mixed)  # type: ignore[attr-defined] # a Random
    tools = Tools(probe=ToldProbe(), encode=no_vectors, clustering=by_first_word)
    one, other = (
        find(Situation(needs=some, gaps=(), wordings=()), tools, Gaps(), at=AT).found for some in (needs, mixed)
    )
    assert {(a.title, a.people, frozenset(a.needs)) for a in one} == {
        (b.title, b.people, frozenset(b.needs)) for b in other
    }


@given(_NEEDS)
def test_every_need_is_in_exactly_one_group(needs: list[Unmet]) -> None:
    gathered = gather(needs, (), ())
    made = groups(needs, gathered, by_first_word(gathered.asked, None, gathered.links))
    assert sorted(need.uid for group in made for need in group.needs) == sorted(need.uid for need in needs)
