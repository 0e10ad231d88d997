"""Ways to reach people, the best one for a topic first. For the contact page and the widget."""

from portal.content.site import Channel, Site
from portal.web.context import site
from portal.web.frame import ChannelLink, channel_link, leads_somewhere


def ways(lang: str, topic: str) -> tuple[ChannelLink, ...]:
    """Return every way to reach people that serves a topic, the best one first. topic: a slug; empty for any."""
    return tuple(channel_link(one, lang, topic) for one in _for_topic(site(), topic))


def is_form_best(lang: str, topic: str) -> bool:
    """Whether the portal's own form is the best way, so that it stands on the contact page itself."""
    return any(one.is_own for one in ways(lang, topic)[:1])


def own_form(lang: str, topic: str) -> ChannelLink | None:
    """Return the portal's own form as a way to reach people; None where `portal.toml` doesn't name it."""
    return next((one for one in ways(lang, topic) if one.is_own), None)


def others(lang: str, topic: str) -> tuple[ChannelLink, ...]:
    """Return the ways beside the portal's own form, the best one first."""
    return tuple(one for one in ways(lang, topic) if not one.is_own)


def _for_topic(about: Site, topic: str) -> list[Channel]:
    """Return the channels in the company's order, a topic's own before those for all, and no other topic's."""
    open_ones = [one for one in about.channels if leads_somewhere(one)]
    if not topic:
        return sorted(open_ones, key=lambda one: bool(one.topics))
    return sorted((one for one in open_ones if not one.topics or topic in one.topics), key=lambda one: not one.topics)
