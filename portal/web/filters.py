"""How pages write dates and numbers of things."""

from datetime import date, datetime

from flask import Flask
from markupsafe import Markup

from portal import clock
from portal.web.languages import own_name

_DAYS_A_WEEK, _DAYS_A_MONTH, _DAYS_A_YEAR = 7, 30.44, 365.25


def install(app: Flask) -> None:
    """Give the templates their filters."""
    app.add_template_filter(when)
    app.add_template_filter(plural)
    app.add_template_filter(own_name)


def when(moment: datetime) -> Markup:
    """Return a `<time>` that says how long ago, with the exact moment on hover."""
    said = relative(moment.date(), clock.now().date())
    exact = f"{moment.day} {moment:%B %Y, %H:%M} UTC"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(moment.isoformat(timespec="seconds"), exact, said)


def relative(day: date, today: date) -> str:
    """Say how long ago a day was, to the day at first and coarser later; a day to come counts as today."""
    days = max(0, (today - day).days)
    if days <= 1:
        return ("today", "yesterday")[days]
    if days < 2 * _DAYS_A_WEEK:
        return f"{days} days ago"
    if days < 2 * _DAYS_A_MONTH:
        return f"{round(days / _DAYS_A_WEEK)} weeks ago"
    if days < 2 * _DAYS_A_YEAR:
        return f"{round(days / _DAYS_A_MONTH)} months ago"
    return f"{round(days / _DAYS_A_YEAR)} years ago"


def plural(count: int, one: str, many: str = "") -> str:
    """Write "1 article", "2 articles", "1,204 articles"; `many` for words that don't just take an s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
