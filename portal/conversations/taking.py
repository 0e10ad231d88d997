"""Taking: what of a mail is kept in a conversation. Pure."""

from collections.abc import Collection

from portal.content.contact import Contact
from portal.conversations.attachments import Upload, check, safe_name
from portal.conversations.incoming import Head, Mail
from portal.conversations.message_ids import is_news, uid_in
from portal.conversations.models import TEXT_LIMIT
from portal.errors import Invalid
from portal.text import cut

NO_TEXT = "(This mail has no text.)"
_MOST_NAMED = 10


def as_kept(mail: Mail, contact: Contact) -> tuple[str, tuple[Upload, ...]]:
    """Return text and files. What files are not taken is said below the text, with the reason."""
    kept: tuple[Upload, ...] = ()
    left_out = []
    for one in mail.files:
        try:
            kept = check([*kept, one], contact)
        except Invalid as error:
            left_out.append(f"[{safe_name(one.name)}: {error}]")
    rest = "\n".join(left_out[:_MOST_NAMED])
    text = cut(mail.text or NO_TEXT, TEXT_LIMIT - len(rest) - 2)
    return f"{text}\n\n{rest}".strip(), kept


def kept_id(head: Head) -> str | None:
    """Return the Message-ID to be kept; None for one that is made like ours, and that a stranger has copied."""
    known = head.message_id
    return None if known and (uid_in(known) or is_news(known)) else known


def language(said: str, spoken: Collection[str]) -> str:
    """Return the language, of those spoken, that is the one that was said, or near it; empty for none."""
    wanted = said.lower()
    near = [one for one in spoken if wanted and one.lower().partition("-")[0] == wanted.partition("-")[0]]
    exact = [one for one in near if one.lower() == wanted]
    return next(iter([*exact, *near]), "")
