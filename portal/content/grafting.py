"""Grafting: the tree of a commit with a few files changed, made in git's object store alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.content.git import Repository
from portal.errors import Invalid

_FILE, _FOLDER = "100644", "040000"
_REGULAR = frozenset({"100644", "100755"})


@dataclass(slots=True)
class _Folder:
    """Changes below one folder: what becomes of its files, and of the folders in it."""

    files: dict[str, bytes | None] = field(default_factory=dict)
    folders: dict[str, "_Folder"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    kind: str
    oid: str


def graft(repository: Repository, tree: str, files: Mapping[str, bytes | None]) -> str:
    """Write the tree that `tree` becomes with these files, and return its id; the same files make the same tree.

    tree: what names a tree, such as a commit. files: by path from the repository's top; None deletes.
    Raises Invalid for a path that can't be a file there, GitFailed.
    """
    top = _Folder()
    for path, data in files.items():
        *folders, name = _parts(path)
        inside = top
        for folder in folders:
            inside = inside.folders.setdefault(folder, _Folder())
        inside.files[name] = data
    return _write(repository, f"{tree}^{{tree}}", top) or _mktree(repository, {})


def _parts(path: str) -> list[str]:
    parts = path.split("/")
    if any(part in ("", ".", "..") or part.casefold() == ".git" or not part.isprintable() for part in parts):
        raise Invalid(f"{path!r} can't be the path of a file in the articles. Write folders and a name, without `..`.")
    return parts


def _write(repository: Repository, tree: str | None, changes: _Folder) -> str | None:
    """Write one folder; None where nothing is left in it. tree: what it was, None where there was none."""
    entries = _listed(repository, tree) if tree else {}
    for name, data in changes.files.items():
        _put_file(repository, entries, name, data)
    for name, inside in changes.folders.items():
        before = entries.get(name)
        if before and before.kind != "tree":
            raise Invalid(f"{name!r} is a file among the articles, so nothing can be written below it.")
        oid = _write(repository, before.oid if before else None, inside)
        if oid:
            entries[name] = _Entry(_FOLDER, "tree", oid)
        else:
            entries.pop(name, None)
    return _mktree(repository, entries) if entries else None


def _put_file(repository: Repository, entries: dict[str, _Entry], name: str, data: bytes | None) -> None:
    before = entries.get(name)
    if data is None:
        entries.pop(name, None)
    elif before and before.mode not in _REGULAR:
        raise Invalid(f"{name!r} is a folder or a link among the articles, so it can't be written as a file.")
    else:
        oid = repository.ask("hash-object", "-w", "-t", "blob", "--stdin", stdin=data).decode("ascii").strip()
        entries[name] = _Entry(before.mode if before else _FILE, "blob", oid)


def _listed(repository: Repository, tree: str) -> dict[str, _Entry]:
    found = {}
    for row in repository.ask("ls-tree", "-z", "--end-of-options", tree).split(b"\0")[:-1]:
        meta, _, name = row.partition(b"\t")
        mode, kind, oid = meta.decode("ascii").split()
        found[name.decode("utf-8", "surrogateescape")] = _Entry(mode, kind, oid)
    return found


def _mktree(repository: Repository, entries: Mapping[str, _Entry]) -> str:
    rows = [f"{one.mode} {one.kind} {one.oid}\t{name}\0" for name, one in entries.items()]
    written = "".join(rows).encode("utf-8", "surrogateescape")
    return repository.ask("mktree", "-z", stdin=written).decode("ascii").strip()
