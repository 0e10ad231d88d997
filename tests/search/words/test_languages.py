"""Words: what customers type meets what writers wrote, in each language; what means something else does not."""

import threading
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.words.languages import LONGEST, main_form, words

ALIKE = {
    "en": "resetting reset|passwords password|cancelled cancel|canceling cancelled|deleting delete|logged logging|"
    "user's users|can’t can't|categories category|synchronising synchronize|behaviour behaviors|licence licenses|"
    "ＬＯＧＩＮ login|ﬁles file|CAFÉ cafe",
    "de": "Passwörter Passwort|Passwoerter Passwort|Rechnungen Rechnung|zurueck zurück|Kuendigung Kündigungen|"
    "gekündigt kündigen|gekuendigt kündigen|gelöschte löschen|zurückgesetzt zurücksetzen|installiert installieren|"
    "bestellt bestellen|geändert ändern|verlängert verlängern|Strasse STRAẞE|schliessen schließen|Geraet Geräte|"
    "Schluessel Schlüssel|Groesse Größen",
    "fr": "l'email email|l’email l'email|d'achat achats|qu'abonnement abonnements|factures facture|payée payer|"
    "paiements paiement|réinitialisation reinitialiser|connexions connexion|modifier modification|cœur coeur|"
    "crédits credit|supprimée supprimer",
    "es": "contraseñas contraseña|contrasena contraseñas|cuentas cuenta|configuracion configuraciones|envíos envio|"
    "suscripción suscripciones|eliminarlo eliminar|restablecer restablecido|teléfono telefonos|pagos pago",
    "it": "fattura fatture|pagamento pagamenti|dell'account account|sull'ordine ordini|reimpostare reimpostato|"
    "città citta|perché perche|impostazioni impostazione|spedizione spedizioni|rimborsi rimborso",
    "pt": "senhas senha|configuração configurações|configuracao configuração|configuracoes configuração|cartao cartões|"
    "cartão cartões|conexao conexões|mensagem mensagens|usuario usuários|opção opções|emails email|não nao",
    "nl": "wachtwoorden wachtwoord|rekeningen rekening|facturen factuur|foto's foto|foto’s foto's|adres adressen|"
    "gewijzigd wijzigen|opgezegd opzeggen|geïnstalleerd installeren|financiele financiële|codes code|klanten klant",
    "sv": "lösenordet lösenord|losenord lösenorden|fakturan fakturor|kontot konton|konto kontot|nyckel nycklar|"
    "leverans leveranser|sidan sidor|abonnemanget abonnemang|betalningar betalning|titel titlar",
    "da": "adgangskoden adgangskoder|regninger regning|noegle nøgler|koeb køb|faa få|paamindelse påmindelse|"
    "aendre ændrer|artikel artikler|licens licenser|betalt betale|brugerne bruger|opsætninger opsaetning",
    "no": "passordet passord|nøkkel nøkler|noekkel nøkkel|kjoep kjøp|faa få|varsel varsler|enhet enheter|"
    "brukerne bruker|program programmet|betalt betale|fakturaer faktura|kontoer konto",
    "fi": "salasanan salasana|salasanat salasanani|tilin tili|tilaukset tilaus|asetuksia asetus|sähköpostin sahkoposti|"
    "viestin viesti|laitteen laite|sovelluksen sovellus|puhelimen puhelin|tulostimet tulostin|kayttaja käyttäjät",
    "ru": "паролем пароль|пароли пароля|счёт счета|ещё еще|заказов заказ|настройках настройки|удалить удалил|"
    "платежи платёж|пользователи пользователь|приложении приложение",
    "ar": "الحساب حساب|والحساب حساب|للحساب الحساب|حسابي حسابك|إعدادات الاعدادات|كلمة كلمه|كَلِمَة كلمات|مـرور مرور|"
    "إلغاء الغاء|فواتير الفواتير|مسؤول مسئول|على علي|الوصول وصول|٣٥٢ 352",
    "tr": "şifremi şifre|sifre şifre|faturalar fatura|faturası fatura|hesabım hesap|IŞIK ışık|isik ışık|İPTAL iptal|"
    "siparişim siparis|kullanıcılar kullanici|kodu kod|LOGIN login|ödemeler ödeme",
}
APART = {
    "en": "universal universe|news new|organ organisation|access accessory|form format",
    "de": "Rechnung Rechner|Konto Kontrast|Passwort Passat|Schloss Schluss|Buße Bus|Gerät raten|Feuer für",
    "fr": "compte comté|mot moto|carte carton|facture facteur|passe passion",
    "es": "factura fractura|tarjeta tarde|contraseña contrato|pedido pedal",
    "it": "conto contro|fattura frattura|carta carattere|pagamento pagina",
    "pt": "senha senhor|cartão carta|pagamento página|fatura futuro",
    "nl": "rekening rekenmachine|wachtwoord wachtrij|betaling bestelling|adres adder",
    "sv": "lösenord lösning|konto kontor|betalning beställning|användare användning",
    "da": "konto kontor|regning regn|betaling bestilling|nøgle negl",
    "no": "konto kontor|regning regn|passord passasjer|nøkkel negl",
    "fi": "lasku laskin|verkko vero|osoite osa|käyttäjä käytävä|salasana salaatti",
    "ru": "пароль парад|заказ закат|почта почему|адрес адвокат",
    "ar": "حساب حاسب|فاتورة فطور|مرور مدير|كلمة كامل",
    "tr": "şifre şef|ödeme ödev|hesap heves|adres adım",
}


