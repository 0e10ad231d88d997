"""Where wordings stand."""

import numpy as np

from portal.gaps.cluster_background import QUESTIONS, background
from portal.gaps.cluster_space import FEW, drawn, space
from portal.gaps.cluster_words import word_vectors


def test_words_misspelt_are_nearer_than_other_words() -> None:
    texts = ["cancel subscription", "cancle subscribtion", "broken lamp", "subscription", "lamp"]
    rows = word_vectors(texts, "en", 50)
    assert rows[0] @ rows[1] > 0.4 > rows[0] @ rows[2]


def test_rare_words_say_more_than_frequent_ones() -> None:
    texts = [f"how do I {one}" for one in ("pay", "fly", "sing", "draw", "swim", "run")] + ["pay the fare"]
    rows = word_vectors(texts, "en", 50)
    assert rows[0] @ rows[6] > rows[0] @ rows[1]


def test_rows_have_length_one_or_none() -> None:
    rows = space(["", "pay", "pay now", "zzz"], "en", None)
    assert {round(float(length), 3) for length in np.linalg.norm(rows, axis=1)} <= {0.0, 1.0}


def test_what_all_vectors_share_does_not_make_them_alike() -> None:
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(60, 24)).astype(np.float32)
    vectors[:, 0] += 20
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = space([f"w{chr(97 + i // 26)}{chr(97 + i % 26)}" * 2 for i in range(60)], "en", vectors)
    pairs = np.triu_indices(60, 1)
    assert (vectors @ vectors.T)[pairs].mean() > 0.9
    assert (rows @ rows.T)[pairs].mean() < 0.2


def test_a_handful_is_seen_against_the_background() -> None:
    rng = np.random.default_rng(4)
    common = np.zeros(32)
    common[0] = 3
    vectors = (rng.normal(size=(3, 32)) * 0.3 + common).astype(np.float32)
    behind = (rng.normal(size=(len(background("en")), 32)) * 0.3 + common).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    behind /= np.linalg.norm(behind, axis=1, keepdims=True)
    texts = ["cat food", "yearly report", "flat battery"]
    alone, seen = space(texts, "en", vectors), space(texts, "en", vectors, behind)
    assert (seen @ seen.T)[0, 1] < (alone @ alone.T)[0, 1] - 0.2


def test_strays_are_not_drawn_and_neighbours_close_up() -> None:
    rows = np.array([[1, 0, 0], [0.8, 0.6, 0], [0, 0, 1]], np.float32)
    moved = drawn(rows)
    assert moved[0] @ moved[1] > rows[0] @ rows[1]
    assert np.allclose(moved[2], rows[2])


def test_one_wording_alone_stands_where_it_stood() -> None:
    assert np.array_equal(drawn(np.ones((1, 1), np.float32)), np.ones((1, 1), np.float32))


def test_the_background_is_of_different_questions() -> None:
    assert len(QUESTIONS["en"]) < FEW
    assert all(len(set(questions)) == len(questions) == 40 for questions in QUESTIONS.values())
    assert background("fr") == background("en-GB") == QUESTIONS["en"]
