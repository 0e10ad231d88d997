"""Synonyms: what a query may also be said as."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content.synonyms_file import SynonymRule, parse_synonyms
from portal.search.words.languages import words
from portal.search.words.synonyms import FORMAT, MOST_OTHERS, Expansion, Synonyms, compile_synonyms


def synonyms(source: str, lang: str = "en") -> Synonyms:
    return compile_synonyms(parse_synonyms("synonyms.txt", source.encode())[0], lang)


def main_forms(text: str, lang: str = "en") -> tuple[str, ...]:
    return tuple(word.text for word in words(text, lang) if word.is_main)


def others(source: str, typed: str, lang: str = "en") -> list[str]:
    """Say what else is meant, as analysed words with blanks between them."""
    found = synonyms(source, lang).expand(main_forms(typed, lang))
    return [" ".join(phrase) for expansion in found for phrase in expansion.others]


DEVICES = "laptop, notebook, portable computer\ni-pod, i pod => ipod\n"


def test_each_of_a_line_stands_for_each_other() -> None:
    assert others(DEVICES, "laptop") == ["notebook", "portabl comput"]
    assert others(DEVICES, "notebook") == ["laptop", "portabl comput"]
    assert others(DEVICES, "portable computer") == ["laptop", "notebook"]


def test_an_arrow_leads_one_way() -> None:
    assert others(DEVICES, "i-pod") == ["ipod"]
    assert others(DEVICES, "ipod") == []


@pytest.mark.parametrize(
    ("source", "typed", "lang", "other"),
    [
        (DEVICES, "NOTEBOOKS", "en", "laptop"),
        ("café, bistro", "Cafe", "en", "bistro"),
        ("Rechnung, Faktura", "rechnungen", "de", "faktura"),
        ("笔记本, 手提", "我的笔记本坏了", "zh", "手 提"),
        ("wi-fi, wlan", "wi fi", "en", "wlan"),
    ],
)
def test_case_accents_and_inflection_do_not_matter(source: str, typed: str, lang: str, other: str) -> None:
    assert other in others(source, typed, lang)


def test_an_expansion_tells_which_words_it_stands_for() -> None:
    found = synonyms("cell phone => mobile\nbill, invoice").expand(main_forms("my cell phone bill"))
    assert found == (Expansion(1, 3, (("mobil",),)), Expansion(3, 4, (("invoic",),)))


def test_the_longest_phrase_counts_and_the_search_goes_on_behind_it() -> None:
    source = "new york => nyc\nnew => recent\nyork hotel => inn\nhotel => hostel"
    assert others(source, "new york hotel") == ["nyc", "hostel"]
    assert others(source, "new hotel") == ["recent", "hostel"]


def test_a_phrase_that_is_only_begun_means_nothing() -> None:
    assert others("portable computer, laptop", "portable") == []
    assert others("portable computer => laptop\nportable => handy", "portable") == ["handi"]
    assert others("portable computer, laptop", "portable portable computer") == ["laptop"]


def test_what_lines_say_of_one_phrase_is_put_together_each_once() -> None:
    assert others("car, auto\ncars => automobile, auto", "car") == ["auto", "automobil"]


def test_lines_do_not_lead_on_from_one_to_the_next() -> None:
    assert others("a1, b1\nb1, c1", "a1") == ["b1"]


def test_what_comes_to_the_same_words_is_no_synonym() -> None:
    assert compile_synonyms([SynonymRule(1, ("Invoice", "invoices"), ("Invoice", "invoices"))], "en").rules == ()
    assert compile_synonyms([SynonymRule(1, ("?",), ("b",)), SynonymRule(2, ("b",), ("!",))], "en").rules == ()


def test_a_phrase_has_only_so_many_others() -> None:
    rules = [SynonymRule(n, ("a",), (f"b{n}",)) for n in range(MOST_OTHERS * 2)]
    (found,) = compile_synonyms(rules, "en").expand(["a"])
    assert len(found.others) == MOST_OTHERS


def test_without_rules_or_words_nothing_is_expanded() -> None:
    assert Synonyms().expand(["a", "b"]) == ()
    assert synonyms(DEVICES).expand([]) == ()


TEXTS = st.text("abAB é-'.#+,=>\\\n笔한ุ\ufdfa", max_size=12)
RULES = st.builds(
    SynonymRule,
    st.integers(1, 9),
    st.lists(TEXTS, min_size=1, max_size=4).map(tuple),
    st.lists(TEXTS, min_size=1, max_size=4).map(tuple),
)
LANGUAGES = st.sampled_from(["en", "de", "tr", "zh", "", "x-klingon"])


@given(st.lists(RULES, max_size=5), st.one_of(TEXTS, st.text(max_size=60)), LANGUAGES)
def test_expansions_lie_within_the_query_in_order_and_leave_out_what_was_typed(
    rules: list[SynonymRule], typed: str, lang: str
) -> None:
    query = main_forms(typed, lang)
    behind = 0
    for found in compile_synonyms(rules, lang).expand(query):
        assert behind <= found.start < found.end <= len(query)
        assert found.others
        assert query[found.start : found.end] not in found.others
        assert all(phrase and all(phrase) for phrase in found.others)
        behind = found.end


@given(st.lists(TEXTS, min_size=2, max_size=5), LANGUAGES)
def test_two_way_rules_are_symmetric(texts: list[str], lang: str) -> None:
    names = tuple(texts)
    compiled = compile_synonyms([SynonymRule(1, names, names)], lang)
    phrases = {main_forms(text, lang) for text in texts} - {()}
    for phrase in phrases:
        expected = [Expansion(0, len(phrase), ())] if len(phrases) > 1 else []
        found = compiled.expand(phrase)
        assert [Expansion(each.start, each.end, ()) for each in found] == expected
        assert {other for each in found for other in each.others} == (phrases - {phrase} if expected else set())


@given(st.lists(RULES, max_size=5), LANGUAGES)
def test_what_is_written_down_is_read_back_the_same(rules: list[SynonymRule], lang: str) -> None:
    compiled = compile_synonyms(rules, lang)
    assert Synonyms.from_json(compiled.to_json()) == compiled
    assert Synonyms.from_json(compiled.to_json().encode()) == compiled


@pytest.mark.parametrize(
    "written",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        "[" * 100_000,
        '{"format":1}',
        '{"format":0,"rules":[]}',
        '{"format":1,"rules":7}',
        '{"format":1,"rules":["ab"]}',
        '{"format":1,"rules":[[]]}',
        '{"format":1,"rules":[[[["a"]],[["b"]],[["c"]]]]}',
        '{"format":1,"rules":[[[],[["b"]]]]}',
        '{"format":1,"rules":[[[[]],[["b"]]]]}',
        '{"format":1,"rules":[[["a"],[["b"]]]]}',
        '{"format":1,"rules":[[[[1]],[["b"]]]]}',
        '{"format":1,"rules":{"a":1}}',
        b"\xff\xfe\xff",
    ],
)
def test_damaged_writing_is_refused(written: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Synonyms.from_json(written)


@given(st.integers(0, 10_000), st.characters())
def test_any_damage_is_refused_or_harmless(place: int, sign: str) -> None:
    written = synonyms(DEVICES).to_json()
    place %= len(written)
    try:
        found = Synonyms.from_json(written[:place] + sign + written[place + 1 :])
    except ValueError:
        return
    assert all(each.end <= 3 for each in found.expand(["laptop", "i", "pod"]))


def test_a_rule_that_holds_both_ways_is_written_once() -> None:
    assert json.loads(synonyms("a1, b1").to_json()) == {"format": FORMAT, "rules": [[[["a1"], ["b1"]]]]}
