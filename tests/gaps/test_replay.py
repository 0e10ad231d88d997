from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from portal.content.page import Card
from portal.gaps.replay import Asked, Replayed, Worked, is_worse, replay
from portal.gaps.search_diff import search_diff
from portal.search.hits import Hit, Query, ResultPage, Snippet


class Shelf:
    """A search that answers what it is told to, and says of everything else that nothing here does."""

    def __init__(
        self, found: Mapping[str, list[str]], *, under_the_floor: Mapping[str, list[str]] | None = None
    ) -> None:
        self.found = found
        self.nearest = under_the_floor or {}

    def search(self, query: Query, *, offset: int, limit: int) -> ResultPage:
        hits = tuple(_hit(name) for name in self.found.get(query.text, []))
        nearest = tuple(_hit(name) for name in self.nearest.get(query.text, []))
        page = hits[offset : offset + limit]
        return ResultPage(
            query=query, hits=page, total=len(hits), offset=offset, limit=limit, nearest=nearest, confidence=0.5
        )


def _hit(name: str) -> Hit:
    card = Card(
        id=name, title=name.title(), summary="", url=f"/en/articles/{name}", lang="en", topic=None, topic_name=None,
        tags=(), products=(), kind="article", audience="public", status="published",
        updated_at=datetime(2026, 1, 1, tzinfo=UTC), revision="",
    )  # fmt: skip
    return Hit(card=card, anchor="", heading="", snippet=Snippet(()), score=1.0, title=Snippet(()))


ASKED = [Asked("export", "en", 3), Asked("csv", "en", 7), Asked("download", "en", 1)]


def test_answered_is_a_target_among_the_first_three() -> None:
    after = Shelf({"export": ["a", "b", "new"], "csv": ["a", "b", "c", "new"], "download": ["a"]})
    done = replay(ASKED, [], Shelf({"export": ["a"]}), after, {"new"})
    assert [(one.text, one.after.rank, one.after.is_answered) for one in done.wordings] == [
        ("csv", 4, False),
        ("export", 3, True),
        ("download", None, False),
    ]
    assert (done.answered, done.answered_before, len(done.wordings)) == (1, 0, 3)
    assert (done.people_answered, done.people) == (3, 11)
    assert round(done.percent) == 33
    assert done.wordings[1].after.first == ("A", "B", "New")


def test_what_is_under_the_floor_is_no_answer() -> None:
    after = Shelf({}, under_the_floor={"export": ["new"]})
    assert replay(ASKED, [], Shelf({}), after, {"new"}).answered == 0


def test_an_article_that_was_there_and_found_before_counts_as_answered_before() -> None:
    before, after = Shelf({"export": ["a", "b", "c", "old"]}), Shelf({"export": ["old"], "csv": ["old"]})
    done = replay(ASKED, [], before, after, {"old"})
    assert (done.answered_before, done.answered) == (0, 2)


def test_what_worked_and_has_left_the_first_three_is_told_with_its_places() -> None:
    worked = [
        Worked("a", "en", 5, "x"),
        Worked("b", "en", 9, "x"),
        Worked("c", "en", 1, "x"),
        Worked("d", "en", 2, "x"),
    ]
    before = Shelf({"a": ["x"], "b": ["x"], "c": ["x", "y"]})
    after = Shelf({"a": ["new", "p", "q", "x"], "b": ["p"], "c": ["new", "x"], "d": ["x"]})
    done = replay([], worked, before, after, {"new"})
    assert [(one.text, one.before, one.after) for one in done.worse] == [("b", 1, None), ("a", 1, 4)]
    assert done.worked == 4


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [(1, 3, False), (1, 4, True), (3, 4, True), (5, 5, False), (5, 6, True), (1, None, True), (9, 2, False)],
)
def test_moves_within_the_first_three_are_no_loss(before: int, after: int | None, worse: bool) -> None:
    assert is_worse(before, after) is worse


def test_nothing_asked_is_nothing_answered() -> None:
    assert replay([], [], Shelf({}), Shelf({}), {"new"}).percent == 0


def test_a_replay_can_be_kept_and_read_again() -> None:
    done = replay(ASKED, [Worked("a", "en", 5, "x")], Shelf({"a": ["x"]}), Shelf({"csv": ["new"]}), {"new"})
    assert Replayed.from_json(done.to_json()) == done
    assert (done.document()["answered"], done.document()["of"]) == (1, 3)


def test_a_search_diff_names_the_queries_whose_first_hits_are_others() -> None:
    before = Shelf({"export": ["a", "b"], "csv": ["a"], "same": ["a"]})
    after = Shelf({"export": ["n", "a", "b"], "download": ["n"], "same": ["a"]})
    diff = search_diff([*ASKED, Asked("same", "en", 50)], before, after)
    assert [(one.text, one.before, one.after, one.lost) for one in diff.differences] == [
        ("csv", ("A",), (), "A"),
        ("export", ("A", "B"), ("N", "A", "B"), None),
        ("download", (), ("N",), None),
    ]
    assert (diff.queries, diff.unanswered, diff.answered, diff.worse, diff.percent) == (4, 1, 1, 1, 75.0)