def forms(text: str, lang: str = "en") -> set[str]:
    return {word.text for word in words(text, lang)}


def pairs(table: str) -> list[tuple[str, str]]:
    return [(typed, written) for typed, _, written in (pair.partition(" ") for pair in table.split("|"))]


@pytest.mark.parametrize("lang", ALIKE)
def test_what_is_typed_meets_its_other_forms(lang: str) -> None:
    assert [pair for pair in pairs(ALIKE[lang]) if forms(pair[0], lang).isdisjoint(forms(pair[1], lang))] == []


@pytest.mark.parametrize("lang", APART)
def test_words_that_only_look_alike_do_not_meet(lang: str) -> None:
    assert [pair for pair in pairs(APART[lang]) if not forms(pair[0], lang).isdisjoint(forms(pair[1], lang))] == []


@pytest.mark.parametrize(
    ("lang", "typed", "written"),
    [
        ("fr", "mot de passe", "vos mots de passe"),
        ("pt-BR", "senhas", "sua senha"),
        ("nb", "passordet", "passord"),
        ("nn-NO", "passordet", "passord"),
        ("xx", "Straße", "STRASSE"),
        ("hi", "पासवर्ड", "अपना पासवर्ड बदलें"),
        ("fa", "۱۲۳", "123"),
    ],
)
def test_a_region_a_relative_or_an_unknown_language_is_no_obstacle(lang: str, typed: str, written: str) -> None:
    assert forms(typed, lang) & forms(written, lang)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("email", "Send an e-mail"),
        ("e-mail", "Send an email"),
        ("mail", "Send an e-mail"),
        ("wifi", "Join the Wi-Fi"),
        ("wi-fi", "Join the WiFi"),
        ("Wi Fi", "Join the Wi‑Fi"),
        ("log-in", "The login page"),
        ("login", "The log-in page"),
        ("set-up", "The setup"),
        ("E1042", "Error E-1042"),
        ("e 1042", "Error E-1042"),
        ("Ｅ－１０４２", "Error E-1042"),
        ("1042", "Error E1042"),
        ("0x80070005", "Error 0x80070005 appears"),
        ("http 404", "HTTP404 means"),
        ("3.5.2", "Since v3.5.2"),
        ("v3.5.2", "Since version 3.5.2"),
        ("ISO 9001", "ISO-9001"),
        ("rtx4090", "RTX-4090"),
        ("KB5034441", "Update kb5034441"),
        ("err_connection_refused", "ERR_CONNECTION_REFUSED"),
        ("connection refused", "ERR_CONNECTION_REFUSED"),
        ("final_report.pdf", "Open final_report.pdf"),
        (".net", "Needs .NET to run"),
        (".NET", "ASP.NET"),
        ("c++", "Written in C++ since long"),
        ("C#", "Written in C#"),
    ],
)
def test_codes_and_hyphened_words_are_found_whole_and_by_part(typed: str, written: str) -> None:
    assert forms(typed) & forms(written)


@pytest.mark.parametrize(
    ("typed", "best", "other"),
    [
        ("C++", "The C++ language", "The C language"),
        ("C#", "C#", "C++"),
        ("3.5.2", "3.5.2", "2.5.3"),
        ("E1042", "E-1042", "F-1042"),
        ("err_connection_refused", "ERR_CONNECTION_REFUSED", "the connection was refused, err"),
        ("0x80070005", "0x80070005", "80070005"),
    ],
)
def test_the_exact_code_shares_more_than_what_only_shares_a_part(typed: str, best: str, other: str) -> None:
    assert len(forms(typed) & forms(best)) > len(forms(typed) & forms(other))


