from datetime import date

from portal.outbox.digest import MOST_NAMED, Line, Week, write_digest


def _week(**more: object) -> Week:
    given: dict[str, object] = {
        "name": "Acme help", "until": date(2026, 11, 22), "suggested": 2,
        "top": (Line(12, "Export all invoices", 2.6),),
        "closed": (Line(3, "Reset", 4.0),), "reopened": (), "url": "https://help.example.com/desk/gaps",
    }  # fmt: skip
    return Week(**(given | more))  # type: ignore[arg-type]


def test_the_digest_counts_and_names_what_was_accepted() -> None:
    subject, text = write_digest(_week())
    assert subject == "Acme help: 3 people a week without an answer"
    assert text.splitlines() == [
        "Acme help, the week until 2026-11-22",
        "",
        "Being worked on: 1",
        "  12. Export all invoices (3 people a week)",
        "",
        "Closed, as visits proved: 1",
        "  3. Reset (4 people a week)",
        "",
        "2 suggestions wait for your word.",
        "",
        "https://help.example.com/desk/gaps",
    ]


def test_a_long_list_is_cut_and_says_so_and_an_empty_week_is_calm() -> None:
    many = tuple(Line(n, f"Gap {n}", 1.0) for n in range(MOST_NAMED + 3))
    assert "  and 3 more" in write_digest(_week(top=many))[1]
    empty = write_digest(_week(top=(), closed=(), suggested=0))[1]
    assert "No suggestion waits." in empty
    assert "1 suggestion waits" in write_digest(_week(suggested=1))[1]


def test_the_digest_speaks_german_too() -> None:
    subject, text = write_digest(_week(reopened=(Line(4, "Neu", 1.0),)), "de-AT")
    assert subject == "Acme help: 3 Personen pro Woche ohne Antwort"
    assert text.splitlines() == [
        "Acme help, die Woche bis 22.11.2026",
        "",
        "In Arbeit: 1",
        "  12. Export all invoices (3 Personen pro Woche)",
        "",
        "Geschlossen, wie Besuche gezeigt haben: 1",
        "  3. Reset (4 Personen pro Woche)",
        "",
        "Wieder geöffnet: 1",
        "  4. Neu (1 Person pro Woche)",
        "",
        "2 Vorschläge warten auf Ihr Wort.",
        "",
        "https://help.example.com/desk/gaps",
    ]


def test_a_digest_in_a_language_that_has_no_words_is_english() -> None:
    assert write_digest(_week(), "fr") == write_digest(_week(), "en")
