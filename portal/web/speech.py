"""Speech: which of our own words a page uses. `translations/<language>.po` are gettext's, read at the start.

An article's language and ours may differ: a French help centre is shown in English words until
somebody writes `fr.po`, and those words say so to screen readers (`Frame.ui`).
"""

from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, request
from flask_babel import Babel, Domain, get_locale

from portal.errors import PortalError, Unavailable
from portal.web.access import shelf
from portal.web.context import put, the
from portal.web.languages import preferred
from portal.web.staff import signed_in

FOLDER = Path(__file__).parent / "translations"
OWN = "en"
"""What the words in templates and code are written in; it needs no catalogue."""
DESK = "/desk"
"""Staff read the desk in their own language, whichever the articles are in."""
REFERENCE = "/api/v1/docs"
"""What the API can do is told in English alone, and so is all around it."""
WIDGET = "/widget"
"""Where the addresses of the widget begin; the language stands behind it."""


class Catalogues(Domain):  # type: ignore[misc] # Flask-Babel isn't typed
    """Every language that the portal's own words are in."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Read all catalogues. Raises ValueError on one that is no catalogue."""
        super().__init__()
        self._read = {file.stem: _read(file) for file in sorted(folder.glob("*.po"))}

    @property
    def languages(self) -> frozenset[str]:
        """The languages, as primary subtags such as `de`."""
        return frozenset({OWN, *self._read})

    def get_translations(self) -> NullTranslations:
        """Return this request's catalogue."""
        return self._read.get(get_locale().language, _PLAIN)


def install(app: Flask) -> None:
    """Give the app its words, in templates and in code."""
    catalogues = Catalogues()
    babel = Babel(app, default_locale=OWN, locale_selector=_locale)
    babel.domain_instance = catalogues
    put(app, catalogues)


def page_language() -> str:
    """Return the language of the address if it has one that is ours, else the reader's."""
    try:
        languages = shelf().languages()
    except PortalError:
        return OWN
    first = request.path.removeprefix(WIDGET).lstrip("/").partition("/")[0].casefold()
    return next((lang for lang in languages if lang.casefold() == first), None) or preferred(languages)


def desk_language() -> str:
    """Return the language of the desk: the one that the reader's account has, else the one that the browser prefers.

    Of those that our own words are in; English where that is none.
    """
    return _chosen_language() or browser_language() or OWN


def browser_language() -> str | None:
    """Return the language that the browser prefers, of those that our own words are in; None where it names none."""
    return request.accept_languages.best_match(sorted(the(Catalogues).languages))


def speaks(lang: str) -> str:
    """Return the language of our own words on pages in `lang`, as a tag: the same, or English."""
    return lang if lang.partition("-")[0].casefold() in the(Catalogues).languages else OWN


def _chosen_language() -> str | None:
    """Return the language of who is signed in; None for everybody else, and while the database is away."""
    try:
        user = signed_in()
    except Unavailable:
        return None
    return user.lang if user and user.lang in the(Catalogues).languages else None


def _locale() -> Locale:
    """Return the locale of words, dates and numbers; regions keep theirs, as `en-GB` its dates."""
    if request.path == REFERENCE:
        return Locale.parse(OWN)
    lang = desk_language() if request.path.startswith(DESK) and request.blueprint else speaks(page_language())
    try:
        return Locale.parse(lang, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale.parse(lang.partition("-")[0].casefold())


def _read(file: Path) -> Translations:
    compiled = BytesIO()
    with file.open("rb") as opened:
        write_mo(compiled, read_po(opened, locale=file.stem, abort_invalid=True))
    compiled.seek(0)
    return Translations(compiled)


_PLAIN = NullTranslations()
