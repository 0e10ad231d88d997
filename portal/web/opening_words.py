"""Opening words: the hours of a channel as people of a language write them, where the company wrote none."""

from collections.abc import Iterable
from datetime import time
from functools import lru_cache
from itertools import groupby

from babel import Locale, UnknownLocaleError
from babel.dates import format_time, get_day_names

from portal.content.opening import DAY_MINUTES, Opening

_FALLBACK = "en_GB"


@lru_cache(maxsize=256)
def in_words(openings: tuple[Opening, ...], lang: str) -> str:
    """Return `Mon–Fri 09:00–17:00; Sat 10:00–12:00` in a language; in English for one that nobody knows.

    openings: in order.
    """
    locale = _locale(lang)
    days = [(day, _times(of_day, locale)) for day, of_day in groupby(openings, lambda one: one.day)]
    names = get_day_names("abbreviated", locale=locale)
    return "; ".join(
        f"{names[first]}–{names[last]} {times}" if last > first else f"{names[first]} {times}"
        for first, last, times in _runs(days)
    )


def _runs(days: Iterable[tuple[int, str]]) -> list[tuple[int, int, str]]:
    """Join days in a row that have the same hours."""
    runs: list[tuple[int, int, str]] = []
    for day, times in days:
        if runs and runs[-1][1:] == (day - 1, times):
            runs[-1] = (runs[-1][0], day, times)
        else:
            runs.append((day, day, times))
    return runs


def _times(openings: Iterable[Opening], locale: Locale) -> str:
    return ", ".join(f"{_time(one.begin, locale)}–{_time(one.end, locale)}" for one in openings)


def _time(minutes: int, locale: Locale) -> str:
    return format_time(time(*divmod(minutes % DAY_MINUTES, 60)), "short", locale=locale)


def _locale(lang: str) -> Locale:
    try:
        return Locale.parse(lang, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale.parse(_FALLBACK)
