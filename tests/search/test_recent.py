import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.search.recent import Recent


def test_an_answer_is_worked_out_once() -> None:
    recent: Recent[str, list[int]] = Recent(2)
    first = recent.answer("a", lambda: [1])
    assert recent.answer("a", lambda: [2]) is first


def test_what_nobody_asked_for_longest_goes_first() -> None:
    recent: Recent[str, int] = Recent(2)
    for number, key in enumerate(["a", "b", "a", "c"]):
        recent.answer(key, lambda number=number: number)
    assert [recent.answer(key, lambda: 9) for key in ("a", "c", "b")] == [0, 3, 9]
    assert len(recent) == 2


def test_a_failure_is_not_kept() -> None:
    recent: Recent[str, float] = Recent(2)
    with pytest.raises(ZeroDivisionError):
        recent.answer("a", lambda: 1 / 0)
    assert recent.answer("a", lambda: 1.0) == 1.0


def test_nothing_is_left_after_forgetting() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.answer("a", lambda: 1)
    recent.forget()
    assert len(recent) == 0


def test_one_slow_answer_holds_nobody_up() -> None:
    recent: Recent[str, int] = Recent(4)
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> int:
        begun.set()
        assert may_end.wait(10)
        return 1

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(recent.answer, "slow", slow)
        assert begun.wait(10)
        assert recent.answer("fast", lambda: 2) == 2
        may_end.set()
        assert waiting.result(10) == 1


def test_threads_never_see_anothers_answer_nor_more_than_are_kept() -> None:
    recent: Recent[int, int] = Recent(8)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: recent.answer(n % 20, lambda: n % 20), range(2000)))
    assert answers == [n % 20 for n in range(2000)]
    assert len(recent) == 8
