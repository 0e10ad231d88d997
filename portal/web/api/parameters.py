"""Parameters of programs: what can't be used is named, with what can."""

from flask import request

from portal.errors import Invalid
from portal.web.access import shelf


def language() -> str:
    """Return the language asked for, else the default. Raises Invalid that names the languages there are."""
    return language_or_none() or shelf().languages()[0]


def language_or_none() -> str | None:
    """Return the language asked for, None for all of them. Raises Invalid that names the languages there are."""
    text = request.args.get("lang")
    if not text:
        return None
    languages = shelf().languages()
    found = next((one for one in languages if one.casefold() == text.casefold()), None)
    if found is None:
        message = f"lang: give one of {', '.join(languages)}."
        raise Invalid(message)
    return found
