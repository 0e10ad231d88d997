"""Shapes of what shows that a gap is closed."""

from dataclasses import asdict
from datetime import datetime

from pydantic import Field

from portal.web import gap_proofs
from portal.web.api.members import Shape


class Tried(Shape):
    """A wording that was tried again: the place of the best article that is to answer; 0 where none is found."""

    text: str
    lang: str
    people: int
    before: int
    after: int
    is_answered: bool = Field(description="Whether it is among the first three on the revision.")
    was_answered: bool


class Lost(Shape):
    """A wording that worked, and works worse: its article's place; 0 for not on the first page any more."""

    text: str
    lang: str
    people: int
    before: int
    after: int


class Replay(Shape):
    """What a revision answers of the searches that failed, against what is live."""

    revision: str = Field(description="The commit that was tried.")
    answered: int = Field(description="Wordings that it answers.")
    answered_before: int
    of: int = Field(description="Wordings that were tried.")
    people: int
    people_answered: int
    tried: tuple[Tried, ...] = Field(description="At most 30, those of most people first; enough people's alone.")
    hidden: int = Field(description="Wordings that are not told one by one.")
    worse: int = Field(description="Wordings that worked, and work worse.")
    lost: tuple[Lost, ...] = Field(description="Of those, the ones of enough people.")
    worked: int = Field(description="Wordings that worked and were tried too.")


class Fared(Shape):
    """How many of so many people were left without an answer, in percent, with 95 % confidence between two bounds."""

    unresolved: int
    n: int
    percent: int
    low: int
    high: int


class Watch(Shape):
    """How people fared before publication, and since; null where nobody was counted yet."""

    since: datetime | None
    before: Fared | None
    after: Fared | None


def of_replay(found: gap_proofs.Replay | None) -> Replay | None:
    """Return the last replay."""
    return Replay.model_validate(asdict(found)) if found else None


def of_watch(found: gap_proofs.Watch | None) -> Watch | None:
    """Return how people fare."""
    return Watch.model_validate(asdict(found)) if found else None
