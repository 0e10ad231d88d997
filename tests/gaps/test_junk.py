"""What names no need, and what does."""

import pytest

from portal.gaps.junk import is_junk, is_mash

JUNK = [
    "asdfgh", "qwertz", "jnhjkj", "vvvvv", "hhhhhhhh", "sdfsdfsdf", "lkjhgf",
    "hello", "Hiii", "hloo", "good morning sir", "ok", "thanks!!", "Thank you 😊", "how are you",
    "fuck off", "you are stupid", "this is shit",
    "how to", "the", "what is it", "", "???", "😂😂", "7021645199", "12/3", ".....", "x",
    "ada@example.org", "[email]", "[phone] [phone]", "https://example.org/a",
]  # fmt: skip
NEEDS = [
    "reset password", "asdfgh password", "hello, where is my parcel", "this shit printer jams", "http 404", "E-1042",
    "dhcp", "https", "html", "smtp", "property", "liberty", "poverty", "banana", "pdf", "vpn", "Mississippi",
    "rhythm", "1042", "how much does it cost", "queue", "assessment", "was kostet das", "密码", "пароль", "wifi",
]  # fmt: skip
GERMAN_JUNK = ["guten Tag", "danke schön", "du Idiot", "Scheiße", "hallo", "wie geht das"]
GERMAN_NEEDS = ["Angstschweiß", "Rechnung", "scheiß Drucker druckt nicht", "Passwort vergessen"]


@pytest.mark.parametrize("text", JUNK)
def test_what_names_nothing_is_junk(text: str) -> None:
    assert is_junk(text, "en")


@pytest.mark.parametrize("text", NEEDS)
def test_what_names_something_is_no_junk(text: str) -> None:
    assert not is_junk(text, "en")


@pytest.mark.parametrize("text", GERMAN_JUNK)
def test_german_junk_is_known(text: str) -> None:
    assert is_junk(text, "de")


@pytest.mark.parametrize("text", GERMAN_NEEDS)
def test_german_needs_are_no_junk(text: str) -> None:
    assert not is_junk(text, "de")


def test_of_other_languages_the_shape_of_words_is_known() -> None:
    assert is_junk("asdfgh", "fi")
    assert not is_junk("salasana hukassa", "fi")


def test_short_words_and_other_scripts_are_no_mash() -> None:
    assert not is_mash("asd")
    assert not is_mash("йцукен")
