"""Builders: what a visitor does, said shortly. Seconds count from NOON."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

from portal.events.kinds import Clicked, Contacted, Event, Requested, Searched, Step, Viewed, Voted, Where
from portal.visits.digest import digest
from portal.visits.episodes import Alike, Episode, never
from portal.visits.outcome import Outcome
from portal.visits.sessionise import Visit, sessionise

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADA, BO = "ada", "bo"
_numbers = count(1)


def moment(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def _uid() -> str:
    return f"{next(_numbers):032x}"


def a_search(
    query: str = "reset password",
    at: float = 0,
    *,
    visitor: str = ADA,
    lang: str = "en",
    hits: int = 10,
    offered: tuple[str, ...] = (),
    where: Where = Where.PAGE,
    uid: str = "",
) -> Searched:
    return Searched(
        uid=uid or _uid(),
        at=moment(at),
        visitor=visitor,
        lang=lang,
        query=query,
        hits=hits,
        offered=offered,
        where=where,
    )


def a_click(search: Searched, article: str = "reset", at: float = 5, *, position: int = 1) -> Clicked:
    return Clicked(
        uid=_uid(),
        at=moment(at),
        visitor=search.visitor,
        lang=search.lang,
        search=search.uid,
        article=article,
        position=position,
    )


def a_view(
    article: str = "reset",
    at: float = 60,
    *,
    seconds: float = 50,
    depth: float = 0,
    search: Searched | None = None,
    visitor: str = ADA,
    lang: str = "en",
) -> Viewed:
    uid = search.uid if search else ""
    return Viewed(
        uid=_uid(), at=moment(at), visitor=visitor, lang=lang, article=article, seconds=seconds, depth=depth, search=uid
    )


def seen(search: Searched, at: float = 8) -> Viewed:
    """The results page was looked at by a browser with scripts."""
    return a_view("", at, seconds=5, search=search, visitor=search.visitor)


def a_vote(article: str = "reset", at: float = 70, *, is_helpful: bool, visitor: str = ADA) -> Voted:
    return Voted(
        uid=_uid(), at=moment(at), visitor=visitor, lang="en", article=article, revision="r1", is_helpful=is_helpful
    )


def a_message(at: float = 80, *, step: Step = Step.SENT, search: str = "", visitor: str = ADA) -> Contacted:
    return Contacted(uid=_uid(), at=moment(at), visitor=visitor, lang="en", step=step, search=search)


def a_request(text: str = "how to reset", at: float = 80, *, search: str = "", visitor: str = ADA) -> Requested:
    return Requested(uid=_uid(), at=moment(at), visitor=visitor, lang="en", text=text, search=search, request="r")


def in_order(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: (event.visitor, event.at))


def a_visit(*events: Event) -> Visit:
    (visit,) = sessionise(in_order(events))
    return visit


def judged(
    *events: Event, at: float = 100_000, alike: Alike = never, reading: dict[str, float] | None = None
) -> list[tuple[Episode, Outcome]]:
    """All needs of all visits with what became of them."""
    found = digest(in_order(events), at=moment(at), alike=alike, reading_seconds=reading)
    return [need for one in found for need in one.needs]


def outcome_of(*events: Event, reading: dict[str, float] | None = None) -> Outcome:
    ((_, outcome),) = judged(*events, reading=reading)
    return outcome
