"""Reach: how `portal.toml` says that people can be reached, by readers and by those who found a weakness."""

import re
from zoneinfo import ZoneInfo

from portal import text
from portal.content.opening import NoOpening, Opening, read_openings
from portal.content.site import Channel, Security
from portal.content.toml_table import Table, is_safe_url

CHANNELS = ("form", "email", "phone", "chat", "social")
_EMAIL = r"""[^@\s<>"',;:?&]{1,64}@[^@\s<>"',;:?&]{1,200}\.[^@\s<>"',;:?&.]{2,63}"""
_PHONE = r"\+?[\d ()./-]{3,30}"
_ZONE = r"[A-Za-z_]{2,20}(?:/[A-Za-z0-9_+-]{1,30}){0,2}"


def read_channels(top: Table) -> tuple[Channel, ...]:
    """Return the channels that reach somebody; the others are noted."""
    found = [_channel(part) for part in top.tables("channels")]
    return tuple(channel for channel in found if channel)


def _channel(part: Table) -> Channel | None:
    kind, zone = part.line("kind").lower(), _time_zone(part)
    channel = Channel(
        kind=kind,
        label=part.line("label") or kind.title(),
        value=part.line("value", limit=2000) or part.line("url", limit=2000),
        hours=part.line("hours"),
        time_zone=zone,
        opening=_opening(part, zone),
        topics=tuple(text.slugify(topic) for topic in part.lines("topics")),
        labels=part.pairs("labels"),
        hours_labels=part.pairs("hours_labels"),
    )
    if kind not in CHANNELS:
        part.refuse("kind", f"is none of {', '.join(CHANNELS)}, so the channel is left out", "Write one of them")
        return None
    if not _reaches(channel):
        mend = "Give an e-mail address, a number, or an https: address, as the kind asks"
        part.refuse("value", f"is nothing a {kind} channel can open, so the channel is left out", mend)
        return None
    return channel


def _time_zone(part: Table) -> str:
    name = part.line("time_zone")
    if not name or is_time_zone(name):
        return name
    part.refuse("time_zone", f"can't be {text.cut(name, 60)!r}", "Write a name such as Europe/Berlin")
    return ""


def _opening(part: Table, zone: str) -> tuple[Opening, ...]:
    lines = part.lines("opening")
    if lines and not zone:
        part.refuse("opening", "says nothing without a time zone", "Give a time_zone such as Europe/Berlin")
        return ()
    try:
        return read_openings(lines)
    except NoOpening:
        shown = text.cut(", ".join(lines), 60)
        part.refuse("opening", f"can't be {shown!r}", "Write days and hours such as Mon-Fri 9:00-17:00")
        return ()


def is_time_zone(name: str) -> bool:
    """Whether this names a time zone; a machine that knows no zones at all takes every name that looks like one."""
    if not re.fullmatch(_ZONE, name):
        return False
    return _is_known(name) or not _is_known("Europe/Berlin")


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return False
    return True


def _reaches(channel: Channel) -> bool:
    if channel.kind == "email":
        return re.fullmatch(_EMAIL, channel.value) is not None
    if channel.kind == "phone":
        return re.fullmatch(_PHONE, channel.value) is not None and any(c.isdigit() for c in channel.value)
    return is_safe_url(channel.value) if channel.value else channel.kind == "form"


def read_security(top: Table) -> Security:
    """Return whom to tell of a weakness."""
    part = top.table("security")
    written = [(words, contact_address(words)) for words in part.lines("contact")]
    for words, address in written:
        if not address:
            part.refuse("contact", f"can't be {text.cut(words, 60)!r}", "Give an e-mail address or an https: address")
    contacts = dict.fromkeys(address for _, address in written if address)
    policy, acknowledgments = _https(part, "policy"), _https(part, "acknowledgments")
    return Security(contacts=tuple(contacts), policy=policy, acknowledgments=acknowledgments)


def contact_address(words: str) -> str:
    """Return a contact as the `mailto:` or `https:` address that it is; empty when it is neither."""
    mail = words.removeprefix("mailto:")
    if re.fullmatch(_EMAIL, mail):
        return f"mailto:{mail}"
    return words if words.startswith("https:") and is_safe_url(words) else ""


def _https(part: Table, key: str) -> str:
    words = part.line(key, limit=2000)
    if not words or (words.startswith("https:") and is_safe_url(words)):
        return words
    part.refuse(key, f"can't be {text.cut(words, 60)!r}", "Give an https: address")
    return ""
