"""An inbox as a shop's help centre would have it: for pictures, and for tests in a browser."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.conversations import inbox, saved
from portal.conversations.attachments import Upload
from portal.conversations.models import Conversation
from portal.events import log
from portal.events.kinds import Clicked, Searched
from portal.people.models import User
from tests.conversations.cast import ask, uid, write_again

LINES = (
    ("Ada Lovett", "en", "Invoices of last year", "I can't find my invoices from last year, can you point me there?"),
    ("Jonas Brandt", "de", "Kündigung zum Jahresende", "Guten Tag, wie kann ich meinen Vertrag zum 31.12. kündigen?"),
    ("Marie Dubois", "fr", "Changer l'adresse de livraison", "Bonjour, ma commande est déjà partie ?"),
    ("", "en", "App crashes when I open a large PDF on my phone, every single time since the update of last week",
     "It worked before the update. Android 14. The screen flashes white and then it is gone."),
    ("Tomasz Wójcik", "en", "Two charges for one order", "My card shows two charges for order 118-224."),
    ("Bea Novak", "en", "Refund", "When does my refund arrive?"),
    ("Li Wei", "en", "Sign in by SMS", "The code never arrives."),
    ("Sofia Rossi", "de", "Rechnung auf andere Firma", "Bitte stellen Sie die Rechnung auf unsere neue Firma aus."),
    ("Kofi Mensah", "en", "Team seats", "How many people may share one plan?"),
    ("Emil Holm", "en", "Export to a spreadsheet", "Is there an export of all my tasks?"),
)  # fmt: skip
PNG = Upload("the-error-i-see.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 48_000)


def full_inbox(session: Session, me: User, other: User, *, at: datetime, article: str) -> Conversation:
    """Write some ten conversations in every state; return the one with everything in it. article: id of one."""
    made = [_line(session, place, at=at) for place in range(1, len(LINES))]
    inbox.assign(session, made[1].id, to=other, by=other, at=at - timedelta(hours=3))
    inbox.reply(session, made[4].id, by=me, at=at - timedelta(hours=20), uid=uid(), text="Hello Bea,\n\nby Friday.")
    inbox.reply(
        session, made[5].id, by=other, at=at - timedelta(days=2), uid=uid(), text="Hello,\n\nis it on?", closes=True
    )
    inbox.note(session, made[2].id, text="Same crash as 12, see the tracker.", by=other, at=at - timedelta(minutes=50))
    made[6].problem = "550 no such user"
    for name, lang in (("Where invoices are", "en"), ("Ask for the order", None), ("Rechnungen", "de")):
        saved.add(session, name=name, lang=lang, text="They are under Billing, {customer}.\n\n{agent}", by=me, at=at)
    return _story(session, me, other, at, article)


def _story(session: Session, me: User, other: User, at: datetime, article: str) -> Conversation:
    search = uid()
    began = at - timedelta(hours=26)
    visitor = uid()
    log.append(session, [
        Searched(uid=search, at=began - timedelta(minutes=9), visitor=visitor, lang="en", query="last year", hits=3),
        Clicked(uid=uid(), at=began - timedelta(minutes=8), visitor=visitor, lang="en", search=search, article=article),
        Searched(uid=uid(), at=began - timedelta(minutes=5), visitor=visitor, lang="en", query="download 2024 bills"),
    ])  # fmt: skip
    name, lang, subject, text = LINES[0]
    earlier = ask(session, "Can I pay by invoice?", subject="Pay by invoice", name=name, at=began - timedelta(days=40))
    inbox.reply(session, earlier.id, by=other, at=began - timedelta(days=39), uid=uid(), text="You can.", closes=True)
    found = ask(session, text, subject=subject, name=name, lang=lang, at=began, visitor=visitor, files=(PNG,))
    inbox.assign(session, found.id, to=me, by=other, at=began + timedelta(minutes=30))
    inbox.note(
        session, found.id, text="She moved to the yearly plan in May, so the old ones are in the archive.", by=other,
        at=began + timedelta(minutes=31),
    )  # fmt: skip
    inbox.reply(
        session, found.id, by=me, at=began + timedelta(hours=1), uid=uid(),
        text="Hello Ada,\n\nall invoices are under Billing, Archive:\nhttps://help.acme.example/a/pw-1\n\nBest, Bo",
    )  # fmt: skip
    write_again(session, found, "Thank you. I see 2025 there, but nothing of 2024.", at=at - timedelta(minutes=12))
    return found


def _line(session: Session, place: int, *, at: datetime) -> Conversation:
    name, lang, subject, text = LINES[place]
    address = f"{(name or 'someone').split()[0].lower()}@customer.example"
    began = at - timedelta(hours=place * 5, minutes=place * 7)
    return ask(session, text, subject=subject, name=name, address=address, lang=lang, at=began)
