"""`python -m benchmarks.relevance`: the judged collections beside plain BM25; `--parts`: with each part off in turn.

Quality, not speed: a busy machine changes nothing. Vectors are kept between the runs of one call.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.material import ROOT, SETTING
from portal.search.confidence import FLOOR
from portal.search.evaluation.beir import Collection, files_in, half_of, read_collection
from portal.search.evaluation.outcome import Outcome, Wanted, evaluate
from portal.search.meaning.encoder import preload
from portal.search.parts import WHOLE, Parts

SETS = {
    "stackfaq": "en", "covidfaq-en": "en", "covidfaq-de": "de", "bc-keywords": "en", "xquad-en": "en", "xquad-de": "de",
    "xquad-zh": "zh",
}  # fmt: skip
OFF = ("meaning", "correction", "compounds", "titles", "coverage", "weak")
"""Parts that are left out in turn; the sets have no synonyms.txt, so nothing is lost without it."""
SEED = 1


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.relevance", description=__doc__)
    parser.add_argument("--half", choices=("development", "test", "all"), default="test")
    parser.add_argument("--encoder", default="auto", help="as PORTAL_ENCODER")
    parser.add_argument("--parts", action="store_true", help="leave out each part in turn, and make typos")
    parser.add_argument("--on", action="append", choices=sorted(SETS), help="this set alone; may be given again")
    given = parser.parse_args()
    folder = Path(os.environ.get(SETTING) or ROOT.parent / "shared" / "data") / "retrieval"
    if not folder.is_dir():
        sys.exit(f"Nothing was measured: {SETTING} names no folder with retrieval/ in it.")
    preload(given.encoder)
    print(f"{describe()}\nHalf: {given.half}. nDCG@10 unless said.\n")
    with tempfile.TemporaryDirectory(prefix="relevance-") as name:
        rows = _without_parts if given.parts else _whole
        for line in rows(given.on or list(SETS), given, folder, Path(name)):
            print(line, flush=True)


def _whole(names: list[str], given: argparse.Namespace, folder: Path, work: Path) -> Iterator[str]:
    yield "| set | n | ours | BM25 | typos kept | AUROC | of top score | answered empty | unanswered empty | control |"
    yield f"|{' --- |' * 10}"
    for name in names:
        collection = half_of(read_collection(*files_in(folder / name)), given.half)
        wanted = Wanted(lang=SETS[name], encoder=given.encoder, vectors=work / "kept", typo_seed=SEED, floor=FLOOR)
        yield _row(name, collection, evaluate(collection, work / name, wanted))


def _row(name: str, collection: Collection, found: Outcome) -> str:
    assert found.bm25
    assert found.typos
    assert found.honesty
    seen, shown = found.honesty, found.honesty.shown
    cells = (
        name,
        f"{len(collection.queries):,}",
        f"{found.figures.ndcg:.3f}",
        f"{found.bm25.ndcg:.3f}",
        f"{found.typos.kept or 0:.1%}",
        f"{shown.auroc:.3f}",
        f"{seen.top_score_auroc:.3f}",
        f"{shown.answered_empty:.1%}",
        f"{shown.unanswered_empty:.1%}",
        f"{seen.control.auroc:.3f}",
    )
    return f"| {' | '.join(cells)} |"


def _without_parts(names: list[str], given: argparse.Namespace, folder: Path, work: Path) -> Iterator[str]:
    yield f"| set | all | {' | '.join(f'without {part}' for part in OFF)} | with typos | typos, without correction |"
    yield f"|{' --- |' * (4 + len(OFF))}"
    for name in names:
        collection = half_of(read_collection(*files_in(folder / name)), given.half)
        wanted = Wanted(
            lang=SETS[name], encoder=given.encoder, vectors=work / "kept", has_baseline=False, typo_seed=SEED
        )
        whole = evaluate(collection, work / f"{name}-all", wanted)
        figures = [whole.figures.ndcg]
        typos = [whole.typos.figures.ndcg] if whole.typos else []
        for part in OFF:
            parts: Parts = replace(WHOLE, **{part: False})  # type: ignore[arg-type] # all of OFF are switches
            found = evaluate(collection, work / f"{name}-{part}", replace(wanted, parts=parts))
            figures.append(found.figures.ndcg)
            if part == "correction" and found.typos:
                typos.append(found.typos.figures.ndcg)
        yield f"| {' | '.join([name, *(f'{figure:.3f}' for figure in (*figures, *typos))])} |"


if __name__ == "__main__":
    main()
