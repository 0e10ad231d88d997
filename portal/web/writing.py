"""Writing: a contact form as it is shown, with what it suggests and why it was not taken. For help and widget."""

from dataclasses import dataclass

from portal.content.page import TopicOnShelf
from portal.content.shelf import Shelf
from portal.conversations.attachments import MEGABYTE
from portal.search.hits import Match
from portal.text import cut
from portal.web.contact_forms import ContactForm
from portal.web.refusals import Refusal

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
class Writing:
    """shared/contact_form.html."""

    form: ContactForm
    url: str
    """Where it is sent to."""
    withdrawal_url: str
    """Where "This answered it" leads."""
    suggested: tuple[Suggested, ...] = ()
    refusal: Refusal | None = None
    has_lost_files: bool = False
    """Whether files came with it, which no page can put back into a form."""

    @property
    def most_bytes(self) -> int:
        """How large one file may be."""
        return self.form.contact.attachment_megabytes * MEGABYTE


def topic_of(shelf: Shelf, lang: str, slug: str) -> TopicOnShelf | None:
    """Return the topic that somebody asked for; None where there is none of that name."""
    return next((one for one in shelf.topics(lang) if one.slug and one.slug == slug), None)


def topics_of(shelf: Shelf, lang: str) -> frozenset[str]:
    """Return the slugs that a form may be about."""
    return frozenset(one.slug for one in shelf.topics(lang) if one.slug)
