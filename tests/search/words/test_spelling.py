from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.search.words.keyboards import is_slip, slip_cost
from portal.search.words.spelling import Speller, respell
from portal.search.words.surface import write_spelling

ENGLISH = {
    "password": 40, "passwords": 9, "reset": 30, "account": 50, "accounts": 20, "invoice": 25, "printer": 12,
    "sign": 14, "mail": 30, "email": 18, "receive": 10, "address": 22, "the": 300, "for": 250, "from": 120,
    "verification": 8, "notification": 16, "authentication": 7, "café": 2, "naïve": 2, "when": 90,
}  # fmt: skip
GERMAN = {"passwort": 40, "zurücksetzen": 20, "überprüfen": 9, "straße": 6, "rechnung": 30, "größe": 8, "konto": 30}
SURE = 100
Opener = Callable[[Mapping[str, int]], Speller]


@pytest.fixture
def speller(tmp_path: Path) -> Opener:
    def of(counts: Mapping[str, int]) -> Speller:
        write_spelling(tmp_path / "spelling", counts.items())
        return Speller(tmp_path / "spelling")

    return of


def first(speller: Speller, word: str) -> str | None:
    found = speller.suggest(word)
    return found[0].word if found else None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pasword", "password"),
        ("passsword", "password"),
        ("passwrod", "password"),
        ("passqord", "password"),
        ("apssword", "password"),
        ("oassword", "password"),
        ("assword", "password"),
        ("PASWORD", "password"),
        ("acount", "account"),
        ("recieve", "receive"),
        ("adress", "address"),
        ("verifcaton", "verification"),
        ("authetnicaton", "authentication"),
        ("verigicatiom", "verification"),
        ("amil", "mail"),
        ("cafe", "café"),
        ("nàive", "naïve"),
        ("fro", "for"),
        ("teh", "the"),
    ],
)
def test_a_mistyped_word_leads_to_the_one_that_was_meant(speller: Opener, typed: str, meant: str) -> None:
    assert first(speller(ENGLISH), typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("passwrot", "passwort"),
        ("zurüksetzen", "zurücksetzen"),
        ("zuruecksetzen", "zurücksetzen"),
        ("zurucksetzen", "zurücksetzen"),
        ("Zuruecksezten", "zurücksetzen"),
        ("ueberpruefen", "überprüfen"),
        ("ÜBERPÜFEN", "überprüfen"),
        ("strasse", None),
        ("Strase", "straße"),
        ("groesse", "größe"),
    ],
)
def test_german_is_understood_with_and_without_its_own_letters(speller: Opener, typed: str, meant: str | None) -> None:
    assert first(speller(GERMAN), typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("парлль", "пароль"),
        ("настройкии", "настройки"),
        ("настроики", "настройки"),
        ("κωδικς", "κωδικός"),
        ("ΚΩΔΙΚΟΣ", "κωδικός"),
        ("λογαρισμός", "λογαριασμός"),
        ("sifre", "şifre"),
        ("ŞİFRRE", "şifre"),
        ("kulanıcı", "kullanıcı"),
        ("KULANICI", "kullanıcı"),
        ("مدرسسة", "مدرسة"),
        ("סיסמאה", "סיסמה"),
        ("पासवरड", "पासवर्ड"),
    ],
)
def test_words_of_other_scripts_are_corrected_too(speller: Opener, typed: str, meant: str) -> None:
    words = ["пароль", "настройки", "κωδικός", "λογαριασμός", "şifre", "kullanıcı", "مدرسة", "סיסמה", "पासवर्ड"]
    assert first(speller(dict.fromkeys(words, SURE)), typed) == meant


@pytest.mark.parametrize("word", ["password", "Password", "PASSWORDS", "café", "CAFÉ", "cafe\u0301"])
def test_a_word_that_is_there_is_never_corrected(speller: Opener, word: str) -> None:
    assert speller(ENGLISH).has(word)
    assert speller(ENGLISH).suggest(word) == ()


@pytest.mark.parametrize("word", ["straße", "STRASSE", "strasse"])
def test_a_word_is_there_in_any_case(speller: Opener, word: str) -> None:
    assert speller(GERMAN).has(word)
    assert not speller(GERMAN).has("strase")
    assert not speller({"ναός": 1}).has("ναοσσ")
    assert speller({"ναός": 1}).has("ΝΑΌΣ")


@pytest.mark.parametrize("word", ["e1042", "0x80070005", "pas5word", "3.5.2", "½assword"])
def test_codes_and_numbers_are_never_corrected(speller: Opener, word: str) -> None:
    assert speller({**ENGLISH, "e1042": SURE, "e1043": SURE}).suggest(word) == ()


