"""What the picker's templates are told: one frozen value for each, and nothing besides."""

from dataclasses import dataclass
from datetime import datetime

from portal.audience import Level
from portal.text import cut
from portal.web.desk.frame import DeskPage
from portal.web.desk.picker_links import Choice, Made
from portal.web.errors import SAID
from portal.web.picking import Suggestion, suggest, words_of

FORMATS = ("text", "link", "markdown", "html")


@dataclass(frozen=True, slots=True, kw_only=True)
class PickRow:
    """One suggestion."""

    article: str
    anchor: str
    title: str
    heading: str
    lang: str
    url: str
    snippet: str
    because: str
    """The words of the message that told most, between commas; empty where titles were looked through."""
    record: str
    """Empty while the database is away."""
    is_readable: bool
    updated_at: datetime

    @classmethod
    def suggested(cls, message: str, *, lang: str, level: Level = Level.PUBLIC, limit: int) -> "tuple[PickRow, ...]":
        """Return what answers a message."""
        return tuple(cls.of(one) for one in suggest(message, lang=lang, level=level, limit=limit))

    @classmethod
    def of(cls, one: Suggestion) -> "PickRow":
        """Return a suggestion as it is shown."""
        return cls(
            article=one.article,
            anchor=one.anchor,
            title=one.title,
            heading="" if one.heading == one.title else one.heading,
            lang=one.lang,
            url=one.url,
            snippet=one.snippet,
            because=", ".join(cut(word, 40) for word in one.because),
            record=words_of(one.record) if one.is_known else "",
            is_readable=one.is_readable,
            updated_at=one.updated_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PickerPage(DeskPage):
    """desk/picker.html, desk/picker_frame.html and desk/_picker_rows.html."""

    root: str
    """Address that its forms begin with: the page's, or the frame's."""
    q: str
    lang: str
    languages: tuple[str, ...]
    format: str
    is_quoted: bool
    rows: tuple[PickRow, ...]
    origins: str
    """Those that may show the frame, with blanks between."""
    address: str
    """Whole address of the picker, for the bookmarklet."""

    @property
    def bookmarklet(self) -> str:
        """Return the address of a bookmark that opens the picker with the text that is marked on any page.

        The text stands behind the `#`, which browsers send to nobody, and so in no log.
        """
        return f"javascript:void open('{self.address}#q='+encodeURIComponent(getSelection()),'_blank')"


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionsPage(DeskPage):
    """desk/_picker_options.html: the list in a reply box."""

    rows: tuple[PickRow, ...]
    q: str
    lang: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage(DeskPage):
    """desk/picker_link.html: a link to be copied by hand, or the question whether it is meant."""

    root: str
    choice: Choice
    made: Made | None
    """None while it is asked whether to make it."""
    q: str
    is_quoted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedInFrame(DeskPage):
    """desk/picker_refused.html."""

    what: str

    @classmethod
    def of(cls, what: str, status: int) -> "RefusedInFrame":
        """Return what to say of an error; what: its own sentence, empty where it has none for people."""
        said = SAID[status]
        return cls(title=str(said.title), what=what or str(said.todo))