@pytest.mark.parametrize(
    ("lang", "typed", "written"),
    [
        ("zh", "删除账户", "如何删除账户"),
        ("zh", "增值税", "增值税率"),
        ("ja", "パスワード", "新しいパスワードを設定する"),
        ("ja", "ﾊﾟｽﾜｰﾄﾞ", "新しいパスワードを設定する"),
        ("ko", "비밀번호", "비밀번호를 재설정하세요"),
        ("ko", "비밀번호", "비밀번호를"),
        ("th", "รหัสผ่าน", "ลืมรหัสผ่านของคุณ"),
        ("th", "จํานวน", "จำนวนเงิน"),
        ("en", "账户", "The button 账户 opens it"),
    ],
)
def test_scripts_without_blanks_are_found_within_text_by_every_pair(lang: str, typed: str, written: str) -> None:
    assert forms(typed, lang) <= forms(written, lang)
    assert any(len(form) > 1 for form in forms(typed, lang))


def test_one_character_is_found_as_well() -> None:
    assert forms("税", "zh") <= forms("增值税率", "zh")


def test_half_width_kana_point_at_what_was_written() -> None:
    text = "ﾊﾟｽ!"
    assert [(word.text, text[word.start : word.end]) for word in words(text, "ja")] == [
        ("パ", "ﾊﾟ"),
        ("パス", "ﾊﾟｽ"),
        ("ス", "ｽ"),
    ]


def test_places_count_words_and_positions_point_into_the_text() -> None:
    text = "A Wi-Fi key"
    seen = [(text[word.start : word.end], word.text, word.place) for word in words(text, "en") if word.is_main]
    assert seen == [("A", "a", 0), ("Wi-Fi", "wi", 1), ("Wi-Fi", "fi", 2), ("key", "key", 3)]


def test_a_form_is_kept_once_for_each_word_as_written() -> None:
    assert sorted(word.text for word in words("E-1042", "en")) == ["1042", "e", "e1042"]


@pytest.mark.parametrize(
    ("word", "lang"), [("Passwörter", "de"), ("hesabım", "tr"), ("resetting", "en"), ("x", ""), ("", "en")]
)
def test_the_main_form_is_the_one_that_a_text_gives(word: str, lang: str) -> None:
    assert main_form(word, lang) == next((form.text for form in words(word, lang)), "")


@given(st.text(max_size=200), st.sampled_from([*ALIKE, "zh", "ja", "ko", "th", "hi", "nb", "", "x-klingon"]))
def test_any_text_gives_words_in_order_with_one_main_form_at_each_place(text: str, lang: str) -> None:
    found = list(words(text, lang))
    places = [word.place for word in found]
    assert places == sorted(places)
    main = [word.place for word in found if word.is_main]
    assert len(main) == len(set(main))
    assert all(word.text and 0 <= word.start < word.end <= len(text) for word in found)
    starts = [word.start for word in found]
    assert starts == sorted(starts)
    assert found == list(words(text, lang))


@given(st.text(st.characters(categories=["L"]), max_size=60))
def test_what_is_kept_stays_as_it_is_where_nothing_is_stemmed(letters: str) -> None:
    text = "".join(letter for letter in letters if unicodedata.normalize("NFKD", letter)[0] == letter)
    for word in words(text, ""):
        assert word.text in forms(word.text, "")


@pytest.mark.parametrize(
    "lang", [lang for lang in ALIKE if lang not in {"en", "de", "es", "fr", "it", "pt", "ru", "da", "nl", "fi", "sv"}]
)
def test_main_forms_are_their_own_main_forms_where_the_stemmer_allows(lang: str) -> None:
    kept = [main_form(word, lang) for pair in pairs(ALIKE[lang]) for word in pair]
    assert [word for word in kept if main_form(word, lang) != word] == []


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a.",
        "_a",
        "a'",
        "é\u0316",
        "漢",
        "ก\u0e38\u0e48",
        "ﾊﾟ",
        "\u1112\u1161\u11ab",
        "هات",
        "a\u200d",
        "1.",
        "c++ ",
    ],
)
def test_a_long_row_of_one_script_gives_no_more_than_two_forms_a_character(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    found = list(words(text, "en"))
    assert 0 < len(found) <= 2 * len(text)
    assert max(len(word.text) for word in found) <= LONGEST


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
