"""The demo's contact forms and flags: who was answered while writing, and what Bo found wrong in articles."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from portal.audience import Level
from portal.bootstrap import Portal
from portal.cli.demo_needs import PREFIX
from portal.conversations import offers
from portal.conversations.models import Arm
from portal.db import Session, transaction
from portal.errors import NotFound
from portal.feedback import flags
from portal.feedback.flags import NewFlag
from portal.feedback.models import Fault
from portal.search.hits import Match

MESSAGES = (
    "Can I vote for an article without an account, and change my vote later?",
    "How do I put an article on our site at a date in the future?",
    "Our logo is not shown on dark pages. What size does it need?",
    "Which pages may only our own staff read, and how do I mark them?",
    "My search finds nothing though there is an article with that word.",
    "What do I have to back up each night?",
)
"""What was written into forms, over and over."""
TIMES = 9
_ENDINGS = "wslwssw"
"""How one form after the other ended: withdrawn, as an article answered it; sent; left."""
_SAYS = (
    (3, Fault.OUT_OF_DATE, "The button has another name since the last version.", "The name is right again, thanks."),
    (5, Fault.INCOMPLETE, "Customers ask whether the folder of settings belongs in it too. It does not say.", ""),
    (0, Fault.UNCLEAR, "Two people read this as if a vote could not be changed.", ""),
)
"""Which message's best article Bo flagged, what he said, and what Cleo answered."""
_SOON = timedelta(minutes=6)


def let_write(portal: Portal, *, until: datetime) -> None:
    """Let forms be begun for four weeks; some end as something in them was answered."""
    with portal.database.session() as session, transaction(session):
        for number in range(len(MESSAGES) * TIMES):
            at = until - timedelta(hours=9 + 11.5 * number)
            found = [match.hit.card for match in _matches(portal, MESSAGES[number % len(MESSAGES)])]
            uid, ending = _uid("form", number), _ENDINGS[number % len(_ENDINGS)]
            offered = [card.id for card in found]
            offers.begin(session, uid=uid, lang=_lang(portal), topic=None, arm=Arm.OFFERED, offered=offered, at=at)
            if ending == "w" and found:
                offers.withdraw(session, uid, article=found[0].id, at=at + _SOON)
            elif ending == "s":
                offers.send(session, uid, at=at + _SOON)


def let_flag(portal: Portal, *, until: datetime, agent: tuple[int, str], writer: str) -> None:
    """Let an agent, by number and name, flag a few articles, and a writer settle the first."""
    with portal.database.session() as session, transaction(session):
        for number, (message, fault, text, answer) in enumerate(_SAYS):
            at = until - timedelta(hours=70 - 21 * number)
            for match in _matches(portal, MESSAGES[message])[:1]:
                card = match.hit.card
                new = NewFlag(uid=_uid("flag", number), article=card.id, revision=card.revision, lang=card.lang,
                              title=card.title, topic=card.topic or "", owner="", fault=fault, text=text,
                              user=agent[0], by=agent[1])  # fmt: skip
                flags.add(session, new, at=at)
                if answer:
                    flags.done(session, new.uid, writer, answer, at + 5 * _SOON)


def remove_forms(portal: Portal) -> None:
    """Take all of them away; what is gone already is no mistake."""
    with portal.database.session() as session, transaction(session):
        offers.erase(session, [_uid("form", number) for number in range(len(MESSAGES) * TIMES)])
        for uid, user in list(_flags(session)):
            flags.reopen(session, uid)
            flags.take_back(session, uid, user=user)


def _flags(session: Session) -> Iterator[tuple[str, int]]:
    for number in range(len(_SAYS)):
        try:
            flag = flags.get(session, _uid("flag", number))
        except NotFound:
            continue
        yield flag.uid, flag.user or 0


def _matches(portal: Portal, message: str) -> list[Match]:
    return list(portal.library.current().level(Level.PUBLIC).match(message, _lang(portal), offers.MOST_OFFERED))


def _lang(portal: Portal) -> str:
    spoken = portal.library.current().level(Level.PUBLIC).shelf.languages()
    return "en" if "en" in spoken else spoken[0]


def _uid(what: str, number: int) -> str:
    return hashlib.sha256(f"{PREFIX}{what}{number}".encode()).hexdigest()[:32]
