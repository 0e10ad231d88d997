"""The contact form as a value: as it is handed out, as it came back, and what of it is kept. For help and widget."""

from dataclasses import dataclass, replace
from datetime import timedelta

from flask import request
from flask_babel import gettext

from portal import clock
from portal.bootstrap import Portal
from portal.content.contact import Contact
from portal.conversations import attachments, intake, wording
from portal.conversations.attachments import Upload
from portal.conversations.intake import Received
from portal.conversations.models import NAME_LIMIT, SUBJECT_LIMIT, TEXT_LIMIT, Entry
from portal.errors import Invalid
from portal.feedback.models import ADDRESS_LIMIT
from portal.feedback.requests import is_uid
from portal.text import one_line
from portal.web import recording, stamps, visitors
from portal.web.context import site, the
from portal.web.customers import Customer, customer

TRAP = "homepage"
"""Name of a field that no person sees: who fills it in fills in whatever there is."""
TOO_FAST = timedelta(seconds=2)
"""Nobody reads a form and writes into it in less."""
TOO_OLD = timedelta(days=1)
"""A form left open over night still goes through; one that was harvested does not for long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactForm:
    """A form, with what was written so far."""

    lang: str
    uid: str
    """Names the form before it is sent; what is sent is named by it and its words."""
    stamp: str
    topic: str = ""
    search: str = ""
    subject: str = ""
    text: str = ""
    name: str = ""
    address: str = ""
    has_trail: bool = False
    """Whether they agree that staff see what they searched for before."""
    is_shown: bool = False
    """Whether suggestions were looked at, or a script shows them."""
    has_mail: bool = False
    """Whether this portal sends mail, so that it needs an address to answer to."""
    is_recording: bool = False
    """Whether anything is known of what people searched for."""
    contact: Contact
    customer: Customer | None = None
    subject_limit: int = SUBJECT_LIMIT
    text_limit: int = TEXT_LIMIT
    name_limit: int = NAME_LIMIT
    address_limit: int = ADDRESS_LIMIT
    trap: str = TRAP

    @property
    def suggestions_url(self) -> str:
        """Where a script asks for articles."""
        return f"/{self.lang}/contact/suggestions"


def new_form(lang: str, topic: str = "") -> ContactForm:
    """Return an empty form. topic: slug of what it is about, of this help centre."""
    uid, who = recording.new_uid(), customer()
    return ContactForm(
        lang=lang,
        uid=uid,
        stamp=stamps.make(uid, clock.now()),
        topic=topic,
        name=who.name if who else "",
        address=who.address if who else "",
        has_mail=the(Portal).settings.smtp_url is not None,
        is_recording=site().recording.is_on,
        contact=site().contact,
        customer=who,
    )


def sent_form(lang: str, topics: frozenset[str]) -> ContactForm:
    """Return the form as it was sent, with whatever stands in it. topics: slugs that there are.

    One that isn't ours gets a uid and a stamp of its own, so that it can be sent once more.
    """
    given = request.form
    topic, search = given.get("topic", ""), given.get("search", "")
    form = replace(
        new_form(lang, topic if topic in topics else ""),
        search=search if is_uid(search) else "",
        subject=given.get("subject", ""),
        text=given.get("text", ""),
        has_trail=given.get("trail") == "1",
        is_shown=given.get("shown") == "1",
    )
    if not (form.customer and form.customer.address):
        form = replace(form, address=given.get("address", ""))
    if "name" in given:
        form = replace(form, name=given.get("name", ""))
    uid, stamp = given.get("uid", ""), given.get("stamp", "")
    age = stamps.age(uid, stamp, clock.now()) if is_uid(uid) else None
    if age is None:
        return form
    return replace(form, uid=uid, stamp=stamp if age <= TOO_OLD else stamps.make(uid, clock.now()))


def check_hand(form: ContactForm) -> None:
    """Refuse what no person sends like this; sent once more, it goes through. Raises Invalid.

    form: the one that came back. Nothing is asked of anybody that a person could fail at.
    """
    given = request.form
    if given.get(TRAP):
        raise Invalid(
            gettext("A field was filled in that people do not see, perhaps by your browser. Please send it once more.")
        )
    age = stamps.age(form.uid, given.get("stamp", ""), clock.now())
    if age is None or age > TOO_OLD:
        raise Invalid(gettext("This form was open for a long time. Nothing is lost: please send it once more."))
    if age < TOO_FAST:
        raise Invalid(gettext("That was faster than people write. Nothing is lost: please send it once more."))


def received(form: ContactForm, files: tuple[Upload, ...], entry: Entry) -> Received:
    """Return what is kept of a form. Raises Invalid, which says what to mend."""
    subject, text = wording.read_subject(form.subject), wording.read_text(form.text)
    address = wording.read_address(form.address, is_needed=form.has_mail)
    safe = attachments.check(files, form.contact)
    known = recording.known_visitor()
    sizes = (f"{one.name} {len(one.content)}" for one in safe)
    return Received(
        uid=intake.uid_of(form.uid, subject, text, *sizes),
        entry=entry,
        subject=subject,
        text=text,
        lang=form.lang,
        topic=form.topic or None,
        name=wording.read_name(form.name),
        address=address,
        level=_level(),
        visitor=None if recording.from_robot() else known or visitors.passing(),
        has_trail=form.has_trail and known is not None,
        search=(form.search or None) if recording.is_allowed() else None,
        files=safe,
    )


def message_of(form: ContactForm) -> str:
    """Return what a form asks, for those who look for an answer to it."""
    return f"{one_line(form.subject)}\n{form.text}"


def _level() -> str:
    """Return the level of whoever writes; staff who try the form out write as anybody."""
    return "customers" if customer() else "public"
