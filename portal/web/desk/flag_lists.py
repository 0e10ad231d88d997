"""What the flags' pages show: lines of what waits, of what was settled, and of what I flagged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from portal.content.page import Card
from portal.db import Session
from portal.feedback import flags
from portal.feedback.models import REQUEST_LIMIT, Flag
from portal.people.models import Role, User
from portal.web.access import shelf
from portal.web.context import site
from portal.web.desk.frame import DeskPage
from portal.web.flagging import FAULTS, FlagNote
from portal.web.speech import desk_language

SETTLES = Role.WRITER
"""The lowest role that settles anybody's flags; below it, whoever looks after the article."""
MOST_SHOWN = 100
LATELY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagLine:
    """A flag of a list."""

    uid: str
    article: str
    title: str
    """The article's, as it is now; as it was then, once it is gone."""
    url: str
    """Empty when the article is gone."""
    lang: str
    topic: str
    fault: str
    text: str
    by: str
    at: datetime
    owner: str
    has_changed: bool
    """Whether the article has changed since: the flag may be settled already."""
    may_settle: bool
    is_own: bool
    """Whether this reader raised it."""
    done_at: datetime | None
    done_by: str
    was_right: bool
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagsPage(DeskPage):
    """desk/flags.html."""

    mine: tuple[FlagLine, ...]
    """Those of the articles that I look after."""
    others: tuple[FlagLine, ...]
    own: tuple[FlagLine, ...]
    """What I flagged, settled or not."""
    settled: tuple[FlagLine, ...]
    """What others flagged, and what came of it lately."""
    topics: tuple[tuple[str, str], ...]
    """(slug, name) of the topics that have flags."""
    topic: str
    limit: int
    has_editor: bool
    has_mail: bool
    done: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagForm(DeskPage):
    """desk/flag_form.html."""

    article: Card
    owner: str
    waiting: tuple[FlagNote, ...]
    """Of the same article: nobody need say it twice."""
    faults: tuple[tuple[str, str], ...]
    uid: str
    fault: str
    text: str
    limit: int = REQUEST_LIMIT
    error: str


@dataclass(frozen=True, slots=True)
class Lists:
    """Flags as they are in the database."""

    waiting: list[Flag]
    own: list[Flag]
    settled: list[Flag]

    @classmethod
    def read(cls, session: Session, me: User) -> "Lists":
        """Ask for all that this reader's page shows."""
        return cls(
            waiting=flags.waiting(session),
            own=flags.of_user(session, me.id, limit=MOST_SHOWN),
            settled=flags.settled(session, limit=LATELY),
        )


def page_of(lists: Lists, me: User, *, topic: str, has_mail: bool, done: str, error: str) -> FlagsPage:  # noqa: PLR0913
    """Return the page of flags. topic: slug that the others are narrowed to, empty for all."""
    known = shelf().cards({flag.article for flag in (*lists.waiting, *lists.own, *lists.settled)})
    mine = [flag for flag in lists.waiting if is_mine(flag, me)]
    others = [flag for flag in lists.waiting if not is_mine(flag, me)]
    shown = [flag for flag in others if topic in {"", flag.topic}][:MOST_SHOWN]
    return FlagsPage(
        title=gettext("Flags"),
        mine=_lines(mine[:MOST_SHOWN], me, known),
        others=_lines(shown, me, known),
        own=_lines(lists.own, me, known),
        settled=_lines([flag for flag in lists.settled if flag.user != me.id], me, known),
        topics=tuple(sorted({(flag.topic, _topic(flag.topic)) for flag in others if flag.topic})),
        topic=topic,
        limit=REQUEST_LIMIT,
        has_editor=bool(site().edit_url),
        has_mail=has_mail,
        done=done,
        error=error,
    )


def names_of(user: User) -> tuple[str, str]:
    """Return what front matter may call somebody who looks after an article, in lower case."""
    return user.email.lower(), user.name.lower()


def is_mine(flag: Flag, user: User) -> bool:
    """Whether somebody looks after the article that was flagged."""
    return flag.owner.lower() in names_of(user)


def may_settle(flag: Flag, user: User) -> bool:
    """Whether somebody may answer a flag."""
    return user.role.reaches(SETTLES) or is_mine(flag, user)


def _lines(found: list[Flag], me: User, known: Mapping[str, Card]) -> tuple[FlagLine, ...]:
    return tuple(_line(flag, me, known.get(flag.article)) for flag in found)


def _line(flag: Flag, me: User, card: Card | None) -> FlagLine:
    return FlagLine(
        uid=flag.uid,
        article=flag.article,
        title=card.title if card else flag.title,
        url=card.url if card else "",
        lang=flag.lang,
        topic=_topic(flag.topic),
        fault=str(FAULTS[flag.fault]),
        text=flag.text,
        by=flag.by,
        at=flag.at,
        owner=flag.owner,
        has_changed=card is not None and card.revision != flag.revision,
        may_settle=may_settle(flag, me),
        is_own=flag.user == me.id,
        done_at=flag.done_at,
        done_by=flag.done_by,
        was_right=flag.was_right is True,
        answer=flag.answer,
    )


def _topic(slug: str) -> str:
    return site().topic_name(slug, desk_language()) or slug if slug else ""
