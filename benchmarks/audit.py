"""`make audit`: every kind of page before html-validate and Lighthouse; one table. Ends with 1 where a goal is missed.

`--quick` runs Lighthouse once a page. `--on WORD` and `--only WORD` keep the collections and the kinds with this word.
"""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import audit_kinds, audit_material, machine
from benchmarks.audit_kinds import Kind
from benchmarks.audit_report import Row, missed, table
from benchmarks.audit_tools import PACKAGES, Tools, ToolsMissingError
from benchmarks.material import Repository, available
from benchmarks.questions import draw, reader
from benchmarks.servers import HOST, portal_serving

RUNS = 3
LONGEST_SECONDS = 60 * 60
"""A run that is still going by then hangs, and is stopped."""
NO_TOOLS = 2

Kinds = Callable[[Path], list[Kind]]
"""Chooses the pages, once the portal has published into a data folder."""


def main() -> None:
    """Audit what there is, the manual first."""
    options = _options()
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, _stop)
    signal.alarm(LONGEST_SECONDS)
    try:
        tools = Tools.find()
    except ToolsMissingError as error:
        print(error, file=sys.stderr)
        sys.exit(NO_TOOLS)
    audit = _Audit(tools, runs=1 if options.quick else RUNS, only=options.only)
    collections, missing = available(os.environ)
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine.describe()}\nBy npx: {', '.join(PACKAGES)}", flush=True)
    try:
        if options.on in "manual":
            audit.run("manual", audit_material.lay_out, lambda _: audit_kinds.of_the_manual())
        for collection in collections:
            if collection.archives and options.on in collection.name:
                audit.run(collection.name, collection.lay_out, _kinds_of)
    except KeyboardInterrupt:
        sys.exit("Stopped, and so was every server and browser.")
    finally:
        print(f"\n{table(audit.rows)}\n\nLoad at the end: {machine.load()}")
        print("\n".join([*missing, *missed(audit.rows)]))
    sys.exit(1 if any(row.misses for row in audit.rows) else 0)


class _Audit:
    """The rows that have come together so far."""

    def __init__(self, tools: Tools, *, runs: int, only: str) -> None:
        self.rows: list[Row] = []
        self._tools, self._runs, self._only = tools, runs, only

    def run(self, name: str, lay_out: Callable[[Path], Repository], kinds: Kinds) -> None:
        """Publish and serve one repository, and look at its pages."""
        with tempfile.TemporaryDirectory(prefix="audit-") as folder_name:
            folder = Path(folder_name)
            repository = lay_out(folder / "content")
            with portal_serving(repository, folder / "data") as server:
                chosen = [kind for kind in kinds(folder / "data") if self._only in kind.name]
                self._look(name, f"http://{HOST}:{server.port}", chosen, folder)

    def _look(self, name: str, address: str, kinds: list[Kind], folder: Path) -> None:
        files = {kind: folder / f"{number}.html" for number, kind in enumerate(kinds)}
        wrong = {kind: audit_kinds.fetch(address, kind, file) for kind, file in files.items()}
        markup = self._tools.validate(files.values()) if files else {}
        for kind in kinds:
            print(f"{name}: {kind.name} ...", file=sys.stderr, flush=True)
            lights = None if wrong[kind] else self._tools.lighthouse(address, kind, folder, self._runs)
            self.rows.append(Row(name, kind, wrong[kind], tuple(markup[files[kind]]), lights))


def _kinds_of(data: Path) -> list[Kind]:
    opened = reader(data)
    try:
        return audit_kinds.of_a_collection(opened, draw(opened))
    finally:
        opened.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.audit", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="Lighthouse once a page, not three times")
    parser.add_argument("--on", default="", metavar="WORD", help="only the collections with this word in their name")
    parser.add_argument(
        "--only", default="", metavar="WORD", help="only the kinds of pages with this word in their name"
    )
    return parser.parse_args()


def _stop(number: int, _frame: object) -> None:
    """End as Ctrl-C does, through every `finally`."""
    sys.exit(f"Stopped by {signal.Signals(number).name}.")


if __name__ == "__main__":
    main()
