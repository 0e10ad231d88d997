"""Flag letters: an article's owner hears that it was flagged, whoever flagged it hears what came of it. For staff."""

from dataclasses import asdict, dataclass
from typing import NamedTuple


class _Form(NamedTuple):
    subject: str
    said: str
    todo: str
    """What stands over the address of the flags."""


_FAULTS = {
    "en": {
        "wrong": "something in it is wrong",
        "out_of_date": "it is out of date",
        "unclear": "it is unclear",
        "incomplete": "something is missing",
    },
    "de": {
        "wrong": "etwas darin ist falsch",
        "out_of_date": "er ist veraltet",
        "unclear": "er ist unklar",
        "incomplete": "etwas fehlt",
    },
}
_FLAGGED = {
    "en": _Form(
        subject="{site}: {by} flagged “{title}”",
        said="{by} flagged an article that you look after: {fault}.",
        todo="Mend it, or say why it is right:",
    ),
    "de": _Form(
        subject="{site}: {by} hat „{title}“ markiert",
        said="{by} hat einen Artikel markiert, um den Sie sich kümmern: {fault}.",
        todo="Verbessern Sie ihn, oder sagen Sie, warum er stimmt:",
    ),
}
_OF_TOPIC = {
    "en": _FLAGGED["en"]._replace(said="{by} flagged an article of “{topic}”, which you look after: {fault}."),
    "de": _FLAGGED["de"]._replace(
        said="{by} hat einen Artikel des Themas „{topic}“ markiert, um das Sie sich kümmern: {fault}."
    ),
}
_MENDED = {
    "en": _Form(
        subject="{site}: “{title}” is mended",
        said="You flagged this article, and {by} has mended it.",
        todo="Your flags:",
    ),
    "de": _Form(
        subject="{site}: „{title}“ ist verbessert",
        said="Sie haben diesen Artikel markiert; {by} hat ihn verbessert.",
        todo="Ihre Markierungen:",
    ),
}
_RIGHT = {
    "en": _Form(
        subject="{site}: “{title}” stays as it is",
        said="You flagged this article. {by} looked at it and says that it is right.",
        todo="Your flags:",
    ),
    "de": _Form(
        subject="{site}: „{title}“ bleibt, wie er ist",
        said="Sie haben diesen Artikel markiert. {by} hat ihn geprüft und sagt, dass er stimmt.",
        todo="Ihre Markierungen:",
    ),
}
_NO_WORDS = {"en": "There were no words with it.", "de": "Dazu wurde nichts geschrieben."}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a letter about a flag tells."""

    site: str
    title: str
    article: str
    """Address of the article."""
    desk: str
    """Address of the flags."""
    by: str
    """Who flagged it, or who settled the flag."""
    text: str
    """What they wrote; may be empty."""


def flagged_letter(lang: str, about: About, fault: str, *, topic: str = "") -> tuple[str, str]:
    """Return subject and text for the article's owner. fault: one of `feedback.models.Fault`.

    topic: name of the one that they look after; empty where they look after the article itself.
    """
    spoken = _spoken(lang)
    form = (_OF_TOPIC if topic else _FLAGGED)[spoken]
    return _written(form, about, spoken, fault=_FAULTS[spoken][fault], topic=topic)


def settled_letter(lang: str, about: About, *, was_right: bool) -> tuple[str, str]:
    """Return subject and text for whoever flagged the article. was_right: whether something was mended."""
    spoken = _spoken(lang)
    return _written((_MENDED if was_right else _RIGHT)[spoken], about, spoken)


def _written(form: _Form, about: About, spoken: str, **words: str) -> tuple[str, str]:
    told = asdict(about) | words
    quoted = "\n".join(f"  {line}".rstrip() for line in about.text.splitlines()) or _NO_WORDS[spoken]
    parts = (form.said.format(**told), f"  {about.title}\n  {about.article}", quoted, f"{form.todo}\n  {about.desk}\n")
    return " ".join(form.subject.format(**told).split()), "\n\n".join(parts)


def _spoken(lang: str) -> str:
    """Return the language to write in; one that we don't speak gets English."""
    return lang.partition("-")[0] if lang.partition("-")[0] in _FLAGGED else "en"
