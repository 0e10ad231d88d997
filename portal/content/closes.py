"""Closes: which gaps a publishing says it closes, by front matter and by trailers of commits."""

import re
from collections.abc import Iterator

from portal.audience import Status
from portal.content.article import parse
from portal.content.git import GitFailed, Repository
from portal.content.knowledge_base import candidates
from portal.content.problem import ArticleInvalid
from portal.content.site import Site
from portal.content.source import FolderSource, GitSource, Source
from portal.content.tree import Tree

TRAILER = "Closes-Gap"
MOST_DIGITS = 9
_TRAILER = re.compile(rf"^[ \t>*-]*{TRAILER}:[ \t]*(#?\d[#\d, \t]*)\r?$", re.IGNORECASE | re.MULTILINE)
_NUMBER = re.compile(r"\d+")


def closings(source: Source, before: str | None, after: str) -> dict[int, str]:
    """Return each gap that is said to be closed between two published revisions, with the commit that says so.

    In a plain folder the id of the article's bytes stands for the commit: as long as they stay, so does that.
    before: the revision that was live; None, or one that the history has lost, and articles alone are asked.
    Trailers count wherever they stand in a message: whoever squashes commits puts them into its middle.
    An article that is a draft closes nothing. Whether such gaps exist is not known here. Raises GitFailed.
    """
    if isinstance(source, FolderSource):
        tree = source.tree(after)
        return {gap: tree.blobs[path].oid for path, gaps in _in_articles(tree, None) for gap in gaps}
    repository = source.repository
    known = before if before and _has(repository, before) else None
    found = dict(_in_messages(repository, known, after)) if known else {}
    changed = _changed(source, known, after) if known else None
    for path, gaps in _in_articles(source.tree(after), changed):
        for gap in gaps:
            found.setdefault(gap, _last_change(source, path, after))
    return found


def closing_paths(source: Source, revision: str) -> dict[int, tuple[str, ...]]:
    """Return gap -> the articles that say in a published revision that they close it. Raises GitFailed."""
    found: dict[int, tuple[str, ...]] = {}
    for path, gaps in _in_articles(source.tree(revision), None):
        for gap in gaps:
            found[gap] = (*found.get(gap, ()), path)
    return found


def numbers_in(message: str) -> tuple[int, ...]:
    """Return the gaps that a commit's message names, such as `Closes-Gap: 12, 14`."""
    named = [number for found in _TRAILER.finditer(message) for number in _NUMBER.findall(found[1])]
    return tuple(dict.fromkeys(int(number) for number in named if len(number) <= MOST_DIGITS and int(number)))


def _in_messages(repository: Repository, before: str, after: str) -> Iterator[tuple[int, str]]:
    """Give (gap, commit), oldest commits first, so that the last one to name a gap counts."""
    log = repository.ask("log", "--reverse", "-z", "--no-color", "--format=%H%n%B", f"{before}..{after}", "--")
    for record in log.decode("utf-8", "replace").split("\0"):
        commit, _, message = record.partition("\n")
        for gap in numbers_in(message):
            yield gap, commit


def _in_articles(tree: Tree, changed: frozenset[str] | None) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Give (path, gaps) of articles that are published and name gaps. changed: paths to look at, None for all."""
    with tree.reading() as reading:
        for path, blob in candidates(tree)[0].items():
            if changed is not None and path not in changed:
                continue
            data = reading.read(blob)
            if b"closes" not in data.lower():
                continue
            try:
                article, _ = parse(path, blob.oid, data, Site())
            except ArticleInvalid:
                continue
            if article.closes and article.visibility.status is Status.PUBLISHED:
                yield path, article.closes


def _has(repository: Repository, commit: str) -> bool:
    """Whether the history still has a commit: it may have been written anew, or be a folder's fingerprint."""
    try:
        repository.ask("cat-file", "-e", f"{commit}^{{commit}}")
    except GitFailed:
        return False
    return True


def _changed(source: GitSource, before: str, after: str) -> frozenset[str]:
    listed = source.repository.ask("diff-tree", "-r", "-z", "--name-only", "--no-renames", before, after, "--")
    prefix = f"{source.prefix}/" if source.prefix else ""
    paths = listed.decode("utf-8", "surrogateescape").split("\0")
    return frozenset(path.removeprefix(prefix) for path in paths if path.startswith(prefix))


def _last_change(source: GitSource, path: str, after: str) -> str:
    whole = "/".join(filter(None, (source.prefix, path)))
    return source.repository.line("log", "-1", "--format=%H", after, "--", f":(literal){whole}") or after
