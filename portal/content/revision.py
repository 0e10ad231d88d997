"""Revision: what one revision says beside its articles: the settings of the company, and the past of its files."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from portal.content.history import History, past_without_history, read_history
from portal.content.knowledge_base import SITE_FILE
from portal.content.places import languages_in
from portal.content.problem import Problem, Severity
from portal.content.site import Site
from portal.content.site_file import parse_site
from portal.content.source import GitSource, Source
from portal.content.tree import Blob, Reading, Tree


def read_settings(
    tree: Tree, reading: Reading, history: History, paths: Sequence[str]
) -> tuple[Site, tuple[Problem, ...]]:
    """Read `portal.toml`; one that can't be read at all gives way to its last good revision.

    paths: those of the articles, which say what languages there are where the file does not.
    """
    blob = tree.blobs.get(SITE_FILE)
    site, problems = parse_site(reading.read(blob) if blob else None, tree.blobs)
    former = history.pasts[SITE_FILE].former if blob and _has_error(problems) else ()
    for earlier in former:
        older, found = parse_site(reading.read(Blob(SITE_FILE, earlier.blob, 0)), tree.blobs)
        if not _has_error(found):
            site = older
            break
    return (site if site.languages else replace(site, languages=languages_in(list(paths)))), problems


def read_past(source: Source, tree: Tree, at: datetime, cache: Path) -> History:
    """Read the past of the tree's files; a folder outside of git has none."""
    known: History = History({}, is_whole=False)
    if isinstance(source, GitSource):
        known = read_history(source.repository, tree.revision, source.prefix, cache)
    pasts = {path: known.pasts.get(path) or past_without_history(path, at) for path in tree.blobs}
    return History(pasts, known.is_whole)


def about_past(source: Source, history: History) -> tuple[Problem, ...]:
    """Say what is wrong with a history."""
    if history.is_whole or not isinstance(source, GitSource):
        return ()
    what = "the clone is shallow, so ids of articles without `id:` come from today's paths"
    return (Problem(".", 1, what, "Fetch the whole history: git fetch --unshallow.", Severity.WARNING),)


def _has_error(problems: tuple[Problem, ...]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)
