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
