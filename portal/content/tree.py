"""Tree: the files of one revision, from git's object store or, for previews, from a plain folder."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from portal.content.git import BlobReader, Repository
from portal.content.problem import Skipped

MARKDOWN = frozenset({".md", ".mdx", ".markdown"})
MAX_MARKDOWN_BYTES = 2 * 1024 * 1024
MAX_OTHER_BYTES = 10 * 1024 * 1024
_SYMLINK, _SUBMODULE = "120000", "160000"
_A_LINK, _NOT_UTF_8 = "a symbolic link; put the file itself there", "its name is not UTF-8; rename it"


@dataclass(frozen=True, slots=True)
class Blob:
    """One file of a tree; `oid` is git's id of its bytes, also where there is no git."""

    path: str
    oid: str
    size: int


class Reading(Protocol):
    """A tree being read."""

    def read(self, blob: Blob) -> bytes:
        """Return the bytes of one of the tree's blobs."""


class Tree(Protocol):
    """The files of one revision."""

    @property
    def revision(self) -> str:
        """Commit id, or `folder-` and a hash of names, sizes and times."""

    @property
    def blobs(self) -> Mapping[str, Blob]:
        """Every readable file by its path from the content root, sorted."""

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What could not or must not be read, with the reason."""

    def reading(self) -> AbstractContextManager[Reading]:
        """Hold what is needed to read blobs."""


@dataclass(frozen=True, slots=True)
class GitTree:
    """The tree of one commit below `prefix` (no slash at its ends; empty for all)."""

    repository: Repository
    revision: str
    prefix: str
    blobs: Mapping[str, Blob]
    skipped: tuple[Skipped, ...]

    @classmethod
    def at(cls, repository: Repository, revision: str, prefix: str) -> "GitTree":
        """List the tree in one process. An absent prefix is an empty tree."""
        listing = repository.ask("ls-tree", "-r", "-l", "-z", "--end-of-options", revision, *_below(prefix))
        blobs: dict[str, Blob] = {}
        skipped: list[Skipped] = []
        for entry in listing.split(b"\0")[:-1]:
            meta, _, name = entry.partition(b"\t")
            mode, _kind, oid, size = meta.decode("ascii").split()
            path = name.decode("utf-8", "backslashreplace")[len(prefix) + 1 if prefix else 0 :]
            reason = _refusal(mode, name, path, size)
            if reason:
                skipped.append(Skipped(path, reason))
            else:
                blobs[path] = Blob(path, oid, int(size))
        return cls(repository, revision, prefix, dict(sorted(blobs.items())), tuple(sorted(skipped)))

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Hold one git process while blobs are read."""
        with self.repository.reader() as reader:
            yield _GitReading(reader)


@dataclass(frozen=True, slots=True)
class _GitReading:
    reader: BlobReader

    def read(self, blob: Blob) -> bytes:
        return self.reader.read(blob.oid)


@dataclass(frozen=True, slots=True)
class FolderTree:
    """A plain folder as it lies on disk; symbolic links are not followed."""

    folder: Path
    revision: str
    blobs: Mapping[str, Blob]
    skipped: tuple[Skipped, ...]

    @classmethod
    def at(cls, folder: Path) -> "FolderTree":
        """Read every file's bytes once, to name them as git would."""
        blobs: dict[str, Blob] = {}
        skipped: list[Skipped] = []
        for path, file in _walk(folder):
            shown = os.fsencode(path).decode("utf-8", "backslashreplace")
            reason, data = _take_in(path, file) if shown == path else (_NOT_UTF_8, b"")
            if reason:
                skipped.append(Skipped(shown, reason))
            else:
                blobs[path] = Blob(path, blob_id(data), len(data))
        return cls(folder, fingerprint(folder), dict(sorted(blobs.items())), tuple(sorted(skipped)))

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Read from disk."""
        yield _FolderReading(self.folder)


@dataclass(frozen=True, slots=True)
class _FolderReading:
    folder: Path

    def read(self, blob: Blob) -> bytes:
        return (self.folder / blob.path).read_bytes()


def blob_id(data: bytes) -> str:
    """Return the id that git gives to a blob of these bytes."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def fingerprint(folder: Path) -> str:
    """Name a folder's state by its files' names, sizes and times; cheap enough to ask each second."""
    seen = hashlib.sha1(usedforsecurity=False)
    for path, file in _walk(folder):
        stat = file.lstat()
        seen.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return f"folder-{seen.hexdigest()}"


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        for name in sorted(files + links):
            file = Path(parent) / name
            yield file.relative_to(folder).as_posix(), file


def _take_in(path: str, file: Path) -> tuple[str | None, bytes]:
    """Return why a file on disk is left out, or None and its bytes."""
    if file.is_symlink():
        return _A_LINK, b""
    try:
        reason = _too_large(path, file.stat().st_size)
        return reason, b"" if reason else file.read_bytes()
    except OSError as error:
        return f"can't be read: {error.strerror}", b""


def _below(prefix: str) -> list[str]:
    return ["--", f"{prefix}/"] if prefix else []


def _refusal(mode: str, name: bytes, path: str, size: str) -> str | None:
    if mode == _SYMLINK:
        return _A_LINK
    if mode == _SUBMODULE:
        return "a submodule; its articles are not followed"
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return _NOT_UTF_8
    return _too_large(path, int(size))


def _too_large(path: str, size: int) -> str | None:
    limit = MAX_MARKDOWN_BYTES if PurePosixPath(path).suffix.lower() in MARKDOWN else MAX_OTHER_BYTES
    return f"larger than {limit // 1024 // 1024} MB; split it" if size > limit else None
