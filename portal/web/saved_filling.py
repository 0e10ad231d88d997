"""What the variables of a saved reply stand for in one conversation; for the desk and for programs."""

from portal.bootstrap import Portal
from portal.conversations.keys import private_path
from portal.conversations.models import Conversation
from portal.people.models import User
from portal.web.context import the


def values_for(conversation: Conversation, me: User) -> dict[str, str]:
    """Return the values of `saved.VARIABLES`; empty for what is not known here."""
    settings = the(Portal).settings
    base = settings.base_url or f"http://{settings.bind}"
    return {
        "customer": conversation.name,
        "agent": me.name,
        "subject": conversation.subject,
        "number": str(conversation.id),
        "link": base + private_path(settings.secret(), conversation.lang, conversation.uid),
    }
