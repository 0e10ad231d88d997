"""Manifest: what a generation holds, and whether it still holds it."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

FORMAT = "2"
"""Changes when an older program could not read what a newer one writes, or the other way round."""
NAME = "manifest.json"
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The last file to be written into a generation; a folder without it is no generation."""

    name: str
    stamp: str
    """Fingerprint of all that went in: revision, place of the content, versions, the moment's visibility."""
    revision: str
    made_at: datetime
    valid_until: datetime | None
    """When somebody may see more or less without a commit; None for never."""
    levels: Mapping[str, str]
    """Reading level -> folder; levels that may see the same share one."""
    counts: Mapping[str, int]
    files: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """Path -> (bytes, SHA-256)."""


class Damaged(Exception):
    """A generation that can't be used; says which file and what is wrong with it."""


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest; whoever calls has to sync it."""
    fields = asdict(manifest) | {"format": FORMAT, "made_at": manifest.made_at.isoformat()}
    fields["valid_until"] = manifest.valid_until.isoformat() if manifest.valid_until else None
    (folder / NAME).write_text(json.dumps(fields, indent=1), "utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read a generation's manifest. Raises Damaged."""
    try:
        fields: dict[str, Any] = json.loads((folder / NAME).read_text("utf-8"))
        if fields.pop("format") != FORMAT:
            raise Damaged(f"{folder.name} was written by another version of the portal")
        until = fields["valid_until"]
        fields["made_at"] = datetime.fromisoformat(fields["made_at"])
        fields["valid_until"] = datetime.fromisoformat(until) if until else None
        fields["files"] = {path: (size, digest) for path, (size, digest) in fields["files"].items()}
        return Manifest(**fields)
    except FileNotFoundError as error:
        raise Damaged(f"{folder.name} has no {NAME}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{folder.name}/{NAME} can't be read: {error}") from error


def check(folder: Path, manifest: Manifest, *, thoroughly: bool) -> None:
    """Hold a generation against its manifest: every file there, of its size and, thoroughly, of its checksum.

    Raises Damaged, naming the first file that is wrong.
    """
    for path, (size, digest) in manifest.files.items():
        try:
            is_right = (folder / path).stat().st_size == size
            is_right = is_right and (not thoroughly or checksum(folder / path) == digest)
        except OSError as error:
            raise Damaged(f"{folder.name}/{path} can't be read: {error.strerror}") from error
        if not is_right:
            raise Damaged(f"{folder.name}/{path} is not as it was written")


def describe_files(folder: Path, known: Mapping[int, str]) -> dict[str, tuple[int, str]]:
    """Return path -> (bytes, SHA-256) for all files below `folder`.

    known: inode -> checksum of files that are linked from an earlier generation and need not be read again.
    """
    files: dict[str, tuple[int, str]] = {}
    for file in walk(folder):
        stat = file.stat()
        files[file.relative_to(folder).as_posix()] = (stat.st_size, known.get(stat.st_ino) or checksum(file))
    return files


def inodes(folder: Path, manifest: Manifest) -> dict[int, str]:
    """Return inode -> checksum of a generation's files."""
    return {(folder / path).stat().st_ino: digest for path, (_, digest) in manifest.files.items()}


def sync(folder: Path, already: Mapping[int, str]) -> None:
    """Bring every file and folder below `folder` to disk; those linked from an earlier generation are there."""
    for file in walk(folder):
        if file.stat().st_ino not in already:
            sync_one(file)
    for parent, _, _ in os.walk(folder):
        sync_one(Path(parent))


def sync_one(path: Path) -> None:
    """Bring one file, or a folder's list of names, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def walk(folder: Path) -> Iterator[Path]:
    """Give every file below `folder`, sorted."""
    for parent, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(parent) / name for name in sorted(names))


def checksum(file: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    seen = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            seen.update(chunk)
    return seen.hexdigest()
