import pytest

from portal.content.opening import DAY_MINUTES, NoOpening, Opening, read_openings
from portal.content.site_file import parse_site

NINE, FIVE = 9 * 60, 17 * 60
PHONE = '[[channels]]\nkind = "phone"\nvalue = "+49 30 123"\n'
ZONE = 'time_zone = "Europe/Berlin"\n'


@pytest.mark.parametrize("line", ["Mon-Fri 9:00-17:00", "mon – fri  9-17", "MON-FRI 09:00 - 17"])
def test_days_and_hours_are_read_as_people_write_them(line: str) -> None:
    assert read_openings((line,)) == tuple(Opening(day, NINE, FIVE) for day in range(5))


def test_days_may_run_over_the_end_of_the_week() -> None:
    assert [one.day for one in read_openings(("Sat-Mon 9-17",))] == [0, 5, 6]


def test_hours_past_midnight_are_the_next_days() -> None:
    assert read_openings(("Sun 22:00-2:00",)) == (Opening(0, 0, 120), Opening(6, 1320, DAY_MINUTES))
    assert read_openings(("Mon 22-0",)) == (Opening(0, 1320, DAY_MINUTES),)
    assert read_openings(("Mon 0-24",)) == (Opening(0, 0, DAY_MINUTES),)


def test_a_day_may_have_a_break() -> None:
    assert read_openings(("Tue 13-17", "Tue 9-12")) == (Opening(1, NINE, 720), Opening(1, 780, FIVE))


@pytest.mark.parametrize(
    "line",
    ["", "always", "Mon", "9-17", "Mo-Fr 9-17", "Mon 9-25", "Mon 9:60-17:00", "Mon 9-9", "Mon 24-24", "Mon 24-8"],
)
def test_what_is_no_opening_is_refused(line: str) -> None:
    with pytest.raises(NoOpening):
        read_openings((line,))


def test_openings_are_read_with_their_channel() -> None:
    site, problems = parse_site(f'{PHONE}{ZONE}opening = "Mon 9-17"\n'.encode())
    assert problems == ()
    assert site.channels[0].opening == (Opening(0, NINE, FIVE),)


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        (f'{PHONE}{ZONE}opening = ["Mon 9-17", "sometimes"]\n', "Write days and hours such as Mon-Fri 9:00-17:00"),
        (f'{PHONE}opening = "Mon 9-17"\n', "Give a time_zone such as Europe/Berlin"),
    ],
)
def test_a_bad_opening_is_named_and_the_channel_stays(text: str, mend: str) -> None:
    site, (problem,) = parse_site(text.encode())
    assert site.channels[0].opening == ()
    assert mend in str(problem)
