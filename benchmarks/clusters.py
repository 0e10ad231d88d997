"""`python -m benchmarks.clusters FOLDER`: our clusters beside peers, on the same queries in the same run.

FOLDER holds labelled queries, `*.jsonl.gz`. Peers: average linkage on each representation, cut at one distance for
all sets, which is tuned for pairwise F1 on the development halves of all sets together; and k-means on TF-IDF that is
told how many clusters there are. Ours is told nothing. Printed for the test halves and for whole sets.
"""

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer

from portal.gaps.cluster import Asked, Floats, cluster
from portal.gaps.evaluate import agreement
from portal.gaps.labelled import NONE, Labelled, read_labelled
from portal.gaps.wording_vectors import Vectors
from portal.search.evaluation.beir import is_development
from portal.search.meaning.threads import pin_threads

CUTS = np.arange(0.2, 0.96, 0.02)
Numbers = NDArray[np.int64]
Queries = Sequence[Labelled]
HALVES: Mapping[str, Callable[[Queries], list[Labelled]]] = {
    "development": lambda queries: [query for query in queries if is_development(query.id)],
    "test": lambda queries: [query for query in queries if not is_development(query.id)],
    "whole": list,
}


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--halves", default="test,whole", help="which, apart by commas")
    wanted = parser.parse_args()
    pin_threads()
    sets = {file.name.partition(".")[0]: read_labelled(file) for file in sorted(wanted.folder.glob("*.jsonl*"))}
    with tempfile.TemporaryDirectory() as folder:
        use, small = (Vectors(Path(folder) / f"{name}.sqlite", name) for name in ("use", "wordllama"))
        kinds: dict[str, Callable[[list[str]], Floats]] = {
            "TF-IDF": _tfidf,
            "USE": lambda texts: _rows(use, texts),
            "WordLlama": lambda texts: _rows(small, texts),
        }
        cuts = {name: _tuned(sets, kind) for name, kind in kinds.items()}
        print("cuts:", {name: round(cut, 2) for name, cut in cuts.items()})
        for half in wanted.halves.split(","):
            for name, queries in sets.items():
                _compare(f"{name} ({half})", HALVES[half](queries), kinds, cuts, (use, small))


def _compare(
    title: str,
    queries: Queries,
    kinds: Mapping[str, Callable[[list[str]], Floats]],
    cuts: Mapping[str, float],
    encoders: tuple[Vectors, Vectors],
) -> None:
    texts = [query.text for query in queries]
    labels = {query.label for query in queries} - {NONE}
    print(f"\n{title}: {len(texts):,} queries, {len(labels)} needs")
    for name, kind in kinds.items():
        tree = linkage(kind(texts), "average", "cosine")
        _print(f"average linkage, {name}", queries, fcluster(tree, cuts[name], "distance"))
    guessed = KMeans(len(labels), n_init=3, random_state=0).fit_predict(_tfidf(texts))
    _print("k-means, TF-IDF, true k", queries, guessed)
    use, small = encoders
    _ours("Signpost, words alone", queries, None, None)
    _ours("Signpost", queries, _rows(use, texts), use.background("en"))
    both, behind = (
        np.concatenate([a, b], axis=1) / np.float32(2**0.5)
        for a, b in ((_rows(use, texts), _rows(small, texts)), (use.background("en"), small.background("en")))
        if a is not None and b is not None
    )
    _ours("Signpost, with WordLlama beside", queries, both, behind)


def _ours(name: str, queries: Queries, rows: Floats | None, behind: Floats | None) -> None:
    began = perf_counter()
    found = cluster([Asked(text=query.text, lang="en") for query in queries], rows, behind=lambda _: behind)
    seconds = perf_counter() - began
    numbers = np.zeros(len(queries), np.int64)
    for number, one in enumerate(found):
        numbers[list(one.members)] = number
    _print(name, queries, numbers, f"  {seconds:.1f} s")


def _print(name: str, queries: Queries, numbers: Numbers, more: str = "") -> None:
    known = np.array([query.label != NONE for query in queries])
    found = agreement([query.label for query in queries if query.label != NONE], numbers[known].tolist())
    sizes = np.unique(numbers, return_inverse=True, return_counts=True)
    together = (sizes[2][sizes[1]] > 1)[~known]
    print(
        f"  {name:32} V {found.v_measure:.3f}  ARI {found.ari:.3f}  F1 {found.pairwise_f1:.3f}"
        f"  P {found.pairwise_precision:.2f}  R {found.pairwise_recall:.2f}  clusters {len(sizes[0]):5}"
        f"  none {together.mean() if len(together) else 0:.2f}{more}"
    )


def _tuned(sets: Mapping[str, Queries], kind: Callable[[list[str]], Floats]) -> float:
    """Return the distance with the best mean pairwise F1 on the development halves."""
    scores = np.zeros(len(CUTS))
    for queries in sets.values():
        half = HALVES["development"](queries)
        tree = linkage(kind([query.text for query in half]), "average", "cosine")
        known = np.array([query.label != NONE for query in half])
        labels = [query.label for query in half if query.label != NONE]
        scores += [agreement(labels, fcluster(tree, cut, "distance")[known].tolist()).pairwise_f1 for cut in CUTS]
    return float(CUTS[scores.argmax()])


def _tfidf(texts: list[str]) -> Floats:
    rows: Floats = TfidfVectorizer(sublinear_tf=True).fit_transform(texts).toarray().astype(np.float32)
    rows[~rows.any(axis=1)] = 1e-6  # a text without words has no angle to anything, and SciPy would give NaN
    return rows


def _rows(vectors: Vectors, texts: list[str]) -> Floats:
    rows = vectors.of("en", texts)
    if rows is None:
        raise SystemExit("an encoder is missing: pip install 'signpost-portal[wordllama]'")
    return rows


if __name__ == "__main__":
    main()
