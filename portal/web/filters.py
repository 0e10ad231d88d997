"""How pages write dates and numbers, in the reader's way."""

from datetime import datetime

from flask import Flask
from flask_babel import format_date, format_datetime, format_decimal
from markupsafe import Markup

from portal.web.languages import direction, own_name


def install(app: Flask) -> None:
    """Give the templates their filters."""
    app.add_template_filter(when)
    app.add_template_filter(number)
    app.add_template_filter(own_name)
    app.add_template_filter(direction)


def when(moment: datetime) -> Markup:
    """Return a `<time>` with the day, and the exact moment on hover; a script makes it "3 days ago".

    What stands in the page must not depend on the day on which it is read: pages are rendered when they are published.
    """
    exact = f"{format_datetime(moment, 'long', rebase=False)}"
    said = format_date(moment, "long", rebase=False)
    written = moment.isoformat(timespec="seconds")
    return Markup('<time datetime="{}" title="{}" data-behaviour="when">{}</time>').format(written, exact, said)


def number(count: int) -> str:
    """Write 1204 as "1,204" or "1.204"."""
    return str(format_decimal(count))
