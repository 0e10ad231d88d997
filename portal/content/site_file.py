"""Site file: `portal.toml` read into a `Site`; what can't be used is reported and has its default."""

import re
from dataclasses import fields

from portal import text
from portal.content import languages as tags
from portal.content.problem import Problem
from portal.content.site import Channel, FooterLink, Limits, Retention, Search, Site, Topic
from portal.content.toml_table import Table, is_safe_url

PATH = "portal.toml"
CHANNELS = ("form", "email", "phone", "chat", "social")
_COLOUR = "#[0-9A-Fa-f]{6}"
_ICON = "[a-z0-9-]{1,40}"
_SLUG = r"[\w-]{1,80}"
_ZONE = r"[A-Za-z_]{2,20}(?:/[A-Za-z0-9_+-]{1,30}){0,2}"
_EMAIL = r"""[^@\s<>"',;:?&]{1,64}@[^@\s<>"',;:?&]{1,200}\.[^@\s<>"',;:?&.]{2,63}"""
_PHONE = r"\+?[\d ()./-]{3,30}"
_MOST = 1_000_000


def parse_site(data: bytes | None) -> tuple[Site, tuple[Problem, ...]]:
    """Read the file's bytes; None is its absence. Never fails; the problems are by line.

    ERROR: a value that can't be used. WARNING: a key that nothing reads.
    """
    if data is None:
        return Site(), ()
    top = Table.load(PATH, data)
    site = Site(
        name=top.line("name") or Site().name,
        tagline=top.line("tagline") or top.line("summary"),
        names=top.pairs("names"),
        taglines=top.pairs("taglines"),
        logo=top.url("logo"),
        accent=top.matching("accent", _COLOUR, "Write a colour such as #0b6e63").lower(),
        stylesheet=top.url("stylesheet"),
        languages=_languages(top),
        topics=_topics(top),
        channels=_channels(top),
        footer=_footer(top),
        no_index=top.flag("no_index"),
        edit_url=_edit_url(top),
        search=_search(top),
        limits=Limits(**_counts(top, "limits", Limits)),
        retention=Retention(**_counts(top, "retention", Retention)),
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
            names=part.pairs("names"),
        )
        if not topic.name:
            part.refuse("name", "is missing, so the topic is left out", "Give each topic a name")
        elif topic.slug in found:
            part.refuse("slug", f"{topic.slug!r} is taken by a topic above, so this one is left out", "Change it")
        else:
            found[topic.slug] = topic
    return tuple(found.values())


def _channels(top: Table) -> tuple[Channel, ...]:
    found = [_channel(part) for part in top.tables("channels")]
    return tuple(channel for channel in found if channel)


def _channel(part: Table) -> Channel | None:
    kind = part.line("kind").lower()
    value = part.line("value", limit=2000) or part.line("url", limit=2000)
    channel = Channel(
        kind=kind,
        label=part.line("label") or kind.title(),
        value=value,
        hours=part.line("hours"),
        time_zone=part.matching("time_zone", _ZONE, "Write a name such as Europe/Berlin"),
        topics=tuple(text.slugify(topic) for topic in part.lines("topics")),
    )
    if kind not in CHANNELS:
        part.refuse("kind", f"is none of {', '.join(CHANNELS)}, so the channel is left out", "Write one of them")
        return None
    if not _reaches(channel):
        mend = "Give an e-mail address, a number, or an https: address, as the kind asks"
        part.refuse("value", f"is nothing a {kind} channel can open, so the channel is left out", mend)
        return None
    return channel


def _reaches(channel: Channel) -> bool:
    if channel.kind == "email":
        return re.fullmatch(_EMAIL, channel.value) is not None
    if channel.kind == "phone":
        return re.fullmatch(_PHONE, channel.value) is not None and any(c.isdigit() for c in channel.value)
    return is_safe_url(channel.value) if channel.value else channel.kind == "form"


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
