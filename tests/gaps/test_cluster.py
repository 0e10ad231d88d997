"""Clusters, seen from outside: who is with whom, which gap lives on, and why."""

import random
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from portal.gaps.cluster import Asked, Cluster, Link, cluster

PARCEL = ("where is my parcel", "where is my parcel now", "my parcel, where is it", "parcel: where is my parcel?")
REFUND = ("refund for a broken lamp", "broken lamp refund", "refund: lamp broken", "a refund for my broken lamp")


def asked(*texts: str, lang: str = "en") -> list[Asked]:
    return [Asked(text=text, lang=lang) for text in texts]


def together(found: Sequence[Cluster], said: Sequence[Asked]) -> set[frozenset[str]]:
    return {frozenset(said[i].text for i in one.members) for one in found}


def of(found: Sequence[Cluster], place: int) -> Cluster:
    return next(one for one in found if place in one.members)


def test_wordings_of_one_need_are_together_and_of_two_are_apart() -> None:
    said = asked(*PARCEL, *REFUND)
    assert together(cluster(said, None), said) == {frozenset(PARCEL), frozenset(REFUND)}


def test_each_wording_is_in_exactly_one_cluster() -> None:
    said = asked(*PARCEL, "asdfgh", "", *REFUND, "where is my parcel", "\ud800", "x" * 3000)
    found = cluster(said, None)
    assert sorted(i for one in found for i in one.members) == list(range(len(said)))


def test_no_wordings_make_no_clusters() -> None:
    assert cluster([], None) == []


def test_order_does_not_matter() -> None:
    said = asked(*PARCEL, *REFUND, "how do I pay by invoice", "pay by invoice", "cat food")
    vectors = unit(np.random.default_rng(1).normal(size=(len(said), 16)))
    wanted = together(cluster(said, vectors), said)
    for seed in range(5):
        order = list(range(len(said)))
        random.Random(seed).shuffle(order)
        shuffled = [said[i] for i in order]
        assert together(cluster(shuffled, vectors[order]), shuffled) == wanted


def test_meaning_brings_together_what_shares_no_word() -> None:
    said = asked("forgot my password", "cannot sign in", "lamp is broken", "light does not work")
    vectors = unit(np.array([[1, 0, 0.1], [1, 0.1, 0], [0, 1, 0.1], [0.1, 1, 0]], np.float32))
    assert together(cluster(said, vectors), said) == {
        frozenset({"forgot my password", "cannot sign in"}),
        frozenset({"lamp is broken", "light does not work"}),
    }


def test_vectors_that_are_missing_leave_words() -> None:
    said = asked(*PARCEL, *REFUND)
    zeros = np.zeros((len(said), 8), np.float32)
    assert together(cluster(said, zeros), said) == together(cluster(said, None), said)


def test_as_many_vectors_as_wordings_are_needed() -> None:
    with pytest.raises(ValueError, match="1 vectors for 2 wordings"):
        cluster(asked("one", "two"), np.zeros((1, 4), np.float32))


def test_what_people_did_brings_together_what_shares_nothing() -> None:
    said = asked("forgot password", "cannot sign in", "broken lamp")
    found = cluster(said, None, [Link(0, 1, 8)])
    assert together(found, said) == {frozenset({"forgot password", "cannot sign in"}), frozenset({"broken lamp"})}


def test_one_person_s_way_between_two_wordings_is_not_enough() -> None:
    said = asked("forgot password", "cannot sign in")
    assert len(cluster(said, None, [Link(0, 1, 1)])) == 2


def test_languages_stay_apart() -> None:
    said = [*asked("invoice", "invoice please"), *asked("invoice", "invoice bitte", lang="de")]
    assert all(len({said[i].lang for i in one.members}) == 1 for one in cluster(said, None))


def test_languages_come_together_where_people_went_between_them() -> None:
    said = [*asked("invoice as a pdf"), *asked("Rechnung als PDF", lang="de")]
    assert len(cluster(said, None, [Link(0, 1, 2)])) == 1
    assert len(cluster(said, None, [Link(0, 1, 1)])) == 2


