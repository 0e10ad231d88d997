"""Past: what git's history knows of each file of one revision, read in one pass.

The first parents of the published branch tell where a file came from (a rename keeps its origin);
all other commits tell who wrote it and when.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path

from portal.content.git import GitFailed, Repository

KEPT_BLOBS = 8
_FORMAT = "%x02%H%x00%P%x00%aN%x00%ct"
_RENAMES = "-l2000"


@dataclass(frozen=True, slots=True)
class Former:
    """Earlier bytes of a file, and the commit that made them."""

    blob: str
    revision: str
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A file's life up to one revision."""

    origin: str
    """Where it stood when it first appeared; follows renames, differs for every living file."""
    revision: str
    """The last commit that changed its bytes; a mere move keeps it, and so the votes that name it."""
    updated_at: datetime
    created_at: datetime
    authors: tuple[str, ...] = ()
    """Names, the latest first, each once."""
    former_paths: tuple[str, ...] = ()
    former: tuple[Former, ...] = ()
    """Its earlier bytes, the latest first, at most KEPT_BLOBS."""


@dataclass(frozen=True, slots=True)
class History:
    """The past of every file of one revision, by path from the content root."""

    pasts: Mapping[str, Past]
    is_whole: bool
    """False where the clone is shallow or there is no git: origins are today's paths then."""


@dataclass(slots=True)
class _Life:
    """A file while the walk goes on; times are seconds since 1970."""

    origin: str
    revision: str
    updated: int
    created: int
    blob: str
    former_paths: list[str] = field(default_factory=list)
    former: list[tuple[str, str, int]] = field(default_factory=list)
    """(blob, revision, seconds) of earlier bytes."""


@dataclass(slots=True)
class _Walk:
    """All that is known after `head`; kept between publishings so that only new commits are read."""

    head: str = ""
    lives: dict[str, _Life] = field(default_factory=dict)
    authors: dict[str, list[str]] = field(default_factory=dict)
    touched: dict[str, tuple[str, int]] = field(default_factory=dict)
    """`path:blob` -> the ordinary commit that made it so, for what arrives later by a merge."""


@dataclass(frozen=True, slots=True)
class _Change:
    letter: str
    blob: str
    path: str
    old_path: str


@dataclass(frozen=True, slots=True)
class _Commit:
    id: str
    parents: tuple[str, ...]
    author: str
    seconds: int
    changes: tuple[_Change, ...]


def read_history(repository: Repository, revision: str, prefix: str, cache: Path | None = None) -> History:
    """Read the past of every file below `prefix` at the commit `revision`.

    cache: a file in which the walk is kept; when it can't be read, all is read again.
    Raises GitFailed.
    """
    key = f"{repository.folder}\0{prefix}"
    walk = _load(cache, key)
    if not walk.head or not _continues(repository, walk.head, revision):
        walk = _Walk()
    span = f"{walk.head}..{revision}" if walk.head else revision
    if walk.head != revision:
        on_branch = set(repository.ask("rev-list", "--first-parent", span, "--").decode("ascii").split())
        for commit in _commits(repository, span, prefix):
            _take_authors(walk, commit)
            if commit.id in on_branch:
                _take_lives(walk, commit)
        walk.head = revision
        _save(cache, key, walk)
    pasts = {path: _past(life, walk.authors.get(path, [])) for path, life in walk.lives.items()}
    return History(pasts, is_whole=not repository.is_shallow())


def past_without_history(path: str, at: datetime) -> Past:
    """Return what can be said of a file that no commit has told of."""
    return Past(origin=path, revision="", updated_at=at, created_at=at)


def _continues(repository: Repository, old: str, new: str) -> bool:
    """Whether `old` is `new` or one of its first parents, so that the walk can go on from there."""
    if old == new:
        return True
    try:
        edge = repository.ask("rev-list", "--first-parent", "--boundary", f"{old}..{new}", "--").decode("ascii").split()
    except GitFailed:
        return False
    return f"-{old}" in edge