@pytest.mark.parametrize(
    "word", ["", "a", "pa", "hte", "fot", "sgn", "xyzzy", "weather", "passport", "astray", "counts"]
)
def test_a_word_that_may_well_be_meant_so_is_left_alone(speller: Opener, word: str) -> None:
    assert first(speller({**ENGLISH, "the": 2, "for": 2, "sign": 2}), word) is None


def test_three_letters_with_a_wrong_one_may_be_any_word(speller: Opener) -> None:
    assert speller({"the": 300}).suggest("tje") == ()
    assert first(speller({"the": 300}), "teh") == "the"


def test_two_slips_are_forgiven_in_long_words_only(speller: Opener) -> None:
    words = dict.fromkeys(("printer", "paper"), SURE)
    assert first(speller(words), "pritner") == "printer"
    assert first(speller(words), "pritnre") == "printer"
    assert first(speller(words), "papre") == "paper"
    assert first(speller(words), "apapre") is None
    assert first(speller({"notification": SURE}), "notfiction") == "notification"


def test_the_commoner_word_comes_first(speller: Opener) -> None:
    assert first(speller({"mails": 50, "maile": 1}), "mailr") == "mails"
    assert first(speller({"mails": 1, "maile": 50}), "mailr") == "maile"


def test_neighbours_on_the_keyboard_come_before_strangers(speller: Opener) -> None:
    assert first(speller({"casting": 9, "camting": 9}), "cadting") == "casting"
    assert is_slip("q", "a")
    assert is_slip("z", "u")
    assert is_slip("и", "м")
    assert not is_slip("q", "p")


def test_slips_of_the_fingers_cost_less_than_strange_letters() -> None:
    strange = slip_cost("papsword", "password")
    assert slip_cost("password", "password") == 0
    for slip in ("paswsord", "pasword", "passsword", "padsword", "pazsword"):
        assert 0 < slip_cost(slip, "password") < strange
    assert slip_cost("abc", "") > slip_cost("ab", "") > 0


def test_suggestions_come_best_first_and_no_more_than_asked_for(speller: Opener) -> None:
    words = speller({"hand": 40, "hands": 40, "handy": 20})
    found = words.suggest("handd")
    assert found[0].word in {"hand", "hands"}
    assert [one.likeness for one in found] == sorted((one.likeness for one in found), reverse=True)
    assert all(0 < one.likeness <= 1 for one in found)
    assert words.suggest("handd", most=1) == found[:1]
    assert words.suggest("handd", most=0) == ()


def test_beginnings_lead_to_the_commonest_words(speller: Opener) -> None:
    english = speller(ENGLISH)
    assert english.begins("acc", 5) == ("account", "accounts")
    assert english.begins("P", 2) == ("password", "printer")
    assert english.begins("CAF", 5) == ("café",)
    assert speller(GERMAN).begins("zurü", 5) == speller(GERMAN).begins("zuru", 5) == ("zurücksetzen",)
    assert speller({"beta": 3, "bets": 3, "bear": 3}).begins("be", 9) == ("bear", "beta", "bets")


@pytest.mark.parametrize("beginning", ["", "zz", "\x00", "\ud800", "a" * 5000, "☃", "\u0301", "account\taccount"])
def test_odd_beginnings_lead_nowhere(speller: Opener, beginning: str) -> None:
    assert speller(ENGLISH).begins(beginning, 5) == ()
    assert speller(ENGLISH).begins("a", 0) == ()


@pytest.mark.parametrize(
    "word",
    [
        "p" * 100_000, "passwor" + "\u0301" * 5000, "passwor\x00", "\x00\x00\x00\x00", "pass\tword", "pass\nwrod",
        "🔑🔑🔑🔑", "passwor🔑", "\ud800\udfff\ud800", "passwor\ud800", "\u202edrowssa", "密码重置方法", "パスワード",
        "비밀번호변경", "รหัสผ่าน", "'; drop", "<script>", ".*.*.*", "\u0301\u0301\u0301\u0301", "\u200d" * 4,
        "\U0010ffff" * 5,
    ],
)  # fmt: skip
def test_what_is_no_word_is_left_alone(speller: Opener, word: str) -> None:
    assert speller(ENGLISH).suggest(word) == ()
    assert not speller(ENGLISH).has(word)


def test_only_words_are_kept(speller: Opener) -> None:
    kept = ("abc", "a" * 40, "straße")
    odd = (
        "ab",
        "a" * 41,
        "abc1",
        "wi-fi",
        "密码重置",
        "パスワード",
        "รหัสผ่าน",
        "비밀번호",
        "a\tb",
        "ab\x00c",
        "",
        "🔑🔑🔑",
        "abc\ud800",
    )
    words = speller(dict.fromkeys(kept + odd, 1))
    assert [word for word in kept + odd if words.has(word)] == list(kept)
    assert not speller({"never": 0}).has("never")


