import pytest
from hypothesis import given
from hypothesis import strategies as some
from rapidfuzz.distance import OSA

from portal.search.evaluation.typos import LONG, with_typo

SEEDS = range(60)


@given(some.text("abcÄßéя如何หา¼ 1_-'\u0301", max_size=30), some.integers(), some.text("q1", max_size=5))
def test_a_typo_is_one_edit_and_the_same_each_time(text: str, seed: int, query: str) -> None:
    typed = with_typo(text, seed=seed, query=query)
    assert typed == with_typo(text, seed=seed, query=query)
    has_letters = any(letter.isalpha() for letter in text)
    assert OSA.distance(text, typed) == (1 if has_letters else 0)


def test_only_long_words_are_hit_where_there_is_one() -> None:
    for seed in SEEDS:
        *short, long = with_typo("how do I get password", seed=seed, query="q").split()
        assert short == ["how", "do", "I", "get"]
        assert long != "password"
        assert len(long) >= len("password") - 1 >= LONG


def test_each_long_word_may_be_hit() -> None:
    typed = [with_typo("my lock password", seed=seed, query="q").split() for seed in SEEDS]
    assert {"lock", "password"} < {word for words in typed for word in words}
    assert {words[0] for words in typed} == {"my"}


def test_the_longest_word_is_hit_where_none_is_long() -> None:
    assert {with_typo("my vpn", seed=seed, query="q")[:3] for seed in SEEDS} == {"my "}


def test_every_kind_of_slip_happens() -> None:
    typed = [with_typo("router", seed=seed, query="q") for seed in SEEDS]
    assert {len(one) - len("router") for one in typed} == {-1, 0, 1}
    is_swapped = [sorted(one) == sorted("router") for one in typed if len(one) == len("router")]
    assert any(is_swapped)
    assert not all(is_swapped)


def test_seed_and_query_id_decide() -> None:
    assert len({with_typo("password", seed=seed, query="q") for seed in SEEDS}) > 10
    assert len({with_typo("password", seed=1, query=str(query)) for query in SEEDS}) > 10


@pytest.mark.parametrize("text", ["如何重设密码", "パスワードを忘れた", "забыл пароль"])
def test_letters_of_other_scripts_come_from_the_query(text: str) -> None:
    assert all(set(with_typo(text, seed=seed, query="q")) <= set(text) for seed in SEEDS)


def test_numbers_and_signs_are_left_alone() -> None:
    assert with_typo("0x80070005 ?!", seed=1, query="q") != ""
    assert with_typo("404 - ?!", seed=1, query="q") == "404 - ?!"
    assert {with_typo("E-1042 error", seed=seed, query="q")[:7] for seed in SEEDS} == {"E-1042 "}
