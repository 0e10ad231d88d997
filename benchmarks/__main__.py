"""`make bench`: measure, and print one table. `--quick`: the smallest collection only, with short turns."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import freshness, machine, publishing, reading, searching, serving, weights
from benchmarks.figures import Figure, table
from benchmarks.material import Collection, available, together
from benchmarks.questions import draw, reader
from benchmarks.servers import empty_view_serving, portal_serving, wait_until_printed
from benchmarks.size import QUICK, WHOLE, Size

LONGEST_SECONDS = 60 * 60
"""A run that is still going by then hangs, and is stopped."""
LEGEND = """Requests: answers per second = share of the empty view's in the same rounds; p50 / p99.
One query: p50 / p99 = multiples of Tantivy's. docs/benchmarks.md says more."""


def main() -> None:
    """Measure what there is, the smallest collection first."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the smallest collection only, with short turns")
    is_quick = parser.parse_args().quick
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, _stop)
    signal.alarm(LONGEST_SECONDS)
    collections, missing = available(os.environ)
    everything = together(collections)
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine.describe()}")
    columns: dict[str, list[Figure]] = {}
    try:
        for collection in collections[:1] if is_quick else [*collections, *([everything] if everything else [])]:
            columns[collection.name] = _measure(collection, QUICK if is_quick else WHOLE)
    except KeyboardInterrupt:
        sys.exit("Stopped, and so was every server.")
    except subprocess.CalledProcessError as error:
        sys.exit(f"Stopped, because this failed: {error}")
    finally:
        print("\n".join(["", table(columns) if columns else "Nothing was measured to its end.", "", *missing]))
        print(f"{LEGEND}\nLoad at the end: {machine.load()}")


def _measure(collection: Collection, size: Size) -> list[Figure]:
    """Measure one collection in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        data = folder / "data"
        repository = collection.lay_out(folder / "content")
        _say(collection, "publishing")
        figures = publishing.measure(repository, data, size.edits)
        with portal_serving(repository, data) as server, empty_view_serving(server, folder) as empty:
            _say(collection, "commit to live")
            figures += freshness.measure(repository, server)
            wait_until_printed(data)
            _say(collection, "serving")
            opened = reader(data)
            questions = draw(opened)
            figures += serving.measure(server, empty, questions, size)
            figures += weights.measure(server, questions)
        _say(collection, "searching in process, beside peers")
        figures += searching.measure(data, folder / "peers")
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
