import pytest

from portal.events.kinds import Event, Linked
from portal.visits import measures
from portal.visits.digest import digest
from portal.visits.measures import Measure, Tally, median_first_click_seconds
from tests.visits.cast import (
    BO,
    NOON,
    a_click,
    a_message,
    a_request,
    a_search,
    a_view,
    a_vote,
    in_order,
    moment,
    seen,
)


def counted(*events: Event) -> dict[str, Measure]:
    tally = Tally()
    for judged in digest(in_order(events), at=moment(1_000_000)):
        tally.add(judged)
    assert {key for key, cells in tally.cells.items() if cells} <= {(NOON.date(), "en")}
    cells = tally.cells.get((NOON.date(), "en"), {})
    return {name: Measure(name, n, count) for name, (n, count) in cells.items()}


def of(name: str, *events: Event) -> tuple[int, int]:
    found = counted(*events).get(name, Measure(name, 0, 0))
    return found.count, found.n


def a_read(search: str = "reset", at: float = 0, visitor: str = "ada") -> list[Event]:
    asked = a_search(search, at, visitor=visitor)
    return [asked, a_click(asked, at=at + 4), a_view(at=at + 60, seconds=50, search=asked, visitor=visitor)]


def test_an_interval_is_wilsons() -> None:
    low, high = Measure("x", 10, 1).interval
    assert (round(low, 4), round(high, 4)) == (0.0179, 0.4042)
    assert Measure("x", 20, 0).interval[0] == 0
    assert Measure("x", 20, 20).interval[1] == 1


def test_nothing_counted_is_no_rate_and_could_be_anything() -> None:
    assert Measure("x", 0, 0).rate is None
    assert Measure("x", 0, 0).interval == (0, 1)


def test_self_service_is_the_share_of_known_needs_that_were_met() -> None:
    unknown = a_search("invoice", visitor="cleo")
    assert of(measures.SELF_SERVICE, *a_read(), a_search("bill", hits=0, visitor=BO), unknown) == (1, 2)


def test_zero_results_counts_searches_and_keystrokes_are_none() -> None:
    typing = [a_search("inv", 0, hits=0), a_search("invoice", 2, hits=0), a_search("refund", 60)]
    assert of(measures.ZERO_RESULTS, *typing) == (1, 2)


def test_click_through_leaves_out_what_had_no_hits_and_who_has_no_scripts() -> None:
    empty, bare = a_search("zzz", 600, hits=0), a_search("bill", visitor=BO)
    ignored = a_search("bill", visitor="cleo")
    assert of(measures.CLICK_THROUGH, *a_read(), empty, bare, ignored, seen(ignored)) == (1, 2)


def test_refinement_is_the_share_of_needs_with_more_than_one_wording() -> None:
    assert of(measures.REFINEMENT, a_search("reset"), a_search("reset login", 60), a_search("bill", visitor=BO)) == (
        1,
        2,
    )


def test_contact_is_the_share_of_visits_with_a_message() -> None:
    assert of(measures.CONTACT, a_search("reset"), a_message(60), *a_read(visitor=BO)) == (1, 2)


def test_a_message_without_a_search_counts_too() -> None:
    assert of(measures.CONTACT, a_message()) == (1, 1)
    assert of(measures.VISITS, a_message()) == (0, 1)


def test_votes_and_reads_count_whether_somebody_searched_or_not() -> None:
    events = [a_view("home", at=20, seconds=10), a_view("away", at=30, seconds=3), a_vote("home", is_helpful=True)]
    assert of(measures.READ, *events) == (1, 2)
    assert of(measures.HELPFUL, *events) == (1, 1)


def test_somebody_who_comes_twice_on_a_day_is_one_person() -> None:
    found = counted(*a_read(), *a_read(at=7200), *a_read(visitor=BO))
    assert (found[measures.PEOPLE].n, found[measures.VISITS].n) == (2, 3)


def test_link_is_the_share_of_an_agents_reaches_for_an_article_that_found_one() -> None:
    agent = "user-1"
    links = [
        Linked(uid=f"{i:032x}", at=NOON, visitor=agent, lang="en", article=article, conversation=conversation)
        for i, (article, conversation) in enumerate([("a", "c1"), ("b", "c1"), ("a", "c2")])
    ]
    assert of(measures.LINK, *links, a_request(visitor=agent)) == (2, 3)


def test_what_staff_do_is_no_visit() -> None:
    assert set(counted(a_search(hits=0, visitor="user-1"), a_request(visitor="user-1"))) == {measures.LINK}


def test_every_outcome_is_counted() -> None:
    assert of("outcome_assumed", *a_read()) == (1, 1)
    assert of("outcome_unknown", a_search()) == (1, 1)


@pytest.mark.parametrize("seconds", [0.5, 4, 12, 60, 200])
def test_the_median_time_to_the_first_click_is_right_to_its_class(seconds: float) -> None:
    events: list[Event] = []
    for i, took in enumerate((0.1, seconds, 230)):
        asked = a_search(visitor=f"v{i}")
        events += [asked, a_click(asked, at=took), a_click(asked, "b", at=took + 5)]
    median = median_first_click_seconds(counted(*events))
    assert median is not None
    assert seconds * 0.6 <= median <= seconds + max(1, seconds * 0.65)


def test_there_is_no_median_without_a_click() -> None:
    assert median_first_click_seconds(counted(a_search())) is None