def test_equal_words_make_equal_files(tmp_path: Path) -> None:
    write_spelling(tmp_path / "one", ENGLISH.items())
    write_spelling(tmp_path / "two", reversed(ENGLISH.items()))
    write_spelling(tmp_path / "three", [*ENGLISH.items(), ("Password", 1)])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert (tmp_path / "one").read_bytes() != (tmp_path / "three").read_bytes()


def test_a_collection_of_one_word_corrects_to_that_word(speller: Opener) -> None:
    one = speller({"password": 1})
    assert first(one, "passwrod") == "password"
    assert first(one, "invoice") is None
    assert one.begins("p", 3) == ("password",)


def test_a_collection_without_words_corrects_nothing(speller: Opener) -> None:
    nothing = speller({})
    assert (nothing.has("word"), nothing.suggest("word"), nothing.begins("w", 3)) == (False, (), ())


@pytest.mark.parametrize(
    "damage",
    [
        lambda written: written[:0],
        lambda written: written[:10],
        lambda written: written[:-1],
        lambda written: written + b"?",
        lambda written: written[:-1] + b"?",
        lambda written: b"x" + written[1:],
        lambda written: written[:8] + b"\xff" * 8 + written[16:],
    ],
)
def test_a_damaged_file_is_said_once_and_has_no_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "spelling"
    write_spelling(path, ENGLISH.items())
    path.write_bytes(damage(path.read_bytes()))
    damaged = Speller(path)
    assert (damaged.has("password"), damaged.suggest("pasword"), damaged.begins("p", 3)) == (False, (), ())
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert str(tmp_path) not in caplog.text


def test_a_missing_file_has_no_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert Speller(tmp_path / "none").suggest("pasword") == ()
    assert "none" in caplog.text


def test_a_closed_speller_opens_again_when_it_is_asked(speller: Opener) -> None:
    english = speller(ENGLISH)
    assert first(english, "pasword") == "password"
    english.close()
    english.close()
    assert first(english, "pasword") == "password"


def test_threads_get_the_same_answers(speller: Opener) -> None:
    english, typed = speller(ENGLISH), ["pasword", "acount", "recieve", "teh", "notfication", "xyzzy"] * 10
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(english.suggest, typed))
    assert found == [speller(ENGLISH).suggest(word) for word in typed]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.text(alphabet="passwordüß\u0301 aeкя", max_size=50))
def test_any_text_may_be_asked_about(tmp_path_factory: pytest.TempPathFactory, text: str, likely: str) -> None:
    path = tmp_path_factory.getbasetemp() / "spelling-any"
    if not path.exists():
        write_spelling(path, {**ENGLISH, **GERMAN, "яяя": 3, "кяк": 2}.items())
    words = Speller(path)
    for word in (text, likely):
        for one in words.suggest(word):
            assert words.has(one.word)
            assert not words.has(word)
        assert len(words.begins(word, 3)) <= 3


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text(min_size=1), st.integers(1, 2**40), max_size=20))
def test_any_words_may_be_kept(tmp_path_factory: pytest.TempPathFactory, counts: dict[str, int]) -> None:
    path = tmp_path_factory.getbasetemp() / "spelling-kept"
    write_spelling(path, counts.items())
    words = Speller(path)
    assert all(words.begins(word, 20) for word in counts if words.has(word))


@pytest.mark.parametrize(
    ("text", "spans", "respelled"),
    [
        ("reset pasword now", {(6, 13): "password"}, "reset password now"),
        ("Pasword  RESTE!", {(0, 7): "password", (9, 14): "reset"}, "Password  RESET!"),
        ("ZURUEKSETZEN", {(0, 12): "zurücksetzen"}, "ZURÜCKSETZEN"),
        ("pASWORD", {(0, 7): "password"}, "password"),
        ("a <b>pasword</b>\n", {(5, 12): "password"}, "a <b>password</b>\n"),
        ("same", {}, "same"),
        ("", {(0, 1): "x"}, ""),
        ("abc", {(1, 1): "x", (2, 9): "y", (-2, 1): "z"}, "abc"),
        ("abcdef", {(0, 3): "x", (2, 5): "y", (3, 6): "z"}, "xz"),
        ("teh teh", {(0, 3): "the", (4, 7): "ten"}, "the ten"),
        ("I", {(0, 1): "yes"}, "Yes"),
    ],
)
def test_a_query_is_respelled_in_place_and_in_its_own_case(
    text: str, spans: dict[tuple[int, int], str], respelled: str
) -> None:
    assert respell(text, spans) == respelled
