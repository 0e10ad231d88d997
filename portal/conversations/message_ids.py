"""Message-IDs of our mails: made from the uid of what they carry, so that an answer to one finds its conversation.

`message_id_of` of a conversation's uid names no mail: it is the thread's root, which stands in the References of each
of them. Whoever guesses one gains nothing: a mail joins a conversation only from the conversation's own address.
"""

import re
from email.utils import parseaddr

_OURS = re.compile(r"signpost\.(?:(receipt|news)\.)?([0-9a-zA-Z-]{1,32})@.+")


def message_id_of(uid: str, mail_from: str) -> str:
    """Return the id of the mail that carries a message, without angle brackets. mail_from: the sender's address."""
    return f"signpost.{uid}@{_host(mail_from)}"


def receipt_id(uid: str, mail_from: str) -> str:
    """Return the id of the receipt of a conversation."""
    return message_id_of(f"receipt.{uid}", mail_from)


def news_id(uid: str, mail_from: str) -> str:
    """Return the id of the mail that tells an agent of a message."""
    return message_id_of(f"news.{uid}", mail_from)


def uid_in(message_id: str) -> str | None:
    """Return the uid of the message or the conversation that one of our ids was made from; None for any other id."""
    found = _OURS.fullmatch(message_id)
    return found[2] if found and found[1] != "news" else None


def is_news(message_id: str) -> bool:
    """Whether it is the id of a mail that told an agent of something."""
    found = _OURS.fullmatch(message_id)
    return bool(found and found[1] == "news")


def _host(mail_from: str) -> str:
    return parseaddr(mail_from)[1].rpartition("@")[2] or "localhost"
