from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy.orm import Session

from portal.feedback import votes
from portal.feedback.helpfulness import COUNTED, LEAST_VOTES, MOST_LISTED, Z, counted_since, lower_bound, rank
from portal.feedback.votes import Tally

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=400)
KEYS = some.tuples(some.sampled_from(["de", "en"]), some.text(max_size=2))
FEW = some.integers(0, 5)
ADA, BO, CLEO = ("a" * 64, "b" * 64, "c" * 64)


def english(**tallies: tuple[int, int]) -> dict[tuple[str, str], Tally]:
    return {("en", article): Tally(*counts) for article, counts in tallies.items()}


def best(**tallies: tuple[int, int]) -> tuple[str, ...]:
    return rank(english(**tallies)).get("en", ())


def a_click(
    session: Session, voter: str, *, is_helpful: bool, revision: str = "r1", lang: str = "en", at: datetime = NOON
) -> None:
    votes.cast(session, article="reset", revision=revision, lang=lang, voter=voter, is_helpful=is_helpful, at=at)


def counted(session: Session, since: datetime = LONG_AGO) -> dict[tuple[str, str], Tally]:
    return votes.tally_by_language(session, since=since)


@pytest.mark.parametrize(
    ("helpful", "unhelpful", "bound"),
    # Published values: Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    [(81, 182, 0.2553), (15, 133, 0.0624), (0, 20, 0.0), (1, 28, 0.0061)],
)
def test_the_bound_is_that_of_published_examples(helpful: int, unhelpful: int, bound: float) -> None:
    assert lower_bound(Tally(helpful, unhelpful)) == pytest.approx(bound, abs=5e-5)


@given(some.integers(0, 2000), some.integers(0, 2000))
def test_the_bound_is_where_wilsons_equation_holds(helpful: int, unhelpful: int) -> None:
    n, bound = helpful + unhelpful, lower_bound(Tally(helpful, unhelpful))
    assert 0 <= bound <= 1
    if n:
        share = helpful / n
        assert bound <= share
        assert share - bound == pytest.approx(Z * sqrt(bound * (1 - bound) / n), abs=1e-9)


def test_many_good_votes_go_before_few_perfect_ones() -> None:
    assert best(few=(3, 0), many=(95, 5), mixed=(60, 40)) == ("many", "mixed", "few")


def test_fewer_than_three_votes_are_chance() -> None:
    assert LEAST_VOTES == 3
    assert best(two=(2, 0), three=(3, 0), one=(1, 0), none=(0, 0)) == ("three",)


def test_what_failed_as_many_as_it_helped_is_never_called_helpful() -> None:
    assert best(even=(50, 50), bad=(5, 6), hated=(0, 9), good=(51, 50)) == ("good",)


def test_equal_articles_are_in_the_order_of_their_ids() -> None:
    assert best(b=(4, 0), c=(4, 0), a=(4, 0)) == ("a", "b", "c")


def test_each_language_has_its_own_list_of_fifty_at_most() -> None:
    tallies = {(lang, f"{lang}-{n:03}"): Tally(3 + n) for lang in ("de", "en") for n in range(MOST_LISTED + 9)}
    ranked = rank(tallies | {("fr", "seul"): Tally(1, 0)})
    assert {lang: len(ids) for lang, ids in ranked.items()} == {"de": 50, "en": 50}
    assert ranked["en"][0] == f"en-{MOST_LISTED + 8:03}"


@given(some.dictionaries(KEYS, some.builds(Tally, FEW, FEW), max_size=9))
def test_ranking_does_not_depend_on_the_order_of_counting(tallies: dict[tuple[str, str], Tally]) -> None:
    assert rank(tallies) == rank(dict(reversed(tallies.items())))


def test_votes_on_former_revisions_count_so_a_mended_comma_empties_no_list(session: Session) -> None:
    a_click(session, ADA, is_helpful=True, revision="r1")
    a_click(session, BO, is_helpful=True, revision="r2")
    a_click(session, CLEO, is_helpful=False, revision="r2")
    assert counted(session) == {("en", "reset"): Tally(2, 1)}


def test_a_voter_of_several_revisions_is_one_voice_and_the_last_word_counts(session: Session) -> None:
    a_click(session, ADA, is_helpful=True, revision="r2", lang="de", at=NOON + timedelta(hours=1))
    a_click(session, ADA, is_helpful=False, revision="r1")
    a_click(session, ADA, is_helpful=False, revision="r3")
    assert counted(session) == {("de", "reset"): Tally(1, 0)}


def test_votes_older_than_a_year_no_longer_count(session: Session) -> None:
    since = counted_since(NOON)
    a_click(session, ADA, is_helpful=True, at=since)
    a_click(session, BO, is_helpful=True, at=since - timedelta(microseconds=1))
    assert counted(session, since) == {("en", "reset"): Tally(1, 0)}


def test_without_votes_nothing_is_named(session: Session) -> None:
    assert counted(session) == {}


@pytest.fixture
def moments() -> Iterator[datetime]:
    """Moments of one day in UTC, as nodes in two zones would name them."""
    tokyo = timezone(timedelta(hours=9))
    return iter((NOON, NOON + timedelta(minutes=1), (NOON + timedelta(hours=11)).astimezone(tokyo)))


def test_nodes_that_count_at_different_moments_of_a_day_ask_the_same(moments: Iterator[datetime]) -> None:
    assert {counted_since(at) for at in moments} == {NOON.replace(hour=0) - COUNTED}
