"""Making links at the desk: an article becomes a tracked short link, written in every way that somebody may want."""

from dataclasses import asdict, dataclass

from flask import request

from portal import clock
from portal.audience import Level
from portal.bootstrap import Portal
from portal.content.page import Page
from portal.conversations import store as conversations
from portal.conversations.models import Conversation, Kind
from portal.db import transaction, unavailable_when_away
from portal.links import store
from portal.links.address import short_path
from portal.links.models import Origin
from portal.links.wording import Written, written
from portal.people.models import User
from portal.web import access
from portal.web.context import the
from portal.web.passages import passage
from portal.web.picking import readable
from portal.web.siblings import in_language, same_place

_MOST_ANCHOR = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An article as it was picked for somebody, not sent yet. `page` is in the customer's language if it can be."""

    page: Page
    anchor: str
    lang: str
    passage: str
    is_readable: bool
    """Whether the customer may read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A link that was made."""

    token: str
    title: str
    lang: str
    plain: Written
    quoted: Written

    def as_json(self) -> dict[str, object]:
        """Return it for a script."""
        return asdict(self)


def chosen(article: str, anchor: str, *, lang: str, level: Level, about: str) -> Choice:
    """Return what is picked for a customer. Raises NotFound. about: the message that it answers."""
    page = access.page_for(article)
    shown = in_language(access.shelf(), page, lang)
    place = same_place(anchor[:_MOST_ANCHOR], page, shown)
    return Choice(
        page=shown,
        anchor=place,
        lang=lang or shown.card.lang,
        passage=passage(shown, place, about),
        is_readable=bool(readable([shown.card.id], level)),
    )


def make(choice: Choice, *, origin: Origin, by: User, conversation: Conversation | None) -> Made:
    """Make the link of a choice. Raises Unavailable."""
    card = choice.page.card
    with the(Portal).database.session() as session, transaction(session):
        link = store.make(
            session,
            article=card.id,
            anchor=choice.anchor,
            lang=choice.lang,
            origin=origin,
            user=by.id,
            conversation=conversation.id if conversation else None,
            at=clock.now(),
        )
        token = link.token
    return made(choice, token)


def made(choice: Choice, token: str) -> Made:
    """Return a link that is there already, written anew."""
    card = choice.page.card
    url = _base() + short_path(card.id, token)
    return Made(
        token=token,
        title=card.title,
        lang=card.lang,
        plain=written(card.title, url),
        quoted=written(card.title, url, choice.passage),
    )


def conversation_of(number: str) -> Conversation | None:
    """Return the conversation that a request names; None where it names none. Raises Unavailable."""
    if not (number.isascii() and number.isdigit()):
        return None
    with unavailable_when_away(), the(Portal).database.session() as session:
        return conversations.conversation(session, int(number[:12]))


def last_message(conversation: Conversation) -> str:
    """Return what the customer of a conversation wrote last, below its subject. Raises Unavailable."""
    with unavailable_when_away(), the(Portal).database.session() as session:
        said = conversations.messages(session, conversation.id)
    last = next((one.text for one in reversed(said) if one.kind is Kind.CUSTOMER), "")
    return f"{conversation.subject}\n{last}"


def level_of(conversation: Conversation | None) -> Level:
    """Return where a customer stands; one of whom nothing is known stands on PUBLIC."""
    return Level.CUSTOMERS if conversation and conversation.level == Level.CUSTOMERS else Level.PUBLIC


def _base() -> str:
    """Return the portal's own address, as it was told, else as it was asked."""
    return (the(Portal).settings.base_url or request.host_url).rstrip("/")
