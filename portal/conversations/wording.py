"""Wording: what a customer typed, fit to be kept; or the words that say what to mend. Forms, mails and programs."""

from portal.conversations.models import NAME_LIMIT, SUBJECT_LIMIT, TEXT_LIMIT
from portal.errors import Invalid
from portal.feedback import requests
from portal.text import cut, one_line, without_controls


def read_subject(text: str) -> str:
    """Return a subject on one line. Raises Invalid for none and for one that is too long."""
    subject = one_line(text)
    if not subject:
        raise Invalid("Say in a few words what it is about.")
    if len(subject) > SUBJECT_LIMIT:
        raise Invalid(f"The subject is longer than {SUBJECT_LIMIT} characters. Say the rest below it.")
    return subject


def read_text(text: str) -> str:
    """Return a message. Raises Invalid for none and for one that is too long."""
    said = without_controls(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not said:
        raise Invalid("Write what you would like us to know.")
    if len(said) > TEXT_LIMIT:
        raise Invalid(
            f"The message is longer than {TEXT_LIMIT} characters. Shorten it, or attach the long part as a file."
        )
    return said


def read_name(text: str) -> str:
    """Return a name on one line, cut where it is longer than any name; empty for none."""
    return cut(one_line(text), NAME_LIMIT)


def read_address(text: str, *, is_needed: bool) -> str | None:
    """Return an e-mail address with its host in lower case; None for none, where it is not needed.

    Raises Invalid for what can't be an address, and for none where an answer could reach them no other way.
    """
    try:
        address = requests.read_address(text)
    except Invalid:
        raise Invalid("This e-mail address can't be used. Write one such as name@example.com.") from None
    if address is None:
        if is_needed:
            raise Invalid("Write your e-mail address, so that our answer reaches you.")
        return None
    person, _, host = address.rpartition("@")
    return f"{person}@{host.lower()}"
