"""`python -m benchmarks.personal`: what putting the visitor's product first costs and wins on judged collections.

No judged collection has products, so they are dealt out: each document gets one of a few by chance. "Any" is a visitor
whose product has nothing to do with what they ask, so nothing can be won; "theirs" is one who asks about what they
have. Several deals are averaged. `--lift` tries others than the one in use; tune on `--half development` alone.
"""

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.material import ROOT, SETTING
from benchmarks.relevance import SETS
from portal.search.evaluation import measures
from portal.search.evaluation.beir import Collection, files_in, half_of, read_collection
from portal.search.evaluation.sections import cut_at_headings
from portal.search.evaluation.trial import Method, Trial
from portal.search.meaning.encoder import preload
from portal.search.meaning.kept import KeptVectors
from portal.search.parts import WHOLE
from portal.search.products import LIFT, order

DEALS = 20
"""How often products are dealt out."""
PRODUCTS = (3, 10)
"""Numbers of products: of few, each is on many hits."""
Answers = dict[str, tuple[tuple[str, ...], tuple[float, ...]]]
"""For each query the ids that were found and their scores, best first."""


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.personal", description=__doc__)
    parser.add_argument("--half", choices=("development", "test", "all"), default="test")
    parser.add_argument("--encoder", default="auto", help="as PORTAL_ENCODER")
    parser.add_argument("--lift", type=float, action="append", help="a lift to try; may be given again")
    parser.add_argument("--on", action="append", choices=sorted(SETS), help="this set alone; may be given again")
    given = parser.parse_args()
    folder = Path(os.environ.get(SETTING) or ROOT.parent / "shared" / "data") / "retrieval"
    if not folder.is_dir():
        sys.exit(f"Nothing was measured: {SETTING} names no folder with retrieval/ in it.")
    preload(given.encoder)
    print(f"{describe()}\nHalf: {given.half}. nDCG@10 and its change, means of {DEALS} deals.\n")
    print("| set | n | products | lift | alike | any | theirs |")
    print(f"|{' --- |' * 7}")
    with tempfile.TemporaryDirectory(prefix="personal-") as name:
        for one in given.on or list(SETS):
            collection = half_of(read_collection(*files_in(folder / one)), given.half)
            answers = _ask(collection, Path(name) / one, SETS[one], given.encoder)
            for row in _rows(collection, answers, given.lift or [LIFT]):
                print(f"| {one} | {len(answers):,} | {row}", flush=True)


def _ask(collection: Collection, folder: Path, lang: str, encoder: str) -> Answers:
    with KeptVectors(folder / "vectors.sqlite", encoder, at_once=sys.maxsize) as kept:
        trial = Trial(folder / "index", lang, collection.documents, Method(cut_at_headings, WHOLE, kept))
    try:
        asked = {key: trial.ask(text) for key, text in collection.queries.items()}
    finally:
        trial.close()
    return {key: (one.found, one.scores) for key, one in asked.items()}


def _rows(collection: Collection, answers: Answers, lifts: Sequence[float]) -> Iterator[str]:
    alike = measures.mean([measures.ndcg(found, collection.relevant[key]) for key, (found, _) in answers.items()])
    for count in PRODUCTS:
        for lift in lifts:
            pairs = [_deal(collection, answers, count, lift, seed) for seed in range(DEALS)]
            cost, win = (measures.mean(list(side)) - alike for side in zip(*pairs, strict=True))
            yield f"{count} | {lift:.2f} | {alike:.4f} | {cost:+.4f} | {win:+.4f} |"


def _deal(collection: Collection, answers: Answers, count: int, lift: float, seed: int) -> tuple[float, float]:
    """Deal products out once; return nDCG@10 for visitors with any product, and for those with the right one."""
    dice = random.Random(seed)
    product = {key: dice.randrange(count) for key in collection.documents}
    by_chance: list[float] = []
    theirs: list[float] = []
    for key, (found, scores) in answers.items():
        relevant = collection.relevant[key]
        right = product[max(relevant, key=lambda one: relevant[one])]
        for visitor, kept in ((dice.randrange(count), by_chance), (right, theirs)):
            places = order(scores, [product[one] == visitor for one in found], lift)
            kept.append(measures.ndcg([found[place] for place in places], relevant))
    return measures.mean(by_chance), measures.mean(theirs)


if __name__ == "__main__":
    main()
