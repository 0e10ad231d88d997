"""Replay: what people asked before, asked of two generations: what is answered now, and what has become worse.

A wording counts as answered where the page shows hits (its confidence is not under the floor) and one of the target
articles is among the first three: beyond them hardly anybody looks. docs/replay.md says so to everybody.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from pydantic import TypeAdapter

from portal.search.hits import Query, ResultPage

FIRST = 3
"""Places in which an article is seen without scrolling."""
LOOKED_AT = 10
"""Places on the first page; an article behind them is not found."""


class Reader(Protocol):
    """What readers of one level find in one generation."""

    def search(self, query: Query, *, offset: int, limit: int) -> ResultPage:
        """Return a page of hits."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A wording, and how many different people used it."""

    text: str
    lang: str
    people: int


@dataclass(frozen=True, slots=True)
class Worked:
    """A wording that ended well before, on an article."""

    text: str
    lang: str
    people: int
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one wording finds."""

    rank: int | None
    """Place of the best target, from 1; None where none is among the first ten, or nothing is said to answer."""
    confidence: float | None
    first: tuple[str, ...]
    """Titles of the first three hits."""

    @property
    def is_answered(self) -> bool:
        """Whether a target is seen."""
        return self.rank is not None and self.rank <= FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One wording, before and after."""

    text: str
    lang: str
    people: int
    before: Seen
    after: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Worse:
    """A wording that worked, and whose article has left the first three places, or the page."""

    text: str
    lang: str
    people: int
    article: str
    before: int
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a revision comes to for one gap."""

    gap: int = 0
    revision: str = ""
    files: tuple[str, ...] = ()
    """Files of the target articles, as the revision has them."""
    wordings: tuple[Answered, ...]
    worse: tuple[Worse, ...] = ()
    worked: int = 0
    """How many wordings worked before."""

    @property
    def answered(self) -> int:
        """How many wordings are answered after."""
        return sum(one.after.is_answered for one in self.wordings)

    @property
    def answered_before(self) -> int:
        """How many were before."""
        return sum(one.before.is_answered for one in self.wordings)

    @property
    def people(self) -> int:
        """People's wordings, each person's several ones counted each."""
        return sum(one.people for one in self.wordings)

    @property
    def people_answered(self) -> int:
        """How many of those are answered after."""
        return sum(one.people for one in self.wordings if one.after.is_answered)

    @property
    def percent(self) -> float:
        """Share of the wordings that are answered after, in percent; 0 where there are none."""
        return 100 * self.answered / len(self.wordings) if self.wordings else 0.0

    def to_json(self) -> str:
        """Write it for `gaps.replay`."""
        return _AS_JSON.dump_json(self).decode()

    @staticmethod
    def from_json(written: str) -> "Replayed":
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        return _AS_JSON.validate_json(written)

    def document(self) -> dict[str, object]:
        """Return all of it, with its counts, for programs."""
        counts = ("answered", "answered_before", "people", "people_answered", "percent")
        return {name: getattr(self, name) for name in counts} | {"of": len(self.wordings)} | asdict(self)


_AS_JSON = TypeAdapter(Replayed)


def replay(
    asked: Sequence[Asked], worked: Sequence[Worked], before: Reader, after: Reader, targets: Collection[str]
) -> Replayed:
    """Ask both generations. targets: ids of the articles that are to answer. Most people first, then by words."""
    ordered = sorted(asked, key=lambda one: (-one.people, one.lang, one.text))
    wordings = tuple(
        Answered(
            text=one.text,
            lang=one.lang,
            people=one.people,
            before=look(before, one.text, one.lang, targets),
            after=look(after, one.text, one.lang, targets),
        )
        for one in ordered
    )
    return Replayed(wordings=wordings, worse=tuple(_worse(worked, before, after)), worked=len(worked))


def look(reader: Reader, text: str, lang: str, targets: Collection[str]) -> Seen:
    """Search once, as a reader does, and find the targets among the first ten."""
    page = reader.search(Query(text=text, lang=lang), offset=0, limit=LOOKED_AT)
    rank = next((place for place, hit in enumerate(page.hits, 1) if hit.card.id in targets), None)
    return Seen(rank=rank, confidence=page.confidence, first=tuple(hit.card.title for hit in page.hits[:FIRST]))


def _worse(worked: Sequence[Worked], before: Reader, after: Reader) -> Iterator[Worse]:
    """Give the wordings whose article was found, and is found worse; most people first."""
    for one in sorted(worked, key=lambda one: (-one.people, one.lang, one.text)):
        was = look(before, one.text, one.lang, {one.article}).rank
        now = look(after, one.text, one.lang, {one.article}).rank
        if was is not None and is_worse(was, now):
            yield Worse(text=one.text, lang=one.lang, people=one.people, article=one.article, before=was, after=now)


def is_worse(before: int, after: int | None) -> bool:
    """Whether an article has left the first three places, or the first page. Moves within them are no loss."""
    return after is None or (after > FIRST and after > before)
