"""Counting leaves the process as it found it."""

import gc

from portal.counting import rarely_collecting


def test_garbage_is_looked_for_as_usual_after_a_long_count() -> None:
    usual = gc.get_threshold()
    with rarely_collecting():
        assert gc.get_threshold() != usual
    assert gc.get_threshold() == usual
