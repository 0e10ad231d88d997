"""What commands print: progress where somebody looks on, and one line of counts."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import click

from portal.content.problem import Problem, Severity, Skipped
from portal.content.workshop import Progress
from portal.publishing import Published

SHOWN = 20
"""Problems that a publishing prints; `portal check` prints them all."""


@contextmanager
def progress_line() -> Iterator[Progress | None]:
    """Give a progress that redraws one line on a terminal; None where nobody looks on."""
    if not sys.stderr.isatty():
        yield None
        return
    click.echo("Reading articles ...", err=True, nl=False)
    yield lambda done, total: click.echo(f"\rRendering {done:,} of {total:,} articles ...", err=True, nl=False)
    click.echo("\r\033[K", err=True, nl=False)


@contextmanager
def encoding_line() -> Iterator[Callable[[int], None] | None]:
    """Give the same for the second half of a first publishing, when the articles are live already."""
    if not sys.stderr.isatty():
        yield None
        return
    yield lambda left: click.echo(
        f"\r\033[KLive. Adding meaning to the search: {left:,} texts left ...", err=True, nl=False
    )
    click.echo("\r\033[K", err=True, nl=False)


def counts_line(published: Published) -> str:
    """Say in one line what a publishing came to."""
    counts, changed = published.counts, published.changed
    size = f"{_plural(counts['articles'], 'article')}, {_plural(counts['sections'], 'section')}"
    rest = f"{counts['skipped']} skipped, {counts['held_back']} held back, {_plural(counts['problems'], 'problem')}"
    done = f"{published.seconds:.2f} s, {published.peak_megabytes} MB"
    if not published.is_new:
        return f"Up to date: {size} at {published.revision[:12]} ({done})."
    news = f"{changed['added']} new, {changed['edited']} edited, {changed['removed']} removed"
    return f"Published {published.revision[:12]}: {size}; {news}; {rest} ({done})."


def problem_lines(problems: Iterable[Problem], limit: int | None = None) -> Iterator[str]:
    """Give a line a problem, errors first; at most `limit`, then how many more."""
    ordered = sorted(problems, key=lambda found: (found.severity is not Severity.ERROR, found))
    yield from (str(problem) for problem in ordered[:limit])
    if limit is not None and len(ordered) > limit:
        yield f"... and {_plural(len(ordered) - limit, 'more problem')}: run `portal check`."


def skipped_lines(skipped: Iterable[Skipped]) -> Iterator[str]:
    """Give a line for each file that is no article, with the reason; a name that breaks lines is spelled out."""
    for file in skipped:
        path = file.path if file.path.isprintable() else file.path.encode("unicode_escape").decode("ascii")
        yield f"{path}: not an article: {file.reason}"


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
