"""Shapes of conversations: what programs send, and what they are sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from portal.conversations.models import (
    NAME_LIMIT,
    SUBJECT_LIMIT,
    TEXT_LIMIT,
    Attachment,
    Conversation,
    Entry,
    Kind,
    Message,
    Standing,
)
from portal.conversations.store import View
from portal.web.api.members import Change, ListQuery, Number, Person, Shape, Text, Version

_PART = r"[^@\s<>()\[\]\\,;:\x22\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]"
_LABEL = _PART.replace("[^", "[^./", 1)
ADDRESS = rf"^{_PART}{{1,64}}@{_LABEL}{{1,63}}(\.{_LABEL}{{1,63}}){{1,6}}$"
"""As forms take addresses (`feedback/requests.py`), so that whatever fits it is taken."""
Address = Annotated[str, StringConstraints(pattern=ADDRESS, max_length=254)]
Uid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Words = Annotated[Text, StringConstraints(max_length=TEXT_LIMIT)]
Files = Annotated[
    tuple[Uid, ...], Field(max_length=20, description="Ids of uploads of the token's account, each to be named once.")
]


class File(Shape):
    """A file that came with a message."""

    id: Uid
    name: str
    media_type: str = Field(description="By its content, not by what its sender said.")
    size_bytes: int
    url: str = Field(description="Where to fetch it, with the token.")


class Said(Shape):
    """One message of a conversation: a customer's, a reply, a note for staff, or what happened."""

    id: Uid
    kind: Kind = Field(description="`event` tells in `text` what happened, such as `assigned`, and in `about` whom.")
    author: Person | None = Field(description="Of staff; null for customers, and for accounts that are gone.")
    by: str = Field(description="The author's name as it was then.")
    text: str
    about: str
    created_at: datetime
    send_at: datetime | None = Field(description="Of a reply: when it goes out; until then it can be taken back.")
    files: tuple[File, ...]


class Talk(Shape):
    """A conversation, as lists have it."""

    id: int
    uid: Uid
    version: Version
    standing: Standing
    entry: Entry
    subject: str
    lang: str
    topic: str | None
    name: str = Field(description="The customer's; empty where they gave none.")
    address: str | None
    assignee: Person | None
    merged_into: int | None
    problem: str | None = Field(description="Why the last mail did not arrive.")
    created_at: datetime
    updated_at: datetime
    customer_at: datetime | None = Field(description="When the customer last wrote.")
    agent_at: datetime | None = Field(description="When staff last answered.")
    closed_at: datetime | None


class WholeTalk(Talk):
    """A conversation with all that was said, oldest first."""

    messages: tuple[Said, ...]


class Talks(Shape):
    """A portion of a list, the newest activity first."""

    conversations: tuple[Talk, ...]
    next_cursor: str | None


class People(Shape):
    """Accounts of staff that are open, by name."""

    people: tuple[Person, ...]


class TalksQuery(ListQuery):
    """Which conversations."""

    view: View = Field(default=View.ALL, description="`mine` are those of the token's account.")
    q: Annotated[str, StringConstraints(max_length=500)] | None = Field(
        default=None, description="Each word must stand in subject, name, address or a message."
    )


class NewTalk(Shape):
    """What a customer wrote somewhere else, such as in a chat: it becomes a conversation, and they get a receipt."""

    text: Words = Field(examples=["The tea has a white film since this morning. What can I do?"])
    subject: Annotated[str, StringConstraints(max_length=SUBJECT_LIMIT)] = Field(
        default="", description="Empty takes the text's first line.", examples=["White film on the tea"]
    )
    name: Annotated[str, StringConstraints(max_length=NAME_LIMIT)] = Field(default="", examples=["Ada"])
    address: Address | None = Field(
        default=None, description="Where answers are mailed to.", examples=["ada@example.com"]
    )
    lang: str | None = Field(default=None, description="A language of the help centre; its first by default.")
    topic: Annotated[str, StringConstraints(max_length=80)] | None = Field(default=None, description="A topic's slug.")
    files: Files = ()


class NewWord(Change):
    """What a customer wrote since."""

    text: Words = Field(examples=["It is back, in every cup."])
    files: Files = ()


class NewNote(Change):
    """A word that only staff see."""

    text: Words


class NewReply(Change):
    """An answer to the customer. Short links in it (`/a/<id>?via=<token>`) are counted as sent."""

    text: Words
    links: Annotated[tuple[Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,16}$")], ...], Field(
        max_length=20, description="Tokens of links besides those that stand in the text."
    )] = ()  # fmt: skip
    closes: bool = Field(default=False, description="Whether nothing is left to do after it.")
    files: Files = ()
    draft: Uid | None = Field(
        default=None, description="Id of your account's draft that this sends in place of a new reply, with its files."
    )
    saved: Annotated[tuple[Number, ...], Field(
        max_length=20, description="Numbers of saved replies that went into it; each counts as used."
    )] = ()  # fmt: skip


class Merging(Change):
    """Which conversation it becomes a part of."""

    into: Number = Field(description="Number of the other one, of the same address.", examples=[12])


class Assignment(Change):
    """Whom to give it to."""

    assignee: Number | None = Field(description="Number of an account; null for nobody.")


def of_talk(one: Conversation, people: Mapping[int, str]) -> Talk:
    """Return a conversation without what was said. people: names of accounts."""
    return Talk.model_validate(_members(one, people))


def of_whole(
    one: Conversation,
    messages: Sequence[Message],
    files: Mapping[int, Sequence[Attachment]],
    people: Mapping[int, str],
) -> WholeTalk:
    """Return a conversation with all that was said."""
    said = tuple(of_message(message, files.get(message.id, ()), people) for message in messages)
    return WholeTalk.model_validate(_members(one, people) | {"messages": said})


def of_message(one: Message, files: Sequence[Attachment], people: Mapping[int, str]) -> Said:
    """Return a message with the names of its files."""
    return Said(
        id=one.uid,
        kind=one.kind,
        author=_person(one.author, people),
        by=one.by,
        text=one.text,
        about=one.about,
        created_at=one.created_at,
        send_at=one.send_at,
        files=tuple(_file(file) for file in files),
    )


def _members(one: Conversation, people: Mapping[int, str]) -> dict[str, object]:
    named = {name: getattr(one, name) for name in Talk.model_fields if name != "assignee"}
    return named | {"assignee": _person(one.assignee, people)}


def _person(number: int | None, people: Mapping[int, str]) -> Person | None:
    return Person(id=number, name=people[number]) if number is not None and number in people else None


def _file(one: Attachment) -> File:
    return File(
        id=one.uid, name=one.name, media_type=one.media_type, size_bytes=one.size_bytes,
        url=f"/api/v1/attachments/{one.uid}",
    )  # fmt: skip
