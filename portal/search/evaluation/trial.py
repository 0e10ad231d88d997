"""A trial: a collection indexed as a generation would be, and each of its queries asked once, by the clock."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from portal.search.document import IndexDocument
from portal.search.evaluation import measures
from portal.search.evaluation.beir import Document
from portal.search.evaluation.sections import Cut
from portal.search.index_files import Beside
from portal.search.level import write_level_index
from portal.search.meaning.kept import KeptVectors
from portal.search.parts import Parts
from portal.search.query import read
from portal.search.text_index import TextIndex

_NO_QUERY = "opening"
"""Asked before all queries, so that none of them pays for opening files and starting an encoder."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What one query was answered. `found` are ids of the collection, best first."""

    found: tuple[str, ...]
    score: float
    """Of the first; 0 where nothing was found."""
    confidence: float | None
    milliseconds: float
    scores: tuple[float, ...] = ()
    """Of all that was found, in its order."""


@dataclass(frozen=True, slots=True)
class Method:
    """A way to search: how documents become sections, what takes part, where vectors come from (None: words alone)."""

    cut: Cut
    parts: Parts
    kept: KeptVectors | None = None


def build_index(
    folder: Path, lang: str, documents: Iterable[IndexDocument], kept: KeptVectors | None = None
) -> tuple[TextIndex, str | None]:
    """Write the index of one language below an empty folder as a generation has it, and open it.

    kept: where vectors come from; None for words alone. The other is the name of the encoder that gave the passages
    their vectors; None where no encoder knows the language, or vectors were not wanted.
    """
    write_level_index(folder, lang, documents, (), Beside(kept=kept))
    encoder = kept.encoder(lang) if kept else None
    return TextIndex(folder / lang, lang, encoder), encoder.name if encoder else None


class Trial:
    """One index of a collection. Ids may be any text; the index knows articles by their number."""

    def __init__(self, folder: Path, lang: str, documents: Mapping[str, Document], method: Method) -> None:
        """folder: empty, or not there yet."""
        self._parts = method.parts
        self._ids = tuple(documents)
        self._numbers = {key: str(number) for number, key in enumerate(self._ids)}
        sections = [part for key, document in documents.items() for part in method.cut(self._numbers[key], document)]
        self.sections = len(sections)
        self._index, self.encoder = build_index(folder, lang, sections, method.kept)
        self._index.search(_NO_QUERY, want=1, parts=method.parts)

    def ask(self, text: str, without: Collection[str] = ()) -> Searched:
        """Search once. without: ids that are passed over; the clock counts the search and nothing around it."""
        asked = read(text)
        parts = replace(self._parts, without=frozenset(self._numbers[key] for key in without))
        began = perf_counter()
        ranking = self._index.search(asked, want=measures.DEPTH, parts=parts)
        taken = perf_counter() - began
        found = tuple(self._ids[int(one.article)] for one in ranking.ranked)
        score = ranking.ranked[0].score if ranking.ranked else 0.0
        scores = tuple(one.score for one in ranking.ranked)
        return Searched(found, score, ranking.confidence, taken * 1000, scores)

    def close(self) -> None:
        """Close the index's files."""
        self._index.close()
