"""A site's own patterns are used where no text can make them slow."""

import time

import pytest

from portal.events.privacy import LONGEST, Redactor

GOOD = [
    r"ORD-\d{4}-\d{6}",
    r"\b[A-Z]{2,3}\d{6,10}\b",
    r"(?:\d{4}-){3}\d{4}",
    r"(?P<number>B\d+-\d+)",
    r"#\d+",
    r"[)(*+]x\d{3}",
    r"\(\d+\)\+",
    r"(AB|CD)-?\d{5}",
    r"order no\. \d+",
]
SLOW = [
    r"(a+)+$",
    r"(\d|\d\d)+x",
    r"\w+\w+\w+!",
    r"(\w+\s?)*x",
    r"(a)\1x",
    r"(?=\d+)\d",
    r"((ab)+c)*",
    r"(a{1,9}){1,9}b",
    "x" * 300,
]


@pytest.mark.parametrize("pattern", GOOD)
def test_a_pattern_of_a_number_is_used(pattern: str) -> None:
    assert Redactor([pattern]).refused == {}


@pytest.mark.parametrize("pattern", SLOW)
def test_a_pattern_that_could_take_for_ever_is_refused_in_words(pattern: str) -> None:
    refused = Redactor([pattern, r"ORD-\d+"])
    assert list(refused.refused) == [pattern]
    assert refused.redact("ORD-42") == "[order]"


def test_what_is_no_pattern_is_refused_in_words() -> None:
    assert "no regular expression" in Redactor(["("]).refused["("]


@pytest.mark.parametrize("pattern", GOOD)
@pytest.mark.parametrize("piece", ["0", "A", "1-", "ORD-", "12345678901234567890-", "a ", "#1", "(1"])
def test_no_text_makes_a_used_pattern_slow(pattern: str, piece: str) -> None:
    redactor = Redactor([pattern])
    text = (piece * 500)[:500]
    began = time.process_time()
    redactor.redact(text)
    assert time.process_time() - began < 0.5


def test_a_match_is_found_wherever_it_stands() -> None:
    redactor = Redactor([r"ORD-\d{6}"])
    for before in range(0, 400, 7):
        text = "x " * before + "ORD-123456" + " y" * 20
        assert redactor.redact(text) == text.replace("ORD-123456", "[order]")


def test_a_match_inside_a_longer_word_takes_the_whole_word() -> None:
    assert Redactor([r"\d{6}"]).redact("see 1234567890x.") == "see [order]."


def test_capitals_do_not_matter() -> None:
    assert Redactor([r"ORD-\d+"]).redact("ord-77") == "[order]"


def test_the_order_of_the_words_of_a_long_text_stays() -> None:
    text = " ".join(f"n{n}" for n in range(400))
    assert Redactor([r"ORD-\d+"]).redact(text) == text[:LONGEST]
