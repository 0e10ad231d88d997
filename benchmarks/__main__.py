"""`make bench`: measure, and print one table. `--quick`: the smallest collection only, with short turns."""

import argparse
import os
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import freshness, machine, publishing, reading, serving
from benchmarks.figures import Figure, table
from benchmarks.material import Collection, available
from benchmarks.questions import draw, reader
from benchmarks.servers import empty_view_serving, portal_serving
from benchmarks.serving import Pace

QUICK, WHOLE = Pace(rounds=2, seconds=0.5), Pace(rounds=5, seconds=1.0)
LONGEST_SECONDS = 15 * 60
"""A run that is still going by then hangs, and is stopped."""


def main() -> None:
    """Measure what there is, the smallest collection first."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the smallest collection only, with short turns")
    is_quick = parser.parse_args().quick
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, _stop)
    signal.alarm(LONGEST_SECONDS)
    collections, missing = available(os.environ)
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine.describe()}")
    columns: dict[str, list[Figure]] = {}
    try:
        for collection in collections[:1] if is_quick else collections:
            columns[collection.name] = _measure(collection, QUICK if is_quick else WHOLE)
    except KeyboardInterrupt:
        sys.exit("Stopped; every server was stopped too.")
    finally:
        print("\n".join(["", table(columns), "", *missing, f"Load at the end: {machine.load()}"]))


def _measure(collection: Collection, pace: Pace) -> list[Figure]:
    """Measure one collection in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        data = folder / "data"
        repository = collection.lay_out(folder / "content")
        _say(collection, "publishing")
        figures = publishing.measure(repository, data)
        with portal_serving(repository, data) as server, empty_view_serving(server, folder) as empty:
            _say(collection, "commit to live")
            figures += freshness.measure(repository, server)
            _say(collection, "serving")
            opened = reader(data)
            questions = draw(opened)
            figures += serving.measure(server, empty, questions, pace)
        _say(collection, "searching in process")
        figures += reading.measure(opened, questions)
        opened.close()
        return figures


def _say(collection: Collection, what: str) -> None:
    print(f"{collection.name}: {what} ...", file=sys.stderr, flush=True)


def _stop(number: int, _frame: object) -> None:
    """End as Ctrl-C does, through every `finally`."""
    sys.exit(f"Stopped by {signal.Signals(number).name}.")


if __name__ == "__main__":
    main()
