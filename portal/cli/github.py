"""GitHub: annotations and the step's summary, as GitHub Actions reads them from what a command prints."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from portal.errors import Unavailable


def annotation(kind: str, message: str, **where: str) -> str:
    """Return an annotation. kind: error, warning or notice. where: `file`, `title`; empty ones are left out."""
    given = ",".join(f"{name}={_in_property(value)}" for name, value in where.items() if value)
    return f"::{kind}{' ' if given else ''}{given}::{_in_message(message)}"


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a Markdown table; whatever stands in a cell is text."""
    lines = [heads, ("---",) * len(heads), *(tuple(_in_cell(cell) for cell in row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def add_to_summary(text: str, environ: Mapping[str, str]) -> None:
    """Add to the page of the step, where there is one. Raises Unavailable."""
    name = environ.get("GITHUB_STEP_SUMMARY")
    if not name:
        return
    try:
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError as error:
        raise Unavailable(f"The step's summary {name} can't be written: {error.strerror}.") from error


def echo(lines: list[str]) -> None:
    """Print lines."""
    for line in lines:
        click.echo(line)


def _in_message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _in_property(text: str) -> str:
    return _in_message(text).replace(":", "%3A").replace(",", "%2C")


def _in_cell(text: str) -> str:
    plain = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace("\\", "\\\\")
    return plain.replace("|", "\\|").replace("`", "\\`").replace("[", "\\[").replace("@", "@\u200b")
