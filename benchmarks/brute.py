"""`python -m benchmarks.brute`: is the top 10 right, and is the page honestly empty? On the judged collections.

For each collection 200 distinct queries of its test half, or all where there are fewer, each asked for the first time:
is the top 10 by words what looking at every section finds; and with each query's articles taken away, how often is the
page empty, how often is it where they are there, beside the same with shuffled labels. `--on WORD` keeps the
collections with this word in their name. It needs `retrieval/` below PORTAL_DATA_SETS.
"""

import argparse
import os
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import machine
from benchmarks.figures import Figure, table
from benchmarks.material import ROOT, SETTING
from benchmarks.slowly import UNDERSTOOD, Slowly
from portal.content.site import Search
from portal.search.evaluation.beir import Collection, files_in, half_of, read_collection
from portal.search.evaluation.honesty import Honesty, Shown, judge_honesty
from portal.search.evaluation.sections import cut_at_headings
from portal.search.evaluation.trial import Searched, build_index
from portal.search.meaning.kept import KeptVectors
from portal.search.parts import WHOLE, Parts
from portal.search.query import read
from portal.search.text_index import TextIndex
from portal.settings import Settings

QUERIES = 200
TOP = 10
EVERYTHING = 10_000_000
"""Texts to be encoded before the first question."""
EQUAL = 1e-4
"""Share of a score by which two may differ and count as equal: ours are sums of 32-bit numbers."""
SAME, TIED, OTHER = "the same", "the same but for equal scores", "another"
_SYNTAX = re.compile(r'"|\*|(?<!\S)-|\b(?:title|tag|topic):|\sOR\s')
"""What may mean more than words to our parser; queries with it are left out of the comparison by words."""


def main() -> None:
    """Look at every collection, and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.brute", description=__doc__)
    parser.add_argument("--on", default="", metavar="WORD", help="only the collections with this word in their name")
    wanted = parser.parse_args().on
    folder = Path(os.environ.get(SETTING) or ROOT.parent / "shared" / "data") / "retrieval"
    found = sorted(path for path in folder.glob("*") if path.is_dir() and wanted in path.name)
    if not found:
        sys.exit(f"No judged collection is there; set {SETTING} to the folder that has retrieval/.")
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine.describe()}\n")
    columns: dict[str, list[Figure]] = {}
    for path in found:
        print(f"{path.name} ...", file=sys.stderr, flush=True)
        lang = path.name.rpartition("-")[2]
        columns[path.name] = _look(read_collection(*files_in(path)), lang if lang in {"de", "zh"} else "en")
    print(f"{table(columns)}\n\nLoad at the end: {machine.load()}")


def _look(collection: Collection, lang: str) -> list[Figure]:
    queries = _drawn(half_of(collection, "test").queries)
    numbers = {key: str(number) for number, key in enumerate(collection.documents)}
    documents = [part for key, one in collection.documents.items() for part in cut_at_headings(numbers[key], one)]
    with tempfile.TemporaryDirectory(prefix="brute-") as name:
        with KeptVectors(Path(name) / "kept.sqlite", Settings().encoder, at_once=EVERYTHING) as kept:
            index, encoder = build_index(Path(name), lang, documents, kept)
        with closing(index):
            compared = _compared(index, Slowly(documents, lang), queries.values())
            answered = [_ask(index, text, WHOLE) for text in queries.values()]
            taken_away = [frozenset(numbers[one] for one in collection.relevant[key]) for key in queries]
            alone = [
                _ask(index, text, replace(WHOLE, without=gone))
                for text, gone in zip(queries.values(), taken_away, strict=True)
            ]
    honesty = judge_honesty(answered, alone, floor=Search().floor)
    return [
        Figure("documents / sections", f"{len(collection.documents):,} / {len(documents):,}"),
        Figure("meaning by", encoder or "none"),
        *compared,
        *_honestly(honesty),
    ]


def _compared(index: TextIndex, slowly: Slowly, queries: Iterable[str]) -> list[Figure]:
    plain = [text for text in queries if not _SYNTAX.search(text)]
    said = Counter(_compare(_ask(index, text, UNDERSTOOD).found, slowly.scores(read(text))) for text in plain)
    return [Figure(f"top {TOP} by words: {what}", f"{said[what]} of {len(plain)}") for what in (SAME, TIED, OTHER)]


def _ask(index: TextIndex, text: str, parts: Parts) -> Searched:
    ranking = index.search(read(text), want=TOP, parts=parts)
    score = ranking.ranked[0].score if ranking.ranked else 0.0
    return Searched(tuple(one.article for one in ranking.ranked), score, ranking.confidence, milliseconds=0.0)


def _compare(found: Sequence[str], scores: Mapping[str, float]) -> str:
    """Hold a top 10 against all scores. Articles with equal scores may stand in any order."""
    ordered = sorted(scores, key=lambda key: -scores[key])[:TOP]
    if list(found) == ordered:
        return SAME
    pairs = zip((scores.get(key, 0.0) for key in found), (scores[key] for key in ordered), strict=False)
    are_equal = all(abs(ours - best) <= EQUAL * best for ours, best in pairs)
    return TIED if are_equal and len(set(found)) == len(ordered) else OTHER


def _drawn(queries: Mapping[str, str]) -> dict[str, str]:
    distinct = {text: key for key, text in queries.items()}
    texts = random.Random(12).sample(sorted(distinct), min(QUERIES, len(distinct)))
    return {distinct[text]: text for text in texts}


def _honestly(honesty: Honesty) -> list[Figure]:
    def say(shown: Shown) -> str:
        sure = "no confidence" if shown.auroc is None else f"AUROC {shown.auroc:.3f}"
        return f"{shown.unanswered_empty:.1%} / {shown.answered_empty:.1%}, {sure}"

    what = f"at the floor of {honesty.floor:g}: empty without / with the articles"
    return [
        Figure(what, say(honesty.shown)),
        Figure("— with shuffled labels", say(honesty.control)),
        Figure("AUROC of the plain top score", f"{honesty.top_score_auroc:.3f}"),
    ]


if __name__ == "__main__":
    main()
