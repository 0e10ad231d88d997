"""What the templates of the contact form are told: the form with the other ways, the word after a suggestion helped."""

from dataclasses import dataclass

from flask_babel import gettext

from portal.content.page import Card, TopicOnShelf
from portal.content.shelf import Shelf
from portal.web import ways
from portal.web.frame import AnyPage, ChannelLink, form_url
from portal.web.help.pages import others_of
from portal.web.writing import Writing, topic_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage(AnyPage):
    """help/contact_form.html, and the fragment that says why a form was not taken."""

    writing: Writing
    topic: TopicOnShelf | None
    own: ChannelLink | None
    """The form as a way to reach people: when it is read, in the company's words; None where none is named."""
    others: tuple[ChannelLink, ...]
    """The other ways to reach people."""
    is_contact: bool
    """Whether this is the contact page itself, as no way is better than the form; else that page is above this one."""

    @classmethod
    def of(cls, shelf: Shelf, writing: Writing) -> "FormPage":
        """Return the page of a form."""
        form = writing.form
        is_contact = ways.is_form_best(form.lang, form.topic)
        asking = "/contact" if is_contact and not form.topic else form_url("", form.topic).removeprefix("/")
        return cls(
            title=gettext("Contact") if is_contact else gettext("Write to us"),
            lang=form.lang,
            translations=others_of(shelf, form.lang, asking),
            writing=writing,
            topic=topic_of(shelf, form.lang, form.topic),
            own=ways.own_form(form.lang, form.topic),
            others=ways.others(form.lang, form.topic),
            is_contact=is_contact,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnPage(AnyPage):
    """help/contact_withdrawn.html."""

    card: Card | None
    """The article that answered it."""

    @classmethod
    def of(cls, lang: str, card: Card | None) -> "WithdrawnPage":
        """Return the page after a form was withdrawn."""
        return cls(title=gettext("Good to hear"), lang=lang, card=card)
