"""What `portal.toml` says of the loop: what is recorded, what makes a gap, how outcomes weigh, who is told."""

from dataclasses import dataclass, fields

from portal.content.toml_table import Table

KINDS = ("github", "gitlab", "jira", "zendesk", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What is recorded of visits."""

    is_on: bool = True
    """Whether anything is; the pages work the same without."""
    order_numbers: tuple[str, ...] = ()
    """Regular expressions of what is personal here, such as order numbers; taken out before anything is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """What makes a gap."""

    least_people: int = 2
    """Different people who must have had a need before staff see a wording of it, or a gap is suggested."""
    completion_people: int = 5
    """Different people who must have typed a wording with success before others are offered it."""
    window_days: int = 90
    """How far back needs count."""
    watch_days: int = 28
    """How long a published answer is watched at most, before its gap closes or opens again."""
    watch_people: int = 5
    """Different people who must have asked since publication before the watch may end sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """How much each way of not being helped weighs, from 0 to 1. gaps.md orders them so."""

    contacted: float = 1.0
    """They turned to a person: the dearest end, for both."""
    requested: float = 1.0
    """They wrote what they were looking for."""
    downvoted: float = 0.9
    """They read the answer and said no."""
    gave_up: float = 0.8
    """They tried other words, and left."""
    no_results: float = 0.7
    """They were told that there is nothing, and left."""
    no_click: float = 0.5
    """Nothing on the list was worth a click; some had read their answer there."""
    came_back: float = 0.5
    """They were back within ten seconds, and left."""
    refined: float = 0.3
    """They were helped in the end, by other words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The mail that tells of gaps once a week."""

    to: tuple[str, ...] = ()
    """E-mail addresses; none, and there is no digest."""
    weekday: int = 1
    """From 1, Monday, to 7."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """Where accepted gaps become issues: an address, and a body with places such as {title}, {body} and {number}."""

    name: str
    kind: str = "other"
    url: str = ""
    """https; where a new issue is posted to."""
    update_url: str = ""
    """https, with {id} for the issue's; empty, and an issue that is there is left alone."""
    close_body: str = ""
    """JSON that closes it."""
    body: str = ""
    """JSON with places; empty for the kind's own."""
    headers: tuple[str, ...] = ()
    """Lines such as `Authorization: Bearer {token}`."""
    id_field: str = ""
    """Where the answer has the issue's id, such as `number` or `ticket.id`; empty for the kind's own."""
    link_field: str = ""
    """Where the answer has the address that people open."""


def read_recording(top: Table) -> Recording:
    """Return `[recording]`."""
    part = top.table("recording")
    is_on = part.flag("is_on", default=True)
    return Recording(is_on=is_on, order_numbers=part.patterns("order_numbers"))


def read_gaps(top: Table) -> Gaps:
    """Return `[gaps]`."""
    part = top.table("gaps")
    return Gaps(**{field.name: part.whole(field.name, int(str(field.default)), 1, 3650) for field in fields(Gaps)})


def read_outcomes(top: Table) -> Outcomes:
    """Return `[outcomes]`."""
    part = top.table("outcomes")
    return Outcomes(**{f.name: part.number(f.name, float(str(f.default)), 0.0, 1.0) for f in fields(Outcomes)})


def read_digest(top: Table) -> Digest:
    """Return `[digest]`."""
    part = top.table("digest")
    return Digest(to=part.addresses("to"), weekday=part.whole("weekday", Digest().weekday, 1, 7))


def read_trackers(top: Table) -> tuple[Tracker, ...]:
    """Return every `[[trackers]]` that can be used; the others are noted."""
    found = [_tracker(part) for part in top.tables("trackers")]
    return tuple(tracker for tracker in found if tracker)


def _tracker(part: Table) -> Tracker | None:
    tracker = Tracker(
        name=part.line("name", limit=40),
        kind=part.line("kind") or "other",
        url=part.line("url", limit=1000),
        update_url=part.line("update_url", limit=1000),
        close_body=part.line("close_body", limit=4000),
        body=part.line("body", limit=4000),
        headers=part.lines("headers"),
        id_field=part.line("id_field"),
        link_field=part.line("link_field"),
    )
    if not tracker.name or not tracker.url.startswith("https://"):
        part.refuse("url", "or the name is missing, so the tracker is left out", "Give a name and an https: address")
        return None
    if tracker.kind not in KINDS:
        part.refuse("kind", f"is none of {', '.join(KINDS)}, so the tracker is left out", "Write one of them")
        return None
    return tracker
