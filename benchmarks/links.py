"""`python -m benchmarks.links`: whether suggestions that learn from what came of links are better, and never worse.

Agents are simulated, on judged collections. In the past each message of one half of the queries was answered again and
again. An agent who reads sends the right one of the first three suggestions, or none of them; one who does not, any of
them, the first most often. Where what comes of a link *tells*, a customer whose message the article was judged to
answer came back one time in ten, another six times in ten; where it is *noise*, everybody came back three times in
ten. Then both halves are asked once, with that record and without: the messages of the past *again*, and *new* ones.
Quality, not speed: a busy machine changes nothing.
"""

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from benchmarks.machine import describe
from benchmarks.material import ROOT, SETTING
from portal.links.learning import weights
from portal.links.store import Record
from portal.search.evaluation.beir import Collection, files_in, half_of, read_collection
from portal.search.evaluation.measures import ndcg
from portal.search.evaluation.sections import cut_at_headings
from portal.search.evaluation.trial import build_index
from portal.search.parts import WHOLE
from portal.search.query import read

SETS = {"stackfaq": "en", "covidfaq-en": "en", "covidfaq-de": "de"}
"""Those whose queries are people's own words for what articles answer, several to an article."""
RIVALS = 10
PICKED = (0.7, 0.2, 0.1)
"""How often each of the first three suggestions is sent."""
TELLING, NOISE = (0.1, 0.6), (0.3, 0.3)
"""How often customers come back: from an article that answers, and from another."""
OPENED = 0.8
"""Share of links that are opened; who did not open one and came back was seen all the same."""
READS = 0.8
"""Share of agents who read before they send; 0 with --careless."""
TIMES = (5, 20, 80)
"""How often each message of the past was answered."""
RUNS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """One message: what was suggested for it, with scores, and what answers it."""

    ranked: tuple[tuple[str, float], ...]
    relevant: Mapping[str, float]


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.links", description=__doc__)
    parser.add_argument("--half", choices=("development", "test"), default="development")
    parser.add_argument("--careless", action="store_true", help="nobody reads what they send")
    given = parser.parse_args()
    folder = Path(os.environ.get(SETTING) or ROOT.parent / "shared" / "data") / "retrieval"
    if not folder.is_dir():
        sys.exit(f"Nothing was measured: {SETTING} names no folder with retrieval/ in it.")
    print(f"{describe()}\nHalf: {given.half}. nDCG@10, mean of {RUNS} runs, and by how much it changes.\n")
    print(f"| set | messages | n | links a message | without | noise | telling |\n|{' --- |' * 7}")
    for name, lang in SETS.items():
        with tempfile.TemporaryDirectory(prefix="links-") as work:
            asked = _ask(half_of(read_collection(*files_in(folder / name)), given.half), lang, Path(work))
        for line in _lines(name, asked, 0.0 if given.careless else READS):
            print(line, flush=True)


def _ask(collection: Collection, lang: str, folder: Path) -> list[Asked]:
    """Ask each query once, by words alone, in an order that chance made."""
    ids = tuple(collection.documents)
    cut = [part for number, key in enumerate(ids) for part in cut_at_headings(str(number), collection.documents[key])]
    index, _ = build_index(folder, lang, cut)
    queries = sorted(collection.queries.items())
    random.Random(0).shuffle(queries)
    found = []
    for key, text in queries:
        ranked = index.search(read(text), want=RIVALS, parts=WHOLE).ranked
        found.append(Asked(tuple((ids[int(one.article)], one.score) for one in ranked), collection.relevant[key]))
    index.close()
    return found


def _lines(name: str, asked: Sequence[Asked], care: float) -> list[str]:
    past = asked[::2]
    lines = []
    for kind, now in (("new", asked[1::2]), ("again", past)):
        before = fmean(_quality(one, {}) for one in now)
        for times in TIMES:
            found = [
                fmean(fmean(_quality(one, record) for one in now) for record in _pasts(past, times, ends, care))
                for ends in (NOISE, TELLING)
            ]
            cells = (
                name,
                kind,
                f"{len(now):,}",
                str(times),
                f"{before:.4f}",
                *(f"{one - before:+.4f}" for one in found),
            )
            lines.append(f"| {' | '.join(cells)} |")
    return lines


def _pasts(asked: Sequence[Asked], times: int, ends: tuple[float, float], care: float) -> list[dict[str, Record]]:
    return [_past(asked, times, ends, care, random.Random(seed)) for seed in range(RUNS)]


def _past(
    asked: Sequence[Asked], times: int, ends: tuple[float, float], care: float, chance: random.Random
) -> dict[str, Record]:
    """Return each article's record after every message was answered so many times."""
    sent, opened, came_back = Counter[str](), Counter[str](), Counter[str]()
    for one in asked:
        for article in (picked for _ in range(times) if (picked := _picked(one, care, chance))):
            sent[article] += 1
            opened[article] += chance.random() < OPENED
            came_back[article] += chance.random() < ends[article not in one.relevant]
    return {article: Record(sent[article], opened[article], came_back=came_back[article]) for article in sent}


def _picked(asked: Asked, care: float, chance: random.Random) -> str:
    """Return the article that one agent sends; empty where none of the first fits, and the agent has read them."""
    first = [article for article, _ in asked.ranked[: len(PICKED)]]
    if chance.random() < care:
        return next((article for article in first if article in asked.relevant), "")
    return chance.choices(first, PICKED[: len(first)])[0] if first else ""


def _quality(asked: Asked, records: Mapping[str, Record]) -> float:
    by = weights([article for article, _ in asked.ranked], records)
    ordered = sorted(asked.ranked, key=lambda one: -one[1] * by[one[0]])
    return ndcg([article for article, _ in ordered], asked.relevant)


if __name__ == "__main__":
    main()
