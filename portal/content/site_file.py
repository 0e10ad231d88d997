"""Site file: `portal.toml` read into a `Site`; what can't be used is reported and has its default."""

from collections.abc import Container
from dataclasses import fields

from portal import text
from portal.content import languages as tags
from portal.content.contact import read_contact, read_customers, read_frames, read_widget
from portal.content.loop import read_digest, read_gaps, read_outcomes, read_recording, read_trackers
from portal.content.problem import Problem
from portal.content.reach import read_channels, read_security
from portal.content.site import FooterLink, Limits, Retention, Search, Site, Topic
from portal.content.toml_table import Table, is_safe_url

PATH = "portal.toml"
IMAGES = frozenset({".svg", ".png", ".webp", ".jpg", ".jpeg", ".avif", ".ico"})
_COLOUR = "#[0-9A-Fa-f]{6}"
_ICON = "[a-z0-9-]{1,40}"
_OWNER = r"""[^@]{1,100}|(?=.{1,254}$)[^@\s<>()\[\]\\,;:"]+@[^@\s<>()\[\]\\,;:"]+"""
"""What an account may be found by; whether there is one, only the database knows."""
_SLUG = r"[\w-]{1,80}"
_MOST = 1_000_000


def parse_site(data: bytes | None, files: Container[str] | None = None) -> tuple[Site, tuple[Problem, ...]]:
    """Read the file's bytes; None is its absence. Never fails; the problems are by line.

    files: paths of all files in the content; None where nobody knows them, and then they are not looked for.
    ERROR: a value that can't be used. WARNING: a key that nothing reads, a file that is not there, words in a language
    that the help centre hasn't.
    """
    if data is None:
        return Site(), ()
    top = Table.load(PATH, data)
    top.languages = _languages(top)
    site = Site(
        name=top.line("name") or Site().name,
        tagline=top.line("tagline") or top.line("summary"),
        names=top.pairs("names"),
        taglines=top.pairs("taglines"),
        logo=top.file("logo", IMAGES, files),
        logo_dark=top.file("logo_dark", IMAGES, files),
        icon=top.file("icon", IMAGES, files),
        accent=top.matching("accent", _COLOUR, "Write a colour such as #0b6e63").lower(),
        stylesheet=top.file("stylesheet", {".css"}, files),
        languages=top.languages,
        topics=_topics(top),
        channels=read_channels(top),
        footer=_footer(top),
        no_index=top.flag("no_index"),
        edit_url=_edit_url(top),
        security=read_security(top),
        search=_search(top),
        limits=Limits(**_counts(top, "limits", Limits)),
        retention=Retention(**_counts(top, "retention", Retention)),
        recording=read_recording(top),
        gaps=read_gaps(top),
        outcomes=read_outcomes(top),
        digest=read_digest(top),
        trackers=read_trackers(top),
        contact=read_contact(top),
        widget=read_widget(top),
        picker=read_frames(top, "picker"),
        customers=read_customers(top),
    )
    return site, tuple(sorted(top.finish()))


def _languages(top: Table) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for words in top.lines("languages"):
        if tag := tags.normalise(words):
            found[tag] = None
        else:
            top.refuse("languages", f"has no language {text.cut(words, 40)!r}", "Write tags such as en or pt-BR")
    return tuple(found)


def _topics(top: Table) -> tuple[Topic, ...]:
    found: dict[str, Topic] = {}
    for part in top.tables("topics"):
        name, written = part.line("name"), part.matching("slug", _SLUG, "Write letters, digits and hyphens")
        topic = Topic(
            slug=text.slugify(written or name),
            name=name or written,
            summary=part.line("summary", limit=1000),
            icon=part.matching("icon", _ICON, "Write the name of an icon, such as book"),
            owner=part.matching("owner", _OWNER, "Write one e-mail address, or a name as it stands on the desk"),
            names=part.pairs("names"),
            summaries=part.pairs("summaries", limit=1000),
        )
        if not topic.name:
            part.refuse("name", "is missing, so the topic is left out", "Give each topic a name")
        elif topic.slug in found:
            part.refuse("slug", f"{topic.slug!r} is taken by a topic above, so this one is left out", "Change it")
        else:
            found[topic.slug] = topic
    return tuple(found.values())


def _footer(top: Table) -> tuple[FooterLink, ...]:
    links = []
    for part in top.tables("footer"):
        link = FooterLink(label=part.line("label"), url=part.url("url"), labels=part.pairs("labels"))
        if link.label and link.url:
            links.append(link)
        else:
            part.refuse("url", "or its label is missing, so the link is left out", "Give both")
    return tuple(links)


def _edit_url(top: Table) -> str:
    words = top.line("edit_url", limit=2000)
    if not words or (words.startswith("https://") and "{path}" in words and is_safe_url(words)):
        return words
    mend = "Give an https: address with {path} where the file goes"
    top.refuse("edit_url", f"can't be {text.cut(words, 60)!r}", mend)
    return ""


def _search(top: Table) -> Search:
    return Search(floor=top.table("search").number("floor", Search().floor, 0.0, 1.0))


def _counts(top: Table, name: str, kind: type[Limits | Retention]) -> dict[str, int]:
    part = top.table(name)
    return {field.name: part.whole(field.name, int(str(field.default)), 1, _MOST) for field in fields(kind)}
