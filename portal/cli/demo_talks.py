"""The demo's conversations: what made-up customers wrote to people, and what Bo answered, by the verbs of the desk."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from portal import forgetting, receiving, replying
from portal.audience import Level
from portal.bootstrap import Portal
from portal.cli.demo_needs import PREFIX
from portal.conversations import erasing, inbox
from portal.conversations.intake import Received
from portal.conversations.models import Conversation, Entry
from portal.db import transaction
from portal.events import log
from portal.events.kinds import Linked
from portal.links import store as links
from portal.links.address import short_path
from portal.links.models import Origin
from portal.links.wording import written
from portal.people import accounts
from portal.people.models import User
from portal.search.hits import Match

HOST = "customers.example"
"""Of every address here, by which the demo's conversations are known again."""
_SOON = timedelta(minutes=25)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One conversation, as it went until now."""

    hours_ago: float
    name: str
    subject: str
    text: str
    lang: str = "en"
    entry: Entry = Entry.FORM
    note: str = ""
    answer: str = ""
    """Bo's words before the article that fits best; empty while nobody has answered."""
    back: str = ""
    """What the customer wrote after that."""
    closes: bool = False


TALKS = (
    Talk(hours_ago=190, name="Ines Ferro", subject="Our own colours", closes=True,
         text="Our brand is dark green. Where do I set the accent colour, and is it used in dark mode too?",
         answer="It is one line, and dark mode gets a tone of its own:"),
    Talk(hours_ago=120, name="Jonas Weil", lang="de", subject="Sicherung", closes=True,
         text="Was muss in die nächtliche Sicherung, und wie stelle ich sie auf einem anderen Rechner wieder her?",
         answer="Es sind wenige Dinge, und sie stehen hier beisammen:"),
    Talk(hours_ago=52, name="Priya Nair", subject="Draft is not on the site",
         text="I committed an article with status draft and can not find it anywhere. Who can see a draft?",
         answer="Staff who are signed in see it, nobody else. This says who sees what:",
         back="Thanks. I am signed in, and I still do not see it in the search. Do I have to publish first?"),
    Talk(hours_ago=26, name="Tom Abel", subject="Move from a wiki", entry=Entry.MAIL,
         text="We have 400 pages in a wiki with old addresses that are linked everywhere. Can they be kept?",
         answer="They can: each article may name its old addresses."),
    Talk(hours_ago=7, name="Marta Lind", subject="Slack notifications",
         text="Can the desk tell our Slack channel when a gap is found?",
         note="Third one this week. There is a gap for it already."),
    Talk(hours_ago=3, name="Ken Osei", subject="Sign in with our own accounts", entry=Entry.WIDGET,
         text="How do our agents sign in with the accounts of our company instead of passwords?"),
    Talk(hours_ago=0.6, name="Lea Brandt", lang="de", subject="Artikel auf Französisch",
         text="Wie lege ich die französische Übersetzung eines Artikels an?"),
)  # fmt: skip


def let_talk(portal: Portal, owners: Mapping[str, int], *, until: datetime, agent: str) -> None:
    """Let all of it happen, each at its time. owners: name -> number of the account; `agent` is one of them."""
    with portal.database.session() as session:
        bo = accounts.get(session, owners[agent])
    for talk in TALKS:
        if bo is not None:
            _happen(portal, talk, bo, until - timedelta(hours=talk.hours_ago))


def remove_talks(portal: Portal, *, at: datetime) -> int:
    """Delete them with all that was sent; return how many."""
    addresses = [_address(talk) for talk in TALKS]
    with portal.database.session() as session, transaction(session):
        numbers = [number for one in addresses for number in erasing.numbers_of(session, one)]
        links.erase(session, numbers)
        for event in list(log.read(session, since=_EVER)):
            if isinstance(event, Linked) and event.conversation in map(str, numbers):
                log.take_back(session, event.uid)
    return sum(forgetting.erase_address(portal, one, at=at).conversations for one in addresses)


def _happen(portal: Portal, talk: Talk, bo: User, at: datetime) -> None:
    conversation = receiving.receive(portal, _received(portal, talk), at=at)
    if talk.note:
        replying.change(portal, inbox.note, conversation.id, by=bo, at=at + _SOON, text=talk.note)
    if talk.answer:
        _answer(portal, talk, conversation, bo, at + _SOON)
    if talk.back:
        uid, later = _uid(talk, "back"), at + 3 * _SOON
        receiving.customer_wrote(portal, conversation.uid, uid=uid, text=talk.back, at=later)


def _answer(portal: Portal, talk: Talk, conversation: Conversation, bo: User, at: datetime) -> None:
    """Answer with the article that the picker would name first."""
    base = portal.settings.base_url or f"http://{portal.settings.bind}"
    hello = f"Guten Tag {talk.name}," if talk.lang == "de" else f"Hello {talk.name},"
    said, tokens = [hello, talk.answer], list[str]()
    for match in _best(portal, talk):
        card = match.hit.card
        with portal.database.session() as session, transaction(session):
            link = links.make(session, article=card.id, lang=card.lang, origin=Origin.REPLY, user=bo.id,
                              conversation=conversation.id, at=at)  # fmt: skip
        said.append(written(card.title, base + short_path(card.id, link.token)).text)
        tokens.append(link.token)
    replying.reply(portal, conversation.id, by=bo, at=at, uid=_uid(talk, "answer"), text="\n\n".join(said),
                   closes=talk.closes)  # fmt: skip
    with portal.database.session() as session, transaction(session):
        for token in tokens:
            links.opened(session, token, at + _SOON)
            if talk.closes:
                links.voted(session, token, is_helpful=True)


def _best(portal: Portal, talk: Talk) -> Sequence[Match]:
    reader = portal.library.current().level(Level.PUBLIC)
    message = f"{talk.subject}. {talk.text}"
    return reader.match(message, talk.lang, 1) or reader.match(message, reader.shelf.languages()[0], 1)


def _received(portal: Portal, talk: Talk) -> Received:
    spoken = portal.library.current().level(Level.PUBLIC).shelf.languages()
    return Received(
        uid=_uid(talk, "asked"),
        entry=talk.entry,
        subject=talk.subject,
        text=talk.text,
        lang=talk.lang if talk.lang in spoken else spoken[0],
        topic=None,
        name=talk.name,
        address=_address(talk),
        level=Level.PUBLIC.value,
        visitor=None,
        has_trail=False,
        search=None,
    )


def _address(talk: Talk) -> str:
    return f"{talk.name.partition(' ')[0].lower()}@{HOST}"


def _uid(talk: Talk, what: str) -> str:
    return hashlib.sha256(f"{PREFIX}{talk.name}{what}".encode()).hexdigest()[:32]
