"""One conversation as values: what was said in the middle, the list on one side, the customer on the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from flask_babel import gettext
from markupsafe import Markup

from portal.bootstrap import Portal
from portal.content.page import Card
from portal.conversations.keys import private_path
from portal.conversations.letter_words import WORDS
from portal.conversations.models import Attachment, Conversation, Kind, Message, SavedReply, Standing
from portal.conversations.trail import Looked
from portal.people.models import User
from portal.text import cut
from portal.web import recording
from portal.web.context import the
from portal.web.desk.frame import DeskPage
from portal.web.desk.inbox_asked import LIST, Asked
from portal.web.desk.inbox_lists import Found, Line, lines_of, who
from portal.web.desk.inbox_parts import Box, File, Other, Said, Step
from portal.web.desk.inbox_words import ENTRIES, STANDINGS, VIEWS, event_said
from portal.web.downloads import INLINE
from portal.web.languages import direction, own_name
from portal.web.plain_text import with_links

MOST_BY_HAND = 1500
"""Characters of a reply that a mailto: link takes along: Windows hands some 2,000 of an address on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationPage(DeskPage):
    """desk/conversation.html."""

    id: int
    version: int
    seen: int
    """The newest message that the page shows."""
    url: str
    here: str
    """The same address with the list that stands beside it."""
    back: str
    view_name: str
    lines: tuple[Line, ...]
    previous: str
    following: str
    subject: str
    lang: str
    lang_name: str
    direction: str
    standing: Standing
    stands: str
    who: str
    name: str
    address: str
    entry: str
    topic: str
    created_at: datetime
    assignee: int | None
    assignee_name: str
    me: int
    colleagues: tuple[tuple[int, str], ...]
    said: tuple[Said, ...]
    has_trail: bool
    trail: tuple[Step, ...]
    others: tuple[Other, ...]
    merging: Other | None
    """The conversation that this one is asked to be merged into."""
    merged_into: Other | None
    problem: str
    box: Box
    note_uid: str
    """Of the form for a note: the same one sent twice is one."""
    saved: tuple[tuple[int, str], ...]
    takes_files: bool
    done: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the stores and the shelf had to say of one conversation."""

    conversation: Conversation
    messages: Sequence[Message]
    files: Mapping[int, Sequence[Attachment]]
    draft: Message | None
    colleagues: Sequence[tuple[int, str]]
    others: Sequence[Conversation]
    merged_into: Conversation | None
    merging: Conversation | None
    trail: Sequence[Looked]
    cards: Mapping[str, Card]
    topics: Mapping[str, str]
    saved: Sequence[SavedReply]
    beside: Found
    me: User
    at: datetime
    takes_files: bool


def page_of(known: Known, *, uid: str, box: Box | None = None, since: int = 0, **told: str) -> ConversationPage:
    """Return the page of a conversation.

    uid: for a new reply. box: what somebody was writing. since: newest message that they had seen; 0 for all of them.
    told: `done` or `error`, in words.
    """
    one, asked = known.conversation, known.beside.asked
    lines = lines_of(known.beside, present=one.id)
    return ConversationPage(
        title=one.subject,
        id=one.id,
        version=one.version,
        seen=max((message.id for message in known.messages), default=0),
        url=f"{LIST}/{one.id}",
        here=asked.url(one.id),
        back=asked.url(),
        view_name=str(VIEWS[asked.view]) if asked.view else "",
        lines=lines,
        previous=_neighbour(lines, -1),
        following=_neighbour(lines, 1),
        subject=one.subject,
        lang=one.lang,
        lang_name=own_name(one.lang),
        direction=direction(one.lang),
        standing=one.standing,
        stands=str(STANDINGS[one.standing]),
        who=who(one),
        name=one.name,
        address=one.address or "",
        entry=str(ENTRIES[one.entry]),
        topic=known.topics.get(one.topic or "", one.topic or ""),
        created_at=one.created_at,
        assignee=one.assignee,
        assignee_name=dict(known.colleagues).get(one.assignee or 0, ""),
        me=known.me.id,
        colleagues=tuple(known.colleagues),
        said=tuple(_said(message, known, since) for message in known.messages),
        has_trail=one.has_trail,
        trail=tuple(_step(step, known.cards) for step in known.trail),
        others=tuple(_other(other, asked) for other in known.others),
        merging=_other(known.merging, asked) if known.merging else None,
        merged_into=_other(known.merged_into, asked) if known.merged_into else None,
        problem=one.problem or "",
        box=box or box_of(known, uid),
        note_uid=recording.new_uid(),
        saved=tuple((reply.id, reply.name) for reply in known.saved),
        takes_files=known.takes_files,
        done=told.get("done", ""),
        error=told.get("error", ""),
    )


def box_of(known: Known, uid: str) -> Box:
    """Return what stands in the box at first: a draft, else the greeting."""
    draft = known.draft
    if draft is None:
        return Box(uid=uid, text=greeting_of(known.conversation))
    return Box(uid=draft.uid, text=draft.text, files=files_of(known, draft), is_typed=True, is_kept=True)


def greeting_of(conversation: Conversation) -> str:
    """Return how a reply begins, in the customer's language where we speak it."""
    words = WORDS.get(conversation.lang.partition("-")[0], WORDS["en"])
    return f"{words.greeting(conversation.name)}\n\n"


