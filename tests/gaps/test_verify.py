from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.gaps.intervals import fall, wilson
from portal.gaps.verify import Measure, Seen, Verdict, Verified, Watch, decide, measure

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
SOON, LATE = BEGAN + timedelta(days=2), BEGAN + timedelta(days=28)
WORDINGS = {("en", "export invoices"), ("en", "download all bills")}


def _seen(visitor: str, *texts: str, days: float = 1, resolved: bool | None = True, lang: str = "en") -> Seen:
    return Seen(visitor, BEGAN + timedelta(days=days), lang, texts or ("export invoices",), resolved)


def _measure(*seen: Seen) -> Measure:
    return measure(seen, WORDINGS, since=BEGAN, until=LATE)


def test_who_asks_five_hundred_times_is_one_person_and_how_they_ended_counts() -> None:
    often = [_seen("mallory", resolved=False, days=n / 100) for n in range(500)]
    assert _measure(*often) == Measure(1, 0)
    assert _measure(*often, _seen("mallory", days=20)) == Measure(1, 1)
    assert _measure(_seen("ada", days=2, resolved=False), _seen("ada", days=1)) == Measure(1, 0)


def test_only_the_same_wordings_in_their_language_and_window_count_and_unknown_ends_do_not() -> None:
    others = (
        _seen("a", "something else"),
        _seen("b", lang="de"),
        _seen("c", days=-1),
        _seen("d", days=28),
        _seen("e", resolved=None),
    )
    assert _measure(*others) == Measure(0, 0)
    assert _measure(_seen("f", "exports", "Export Invoices")) == Measure(1, 1)


def _decide(before: Measure, after: Measure, at: datetime = SOON, watch: Watch | None = None) -> Verdict:
    return decide(before, after, watch or Watch(), began=BEGAN, at=at).verdict


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (Measure(4, 0), Measure(5, 5), Verdict.CLOSE),
        (Measure(40, 4), Measure(30, 27), Verdict.CLOSE),
        (Measure(4, 0), Measure(5, 0), Verdict.REOPEN),
        (Measure(40, 4), Measure(30, 6), Verdict.REOPEN),
        (Measure(4, 0), Measure(5, 2), Verdict.WATCH),
        (Measure(4, 0), Measure(4, 4), Verdict.WATCH),
        (Measure(2, 1), Measure(5, 4), Verdict.WATCH),
        (Measure(4, 0), Measure(0, 0), Verdict.WATCH),
        (Measure(0, 0), Measure(9, 9), Verdict.WATCH),
    ],
)
def test_it_is_decided_early_only_where_enough_people_make_it_clear(
    before: Measure, after: Measure, verdict: Verdict
) -> None:
    assert _decide(before, after) is verdict


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        (Measure(0, 0), Verdict.CLOSE),
        (Measure(2, 1), Verdict.CLOSE),
        (Measure(2, 0), Verdict.REOPEN),
        (Measure(5, 2), Verdict.REOPEN),
        (Measure(5, 3), Verdict.CLOSE),
    ],
)
def test_at_the_end_of_the_watch_it_is_decided_by_what_there_is(after: Measure, verdict: Verdict) -> None:
    assert _decide(Measure(8, 0), after, LATE) is verdict


def test_closing_comes_from_visits_and_a_quiet_end_says_that_it_is_no_proof() -> None:
    quiet = decide(Measure(8, 0), Measure(), Watch(), began=BEGAN, at=LATE)
    assert "not proved" in quiet.because
    proved = decide(Measure(8, 0), Measure(6, 6), Watch(), began=BEGAN, at=SOON)
    assert proved.because == (
        "Proved: 0 of 6 people without an answer since, 8 of 8 people without an answer before; "
        "the share fell by 100 points (49 to 100)."
    )


def test_the_number_of_people_and_days_is_the_help_centre_s_to_say() -> None:
    assert _decide(Measure(4, 0), Measure(3, 3), watch=Watch(days=28, people=3)) is Verdict.CLOSE
    assert _decide(Measure(4, 0), Measure(1, 0), watch=Watch(days=2, people=9)) is Verdict.REOPEN


def test_wilsons_interval_is_the_published_one() -> None:
    # Newcombe (1998), table I: 81 of 263 and 15 of 148, the score method without continuity correction.
    assert [round(x, 4) for x in (wilson(81, 263).low, wilson(81, 263).high)] == [0.2553, 0.3662]
    assert [round(x, 4) for x in (wilson(15, 148).low, wilson(15, 148).high)] == [0.0624, 0.1605]
    assert [round(x, 4) for x in (wilson(0, 20).low, wilson(0, 20).high)] == [0.0, 0.1611]


def test_newcombes_interval_is_the_published_one() -> None:
    # Newcombe (1998), table II, method 10: 56/70 less 48/80, 9/10 less 3/10, 10/10 less 0/10.
    for first, second, low, high in (
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ):
        found = fall(wilson(*first), wilson(*second))
        assert [round(found.low, 4), round(found.high, 4)] == [low, high]


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_bounds_hold_their_figure_whatever_is_counted(a: int, more: int, b: int, other: int) -> None:
    before, after = wilson(a, a + more), wilson(b, b + other)
    for one in (before, after, fall(before, after)):
        assert -1 <= one.low <= one.value + 1e-9
        assert one.value - 1e-9 <= one.high <= 1


def test_a_measure_can_be_kept_and_read_again() -> None:
    assert Measure.from_json(Measure(7, 3).to_json()) == Measure(7, 3)
    assert Measure.from_json(None) == Measure()


def test_a_look_is_one_line_of_counts() -> None:
    done = Verified(closed=(12,), watching=(3, 4), began=(4,))
    assert done.line() == "1 closed, 0 opened again, 2 watched (1 newly)."
