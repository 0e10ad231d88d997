"""Media: files that articles and the site show or offer, with the types they are served as."""

from io import BytesIO
from pathlib import PurePosixPath

import imagesize

from portal.content.links import Medium
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
    ".woff2": "font/woff2",
    ".woff": "font/woff",
}


def is_media(path: str) -> bool:
    """Whether a file is one that pages show or offer for download."""
    return suffix(path) in MEDIA_TYPES


def media_type(path: str) -> str:
    """Return the type that a file is served as; what is unknown is bytes."""
    return MEDIA_TYPES.get(suffix(path), "application/octet-stream")


def suffix(path: str) -> str:
    """Return how a file's name ends, in lower case, with the dot."""
    return PurePosixPath(path).suffix.lower()


def medium(path: str, oid: str, size: tuple[int, int] = (0, 0)) -> Medium:
    """Name a file as it is published; oid: git's object id of its bytes."""
    return Medium(oid[:KEY_LENGTH], PurePosixPath(path).name, *size)


def measure(path: str, blob: Blob, reading: Reading) -> Medium:
    """Read an image's size from its bytes; files of other kinds have none."""
    is_image = media_type(path).startswith("image/")
    return medium(path, blob.oid, _size(reading.read(blob)) if is_image else (0, 0))


def _size(data: bytes) -> tuple[int, int]:
    try:
        width, height = imagesize.get(BytesIO(data))
    except (ValueError, OSError, TypeError, KeyError, IndexError):
        return 0, 0
    return max(0, int(width)), max(0, int(height))
