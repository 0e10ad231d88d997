"""What the template of a customer's conversation is told: what was said, by whom, and how it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from flask_babel import gettext
from markupsafe import Markup

from portal.content.contact import Contact
from portal.content.shelf import Shelf
from portal.conversations.models import TEXT_LIMIT, Attachment, Conversation, Kind, Message, Standing
from portal.web.downloads import INLINE
from portal.web.frame import AnyPage
from portal.web.help.pages import others_of
from portal.web.plain_text import with_links
from portal.web.refusals import Refusal

_KILOBYTE = 1024


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with a message."""

    name: str
    url: str
    kilobytes: int
    is_picture: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One message, as its customer sees it."""

    uid: str
    is_mine: bool
    """Whether the customer wrote it."""
    by: str
    """Who of us wrote it; empty for the customer's own."""
    text: Markup
    at: datetime
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationPage(AnyPage):
    """help/conversation.html, and the fragment that says why a message was not taken."""

    url: str
    number: int
    spoken: str
    """The language that it is written in."""
    messages: tuple[Said, ...]
    state: str
    """How it stands, in words."""
    where: str
    """Where an answer comes."""
    uid: str
    """Names the next message before it is sent."""
    contact: Contact
    is_closed: bool
    is_new: bool
    """Whether it was sent just now."""
    text: str = ""
    refusal: Refusal | None = None
    has_lost_files: bool = False
    text_limit: int = TEXT_LIMIT

    @property
    def most_bytes(self) -> int:
        """How large one file may be."""
        return self.contact.attachment_megabytes * _KILOBYTE * _KILOBYTE


def said(messages: Iterable[Message], files: Mapping[int, list[Attachment]], url: str) -> tuple[Said, ...]:
    """Return messages as their customer sees them. url: the conversation's own."""
    return tuple(
        Said(
            uid=one.uid,
            is_mine=one.kind is Kind.CUSTOMER,
            by="" if one.kind is Kind.CUSTOMER else one.by,
            text=with_links(one.text),
            at=one.send_at or one.created_at,
            files=tuple(_file(file, url) for file in files.get(one.id, ())),
        )
        for one in messages
    )


def state_of(conversation: Conversation) -> str:
    """Return how a conversation stands, in words for its customer."""
    if conversation.standing is Standing.CLOSED:
        return str(gettext("This request is closed. Write again to open it."))
    if conversation.standing is Standing.WAITING:
        return str(gettext("We have answered. If something is still open, write again."))
    return str(gettext("We have your message, and a person answers it."))


def where_of(conversation: Conversation, *, has_mail: bool) -> str:
    """Return where an answer comes. has_mail: whether this portal sends mail."""
    address = masked(conversation.address or "")
    if conversation.problem and address:
        return str(gettext("Our last e-mail to %(address)s did not arrive. Our answers stand here.", address=address))
    if has_mail and address:
        return str(gettext("We answer by e-mail to %(address)s, and here.", address=address))
    return str(gettext("The answer will stand on this page. Keep its address: nothing else leads here."))


def masked(address: str) -> str:
    """Return an e-mail address so that its owner knows it and nobody else learns it: b•••@example.com."""
    person, at, host = address.rpartition("@")
    return f"{person[:1]}•••@{host}" if at else ""


def translations_of(shelf: Shelf, lang: str, key: str) -> tuple[tuple[str, str], ...]:
    """Return the addresses of a conversation's page in other languages."""
    return others_of(shelf, lang, f"/conversations/{key}")


def _file(file: Attachment, url: str) -> File:
    return File(
        name=file.name,
        url=f"{url}/attachments/{file.uid}/{quote(file.name, safe='')}",
        kilobytes=max(1, round(file.size_bytes / _KILOBYTE)),
        is_picture=file.media_type in INLINE,
    )
