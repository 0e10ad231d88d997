"""Neighbours and their votes."""

from collections.abc import Sequence

import numpy as np

from portal.gaps.alike import Floats, Helped, votes
from tests.gaps.probes import no_vectors

_PLACES = {"end it": 0.0, "end it now": 0.1, "stop it": 0.2, "quit": 0.3, "leave": 0.4, "order": 2.0}


def _on_a_circle(_lang: str, texts: Sequence[str]) -> Floats:
    """Place texts on a circle: who is near in angle is near in meaning."""
    angles = np.array([_PLACES[text] for text in texts], np.float32)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def test_the_nearest_vote_and_nobody_votes_for_themselves() -> None:
    helped = [
        Helped("en", "end it now", "end", 4),
        Helped("en", "stop it", "end", 1),
        Helped("en", "order", "order", 9),
    ]
    found = votes("en", ["end it"], ["end it", "quit", "leave"], helped, _on_a_circle)["end it"]
    assert (dict(found.alike), found.of) == ({"end": 2}, 4)


def test_the_very_same_words_are_told_apart_from_the_like() -> None:
    helped = [Helped("en", "end it", "end", 4), Helped("de", "end it", "other", 9)]
    found = votes("en", ["end it"], ["end it"], helped, _on_a_circle)["end it"]
    assert (dict(found.same), dict(found.alike), found.of) == ({"end": 4}, {}, 0)


def test_without_vectors_shared_words_make_neighbours() -> None:
    helped = [Helped("en", "ending memberships", "end", 1), Helped("en", "order status", "order", 1)]
    found = votes("en", ["end my membership"], ["end a membership"], helped, no_vectors)["end my membership"]
    assert (dict(found.alike), found.of) == ({"end": 1}, 2)


def test_nobody_to_ask_is_no_vote() -> None:
    assert votes("en", [], [], [], _on_a_circle) == {}
    assert votes("en", ["end it"], [], [], _on_a_circle)["end it"].of == 0
