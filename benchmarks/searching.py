"""One query in process: ours beside Tantivy, BM25S and SQLite FTS5, over the same sections, in the same run."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter

from benchmarks.asking import Asked, mixed, questions_on, words_of
from benchmarks.contest import QUERIES, Contender, compete
from benchmarks.figures import Figure, megabytes
from benchmarks.machine import size_on_disk
from benchmarks.ours import of_a_generation
from benchmarks.peers import PEERS, Ask
from benchmarks.sections import Section, published
from portal.audience import Level
from portal.bootstrap import bootstrap
from portal.settings import Settings


def measure(data: Path, folder: Path) -> list[Figure]:
    """Ask what the public may see of the live generation, in each of its languages. folder: for the peers' files."""
    settings = Settings(data=data)
    generation = bootstrap(settings).library.current()
    level = generation.folder / generation.manifest.levels[Level.PUBLIC]
    reader = generation.level(Level.PUBLIC)
    sections = {lang: published(reader, level, lang) for lang in reader.shelf.languages()}
    size = sum(size_on_disk(level / lang) for lang in sections)
    peers, built = build_peers(folder, sections)
    contenders = [*of_a_generation(generation, settings), *peers]
    return [
        Figure("Signpost: size on disk of what is searched, texts and vectors too", megabytes(size)),
        *built,
        *compete(contenders, kinds_of(sections)),
    ]


def build_peers(folder: Path, sections: Mapping[str, Sequence[Section]]) -> tuple[list[Contender], list[Figure]]:
    """Build every peer, with an index for each language as ours has; return them, and what building cost."""
    contenders: list[Contender] = []
    figures: list[Figure] = []
    for name, over in PEERS.items():
        asks: dict[str, dict[str, Ask]] = {}
        began = perf_counter()
        for lang, some in sections.items():
            below = folder / name / lang
            below.mkdir(parents=True)
            asks[lang] = over(below, lang, some)
        took, size = perf_counter() - began, size_on_disk(folder / name)
        figures.append(Figure(f"{name}: built in, size on disk", f"{took:.1f} s, {megabytes(size)}"))
        contenders += [_contender(variant, asks) for variant in next(iter(asks.values()))]
    return contenders, figures


def kinds_of(sections: Mapping[str, Sequence[Section]]) -> dict[str, Iterator[Asked]]:
    """Return both kinds of queries, in all languages by their numbers of sections."""
    shares = {lang: len(some) for lang, some in sections.items()}
    titles = {lang: list(dict.fromkeys(one.title for one in some)) for lang, some in sections.items()}
    short = {lang: words_of(some, seed=7) for lang, some in titles.items()}
    long = {lang: questions_on(some, lang, seed=8) for lang, some in sections.items()}
    return {
        f"one query, 1–4 words, n={QUERIES}": mixed(short, shares, seed=9),
        f"one query, 5–10 words, n={QUERIES}": mixed(long, shares, seed=10),
    }


def _contender(variant: str, asks: Mapping[str, Mapping[str, Ask]]) -> Contender:
    return Contender(variant, lambda asked: len(asks[asked.lang][variant](asked.text)))
