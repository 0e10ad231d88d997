from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.events import log
from portal.events.kinds import Event, Where
from portal.visits import measures, totals
from portal.visits.asked import Asked
from portal.visits.digest import digest
from tests.visits.cast import NOON, a_click, a_request, a_search, a_view, moment

TODAY = NOON.date()
DAY = 86_400
LONG_AGO = NOON - timedelta(days=180)
HEX = "0123456789abcdef"


def a_read(query: str = "reset", at: float = 0, visitor: str = "ada", article: str = "reset") -> list[Event]:
    asked = a_search(query, at, visitor=visitor)
    read = a_view(article, at=at + 60, seconds=50, search=asked, visitor=visitor)
    return [asked, a_click(asked, article, at=at + 4), read]


def run(session: Session, at: datetime = NOON + timedelta(hours=2), kept_from: datetime = LONG_AGO) -> list[date]:
    """Count what is to be counted, as the pipeline does; return which days these were."""
    waiting = totals.uncounted(session, at=at, kept_from=kept_from)
    for days in totals.together_at_most(waiting.days):
        since, until = totals.read_span(days)
        events = log.read(session, since=since, until=until)
        for day in totals.count(digest(events, at=at), days):
            totals.write(session, day)
    totals.settle(session, waiting, at=at)
    return list(waiting.days)


def visits_of(session: Session, since: date = TODAY, until: date = TODAY) -> int:
    found = totals.measures(session, since=since, until=until)
    return found[measures.VISITS].n if measures.VISITS in found else 0


def test_a_day_that_is_counted_twice_has_the_same_figures(session: Session) -> None:
    log.append(session, a_read())
    run(session)
    once = totals.measures(session, since=TODAY, until=TODAY)
    run(session)
    assert totals.measures(session, since=TODAY, until=TODAY) == once
    assert visits_of(session) == 1


def test_figures_are_told_by_language_and_by_day(session: Session) -> None:
    log.append(session, [*a_read(), a_search(lang="de", visitor="bo"), *a_read(at=-DAY)])
    run(session)
    assert totals.measures(session, since=TODAY, until=TODAY, lang="de")[measures.VISITS].n == 1
    series = totals.series(session, measures.VISITS, since=TODAY - timedelta(days=2), until=TODAY)
    assert [measure.n for _, measure in series] == [0, 1, 2]


def test_only_days_with_something_new_are_counted_again(session: Session) -> None:
    log.append(session, [*a_read(at=-9 * DAY), *a_read(at=-5 * DAY), *(a_search(f"q{i}", i) for i in range(1000))])
    assert run(session) == [TODAY - timedelta(days=9), TODAY - timedelta(days=5), TODAY]
    assert run(session) == [TODAY]
    log.append(session, a_read(at=-5 * DAY, visitor="late"))
    assert run(session) == [TODAY - timedelta(days=5), TODAY]
    assert visits_of(session, TODAY - timedelta(days=5), TODAY - timedelta(days=5)) == 2


def test_a_visit_that_was_open_is_counted_when_it_is_over(session: Session) -> None:
    log.append(session, a_read())
    run(session, at=moment(300))
    assert visits_of(session) == 0
    run(session, at=moment(DAY / 2))
    assert visits_of(session) == 1


def test_a_visit_over_midnight_is_whole_and_counts_on_the_day_it_began(session: Session) -> None:
    midnight = 12 * 3600
    log.append(session, [*a_read("reset", midnight - 60), *a_read("invoice", midnight + 60)])
    run(session, at=moment(2 * DAY))
    assert (visits_of(session), visits_of(session, TODAY + timedelta(days=1), TODAY + timedelta(days=1))) == (1, 0)


def test_totals_outlive_their_events(session: Session) -> None:
    log.append(session, a_read(at=-9 * DAY))
    run(session)
    log.expire(session, NOON - timedelta(days=5))
    log.append(session, a_read(at=-9 * DAY, visitor="late"))
    assert run(session, kept_from=NOON - timedelta(days=5)) == []
    ago = TODAY - timedelta(days=9)
    assert visits_of(session, ago, ago) == 1


def test_what_is_erased_is_counted_no_more(session: Session) -> None:
    log.append(session, [*a_read(at=-5 * DAY), *a_read(at=-5 * DAY, visitor="bo")])
    run(session)
    log.erase(session, "bo")
    totals.reopen(session, NOON - timedelta(days=6))
    run(session)
    assert visits_of(session, TODAY - timedelta(days=5), TODAY - timedelta(days=5)) == 1


