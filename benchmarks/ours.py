"""Our own search as it enters the contest: the one place here that knows how an index is written and asked."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.asking import Asked
from benchmarks.contest import Contender
from portal.audience import Level
from portal.search.document import IndexDocument
from portal.search.generation import Generation
from portal.search.hits import Query
from portal.search.index_files import Beside
from portal.search.level import LevelReader, write_level_index
from portal.search.meaning.encoder import encoder_for
from portal.search.meaning.kept import KeptVectors
from portal.search.parts import WHOLE, WORDS_ALONE, Parts
from portal.search.text_index import TextIndex
from portal.settings import Settings

HITS = 10
WORDS, HYBRID, PAGE = "Signpost, words alone", "Signpost, words and meaning", "Signpost, a page with its snippets"
_DIFFERENT = 4096
"""Made-up vectors that are different; then they come again."""


def of_a_generation(generation: Generation, settings: Settings) -> list[Contender]:
    """Return words alone, all together, and what the public's page of hits costs, each with files of its own."""
    level = generation.folder / generation.manifest.levels[Level.PUBLIC]
    page = LevelReader(level, encoder=settings.encoder, floor=generation.site.search.floor)

    def ask(asked: Asked) -> int:
        found = page.search(Query(text=asked.text, lang=asked.lang), offset=0, limit=HITS)
        return len(found.hits)

    has_meaning = bool(generation.counts.get("vectors")) and not generation.counts.get("unencoded")
    folders = {lang: level / lang for lang in page.shelf.languages()}
    indexes = of_indexes(folders, settings, has_meaning=has_meaning)
    return [*indexes, Contender(PAGE, ask, asks_others=True)]


def of_indexes(folders: Mapping[str, Path], settings: Settings, *, has_meaning: bool) -> list[Contender]:
    """Return words alone, and all together where there are vectors. folders: those of the indexes, by language."""
    words = _asking(WORDS, folders, WORDS_ALONE, settings)
    return [words, _asking(HYBRID, folders, WHOLE, settings)] if has_meaning else [words]


def build(folder: Path, lang: str, documents: Sequence[IndexDocument], settings: Settings) -> bool:
    """Write one language of a level below a folder, from nothing; return whether it has vectors.

    These are made up, as only the time that comparing them takes is measured; the encoder answers for queries.
    """
    folder.mkdir(parents=True)
    with _MadeUp(folder / "kept.sqlite", settings.encoder) as kept:
        write_level_index(folder, lang, documents, (), Beside(kept=kept))
        return kept.encoder(lang) is not None


class _MadeUp(KeptVectors):
    """Has a unit vector for every text at once, and none of them means anything."""

    def vectors(self, lang: str, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return a row for each text; see `KeptVectors.vectors`."""
        encoder = self.encoder(lang)
        assert encoder
        pool = np.random.default_rng(13).standard_normal((_DIFFERENT, encoder.dims)).astype(np.float32)
        pool /= np.linalg.norm(pool, axis=1, keepdims=True)
        return pool[np.arange(len(texts)) % _DIFFERENT], np.ones(len(texts), bool)


def _asking(name: str, folders: Mapping[str, Path], parts: Parts, settings: Settings) -> Contender:
    indexes = {lang: TextIndex(folder, lang, encoder_for(lang, settings.encoder)) for lang, folder in folders.items()}

    def ask(asked: Asked) -> int:
        return len(indexes[asked.lang].search(asked.text, want=HITS, parts=parts).ranked)

    return Contender(name, ask)
