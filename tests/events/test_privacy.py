"""What is personal is taken out of a text; codes, versions, dates and prices stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.events.privacy import LONGEST, PLACES, Redactor, without_places
from tests.events.planted import HARMLESS, ITEMS, PATTERNS

REDACTOR = Redactor(PATTERNS)
SHARE = 0.95
"""reliability.md."""


def _sentence(template: str, item: str) -> str:
    return template.replace("{}", item)


def test_the_planted_items_are_enough_to_tell() -> None:
    assert len({item for _, item, _ in ITEMS}) >= 60
    assert len(set(HARMLESS)) >= 60


def test_of_the_planted_items_nearly_all_are_scrubbed() -> None:
    left = [item for template, item, _ in ITEMS if item in REDACTOR.redact(_sentence(template, item))]
    assert len(left) <= len(ITEMS) * (1 - SHARE), left


@pytest.mark.parametrize(("template", "item", "place"), [row for row in ITEMS if row[2] in {"[e-mail]", "[card]"}])
def test_no_mail_address_and_no_card_is_left(template: str, item: str, place: str) -> None:
    assert REDACTOR.redact(_sentence(template, item)) == _sentence(template, place)


@pytest.mark.parametrize(("template", "item", "place"), ITEMS)
def test_an_item_gives_way_to_the_word_for_it_and_the_sentence_stays(template: str, item: str, place: str) -> None:
    assert REDACTOR.redact(_sentence(template, item)) == _sentence(template, place)


def test_of_the_harmless_queries_nearly_all_are_untouched() -> None:
    changed = [query for query in HARMLESS if REDACTOR.redact(query) != query]
    assert len(changed) <= len(HARMLESS) * (1 - SHARE), changed


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("0170 1234567 089 123456", "[phone] [phone]"),
        ("ada@example.com,bo@example.org", "[e-mail],[e-mail]"),
        ("4111111111111111 4242424242424242", "[card] [card]"),
        ("4111 1111 1111 1112", "[card]"),
        ("IBAN DE89 3704 0044 0532 0130 0 falsch", "IBAN [account] falsch"),
        ("user=ada@example.com&token=abcdef&x=1", "user=[e-mail]&token=[key]&x=1"),
        ("my pin is 4711 and cvv 123", "my pin is [key] and cvv [key]"),
        ("verification code 482913", "verification code [key]"),
        ("-----BEGIN KEY-----\nMIIEv\n-----END KEY----- what now", "[key] what now"),
        ("-----BEGIN KEY-----\nMIIEv", "[key]"),
        ("from 91.12.55.7:443", "from [ip]:443"),
    ],
)
def test_items_beside_one_another_each_give_way(text: str, redacted: str) -> None:
    assert REDACTOR.redact(text) == redacted


def test_signs_nobody_sees_hide_nothing() -> None:
    assert REDACTOR.redact("ada\u200b@exam\u00adple.com") == "[e-mail]"
    assert REDACTOR.redact("４１１１ １１１１ １１１１ １１１１") == "[card]"


def test_a_text_in_other_signs_stays_as_it_was_where_nothing_is_found() -> None:
    assert REDACTOR.redact("Größe Ａ４ ﬁnden") == "Größe Ａ４ ﬁnden"


@given(st.text(max_size=200) | st.text("0123456789 +-./()@:aé", max_size=120))
def test_redacting_again_changes_nothing(text: str) -> None:
    once = REDACTOR.redact(text)
    assert REDACTOR.redact(once) == once


def test_what_is_beyond_the_limit_is_not_kept() -> None:
    assert len(REDACTOR.redact("word " * LONGEST)) == LONGEST


def test_words_in_brackets_are_not_searched_for() -> None:
    assert without_places(f"where is {' '.join(PLACES)} my order") == "where is my order"


def test_each_kind_has_a_word() -> None:
    assert {place for _, _, place in ITEMS} == PLACES
