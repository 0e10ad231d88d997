"""Level plan: what one reading level may see of a knowledge base, and where it finds it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from pathlib import PurePosixPath

import imagesize

from portal.audience import Level, may_see, next_change
from portal.content.identity import Entry
from portal.content.knowledge_base import KnowledgeBase
from portal.content.links import Addresses, Medium
from portal.content.shelf import article_url
from portal.content.shelf_plan import ShelfPlan
from portal.content.tree import Blob, Reading

KEY_LENGTH = 16
MEDIA_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".ico": "image/x-icon",
}


def plan_level(base: KnowledgeBase, level: Level, at: datetime, media: Mapping[str, Medium]) -> ShelfPlan:
    """Choose what readers on `level` may see at `at`.

    media: every file that any article shows, by path; only those that this level's articles show are taken.
    """
    entries = {path: entry for path, entry in base.entries.items() if may_see(level, entry.visibility, at)}
    shown = {path: media[path] for path in used_media(base, entries) if path in media}
    urls = {path: article_url(*entry.place) for path, entry in entries.items()}
    addresses = Addresses(urls, shown)
    files = [(medium, medium.key, media_type(path)) for path, medium in shown.items()]
    return ShelfPlan(base, entries, addresses, addresses.fingerprint(), files)


def used_media(base: KnowledgeBase, entries: Iterable[str]) -> list[str]:
    """Return the paths of the files that these articles show or offer, sorted."""
    return sorted({path for entry in entries for path in base.shows[entry]})


def measure(path: str, blob: Blob, reading: Reading) -> Medium:
    """Read an image's size from its bytes; files of other kinds have none."""
    width, height = 0, 0
    if media_type(path).startswith("image/"):
        width, height = _size(reading.read(blob))
    return Medium(blob.oid[:KEY_LENGTH], PurePosixPath(path).name, width, height)


def media_type(path: str) -> str:
    """Return the type that a file is served as; what is unknown is bytes."""
    return MEDIA_TYPES.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")


def valid_until(entries: Iterable[Entry], at: datetime) -> datetime | None:
    """Return the first moment after `at` when somebody may see more or less without a commit."""
    return min((edge for entry in entries if (edge := next_change(entry.visibility, at))), default=None)


def _size(data: bytes) -> tuple[int, int]:
    try:
        width, height = imagesize.get(BytesIO(data))
    except (ValueError, OSError, TypeError, KeyError, IndexError):
        return 0, 0
    return max(0, int(width)), max(0, int(height))