def test_a_known_gap_keeps_its_number() -> None:
    said = [Asked(text=text, lang="en", gap=7) for text in PARCEL[:3]] + asked(PARCEL[3], *REFUND)
    found = cluster(said, None)
    assert of(found, 3).gap == 7
    assert of(found, 4).gap is None


def test_of_two_pieces_the_one_with_more_people_keeps_the_number() -> None:
    said = [Asked(text=text, lang="en", gap=7) for text in PARCEL]
    said += [Asked(text=text, lang="en", gap=7, people=9) for text in REFUND]
    found = cluster(said, None)
    assert (of(found, 0).gap, of(found, 4).gap) == (None, 7)


def test_a_number_is_given_once() -> None:
    said = [Asked(text=text, lang="en", gap=7) for text in (*PARCEL, *REFUND, "cat food", "dog food", "bird seed")]
    numbers = [one.gap for one in cluster(said, None) if one.gap is not None]
    assert numbers == [7]


def test_what_is_pinned_stays_with_its_gap_however_unlike() -> None:
    said = [*asked(*PARCEL), Asked(text=REFUND[0], lang="en", gap=3, is_pinned=True)]
    said += [Asked(text="cat food", lang="en", gap=3, is_pinned=True), *asked(*REFUND[1:])]
    found = cluster(said, None)
    assert {4, 5} <= set(of(found, 4).members)
    assert of(found, 4).gap == 3


def test_two_gaps_that_were_pinned_never_come_together() -> None:
    said = [Asked(text=text, lang="en", gap=1 + i % 2, is_pinned=True) for i, text in enumerate(PARCEL)]
    found = cluster(said, None, [Link(0, 1, 50)])
    assert {one.gap: set(one.members) for one in found} == {1: {0, 2}, 2: {1, 3}}


def test_pinned_gaps_stay_apart_across_languages_and_within_one_gap_come_together() -> None:
    said = [
        Asked(text="invoice pdf", lang="en", gap=1, is_pinned=True),
        Asked(text="Rechnung PDF", lang="de", gap=2, is_pinned=True),
        Asked(text="Beleg herunterladen", lang="de", gap=1, is_pinned=True),
    ]
    found = cluster(said, None, [Link(0, 1, 50)])
    assert {one.gap: one.members for one in found} == {1: (0, 2), 2: (1,)}


def test_a_pinned_wording_brings_its_gap_to_those_like_it() -> None:
    said = [*asked(*PARCEL[:3]), Asked(text=PARCEL[3], lang="en", gap=5, is_pinned=True, people=1)]
    assert [(one.gap, len(one.members)) for one in cluster(said, None)] == [(5, 4)]


def test_a_cluster_says_which_words_it_shares() -> None:
    said = asked(*PARCEL)
    assert cluster(said, None)[0].because == ("parcel",)


def test_a_single_wording_shares_nothing() -> None:
    assert cluster(asked("broken lamp"), None)[0].because == ()


def test_the_exemplar_is_a_member_and_people_weigh() -> None:
    said = [Asked(text=text, lang="en", people=50 if i == 2 else 1) for i, text in enumerate(PARCEL)]
    assert cluster(said, None)[0].exemplar == 2


def test_clusters_with_most_people_come_first() -> None:
    said = [*asked(*PARCEL), *(Asked(text=text, lang="en", people=3) for text in REFUND)]
    assert cluster(said, None)[0].members == (4, 5, 6, 7)


def test_junk_stays_alone() -> None:
    said = asked("hello", "hello", "asdfgh", "asdfgh", *PARCEL)
    found = cluster(said, None)
    assert all(of(found, i).members == (i,) for i in range(4))


def test_unlike_wordings_stay_alone_though_nothing_is_nearer() -> None:
    said = asked("cat food for seniors", "export the yearly report", "battery drains", "change of address abroad")
    assert len(cluster(said, None)) == 4


def test_clusters_are_the_same_every_time() -> None:
    said = asked(*PARCEL, *REFUND)
    assert cluster(said, None) == cluster(said, None)


def unit(rows: NDArray[np.float64] | NDArray[np.float32]) -> NDArray[np.float32]:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
