"""Compounds: what is typed in one and written in two, and the other way round, is brought together."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.words.compounds import LONGEST, MOST_CONTAINING, containing, joined, parted
from portal.search.words.languages import main_form, words
from portal.search.words.stop_words import stop_words


def index_of(text: str, lang: str) -> Callable[[str], int]:
    """Return how often words stand in a text."""
    found = [word.text for word in words(text, lang)]
    return found.count


def beginning(text: str, lang: str) -> Callable[[str], list[str]]:
    found = sorted({word.text for word in words(text, lang)})
    return lambda prefix: [word for word in found if word.startswith(prefix)]


@pytest.mark.parametrize(
    ("lang", "typed", "written", "place"),
    [
        ("en", "my wi fi is slow", "Wi-Fi", (1, 3, "wifi")),
        ("en", "can't log in", "the login", (1, 3, "login")),
        ("en", "set up", "Setup", (0, 2, "setup")),
        ("en", "e mail", "email", (0, 2, "email")),
        ("en", "error e 1042", "E1042", (1, 3, "e1042")),
        ("en", "rtx 4090", "RTX-4090", (0, 2, "rtx4090")),
        ("de", "Rechnungs adresse ändern", "Rechnungsadressen", (0, 2, "rechnungsadress")),
    ],
)
def test_what_is_typed_apart_is_found_in_one(lang: str, typed: str, written: str, place: tuple[int, int, str]) -> None:
    assert joined(typed.split(), lang, index_of(written, lang)) == [place]


def test_neighbours_that_the_index_does_not_have_as_one_stay_apart() -> None:
    assert joined(["log", "in", "now"], "en", index_of("log in now", "en")) == []
    assert joined(["a", "part"], "en", index_of("apart", "en")) == []


@pytest.mark.parametrize(
    ("lang", "word", "written", "parts"),
    [
        ("de", "Rechnungsadresse", "Ihre Adresse auf der Rechnung", ("rechnung", "adress")),
        ("de", "Passwörterliste", "Passwort Liste", ("passwort", "list")),
        ("de", "PASSWOERTERLISTE", "Passwort Liste", ("passwort", "list")),
        ("de", "Kundenkonto", "Kunden Konto", ("kund", "konto")),
        ("de", "Kündigungsfristverlängerung", "Kündigung Frist Verlängerung", ("kundig", "frist", "verlanger")),
        ("nl", "Wachtwoordinstellingen", "wachtwoord instelling", None),
        ("nl", "klantenservice", "klant service", None),
        ("sv", "lösenordsbyte", "lösenord byte", None),
        ("sv", "Fakturaadress", "faktura adress", None),
        ("da", "betalingsmetode", "betaling metode", None),
        ("no", "betalingsmåte", "betaling måte", None),
        ("nb-NO", "betalingsmåte", "betaling måte", None),
        ("fi", "salasananvaihto", "salasana vaihto", None),
    ],
)
def test_a_compound_is_parted_where_the_index_knows_all_parts(
    lang: str, word: str, written: str, parts: tuple[str, ...] | None
) -> None:
    wanted = parts or tuple(main_form(part, lang) for part in written.split())
    assert parted(word, lang, index_of(written, lang)) == wanted


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("Ausdruck", "aus Druck"),
        ("Unterlagen", "unter Lagen"),
        ("Rechnungsadresse", "Rechnung"),
        ("Rechnungen", "Rechnung en ungen"),
        ("E-1042", "E 1042"),
        ("konto1042", "Konto 1042"),
        ("Rechnungsadresse" * 4, "Rechnung Adresse"),
        ("", "Rechnung"),
    ],
)
def test_what_is_no_compound_of_known_words_is_left_whole(word: str, written: str) -> None:
    assert parted(word, "de", index_of(written, "de")) == ()


def test_fewest_parts_win_then_the_commonest() -> None:
    known = {"datei": 9, "datenbank": 3, "daten": 9, "dat": 9, "bank": 9, "sicher": 9, "sicherung": 3}
    kept = {main_form(word, "de"): count for word, count in known.items()}
    assert parted("Datenbanksicherung", "de", lambda word: kept.get(word, 0)) == ("datenbank", "sicher")
    counts = {"wart": 2, "warts": 5, "spiel": 9}
    assert parted("Wartsspiel", "de", lambda word: counts.get(word, 0)) == ("wart", "spiel")


def test_a_part_that_stands_too_seldom_is_not_believed() -> None:
    known = index_of("Rechnung Rechnung Adresse", "de")
    assert parted("Rechnungsadresse", "de", known, least=2) == ()


@pytest.mark.parametrize(
    ("word", "written", "parts"),
    [
        ("setup", "set it up", ("set", "up")),
        ("microbit", "the micro:bit board", ("micro", "bit")),
        ("setup", "set up, or setup", ()),
        ("setup", "set it", ()),
        ("into", "in to", ()),
    ],
)
def test_elsewhere_only_a_word_that_stands_nowhere_is_parted(word: str, written: str, parts: tuple[str, ...]) -> None:
    assert parted(word, "en", index_of(written, "en")) == parts


def test_compounds_that_begin_with_a_word_are_found() -> None:
    text = "Rechnungsadresse Rechnungsnummer Rechnungen Rechner Adresse Nummer"
    assert containing("Rechnung", "de", beginning(text, "de")) == ("rechnungsnumm", "rechnungsadress")
    assert containing("Rechnung", "en", beginning(text, "de")) == ()
    assert containing("Re", "de", beginning(text, "de")) == ()


def test_a_longer_word_that_is_no_compound_is_not_taken_for_one() -> None:
    assert containing("Kunde", "de", beginning("kündigen Kundigungsfrist Kunde", "de")) == ()


def test_at_most_eight_compounds_are_named() -> None:
    ends = ("Adresse", "Nummer", "Datum", "Betrag", "Position", "Vorlage", "Steller", "Druck", "Kopie", "Archiv")
    text = " ".join([*ends, *(f"Rechnungs{end.lower()}" for end in ends)])
    assert len(containing("Rechnungen", "de", beginning(text, "de"))) == MOST_CONTAINING


@given(st.text(max_size=60), st.sampled_from(["de", "nl", "sv", "da", "no", "fi", "en", "zh", ""]))
def test_any_word_is_parted_in_few_steps_into_words_that_are_known(word: str, lang: str) -> None:
    asked: list[str] = []

    def known(one: str) -> int:
        asked.append(one)
        return 1

    parts = parted(word, lang, known)
    assert len(parts) in {0, 2, 3}
    assert all(parts)
    assert len(asked) <= 12 * LONGEST
    typed = word.split()
    assert all(0 <= first < end <= len(typed) and one for first, end, one in joined(typed, lang, known))


@pytest.mark.parametrize("lang", ["ar", "ja", "ko", "th", "tr", "zh", "pl"])
def test_languages_that_the_engine_has_no_list_for_have_words_that_say_little(lang: str) -> None:
    assert 40 <= len(stop_words(lang)) <= 80


def test_words_that_say_little_are_single_words_in_their_own_language() -> None:
    assert "please" in stop_words("en-GB")
    assert "please" not in stop_words("de")
    assert stop_words("nb") == stop_words("no")
    assert stop_words("xx") == frozenset()
