"""What else the words of a query may mean here: synonyms, other spellings, beginnings, compounds."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from portal.content.synonyms_file import parse_synonyms
from portal.search.document import IndexDocument
from portal.search.index_files import Beside, write_index
from portal.search.parts import Parts
from portal.search.query import read
from portal.search.rankings import Ranking
from portal.search.text_index import TextIndex
from portal.search.words.spelling import MOST_CORRECTED
from portal.search.words.synonyms import compile_synonyms
from tests.search.documents import HELP_CENTRE, a_section, an_index, found

VERBATIM = Parts(correction=False)


@pytest.fixture
def index(tmp_path: Path) -> TextIndex:
    return an_index(tmp_path / "index")


def with_synonyms(folder: Path, rules: str, documents: Iterable[IndexDocument], lang: str = "en") -> TextIndex:
    read_rules, problems = parse_synonyms("synonyms.txt", rules.encode())
    assert problems == ()
    write_index(folder, lang, documents, Beside(synonyms=compile_synonyms(read_rules, lang)))
    return TextIndex(folder, lang)


def corrected(index: TextIndex, text: str) -> str | None:
    return index.search(read(text), want=5).corrected


# Synonyms

DEVICES = (
    a_section("Notebooks are repaired here.", article="notebook", title="A"),
    a_section("Laptops are repaired here.", article="laptop", title="B"),
    a_section("Kettles are repaired here.", article="kettle", title="C"),
)


def test_a_two_way_rule_finds_either_by_the_other(tmp_path: Path) -> None:
    index = with_synonyms(tmp_path, "notebook, laptop\n", DEVICES)
    assert found(index, "notebook") == ["notebook", "laptop"]
    assert found(index, "LAPTOPS") == ["laptop", "notebook"], "in any form, and who has the very word stands first"
    assert found(index, "kettle") == ["kettle"]


def test_a_one_way_rule_holds_one_way(tmp_path: Path) -> None:
    index = with_synonyms(tmp_path, "notebook => notebook, laptop\n", DEVICES)
    assert found(index, "notebook") == ["notebook", "laptop"]
    assert found(index, "laptop") == ["laptop"]


def test_a_word_that_nobody_wrote_is_found_by_its_synonym_and_is_no_mistake(tmp_path: Path) -> None:
    documents = [*DEVICES, a_section("A clapper for all.", article="clapper")]
    assert an_index(tmp_path / "without", documents).search("clappper", want=5).corrected == "clapper"
    index = with_synonyms(tmp_path / "with", "clappper, laptop\n", documents)
    ranking = index.search("clappper", want=5)
    assert [one.article for one in ranking.ranked] == ["laptop"]
    assert (ranking.corrected, "laptop" in ranking.words) == (None, True)


def test_several_words_stand_for_one_and_one_for_several(tmp_path: Path) -> None:
    documents = [
        a_section("Turn on two factor authentication.", article="long", title="A"),
        a_section("Turn on 2FA.", article="short", title="B"),
        a_section("A factor of two.", article="parts", title="C"),
    ]
    index = with_synonyms(tmp_path, "2fa, two factor authentication\n", documents)
    assert found(index, "2fa") == ["short", "long"]
    assert found(index, "two factor authentication")[0] == "long"
    assert "short" in found(index, "two factor authentication")
    assert "parts" not in found(index, "2fa"), "some words of a phrase are not the phrase"


def test_synonyms_do_not_go_on_from_one_to_the_next(tmp_path: Path) -> None:
    index = with_synonyms(tmp_path, "notebook => laptop\nlaptop => kettle\n", DEVICES)
    assert found(index, "notebook") == ["notebook", "laptop"]


def test_synonyms_can_be_switched_off_and_advanced_syntax_knows_none(tmp_path: Path) -> None:
    index = with_synonyms(tmp_path, "notebook, laptop\n", DEVICES)
    assert [one.article for one in index.search("laptop", want=5, parts=Parts(synonyms=False)).ranked] == ["laptop"]
    assert found(index, '"laptops are"') == ["laptop"]
    assert found(index, "laptop -kettle") == ["laptop"]


# Other spellings


def test_a_word_that_no_article_has_is_searched_as_the_one_that_was_meant(index: TextIndex) -> None:
    ranking = index.search("passwrod", want=5)
    assert ([one.article for one in ranking.ranked], ranking.corrected) == (["password"], "password")
    assert "password" in ranking.words, "so that it is marked"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("How do I RESET my Passwrod?", "How do I RESET my Password?"),
        ("PASSWROD link", "PASSWORD link"),
        ("  settigns,   and the rooter ", "settings, and the router"),
        ("<b>passwrod</b> link", "<b>password</b> link"),
    ],
)
def test_a_correction_is_told_as_typed_but_for_the_words(index: TextIndex, typed: str, meant: str) -> None:
    assert corrected(index, typed) == meant


def test_a_corrected_word_is_searched_as_written_too(tmp_path: Path) -> None:
    index = an_index(tmp_path, [*HELP_CENTRE, a_section("Zebra", article="zebra", title="Password")])
    assert set(found(index, "zebra passwrod")) == {"zebra", "password"}


@pytest.mark.parametrize("text", ["passwrod", "How do I reset my passwrod", "passw"])
def test_who_wants_words_as_typed_gets_them(index: TextIndex, text: str) -> None:
    ranking = index.search(text, want=5, parts=VERBATIM)
    assert ranking.corrected is None
    assert [one.article for one in ranking.ranked] == (["password"] if "reset" in text else [])


def test_a_word_that_an_article_has_is_never_a_mistake(tmp_path: Path) -> None:
    documents = [
        *HELP_CENTRE,
        *(a_section("form", article=f"form-{n}") for n in range(30)),
        a_section("Forn is a town"),
    ]
    index = an_index(tmp_path, documents)
    ranking = index.search("forn", want=5)
    assert ([one.article for one in ranking.ranked], ranking.corrected) == (["a1"], None)
    for text in ("resetting", "Refunds", "wifi", "WI-FI", "can't", "E-MAIL"):
        assert corrected(index, text) is None, "in none of its forms"


def test_a_word_that_an_article_has_in_a_further_form_is_no_mistake(tmp_path: Path) -> None:
    documents = [a_section("Seite ausdrucken", article="print"), a_section("Sie sind ausgerückt", article="left")]
    ranking = an_index(tmp_path, documents, "de").search("ausgedruckt", want=5)
    assert ([one.article for one in ranking.ranked], ranking.corrected) == (["print"], None)


@pytest.mark.parametrize("code", ["E-1042", "0x80070005", "KB5034441", "ERR_CONNECTION_RESET", "3.5.2", "v2.10.0"])
def test_codes_are_found_exactly_and_never_corrected(tmp_path: Path, code: str) -> None:
    near = ("E-1043", "0x80070006", "KB5034442", "ERR_CONNECTION_RESEAT", "3.5.3", "v2.10.1")
    documents = [a_section(f"It says {one}.", article=one, title="Error") for one in near]
    index = an_index(tmp_path / "with", [*documents, a_section(f"It says {code}.", article="this", title="Error")])
    ranking = index.search(code, want=10)
    assert (ranking.ranked[0].article, ranking.corrected) == ("this", None)
    assert an_index(tmp_path / "without", documents).search(code + " error", want=9).corrected is None


def test_a_few_words_are_corrected_and_where_more_are_strange_none_is(index: TextIndex) -> None:
    mistyped = ["passwrod", "rooter", "refnud", "settigns", "expierd"]
    words = ["password", "router", "refund", "settings", "expired"]
    assert corrected(index, " ".join(mistyped[:MOST_CORRECTED])) == " ".join(words[:MOST_CORRECTED])
    assert corrected(index, " ".join(mistyped[: MOST_CORRECTED + 1])) is None, "that is another language"


def test_a_word_like_no_other_stays_as_it_is(index: TextIndex) -> None:
    assert corrected(index, "xylophone") is None
    assert found(index, "xylophone") == []


def test_words_of_scripts_without_blanks_are_not_corrected(tmp_path: Path) -> None:
    index = an_index(tmp_path, [a_section("重置密码", article="zh")], "zh")
    ranking = index.search("重设密码", want=5)
    assert ([one.article for one in ranking.ranked], ranking.corrected) == (["zh"], None)


@pytest.mark.parametrize("text", ['"passwrod link"', "tag:acount passwrod", "passwrod -link", "passwr*"])
def test_advanced_syntax_is_taken_at_its_word(index: TextIndex, text: str) -> None:
    assert corrected(index, text) is None


@pytest.mark.parametrize("text", ['5" passwrod', 'passwrod "', "*passwrod*", 'passwrod ""'])
def test_signs_that_ask_for_nothing_leave_a_query_plain(index: TextIndex, text: str) -> None:
    ranking = index.search(text, want=5)
    assert [one.article for one in ranking.ranked] == ["password"]
    assert (ranking.is_exact, "password" in (ranking.corrected or "")) == (False, True)


def test_a_word_of_articles_that_are_passed_over_is_still_a_word(index: TextIndex) -> None:
    ranking = index.search("refund passwrod", want=5, parts=Parts(without=frozenset({"refund"})))
    assert [one.article for one in ranking.ranked] == ["password"]


# The last word, which may still be being typed


@pytest.mark.parametrize("text", ["passw", "Reset your Passw", "PASSW"])
def test_the_last_word_may_be_only_begun_and_that_is_no_correction(index: TextIndex, text: str) -> None:
    ranking = index.search(text, want=5)
    assert (ranking.ranked[0].article, ranking.corrected) == ("password", None)
    assert "password" in ranking.words


def test_another_word_than_the_last_is_not_begun(index: TextIndex) -> None:
    assert found(index, "passw refund") == ["refund"]


def test_two_letters_begin_nothing(index: TextIndex) -> None:
    assert found(index, "pa") == []


def test_who_has_the_word_itself_stands_before_who_has_one_that_begins_so(tmp_path: Path) -> None:
    documents = [a_section("Postal codes", article="longer"), a_section("A post", article="itself")]
    assert found(an_index(tmp_path, documents), "post") == ["itself"], "a word that is known is not taken as begun"


# Compounds


@pytest.mark.parametrize("typed", ["wi fi", "wifi", "Wi-Fi", "WIFI", "wi-fi"])
@pytest.mark.parametrize("written", ["Wi-Fi", "wifi", "WiFi"])
def test_a_word_is_found_written_together_apart_or_with_a_hyphen(tmp_path: Path, typed: str, written: str) -> None:
    documents = [
        a_section(f"The {written} is slow.", article="this", title="A"),
        a_section("Other words", article="other", title="B"),
    ]
    assert found(an_index(tmp_path, documents), typed) == ["this"]


@pytest.mark.parametrize(("typed", "written"), [("log in", "login"), ("login", "log in"), ("set up", "setup")])
def test_a_stop_word_that_is_part_of_a_word_finds_nothing_by_itself(tmp_path: Path, typed: str, written: str) -> None:
    documents = [
        a_section("It is in the box, put up high.", article="box", title="A"),
        a_section(f"Use the {written} page.", article="this", title="B"),
    ]
    assert found(an_index(tmp_path, documents), typed) == ["this"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Rechnungsadresse", "Die Adresse auf der Rechnung ändern Sie so."),
        ("Adresse der Rechnung", "Die Rechnungsadresse ändern Sie so."),
        ("Rechnung", "Die Rechnungsadresse ändern Sie so. Eine Adresse."),
        ("Rechnungs Adresse", "Die Rechnungsadresse ändern Sie so."),
        ("RECHNUNGSADRESSEN", "Die Adresse auf den Rechnungen"),
    ],
)
def test_german_compounds_are_found_by_their_parts_and_the_other_way(tmp_path: Path, typed: str, written: str) -> None:
    documents = [
        a_section(written, article="this", title="A"),
        a_section("Der Drucker druckt nichts.", article="other", title="B"),
    ]
    assert found(an_index(tmp_path, documents, "de"), typed) == ["this"]


def test_the_compound_itself_stands_before_its_parts(tmp_path: Path) -> None:
    documents = [
        a_section("Die Adresse auf der Rechnung ändern.", article="parts", title="A"),
        a_section("Die Rechnungsadresse ändern und mehr dazu.", article="whole", title="B"),
    ]
    assert found(an_index(tmp_path, documents, "de"), "Rechnungsadresse") == ["whole", "parts"]


def test_compounds_can_be_switched_off(tmp_path: Path) -> None:
    documents = [a_section("Die Adresse auf der Rechnung"), a_section("wifi", article="other")]
    index = an_index(tmp_path, documents, "de")
    plain: list[Ranking] = [
        index.search(text, want=5, parts=Parts(compounds=False, correction=False))
        for text in ("Rechnungsadresse", "wi fi")
    ]
    assert [one.total for one in plain] == [0, 0]


def test_a_long_message_is_searched_by_its_most_telling_words(tmp_path: Path) -> None:
    common = [a_section("word " + " ".join(f"filler{n}" for n in range(60)), article=f"a{m}") for m in range(8)]
    index = an_index(tmp_path, [*common, a_section("The zeppelin has a leak.", article="this", title="A")])
    message = " ".join(f"filler{n}" for n in range(60)) + " and then the zeppelin was leaking"
    assert found(index, read(message))[0] == "this"
