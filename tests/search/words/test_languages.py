import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.words.languages import words
from tests.search.documents import finds


@pytest.mark.parametrize(
    ("lang", "typed", "written"),
    [
        ("en", "reset", "resetting"),
        ("en", "running", "run"),
        ("de", "Rechnungen", "Rechnung"),
        ("fr", "réparer", "réparations"),
        ("es", "configuracion", "configuración"),
        ("es", "configuraciones", "configuración"),
        ("it", "pagamento", "pagamenti"),
        ("pt-BR", "senhas", "senha"),
        ("nl", "wachtwoorden", "wachtwoord"),
        ("sv", "fakturorna", "fakturor"),
        ("da", "regningen", "regning"),
        ("no", "passordet", "passord"),
        ("fi", "laskut", "lasku"),
        ("ru", "паролем", "пароль"),
        ("ar", "المدرسة", "مدرسة"),
        ("tr", "kitaplar", "kitap"),
        ("TR", "IŞIK", "ışık"),
        ("xx", "Straße", "STRASSE"),
        ("hi", "पासवर्ड", "अपना पासवर्ड बदलें"),
    ],
)
def test_a_word_is_found_in_the_forms_of_its_language(tmp_path: Path, lang: str, typed: str, written: str) -> None:
    assert finds(tmp_path, typed, written, lang)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("email", "Send an e-mail"),
        ("e-mail", "Send an email"),
        ("mail", "Send an e-mail"),
        ("wifi", "Join the Wi-Fi"),
        ("wi-fi", "Join the WiFi"),
        ("E-1042", "Error E-1042"),
        ("e1042", "Error E-1042"),
        ("1042", "Error E1042"),
        ("0x80070005", "Error 0x80070005 appears"),
        ("3.5.2", "Since version 3.5.2"),
        ("v3.5.2", "Since version 3.5.2"),
        ("final_report.pdf", "Open final_report.pdf"),
        ("report", "Open final_report.pdf"),
        ("c++", "Written in C++ since long"),
        ("C#", "Written in C#"),
        (".net", "Needs .NET to run"),
        ("users", "The user's guide"),
        ("l'écran", "Un nouvel écran"),
        ("cafe", "Le café"),
        ("CAFÉ", "cafe"),
        ("ﬁle", "file"),
    ],
)
def test_compounds_and_codes_are_found_whole_and_by_part(tmp_path: Path, typed: str, written: str) -> None:
    assert finds(tmp_path, typed, written)


def test_the_exact_code_comes_before_what_only_shares_a_part() -> None:
    def best(text: str, *others: str) -> int:
        typed = {word.text for word in words(text, "en")}
        return max(range(len(others)), key=lambda i: len(typed & {word.text for word in words(others[i], "en")}))

    assert best("C++", "The C language", "The C++ language") == 1
    assert best("C#", "C++", "C#") == 1
    assert best("3.5.2", "2.5.3", "3.5.2") == 1


@pytest.mark.parametrize(
    ("lang", "typed", "written"),
    [
        ("zh", "删除账户", "如何删除账户"),
        ("ja", "パスワード", "新しいパスワードを設定する"),
        ("ko", "비밀번호", "비밀번호를 재설정하세요"),
        ("th", "รหัสผ่าน", "ลืมรหัสผ่านของคุณ"),
        ("en", "账户", "The button 账户 opens it"),
        ("zh", "税", "增值税率"),
    ],
)
def test_scripts_without_blanks_are_found_within_text(tmp_path: Path, lang: str, typed: str, written: str) -> None:
    assert finds(tmp_path, typed, written, lang)


def test_places_count_words_and_positions_point_into_the_text() -> None:
    text = "A Wi-Fi key"
    seen = [(text[word.start : word.end], word.text, word.place) for word in words(text, "en") if word.is_main]
    assert seen == [("A", "a", 0), ("Wi-Fi", "wi", 1), ("Wi-Fi", "fi", 2), ("key", "key", 3)]


@given(st.text(max_size=200), st.sampled_from(["en", "de", "tr", "zh", "ar", "hi", "", "x-klingon"]))
def test_any_text_gives_words_in_order_with_one_main_form_at_each_place(text: str, lang: str) -> None:
    found = list(words(text, lang))
    places = [word.place for word in found]
    assert places == sorted(places)
    main = [word.place for word in found if word.is_main]
    assert len(main) == len(set(main))
    assert all(word.text and 0 <= word.start < word.end <= len(text) for word in found)


def test_threads_stem_alike() -> None:
    text = " ".join(f"settings{n} running resetting configurations" for n in range(200))
    alone = list(words(text, "en"))
    results: list[bool] = []
    threads = [threading.Thread(target=lambda: results.append(list(words(text, "en")) == alone)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 8
