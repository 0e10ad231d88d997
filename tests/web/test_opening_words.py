from portal.content.opening import read_openings
from portal.web.opening_words import in_words


def spoken(lang: str, *lines: str) -> str:
    return in_words(read_openings(lines), lang).replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_hours_are_written_as_a_language_writes_them() -> None:
    assert spoken("en", "Mon-Fri 9-17") == "Mon–Fri 9:00 AM–5:00 PM"
    assert spoken("de", "Mon-Fri 9-17") == "Mo.–Fr. 09:00–17:00"


def test_days_with_other_hours_stand_apart_and_a_break_is_named() -> None:
    words = spoken("de", "Mon-Thu 9-12", "Mon-Thu 13-17", "Fri 9-12", "Sun 9-12")
    assert words == "Mo.–Do. 09:00–12:00, 13:00–17:00; Fr. 09:00–12:00; So. 09:00–12:00"


def test_a_language_that_nobody_knows_has_english_hours_and_none_has_none() -> None:
    assert spoken("xx", "Sat 9-17") == "Sat 09:00–17:00"
    assert spoken("en") == ""
