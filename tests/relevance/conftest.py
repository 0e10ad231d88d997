"""Judged collections are read where `PORTAL_DATA_SETS` says; where they are not, the run says so in one line."""

import os
from pathlib import Path

import pytest

from portal.settings import ROOT

JUDGED = Path(os.environ.get("PORTAL_DATA_SETS") or ROOT.parent / "shared" / "data") / "retrieval"
MISSING = "Relevance is not measured: there is no folder `retrieval` below PORTAL_DATA_SETS."


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what measures judged collections where there are none."""
    wanting = [item for item in items if "judged" in getattr(item, "fixturenames", ())]
    if wanting and not JUDGED.is_dir():
        config.hook.pytest_deselected(items=wanting)
        items[:] = [item for item in items if item not in wanting]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not JUDGED.is_dir():
        terminalreporter.write_line(MISSING)