def test_a_day_whose_only_visitor_is_erased_keeps_nothing_of_theirs(session: Session) -> None:
    log.append(session, [*a_read("my name is Ada", at=-5 * DAY), *a_read()])
    run(session)
    log.erase(session, "ada")
    totals.reopen(session, NOON - timedelta(days=6))
    run(session)
    assert visits_of(session, TODAY - timedelta(days=5), TODAY) == 0
    assert totals.top_queries(session, LONG_AGO, 9) == []


def test_wordings_go_and_figures_stay(session: Session) -> None:
    log.append(session, [*a_read(at=-9 * DAY), *a_read()])
    run(session)
    assert totals.expire(session, NOON - timedelta(days=5)) == 1
    assert visits_of(session, TODAY - timedelta(days=9), TODAY) == 2
    assert len(totals.top_queries(session, LONG_AGO, 9)) == 1


def test_a_wording_is_offered_to_others_when_enough_different_people_were_helped(session: Session) -> None:
    often = [event for day in range(7) for event in a_read("reset", -DAY * day, visitor="ada")]
    enough = [event for i in range(5) for event in a_read("Get  a refund", -DAY * i, visitor=f"{i}")]
    failing = [a_search("vacuum", visitor=f"x{i}", hits=0) for i in range(9)]
    log.append(session, [*often, *enough, *failing])
    run(session)
    assert totals.asked_with_success(session, LONG_AGO, 5) == {"en": ("get a refund",)}
    assert totals.asked_with_success(session, NOON - timedelta(days=2), 5) == {}
    assert totals.asked_with_success(session, LONG_AGO, 1) == {"en": ("get a refund", "reset")}


def test_a_wording_that_failed_first_is_not_the_one_that_helped(session: Session) -> None:
    log.append(session, [a_search("lost login", -90, hits=0), *a_read("reset login", -60)])
    run(session)
    assert totals.top_queries(session, LONG_AGO, 9) == [
        Asked("en", "lost login", 1, 0, None),
        Asked("en", "reset login", 1, 1, "reset"),
    ]


def test_the_top_queries_are_those_of_most_different_people(session: Session) -> None:
    one_person = [event for day in range(5) for event in a_read("reset", -DAY * day)]
    three = [event for who in HEX[:3] for event in a_read("refund", visitor=who * 8, article=f"r{who > '0'}")]
    log.append(session, [*one_person, *three])
    run(session)
    assert totals.top_queries(session, LONG_AGO, 9) == [
        Asked("en", "refund", 3, 3, "rTrue"),
        Asked("en", "reset", 1, 1, "reset"),
    ]
    assert [one.text for one in totals.top_queries(session, LONG_AGO, 1)] == ["refund"]


def test_what_was_begun_when_a_suggestion_was_chosen_is_no_wording(session: Session) -> None:
    chosen = a_search("ref", where=Where.TYPING)
    log.append(session, [chosen, a_click(chosen, at=0.1), a_view(search=chosen)])
    run(session)
    assert totals.top_queries(session, LONG_AGO, 9) == []
    assert totals.measures(session, since=TODAY, until=TODAY)[measures.SELF_SERVICE].count == 1


def test_what_staff_search_is_no_wording(session: Session) -> None:
    log.append(session, [a_search("vacuum", visitor="user-1"), a_request(visitor="bo")])
    run(session)
    assert totals.top_queries(session, LONG_AGO, 9) == []


def test_a_wording_of_any_length_is_kept_cut(session: Session) -> None:
    log.append(session, [a_search("word " * 300, hits=0), a_search("word " * 400, visitor="bo", hits=0)])
    run(session)
    (asked,) = totals.top_queries(session, LONG_AGO, 9)
    assert (len(asked.text), asked.people) == (199, 2)


def test_days_that_follow_each_other_are_read_together_a_month_at_most() -> None:
    days = [TODAY + timedelta(days=i) for i in (*range(33), 50)]
    assert [len(run) for run in totals.together_at_most(days)] == [31, 2, 1]


def test_an_empty_log_is_no_days(session: Session) -> None:
    assert run(session) == []
    assert totals.measures(session, since=TODAY, until=TODAY) == {}
    assert totals.asked_with_success(session, LONG_AGO, 1) == {}


def test_events_are_of_the_day_in_utc(session: Session) -> None:
    east = datetime(2026, 11, 23, 1, tzinfo=UTC).astimezone(tz=None)
    log.append(session, a_read(at=(east - NOON).total_seconds()))
    assert run(session, at=NOON + timedelta(days=2)) == [TODAY + timedelta(days=1)]
