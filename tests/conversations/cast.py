"""Ada the customer, Bo and Cleo who answer her: what the inbox's tests are played with."""

from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from portal.conversations import intake
from portal.conversations.attachments import Upload
from portal.conversations.intake import Received
from portal.conversations.models import Conversation, Entry
from portal.people import accounts
from portal.people.models import Role, User
from tests.people.staff import a_user

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ADA = "ada@customer.example"
_NUMBERS = count(1)


def uid() -> str:
    """Return one that no other test has."""
    return f"{next(_NUMBERS):032x}"


def after(**span: float) -> datetime:
    """Return the moment so long after noon."""
    return NOON + timedelta(**span)


def bo(session: Session) -> User:
    """An agent."""
    return _agent(session, "bo@acme.example")


def cleo(session: Session) -> User:
    """Another one."""
    return _agent(session, "cleo@acme.example")


def ask(
    session: Session,
    text: str = "I can't find last year's invoices.",
    *,
    subject: str = "Invoices of last year",
    name: str = "Ada",
    address: str | None = ADA,
    lang: str = "en",
    at: datetime = NOON,
    visitor: str | None = None,
    files: tuple[Upload, ...] = (),
    form: str = "",
) -> Conversation:
    """Let a customer write. form: uid of the form that they sent."""
    received = Received(
        uid=form or uid(), entry=Entry.FORM, subject=subject, text=text, lang=lang, topic=None, name=name,
        address=address, level="public", visitor=visitor, has_trail=visitor is not None, search=None, files=files,
    )  # fmt: skip
    return intake.open_conversation(session, received, at=at)


def write_again(session: Session, conversation: Conversation, text: str = "Any news?", *, at: datetime) -> None:
    """Let the customer write again."""
    intake.customer_writes(session, conversation, uid=uid(), text=text, at=at)


def _agent(session: Session, email: str) -> User:
    return accounts.find(session, email) or a_user(session, email, Role.AGENT, has_password=False)
