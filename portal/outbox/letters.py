"""Letters: what people are told when what they asked for is there, in their language where we speak it.

Two letters alone, so they stand here and not in a catalogue, which the web's rooms read.
"""

from collections.abc import Sequence

_SUBJECT = {"en": "{site}: there is an answer for you", "de": "{site}: Es gibt eine Antwort für Sie"}
_TEXT = {
    "en": (
        "You were looking for this, and did not find it:\n\n  {asked}\n\nThere is an answer now:\n\n{answers}\n\n"
        "You asked to hear of it. Your address was kept for this mail alone and is deleted with it.\n"
        "If this mail came twice or by mistake: {withdrawal}\n"
    ),
    "de": (
        "Das haben Sie gesucht und nicht gefunden:\n\n  {asked}\n\nJetzt gibt es eine Antwort:\n\n{answers}\n\n"
        "Sie wollten davon hören. Ihre Adresse wurde nur für diese E-Mail aufbewahrt und wird mit ihr gelöscht.\n"
        "Falls diese E-Mail doppelt oder irrtümlich kam: {withdrawal}\n"
    ),
}


def answer_letter(lang: str, *, site: str, asked: str, answers: Sequence[str], withdrawal: str) -> tuple[str, str]:
    """Return subject and text. answers: addresses, at least one. A language that we don't speak gets English."""
    spoken = lang.partition("-")[0] if lang.partition("-")[0] in _TEXT else "en"
    listed = "\n".join(f"  {answer}" for answer in answers)
    text = _TEXT[spoken].format(asked=" ".join(asked.split()), answers=listed, withdrawal=withdrawal)
    return _SUBJECT[spoken].format(site=site), text
