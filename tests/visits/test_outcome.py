import pytest

from portal.content.loop import Outcomes
from portal.events.kinds import Step
from portal.visits.outcome import NEEDS, RESOLVED, UNRESOLVED, Outcome, ending, weight
from tests.visits.cast import (
    a_click,
    a_message,
    a_request,
    a_search,
    a_view,
    a_vote,
    judged,
    outcome_of,
    seen,
)


def test_a_search_that_found_nothing_is_no_results() -> None:
    assert outcome_of(a_search(hits=0)) is Outcome.NO_RESULTS


def test_a_search_without_a_click_is_no_click() -> None:
    search = a_search()
    assert outcome_of(search, seen(search)) is Outcome.NO_CLICK


def test_without_scripts_nobody_knows_whether_something_was_opened() -> None:
    assert outcome_of(a_search()) is Outcome.UNKNOWN
    assert outcome_of(a_search("reset", 0), a_search("reset password", 60)) is Outcome.UNKNOWN


def test_without_scripts_it_is_known_that_the_last_search_found_nothing() -> None:
    assert outcome_of(a_search("reset", 0), a_search("reset password", 60, hits=0)) is Outcome.GAVE_UP


def test_other_words_and_still_no_click_is_giving_up() -> None:
    first, second = a_search("reset", 0), a_search("reset password", 60)
    assert outcome_of(first, seen(first), second) is Outcome.GAVE_UP


def test_less_than_ten_seconds_is_coming_straight_back() -> None:
    search = a_search()
    assert outcome_of(search, a_click(search), a_view(at=14, seconds=9.9, depth=1, search=search)) is Outcome.CAME_BACK


def test_a_look_of_ten_seconds_is_assumed_to_have_helped() -> None:
    search = a_search()
    assert outcome_of(search, a_click(search), a_view(at=15, seconds=10, search=search)) is Outcome.ASSUMED


def test_a_long_article_wants_a_longer_look_or_a_deeper_one() -> None:
    search, long = a_search(), {"reset": 80.0}
    click = a_click(search)
    assert outcome_of(search, click, a_view(at=24, seconds=19, search=search), reading=long) is Outcome.UNKNOWN
    assert outcome_of(search, click, a_view(at=25, seconds=20, search=search), reading=long) is Outcome.ASSUMED
    assert outcome_of(search, click, a_view(at=16, seconds=11, depth=0.5, search=search), reading=long) is (
        Outcome.ASSUMED
    )


def test_half_a_minute_is_a_read_of_the_longest_article() -> None:
    search = a_search()
    view = a_view(at=40, seconds=30, search=search)
    assert outcome_of(search, a_click(search), view, reading={"reset": 3600}) is Outcome.ASSUMED


def test_a_page_that_tells_several_times_was_looked_at_as_long_as_the_longest_says() -> None:
    search = a_search()
    views = [a_view(at=at, seconds=at - 5, search=search) for at in (8, 12, 30)]
    assert outcome_of(search, a_click(search), *views) is Outcome.ASSUMED


def test_a_click_of_which_no_more_was_heard_is_unknown() -> None:
    search = a_search()
    assert outcome_of(search, a_click(search)) is Outcome.UNKNOWN


def test_the_next_click_within_ten_seconds_tells_that_the_first_was_left() -> None:
    search = a_search()
    back = a_view("b", at=18, seconds=4, search=search)
    assert outcome_of(search, a_click(search, "a", 5), a_click(search, "b", 12), back) is Outcome.CAME_BACK


def test_a_read_after_coming_back_is_assumed() -> None:
    search = a_search()
    back, read = a_view("a", at=9, seconds=4, search=search), a_view("b", at=60, seconds=45, search=search)
    assert outcome_of(search, a_click(search, "a", 5), back, a_click(search, "b", 12), read) is Outcome.ASSUMED


def test_coming_straight_back_after_a_read_counts() -> None:
    search = a_search()
    read, back = a_view("a", at=60, seconds=45, search=search), a_view("b", at=70, seconds=4, search=search)
    assert outcome_of(search, a_click(search, "a", 5), read, a_click(search, "b", 65), back) is Outcome.CAME_BACK


def test_a_helpful_vote_after_coming_back_is_confirmed() -> None:
    search = a_search()
    back = a_view(at=9, seconds=4, search=search)
    assert outcome_of(search, a_click(search), back, a_vote(at=90, is_helpful=True)) is Outcome.CONFIRMED


def test_an_unhelpful_vote_counts_whenever_its_page_tells_how_long_it_was_read() -> None:
    search = a_search()
    read = a_view(at=120, seconds=110, search=search)
    assert outcome_of(search, a_click(search), a_vote(at=60, is_helpful=False), read) is Outcome.DOWNVOTED


