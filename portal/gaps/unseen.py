"""Unseen: articles that would help and that nobody could be offered."""

from collections.abc import Container

from portal.audience import Status
from portal.gaps.models import Cause
from portal.gaps.probe import Known, Look, Probe

SURE = 0.7
"""Confidence from which an article that nobody was offered is taken for the answer, the same as `answering.SURE`. On
the development half of stackfaq one in ten needs without an article has a near miss above it, and eight in ten needs
with one have it there."""


def new(look: Look, offered: Container[str]) -> str | None:
    """Return the first article, if it is surely meant and nobody was offered it: it was written or mended since."""
    first = _sure(look)
    return first if first not in offered else None


def hidden(text: str, lang: str, seen: Look, probe: Probe) -> str | None:
    """Return the article that staff would find first and visitors may not see; archived ones are not for anybody."""
    look = probe.hidden(text, lang)
    first = _sure(look) if look else None
    if first is None or first in seen.articles:
        return None
    known = probe.known([first]).get(first)
    is_meant = known is not None and not known.is_public and known.status != Status.ARCHIVED
    return first if is_meant else None


def why_hidden(known: Known) -> Cause:
    """Return whether an article is not ready, or is for others."""
    return Cause.DRAFT if known.status == Status.DRAFT else Cause.NOT_VISIBLE


def elsewhere(text: str, lang: str, seen: Look, probe: Probe) -> str | None:
    """Return the article of another language that is surely meant, if it has no translation into this one."""
    looks = [look for look in probe.elsewhere(text, lang).values() if _sure(look)]
    best = max(looks, key=lambda look: look.confidence, default=None)
    if best is None or best.confidence <= seen.confidence:
        return None
    known = probe.known(best.articles[:1]).get(best.articles[0])
    return None if known is None or lang in (known.translations or {}) else known.article.id


def _sure(look: Look) -> str | None:
    return look.articles[0] if look.articles and look.confidence >= SURE else None
