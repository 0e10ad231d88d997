"""What `portal.toml` says of reaching people: the form, the widget, frames in other programs, signed-in customers."""

import re
from dataclasses import dataclass

from portal import text
from portal.content.toml_table import Table

_ORIGIN = re.compile(r"https://[A-Za-z0-9.-]{1,253}(:\d{1,5})?|http://(localhost|127\.0\.0\.1)(:\d{1,5})?")
_MOST_HOLD_OUT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How the contact form behaves."""

    hold_out: float = 0.0
    """Share of forms, from 0 to 0.5, that suggest nothing, so that what suggestions avoid can be measured honestly."""
    has_attachments: bool = True
    attachment_megabytes: int = 10
    """The most that one file may have."""
    attachments: int = 5
    """The most files of one message."""
    notify: tuple[str, ...] = ()
    """E-mail addresses that hear of what a customer writes while nobody is assigned; none, and the inbox shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WidgetRule:
    """Articles for some pages of the company's own site."""

    path: str
    """Pattern of a page's path: `*` stands for anything, so `/billing/*`."""
    articles: tuple[str, ...] = ()
    """Ids, in this order."""
    topic: str = ""
    """Slug of the topic whose articles are offered after those."""
    query: str = ""
    """Words whose hits are offered after those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Widget:
    """The help centre on the company's own pages."""

    origins: tuple[str, ...] = ()
    """Origins that may show it, such as https://www.example.com; none, and nobody may."""
    rules: tuple[WidgetRule, ...] = ()
    """The first one that fits a page counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """Who may show a page of ours in a frame."""

    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers:
    """Customers who are signed in."""

    sign_in_url: str = ""
    """Page of the company's own product that sends its customers back with a signed link; `{next}` is where to."""
    days: int = 30
    """How long they stay signed in here, unless their link says less."""


def read_contact(top: Table) -> Contact:
    """Return `[contact]`."""
    part, default = top.table("contact"), Contact()
    return Contact(
        hold_out=part.number("hold_out", default.hold_out, 0.0, _MOST_HOLD_OUT),
        has_attachments=part.flag("has_attachments", default=True),
        attachment_megabytes=part.whole("attachment_megabytes", default.attachment_megabytes, 1, 20),
        attachments=part.whole("attachments", default.attachments, 1, 20),
        notify=part.addresses("notify"),
    )


def read_widget(top: Table) -> Widget:
    """Return `[widget]` with its `[[widget.rules]]`."""
    part = top.table("widget")
    return Widget(origins=_origins(part), rules=tuple(rule for one in part.tables("rules") if (rule := _rule(one))))


def read_frames(top: Table, name: str) -> Frames:
    """Return the table of this name, which says who may frame a page."""
    return Frames(origins=_origins(top.table(name)))


def read_customers(top: Table) -> Customers:
    """Return `[customers]`."""
    part = top.table("customers")
    return Customers(sign_in_url=part.url("sign_in_url"), days=part.whole("days", Customers().days, 1, 365))


def _origins(part: Table) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for words in part.lines("origins"):
        origin = words.rstrip("/").lower()
        if _ORIGIN.fullmatch(origin):
            found[origin] = None
        else:
            part.refuse(
                "origins", f"can't have {text.cut(words, 60)!r}", "Write origins such as https://www.example.com"
            )
    return tuple(found)


def _rule(part: Table) -> WidgetRule | None:
    path = part.line("path")
    rule = WidgetRule(
        path=path,
        articles=tuple(part.lines("articles")),
        topic=text.slugify(part.line("topic")),
        query=part.line("query"),
    )
    if path.startswith(("/", "*")):
        return rule
    part.refuse("path", "is missing or begins with no slash, so the rule is left out", "Write one such as /billing/*")
    return None
