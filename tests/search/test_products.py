"""A visitor's products come a little higher: never above what is clearly better, and nothing is lost."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content.page import Card
from portal.search.hits import Hit, Snippet
from portal.search.products import LIFT, order, reorder

SCORES = st.lists(st.floats(0, 3, allow_nan=False), max_size=10).map(lambda some: sorted(some, reverse=True))


def hit(name: str, score: float, *products: str) -> Hit:
    card = Card(
        id=name, title=name, summary="", url=f"/en/articles/{name}", lang="en", topic=None, topic_name=None, tags=(),
        products=products, kind="article", audience="public", status="published",
        updated_at=datetime(2026, 3, 1, tzinfo=UTC), revision="abcd",
    )  # fmt: skip
    words = Snippet(((name, False),))
    return Hit(card=card, anchor="", heading="", snippet=words, score=score, title=words)


def names(hits: tuple[Hit, ...]) -> str:
    return "".join(one.card.id for one in hits)


def test_a_hit_of_the_visitors_product_passes_one_that_is_hardly_better() -> None:
    assert names(reorder((hit("a", 1.0), hit("b", 0.99, "Uno")), ("Uno",))) == "ba"


def test_it_does_not_pass_one_that_is_clearly_better() -> None:
    assert names(reorder((hit("a", 1.0), hit("b", 0.9, "Uno")), ("Uno",))) == "ab"


@pytest.mark.parametrize("chosen", ["uno", "UNO", "Uno"])
def test_products_are_known_in_any_case(chosen: str) -> None:
    assert names(reorder((hit("a", 1.0, "Nano"), hit("b", 0.99, "Mega", "Uno")), (chosen,))) == "ba"


def test_without_products_the_order_is_everybodys() -> None:
    hits = (hit("a", 1.0, "Nano"), hit("b", 1.0, "Uno"))
    assert reorder(hits, ()) == hits
    assert reorder(hits, ("Mega",)) == hits
    assert reorder((), ("Uno",)) == ()


@given(SCORES, st.data())
def test_nothing_is_lost_and_what_is_alike_keeps_its_order(scores: list[float], data: st.DataObject) -> None:
    mine = data.draw(st.lists(st.booleans(), min_size=len(scores), max_size=len(scores)))
    places = order(scores, mine)
    assert sorted(places) == list(range(len(scores)))
    for side in (True, False):
        alike = [place for place in places if mine[place] is side]
        assert alike == sorted(alike)


@given(SCORES, st.data())
def test_nobody_passes_what_is_better_by_more_than_the_lift(scores: list[float], data: st.DataObject) -> None:
    mine = data.draw(st.lists(st.booleans(), min_size=len(scores), max_size=len(scores)))
    places = order(scores, mine)
    for rank, above in enumerate(places):
        for below in places[rank + 1 :]:
            assert scores[below] <= scores[above] * (1 + LIFT) + 1e-9


def test_an_order_that_scores_alone_do_not_explain_stays_as_it_was_ranked() -> None:
    assert order([0.5, 0.9, 0.4], [False, False, False]) == [0, 1, 2]