def _commits(repository: Repository, span: str, prefix: str) -> Iterator[_Commit]:
    """Read the log, oldest first. Paths in it are from the content root."""
    log = repository.ask(
        *("log", "--reverse", "--topo-order", "--diff-merges=first-parent", "-M", _RENAMES, "--raw", "-z"),
        *("--no-abbrev", "--no-color", "--no-ext-diff", "--no-textconv", f"--format={_FORMAT}", span, "--"),
        *([f"{prefix}/"] if prefix else []),
        seconds=900,
    )
    cut = len(prefix) + 1 if prefix else 0
    parts = iter(log.decode("utf-8", "backslashreplace").split("\0"))
    head: tuple[str, str, str, str] | None = None
    changes: list[_Change] = []
    for raw in parts:
        text = raw.lstrip("\n")
        if text.startswith("\x02"):
            if head:
                yield _commit(head, changes)
            head, changes = (text[1:], next(parts), next(parts), next(parts)), []
        elif text.startswith(":"):
            letter, blob = text.split(" ")[4][0], text.split(" ")[3]
            old = next(parts)[cut:]
            changes.append(_Change(letter, blob, next(parts)[cut:] if letter in "RC" else old, old))
    if head:
        yield _commit(head, changes)


def _commit(head: tuple[str, str, str, str], changes: list[_Change]) -> _Commit:
    commit, parents, author, seconds = head
    return _Commit(commit, tuple(parents.split()), author, int(seconds), tuple(changes))


def _take_authors(walk: _Walk, commit: _Commit) -> None:
    """Credit who wrote an ordinary commit; a merge writes nothing of its own."""
    if len(commit.parents) > 1:
        return
    for change in commit.changes:
        names = walk.authors.get(change.old_path, [])
        walk.authors[change.path] = [commit.author, *(name for name in names if name != commit.author)][:KEPT_BLOBS]
        walk.touched[f"{change.path}:{change.blob}"] = (commit.id, commit.seconds)


def _take_lives(walk: _Walk, commit: _Commit) -> None:
    """Move every file of the branch on by one commit: first what leaves its place, then what arrives."""
    leaving = {change.old_path for change in commit.changes if change.letter in "DR"}
    origins = {life.origin for life in walk.lives.values()} if any(c.letter == "A" for c in commit.changes) else set()
    gone = {path: walk.lives.pop(path) for path in leaving if path in walk.lives}
    for change in commit.changes:
        if change.letter == "D":
            continue
        before = gone.get(change.old_path) if change.letter == "R" else walk.lives.get(change.path)
        revision, seconds = walk.touched.get(f"{change.path}:{change.blob}", (commit.id, commit.seconds))
        if before:
            walk.lives[change.path] = _next_life(before, change, revision, seconds)
        else:
            origin = f"{change.path}@{commit.id}" if change.path in origins else change.path
            walk.lives[change.path] = _Life(origin, revision, seconds, seconds, change.blob)


def _next_life(before: _Life, change: _Change, revision: str, seconds: int) -> _Life:
    """Go on with a file that was changed or moved; a mere move leaves its revision as it was."""
    paths, former = before.former_paths, before.former
    if change.old_path != change.path:
        paths = [change.old_path, *(path for path in paths if path not in (change.old_path, change.path))]
    if before.blob == change.blob:
        revision, seconds = before.revision, before.updated
    else:
        former = [(before.blob, before.revision, before.updated), *former][:KEPT_BLOBS]
    return _Life(before.origin, revision, seconds, before.created, change.blob, paths, former)


def _past(life: _Life, authors: list[str]) -> Past:
    return Past(
        origin=life.origin,
        revision=life.revision,
        updated_at=datetime.fromtimestamp(life.updated, UTC),
        created_at=datetime.fromtimestamp(life.created, UTC),
        authors=tuple(authors),
        former_paths=tuple(life.former_paths),
        former=tuple(Former(blob, commit, datetime.fromtimestamp(at, UTC)) for blob, commit, at in life.former),
    )


def _load(cache: Path | None, key: str) -> _Walk:
    """Return the kept walk, or an empty one: a cache that can't be read is no error."""
    try:
        kept = json.loads(cache.read_text("utf-8")) if cache else {}
        if kept.get("key") != key:
            return _Walk()
        lives = {path: _Life(**life) for path, life in kept["lives"].items()}
        touched = {name: (commit, seconds) for name, (commit, seconds) in kept["touched"].items()}
        return _Walk(kept["head"], lives, kept["authors"], touched)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return _Walk()


def _save(cache: Path | None, key: str, walk: _Walk) -> None:
    if cache is None:
        return
    cache.parent.mkdir(parents=True, exist_ok=True)
    beside = cache.with_suffix(".new")
    names = [one.name for one in fields(_Life)]
    lives = {path: {name: getattr(life, name) for name in names} for path, life in walk.lives.items()}
    kept = {"key": key, "head": walk.head, "lives": lives, "authors": walk.authors, "touched": walk.touched}
    beside.write_text(json.dumps(kept), "utf-8")
    beside.replace(cache)
