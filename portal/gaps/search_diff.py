"""Search diff: what people ask most, asked of two generations, and where the first hits differ."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from portal.gaps.replay import FIRST, LOOKED_AT, Reader, is_worse
from portal.search.hits import Query


class Asked(Protocol):
    """A wording, and how many different people used it."""

    @property
    def text(self) -> str:
        """As they wrote it."""

    @property
    def lang(self) -> str:
        """The language in which they searched."""

    @property
    def people(self) -> int:
        """Different people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One query whose first three hits are others now. Titles, best first; none where the page says so."""

    text: str
    lang: str
    people: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    lost: str | None = None
    """Title of the hit that was first, where it has left the first three places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """What a revision changes of searching. Queries with most people first."""

    before: str = ""
    after: str = ""
    """The revisions."""
    queries: int
    differences: tuple[Difference, ...]

    @property
    def unanswered(self) -> int:
        """How many found something and find nothing now."""
        return sum(bool(one.before) and not one.after for one in self.differences)

    @property
    def answered(self) -> int:
        """How many found nothing and find something now."""
        return sum(bool(one.after) and not one.before for one in self.differences)

    @property
    def worse(self) -> int:
        """How many lost what was first, or all."""
        return sum(one.lost is not None for one in self.differences)

    @property
    def percent(self) -> float:
        """Share of the queries that have not become worse, in percent; 100 where there are none."""
        return 100 * (self.queries - self.worse) / self.queries if self.queries else 100.0

    def document(self) -> dict[str, object]:
        """Return all of it, with its counts, for programs."""
        counts = ("unanswered", "answered", "worse", "percent")
        return {name: getattr(self, name) for name in counts} | asdict(self)


def search_diff(top: Sequence[Asked], before: Reader, after: Reader) -> Diff:
    """Ask both generations what is asked most."""
    ordered = sorted(top, key=lambda one: (-one.people, one.lang, one.text))
    found = [_compare(one, before, after) for one in ordered]
    return Diff(queries=len(ordered), differences=tuple(one for one in found if one))


def _compare(asked: Asked, before: Reader, after: Reader) -> Difference | None:
    query = Query(text=asked.text, lang=asked.lang)
    was, now = (reader.search(query, offset=0, limit=LOOKED_AT).hits for reader in (before, after))
    if [hit.card.id for hit in was[:FIRST]] == [hit.card.id for hit in now[:FIRST]]:
        return None
    places = {hit.card.id: place for place, hit in enumerate(now, 1)}
    is_lost = bool(was) and is_worse(1, places.get(was[0].card.id))
    return Difference(
        text=asked.text,
        lang=asked.lang,
        people=asked.people,
        before=tuple(hit.card.title for hit in was[:FIRST]),
        after=tuple(hit.card.title for hit in now[:FIRST]),
        lost=was[0].card.title if is_lost else None,
    )
