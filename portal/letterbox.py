"""Letterbox: what is said in a conversation, on its way to its people and to other programs.

All of it goes into the outbox in the caller's transaction, with what it tells of; `telling.deliver` sends it.
"""

from dataclasses import replace
from datetime import datetime

from portal.bootstrap import Portal
from portal.content.site import Site
from portal.conversations.letters import House
from portal.conversations.models import Conversation
from portal.db import Session
from portal.errors import Unavailable
from portal.outbox import receivers
from portal.outbox import store as outbox
from portal.outbox.news import ConversationNews, conversation_news
from portal.outbox.parcel import Message
from portal.outbox.receiver import heard
from portal.people import accounts

CUSTOMER = "customer"
"""Who did it, where no agent did."""


def house_of(portal: Portal, lang: str = "") -> House:
    """Return who writes. lang: language of the house's name; without one its plain name.

    The address is `PORTAL_BASE_URL`, else the one that is listened on.
    """
    settings = portal.settings
    return House(
        name=site_of(portal).name_in(lang),
        base=settings.base_url or f"http://{settings.bind}",
        secret=settings.secret(),
        mail_from=settings.mail_from,
        takes_mail=bool(settings.imap_url or settings.mail_secret),
    )


def language_of(session: Session, portal: Portal, to: str) -> str:
    """Return the language that somebody of the house is written to in: their account's own, else the first one here.

    to: an address. A letter in a language that it has no words in is written in English.
    """
    user = accounts.find(session, to)
    return (user.lang if user else None) or next(iter(site_of(portal).languages), "en")


def post(session: Session, portal: Portal, letter: Message) -> bool:
    """Put a letter into the outbox; return whether it is new and will go.

    Without a mail server, or to nobody, nothing is written.
    """
    return bool(portal.settings.smtp_url and letter.target) and outbox.add(session, letter)


def announce(  # noqa: PLR0913 - what happened to what, by whom and when
    session: Session,
    portal: Portal,
    conversation: Conversation,
    verb: str,
    *,
    by: str = CUSTOMER,
    at: datetime,
    uid: str = "",
    not_before: datetime | None = None,
) -> bool:
    """Tell the webhooks that something happened to a conversation; return whether there is one to be told.

    verb: created, customer_wrote, replied, closed, reopened or assigned. by: the agent's name. Call it after the
    change, once for each version of the conversation: the same one again adds nothing.
    uid: names the message in place of that version. not_before: until then it can be taken back by its uid.
    """
    settings = portal.settings
    hearing = heard(receivers.listening(session, settings.webhook_url, at), f"conversation.{verb}", at)
    if not hearing:
        return False
    news = ConversationNews(
        event=f"conversation.{verb}",
        conversation=conversation.id,
        version=conversation.version,
        standing=conversation.standing.value,
        entry=conversation.entry.value,
        lang=conversation.lang,
        topic=conversation.topic,
        url=f"{settings.base_url or ''}/desk/inbox/{conversation.id}",
        by=by,
        at=at,
    )
    messages = [replace(conversation_news(news, one), not_before=not_before) for one in hearing]
    added = [outbox.add(session, outbox.to_each(one, uid) if uid else one) for one in messages]
    return any(added)


def site_of(portal: Portal) -> Site:
    """Return what the live generation says, or the house's defaults while there is none."""
    try:
        return portal.library.current().site
    except Unavailable:
        return Site()