def files_of(known: Known, message: Message) -> tuple[File, ...]:
    """Return the files of a message."""
    place = f"{LIST}/{known.conversation.id}/files"
    return tuple(
        File(one.uid, one.name, f"{place}/{one.uid}", one.media_type, one.size_bytes, one.media_type in INLINE)
        for one in known.files.get(message.id, ())
    )


def _said(message: Message, known: Known, since: int) -> Said:
    is_event = message.kind is Kind.EVENT
    is_pending = message.kind is Kind.REPLY and message.send_at is not None and message.send_at > known.at
    is_mine = message.author == known.me.id
    return Said(
        uid=message.uid,
        kind=message.kind,
        by=message.by or who(known.conversation),
        at=message.created_at,
        html=Markup.escape(event_said(message)) if is_event else with_links(message.text),
        files=files_of(known, message),
        is_new=bool(since) and message.id > since,
        goes_at=message.send_at if is_pending else None,
        undo=f"{LIST}/{known.conversation.id}/replies/{message.uid}/withdrawal" if is_pending and is_mine else "",
        by_hand="" if is_pending or message.kind is not Kind.REPLY else _by_hand(message, known.conversation),
    )


def _by_hand(reply: Message, conversation: Conversation) -> str:
    """Return a link that opens a reply as a mail in the agent's own program; empty where the portal sends mails."""
    settings = the(Portal).settings
    if settings.smtp_url or not conversation.address:
        return ""
    base = settings.base_url or f"http://{settings.bind}"
    private = base + private_path(settings.secret(), conversation.lang, conversation.uid)
    told = {"subject": f"Re: {conversation.subject}", "body": f"{cut(reply.text, MOST_BY_HAND)}\n\n{private}\n"}
    return f"mailto:{quote(conversation.address, '@')}?{urlencode(told, quote_via=quote)}"


def _step(step: Looked, cards: Mapping[str, Card]) -> Step:
    gone = (str(gettext("An article that is gone")), "")
    opened = (cards.get(article) for article in step.opened)
    return Step(step.at, step.query, step.hits, tuple((card.title, card.url) if card else gone for card in opened))


def _other(one: Conversation, asked: Asked) -> Other:
    return Other(
        one.id, one.subject, who(one), asked.url(one.id), str(STANDINGS[one.standing]), one.updated_at, one.lang
    )


def _neighbour(lines: Sequence[Line], step: int) -> str:
    """Return the address of the conversation over or under the one that is open; empty where there is none."""
    place = next((place for place, line in enumerate(lines) if line.is_present), -1) + step
    return lines[place].url if 0 <= place < len(lines) else ""
