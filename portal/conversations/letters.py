"""Letters of a conversation: the receipt, the reply of a person, and the news that an agent is sent. Pure.

In the language of the conversation where we speak it, else in English. Their words stand here and not in a catalogue,
which the web's rooms read.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from portal.conversations.keys import private_path
from portal.conversations.letter_words import WORDS, Words
from portal.conversations.message_ids import message_id_of, news_id, receipt_id
from portal.conversations.models import Conversation, Message
from portal.outbox import parcel
from portal.outbox.news import letter
from portal.text import cut, one_line

MOST_QUOTED = 4_000
"""Characters of what the customer wrote that a receipt quotes: it says what arrived, and is no copy of a log."""
MOST_TOLD = 1_000
"""Characters of it that an agent is sent; the rest is on the desk."""
MOST_REFERENCES = 20
"""RFC 5322, 3.6.4, lets a long list of references be cut; the thread's root is never cut."""
_UID_DIGITS = 32
_AUTOMATIC = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
"""RFC 3834, and what Exchange heeds: no holiday note answers such a mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Who writes, and where."""

    name: str
    """The help centre's, in the conversation's language."""
    base: str
    """Its address, without a slash at its end."""
    secret: bytes
    """The portal's; makes private links."""
    mail_from: str
    """Sender of mails: an address, perhaps with a name before it."""
    takes_mail: bool = False
    """Whether an answer by mail is read."""


def receipt(  # noqa: PLR0913 - what came, from whom, and what it answers
    conversation: Conversation,
    house: House,
    *,
    text: str,
    at: datetime,
    references: Sequence[str] = (),
    files: Sequence[str] = (),
) -> parcel.Message:
    """Return the letter that says to a customer that their request is here.

    text: what they wrote. references: Message-ID of the mail that they wrote it in, if any. files: names of what came
    with it. For a conversation with an address.
    """
    words = _words(conversation)
    rows = [words.greeting(conversation.name), "", words.arrived.format(site=house.name), ""]
    rows += [_quoted(cut(text, MOST_QUOTED)), ""]
    rows += [words.files.format(names=", ".join(files)), ""] if files else []
    rows += [words.private_link, "", f"  {_link(conversation, house)}", ""]
    rows += [words.answer_by_mail if house.takes_mail else words.answer_there, "", house.name]
    own = _AUTOMATIC | {"Message-ID": f"<{receipt_id(conversation.uid, house.mail_from)}>", "From": house.name}
    return _letter(
        conversation,
        house,
        uid=f"receipt-{conversation.uid}",
        event="receipt",
        text="\n".join(rows),
        at=at,
        headers=_thread(conversation, house, references) | own,
    )


def reply_letter(  # noqa: PLR0913 - what is said, by whom, and in which thread
    conversation: Conversation,
    message: Message,
    house: House,
    *,
    references: Sequence[str],
    at: datetime,
    files: Sequence[str] = (),
) -> parcel.Message:
    """Return the letter that takes an agent's reply to its customer, due at the reply's `send_at`.

    references: Message-IDs of the conversation so far, oldest first; the last one is what this answers. files: names of
    what goes with it; they stand on the private page. For a conversation with an address.
    """
    words = _words(conversation)
    rows = [message.text.strip(), ""]
    rows += [words.attached.format(names=", ".join(files)), ""] if files else []
    rows += ["-- ", f"{words.by.format(by=message.by, site=house.name)} · {words.all_of_it}"]
    rows += [_link(conversation, house)]
    own = {
        "Message-ID": f"<{message_id_of(message.uid, house.mail_from)}>",
        "From": words.by.format(by=one_line(message.by), site=house.name),
        "Reply-To": house.mail_from,
    }
    return _letter(
        conversation,
        house,
        uid=f"reply-{message.uid}",
        event="reply",
        text="\n".join(rows),
        at=at,
        headers=_thread(conversation, house, references) | own,
        not_before=message.send_at,
    )


def news_letter(  # noqa: PLR0913 - what was said, and who hears of it
    conversation: Conversation, message: Message, house: House, *, to: str, at: datetime, lang: str = "en"
) -> parcel.Message:
    """Return the letter that tells staff what a customer wrote. to: the assignee's address, or a team's.

    lang: what they read, whatever the conversation's.
    """
    words = WORDS.get(lang.partition("-")[0], WORDS["en"])
    who = conversation.name or conversation.address or words.somebody
    said = cut(message.text.strip(), MOST_TOLD)
    rows = [words.wrote.format(who=who, number=conversation.id), "", _quoted(said), ""]
    rows += [words.answer_at_desk, "", f"  {house.base}/desk/inbox/{conversation.id}"]
    return letter(
        uid=f"news-{message.uid}-{hashlib.sha256(to.casefold().encode()).hexdigest()[:8]}",
        to=to,
        subject=f"{conversation.subject} · {conversation.id}",
        text="\n".join(rows) + "\n",
        at=at,
        event="news",
        conversation=conversation.id,
        headers={
            "Message-ID": f"<{news_id(message.uid, house.mail_from)}>",
            "References": f"<{news_id(conversation.uid, house.mail_from)}>",
            "From": house.name,
            "X-Loop": _plain(house.mail_from),
        }
        | _AUTOMATIC
        | {"Auto-Submitted": "auto-generated"},
    )


def refusal(house: House, *, to: str, lang: str, reason: str, at: datetime) -> parcel.Message:
    """Return the letter that says why a mail was not taken; one a day to an address, whatever comes from there."""
    day = hashlib.sha256(f"{to.casefold()} {at:%Y-%m-%d}".encode()).hexdigest()[:_UID_DIGITS]
    words = WORDS.get(lang.partition("-")[0], WORDS["en"])
    link = f"{house.base}/{lang}/contact" if lang else house.base
    return letter(
        uid=f"refusal-{day}",
        to=to,
        subject=house.name,
        text=words.refused.format(site=house.name, reason=reason, link=link),
        at=at,
        event="refusal",
        headers=_AUTOMATIC | {"From": house.name, "X-Loop": _plain(house.mail_from)},
    )


def _letter(  # noqa: PLR0913 - a letter's parts
    conversation: Conversation,
    house: House,
    *,
    uid: str,
    event: str,
    text: str,
    at: datetime,
    headers: Mapping[str, str],
    not_before: datetime | None = None,
) -> parcel.Message:
    subject = conversation.subject
    answers = subject if subject[:3].casefold() in {"re:", "aw:"} else f"Re: {subject}"
    return letter(
        uid=uid,
        to=conversation.address or "",
        subject=answers,
        text=text + "\n",
        at=at,
        event=event,
        headers={**headers, "X-Loop": _plain(house.mail_from)},
        conversation=conversation.id,
        not_before=not_before,
    )


def _thread(conversation: Conversation, house: House, references: Sequence[str]) -> dict[str, str]:
    """Return the headers that say what a letter answers; the thread's root stands first, should others be unknown."""
    root = message_id_of(conversation.uid, house.mail_from)
    known = [root, *[one for one in references if one != root][-MOST_REFERENCES:]]
    return {"In-Reply-To": f"<{known[-1]}>", "References": " ".join(f"<{one}>" for one in known)}


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


def _link(conversation: Conversation, house: House) -> str:
    return house.base + private_path(house.secret, conversation.lang, conversation.uid)


def _words(conversation: Conversation) -> Words:
    return WORDS.get(conversation.lang.partition("-")[0], WORDS["en"])


def _plain(mail_from: str) -> str:
    return parseaddr(mail_from)[1]
