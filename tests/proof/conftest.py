"""`make proof` alone runs what is here; each proof says its figures at the end."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.proof.centre import Centre

HERE = Path(__file__).parent
FIGURES = pytest.StashKey[list[str]]()
Say = Callable[[str], None]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark everything here, and leave it out unless proofs are asked for."""
    proofs = [item for item in items if HERE in item.path.parents]
    for item in proofs:
        item.add_marker("proof")
    if proofs and "proof" not in config.getoption("markexpr"):
        config.hook.pytest_deselected(items=proofs)
        items[:] = [item for item in items if item not in proofs]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print every figure, then the counts, last."""
    for figure in config.stash.get(FIGURES, []):
        terminalreporter.write_line(figure)
    count = {name: len(terminalreporter.stats.get(name, [])) for name in ("passed", "failed", "error")}
    if FIGURES in config.stash or count["failed"]:
        terminalreporter.write_line(f"{count['passed']} passed, {count['failed'] + count['error']} failed")


@pytest.fixture
def say(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> Say:
    """Take down a figure, to be printed at the end."""
    figures = pytestconfig.stash.setdefault(FIGURES, [])
    return lambda text: figures.append(f"{request.node.name}: {text}")


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    """A help centre of its own, nothing published yet."""
    return Centre(tmp_path)
