"""`python -m benchmarks.growth`: one query beside the peers at 1,000, 10,000 and 100,000 sections. Takes minutes.

`--most N` leaves out sizes above N. It needs the largest collection of `PORTAL_DATA_SETS`.
"""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from benchmarks import larger, machine, ours
from benchmarks.contest import compete
from benchmarks.figures import Figure, megabytes, table
from benchmarks.material import available
from benchmarks.searching import build_peers, kinds_of
from benchmarks.sections import written
from portal.search.document import IndexDocument
from portal.settings import Settings

SIZES = (1_000, 10_000, 100_000)
LANG = "en"
SOURCE = "business-central"
LONGEST_SECONDS = 60 * 60
"""A run that is still going by then hangs, and is stopped."""


def main() -> None:
    """Measure every size, the smallest first."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], metavar="N", help="leave out sizes above N")
    most = parser.parse_args().most
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, _stop)
    signal.alarm(LONGEST_SECONDS)
    source = next((one for one in available(os.environ)[0] if one.name == SOURCE), None)
    if source is None:
        sys.exit(f"{SOURCE} is not there; set PORTAL_DATA_SETS to the folder that has articles/{SOURCE}.tar.gz.")
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine.describe()}\n{larger.HOW}\n")
    columns: dict[str, list[Figure]] = {}
    with tempfile.TemporaryDirectory(prefix="growth-") as name:
        folder = Path(name)
        articles = larger.articles_of(source.lay_out(folder / "content"), folder / "data", LANG)
        for wanted in (size for size in SIZES if size <= most):
            print(f"{wanted:,} sections ...", file=sys.stderr, flush=True)
            documents = larger.grown(articles, wanted)
            columns[f"{len(documents):,} sections"] = _measure(documents, folder / str(wanted))
    print(f"{table(columns)}\n\nOne query: p50 / p99 = multiples of Tantivy's.\nLoad at the end: {machine.load()}")


def _measure(documents: Sequence[IndexDocument], folder: Path) -> list[Figure]:
    own = folder / "own"
    began = perf_counter()
    settings = Settings()
    has_meaning = ours.build(own, LANG, documents, settings)
    took = perf_counter() - began
    sections = {LANG: written(documents)}
    peers, built = build_peers(folder, sections)
    contenders = ours.of_indexes({LANG: own / LANG}, settings, has_meaning=has_meaning)
    return [
        Figure("articles", f"{len({one.article for one in documents}):,}"),
        Figure("Signpost: built in, size on disk", f"{took:.1f} s, {megabytes(machine.size_on_disk(own))}"),
        *built,
        *compete([*contenders, *peers], kinds_of(sections)),
    ]


def _stop(number: int, _frame: object) -> None:
    """End as Ctrl-C does, through every `finally`."""
    sys.exit(f"Stopped by {signal.Signals(number).name}.")


if __name__ == "__main__":
    main()
