"""What speaks for an article, and what does not."""

from collections.abc import Sequence

from portal.gaps.alike import Vote
from portal.gaps.cause import Case, Judgement, judge
from portal.gaps.models import Cause
from portal.gaps.probe import Look
from portal.gaps.unmet import Unmet
from tests.gaps.needs import AT, a_need
from tests.gaps.probes import ToldProbe, hits

NOBODY = Vote({}, 0, {}, {})


def _judged(needs: Sequence[Unmet], *, look: Look | None = None, vote: Vote = NOBODY) -> Judgement:
    people = len({need.visitor for need in needs})
    case = Case(
        lang="en",
        needs=needs,
        texts={"quit": people},
        votes={"quit": vote},
        looks={"quit": look or hits("near")},
        today=AT.date(),
    )
    return judge(case, ToldProbe())


def _refusing(count: int) -> list[Unmet]:
    return [a_need(f"person {n}", "quit", offered=("near", "other")) for n in range(count)]


def test_one_who_was_content_with_a_near_miss_does_not_speak_for_those_who_passed_it_over() -> None:
    content = a_need("Ada", "quit", outcome="refined", ended_on="near", ended_with="end")
    assert _judged([content, *_refusing(2)]).cause is Cause.MISSING


def test_a_third_who_came_to_an_article_that_the_others_never_saw_speak_for_it() -> None:
    helped = a_need("Ada", "quit", outcome="refined", ended_on="end", ended_with="end")
    found = _judged([helped, *_refusing(2)])
    assert (found.cause, found.article) == (Cause.OTHER_WORDS, "end")


def test_two_of_five_neighbours_speak_for_an_article_that_stands_high_and_for_no_other() -> None:
    vote = Vote({"near": 2}, 5, {}, {"near": 9})
    assert _judged(_refusing(2), vote=vote).cause is Cause.BADLY_RANKED
    assert _judged(_refusing(2), vote=vote, look=hits("a", "b", "c", "near")).cause is Cause.MISSING


def test_two_neighbours_do_not_speak_for_thirty_who_passed_it_over() -> None:
    vote = Vote({"near": 2}, 5, {}, {"near": 2})
    assert _judged(_refusing(30), vote=vote).cause is Cause.MISSING


def test_the_same_words_speak_for_an_article_if_they_helped_as_many_as_not() -> None:
    assert _judged(_refusing(4), vote=Vote({}, 0, {"near": 4}, {})).cause is Cause.BADLY_RANKED
    assert _judged(_refusing(4), vote=Vote({}, 0, {"near": 3}, {})).cause is Cause.MISSING


def test_opening_a_hit_and_coming_back_is_refusing_it_unless_it_is_surely_meant() -> None:
    back = [a_need(f"p{n}", "quit", outcome="came_back", offered=("near",), clicked=(("near", 1),)) for n in range(3)]
    assert _judged(back, look=hits("near", confidence=0.5)).cause is Cause.MISSING
    assert _judged(back, look=hits("near", confidence=0.9)).cause is Cause.UNHELPFUL


def test_every_way_that_was_tried_is_told() -> None:
    told = {one.name: (one.answered, one.of) for one in _judged(_refusing(3)).variations}
    assert told == {
        "as_typed": (0, 3),
        "other_words": (0, 3),
        "alike": (0, 3),
        "as_staff": (0, 3),
        "other_languages": (0, 3),
    }