def test_a_read_of_another_article_after_an_unhelpful_vote_is_assumed_to_have_helped() -> None:
    search = a_search()
    refused = [a_click(search, "a", 5), a_vote("a", at=30, is_helpful=False)]
    read = [a_click(search, "b", 40), a_view("b", at=90, seconds=50, search=search)]
    assert outcome_of(search, *refused, *read) is Outcome.ASSUMED


def test_whoever_changes_their_vote_means_the_last_one() -> None:
    search = a_search()
    votes = [a_vote(at=30, is_helpful=True), a_vote(at=40, is_helpful=False)]
    assert outcome_of(search, a_click(search), *votes) is Outcome.DOWNVOTED
    votes = [a_vote(at=30, is_helpful=False), a_vote(at=40, is_helpful=True)]
    assert outcome_of(search, a_click(search), *votes) is Outcome.CONFIRMED


def test_a_message_is_worse_than_all_else_and_a_later_read_changes_nothing() -> None:
    search = a_search(hits=0)
    read = [a_click(search, at=90), a_view(at=200, seconds=60, search=search)]
    assert outcome_of(search, a_vote(at=30, is_helpful=False), a_message(at=80), *read) is Outcome.CONTACTED


def test_a_helpful_vote_after_a_message_is_confirmed() -> None:
    search = a_search()
    assert outcome_of(search, a_message(80), a_click(search, at=90), a_vote(at=99, is_helpful=True)) is (
        Outcome.CONFIRMED
    )


def test_opening_the_form_alone_is_no_message() -> None:
    search = a_search()
    assert outcome_of(search, seen(search), a_message(step=Step.OPENED)) is Outcome.NO_CLICK


def test_whoever_takes_their_message_back_was_helped() -> None:
    search = a_search(hits=0)
    assert outcome_of(search, a_message(step=Step.WITHDRAWN)) is Outcome.ASSUMED


def test_what_somebody_wrote_is_requested_with_and_without_a_search() -> None:
    search = a_search(hits=0)
    assert outcome_of(search, a_request(search=search.uid)) is Outcome.REQUESTED
    assert outcome_of(a_request()) is Outcome.REQUESTED
    assert outcome_of(a_request(visitor="user-1")) is Outcome.REQUESTED


def test_who_was_helped_by_other_words_tells_which_words_failed_and_what_helped() -> None:
    first, second = a_search("lost login", 0, hits=0), a_search("reset  login", 30)
    events = [a_click(second, at=40), a_view(at=100, seconds=55, search=second)]
    ((need, outcome),) = judged(first, second, *events)
    assert outcome is Outcome.REFINED
    end = ending(need)
    assert (end.article, end.wording, end.failed) == ("reset", "reset login", ("lost login",))


def test_a_vote_after_other_words_is_refined_too() -> None:
    first, second = a_search("lost login", 0, hits=0), a_search("reset login", 30)
    assert outcome_of(first, second, a_click(second, at=40), a_vote(at=60, is_helpful=True)) is Outcome.REFINED


def test_whoever_read_and_read_on_with_other_words_was_helped_by_both() -> None:
    first, second = a_search("reset login", 0), a_search("login rules", 90)
    one = [a_click(first, "a", 5), a_view("a", 60, seconds=50, search=first)]
    other = [a_click(second, "b", 95), a_view("b", 160, seconds=60, search=second)]
    assert outcome_of(first, *one, second, *other) is Outcome.ASSUMED


def test_a_read_that_is_told_after_the_next_search_began_was_before_it() -> None:
    first, second = a_search("reset login", 0), a_search("login rules", 60)
    told_late = a_view("a", 60.05, seconds=55, search=first)
    assert outcome_of(first, a_click(first, "a", 5), second, told_late) is Outcome.GAVE_UP


def test_back_to_the_first_words_and_read_is_assumed() -> None:
    first, second = a_search("reset login", 0), a_search("login rules", 60)
    events = [a_click(first, "a", 80), a_view("a", 140, seconds=55, search=first)]
    ((need, outcome),) = judged(first, second, *events)
    assert (outcome, ending(need).wording) == (Outcome.ASSUMED, "reset login")


def test_a_visit_that_may_go_on_is_not_judged() -> None:
    assert judged(a_search(hits=0), at=29 * 60) == []
    assert len(judged(a_search(hits=0), at=30 * 60)) == 1


@pytest.mark.parametrize("outcome", Outcome)
def test_outcomes_weigh_what_the_site_says(outcome: Outcome) -> None:
    weights = Outcomes()
    expected = getattr(weights, outcome.value) if outcome in NEEDS else 0
    assert weight(outcome, weights) == expected


def test_every_outcome_is_resolved_or_not_or_unknown() -> None:
    assert UNRESOLVED | RESOLVED | {Outcome.UNKNOWN} == set(Outcome)
    assert UNRESOLVED.isdisjoint(RESOLVED)
    needs = UNRESOLVED | {Outcome.REFINED}
    assert needs == NEEDS
