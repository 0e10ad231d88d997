"""What the templates of the contact form are told: the form, what it suggests, the word after a suggestion helped."""

from dataclasses import dataclass

from flask_babel import gettext

from portal.content.page import Card, TopicOnShelf
from portal.content.shelf import Shelf
from portal.search.hits import Match
from portal.text import cut
from portal.web.contact_forms import ContactForm
from portal.web.frame import AnyPage, ChannelLink, form_url
from portal.web.help.pages import others_of

_SUMMARY = 160
"""Characters of what stands below a suggested title: two lines beside a form."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """An article that may answer a form."""

    id: str
    title: str
    url: str
    heading: str
    """Of the section that fits best; empty for the whole article."""
    summary: str

    @classmethod
    def of(cls, match: Match) -> "Suggested":
        """Return a match as the form shows it."""
        hit = match.hit
        heading = hit.heading if hit.heading and hit.heading.casefold() != hit.card.title.casefold() else ""
        about = cut(hit.card.summary or str(hit.snippet), _SUMMARY)
        return cls(hit.card.id, hit.card.title, hit.section_url, heading, about)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage(AnyPage):
    """help/contact_form.html, and the fragment that says why a form was not taken."""

    form: ContactForm
    topic: TopicOnShelf | None
    others: tuple[ChannelLink, ...]
    """The other ways to reach people."""
    suggested: tuple[Suggested, ...] = ()
    refused: str = ""
    todo: str = ""
    has_lost_files: bool = False
    """Whether files came with it, which no page can put back into a form."""

    @property
    def most_bytes(self) -> int:
        """How large one file may be."""
        return self.form.contact.attachment_megabytes * 1024 * 1024

    @classmethod
    def of(  # noqa: PLR0913 - a form, and all that may be said beside it
        cls,
        shelf: Shelf,
        form: ContactForm,
        channels: tuple[ChannelLink, ...],
        *,
        suggested: tuple[Match, ...] = (),
        refused: str = "",
        todo: str = "",
        has_lost_files: bool = False,
    ) -> "FormPage":
        """Return the page of a form. channels: every way to reach people that serves its topic."""
        topic = next((one for one in shelf.topics(form.lang) if one.slug and one.slug == form.topic), None)
        asking = form_url("", form.topic).removeprefix("/")
        return cls(
            title=gettext("Write to us"),
            lang=form.lang,
            translations=others_of(shelf, form.lang, asking),
            form=form,
            topic=topic,
            others=tuple(one for one in channels if not one.is_own),
            suggested=tuple(Suggested.of(one) for one in suggested),
            refused=refused,
            todo=todo,
            has_lost_files=has_lost_files,
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
