"""The inbox's list as values: one line a conversation, the tabs over it, and why it is empty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext, ngettext

from portal.conversations.models import Conversation, Kind, Standing
from portal.conversations.store import OURS, Cursor, LastWord, View
from portal.text import cut, one_line
from portal.web.desk.frame import DeskPage
from portal.web.desk.inbox_asked import Asked
from portal.web.desk.inbox_words import STANDINGS, VIEWS
from portal.web.languages import own_name

PAGE = 40
"""Conversations on one page; two screens of them."""
_EXCERPT = 140
_INITIALS = 2


class Empty(StrEnum):
    """Why there is no line."""

    NOTHING_EVER = "nothing_ever"
    NOT_FOUND = "not_found"
    NO_SUCH_PAGE = "no_such_page"
    VIEW = "view"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One conversation in a list."""

    id: int
    url: str
    subject: str
    who: str
    excerpt: str
    """Of what was said last."""
    last_by: str
    """Who said it, if it was not the customer; with a word for a note."""
    lang: str
    lang_name: str
    at: datetime
    assignee: str
    initials: str
    is_ours: bool
    """Whether it is our turn."""
    stands: str
    is_present: bool = False
    has_problem: bool = False
    """Whether the last mail to the customer came back."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A view over the list."""

    name: str
    label: str
    url: str
    count: int
    is_present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage(DeskPage):
    """desk/inbox.html."""

    tabs: tuple[Tab, ...]
    view: str
    view_name: str
    q: str
    sum: str
    rows: tuple[Line, ...]
    empty: Empty | None
    clear: str
    """Address of this view without what was searched for."""
    first: str
    later: str
    """Addresses of the first page, on later ones, and of the next one; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the store had to say of a list."""

    asked: Asked
    rows: Sequence[Conversation]
    """One more than a page where there is a next one."""
    counts: Mapping[View, int]
    words: Mapping[int, LastWord]
    names: Mapping[int, str]
    """Of staff by account; those whose account is shut are left out."""
    has_any: bool
    limit: int = PAGE


def page_of(found: Found) -> InboxPage:
    """Return the page of a list."""
    asked, view = found.asked, found.asked.view or View.NEW
    shown = found.rows[: found.limit]
    has_more = len(found.rows) > found.limit
    return InboxPage(
        title=gettext("Inbox"),
        tabs=tabs_of(found, view),
        view=view,
        view_name=str(VIEWS[view]),
        q=asked.q,
        sum=_sum(found.counts[view], asked.q),
        rows=lines_of(found),
        empty=None if shown else _why_empty(found),
        clear=Asked(view, "").url(),
        first=asked.first().url() if asked.before else "",
        later=asked.following(Cursor.of(shown[-1])).url() if has_more else "",
    )


def tabs_of(found: Found, present: View) -> tuple[Tab, ...]:
    """Return the views with how many conversations are in each."""
    return tuple(
        Tab(view, str(VIEWS[view]), found.asked.viewed(view).url(), found.counts[view], view is present)
        for view in View
    )


def lines_of(found: Found, *, present: int | None = None) -> tuple[Line, ...]:
    """Return the lines of one page. present: the conversation that is open beside it."""
    return tuple(_line(one, found, present) for one in found.rows[: found.limit])


def who(conversation: Conversation) -> str:
    """Return what the customer is called: their name, else their address."""
    return conversation.name or conversation.address or str(gettext("Somebody"))


def initials(name: str) -> str:
    """Return the first letters of the first and the last of somebody's names."""
    words = [word for word in name.split() if word[0].isalnum()]
    chosen = words if len(words) <= _INITIALS else [words[0], words[-1]]
    return "".join(word[0] for word in chosen).upper() or name[:1]


def _line(one: Conversation, found: Found, present: int | None) -> Line:
    last = found.words.get(one.id)
    name = found.names.get(one.assignee or 0, "")
    return Line(
        id=one.id,
        url=found.asked.url(one.id),
        subject=one.subject,
        who=who(one),
        excerpt=cut(one_line(last.text), _EXCERPT) if last else "",
        last_by=_last_by(last),
        lang=one.lang,
        lang_name=own_name(one.lang),
        at=one.updated_at,
        assignee=name,
        initials=initials(name) if name else "",
        is_ours=one.standing in OURS,
        stands=str(STANDINGS[one.standing]),
        is_present=one.id == present,
        has_problem=bool(one.problem) and one.standing is not Standing.CLOSED,
    )


def _last_by(last: LastWord | None) -> str:
    if last is None or last.kind is Kind.CUSTOMER:
        return ""
    return str(gettext("Note of %(name)s", name=last.by)) if last.kind is Kind.NOTE else last.by


def _sum(count: int, q: str) -> str:
    if q:
        return str(ngettext("%(num)s conversation with “%(q)s”", "%(num)s conversations with “%(q)s”", count, q=q))
    return str(ngettext("%(num)s conversation", "%(num)s conversations", count))


def _why_empty(found: Found) -> Empty:
    if found.asked.before:
        return Empty.NO_SUCH_PAGE
    if found.asked.q:
        return Empty.NOT_FOUND
    return Empty.VIEW if found.has_any else Empty.NOTHING_EVER
