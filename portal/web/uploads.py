"""Uploads: forms with files. A view that takes them says so; every other form stays as small as `app.MOST_BYTES`.

What is too large is refused before anything looks at the form, with an error of ours, so that it is said inside the
frame that the view's other errors are said in.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from flask import Flask, current_app, request
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from portal.conversations.attachments import MEGABYTE, Upload
from portal.errors import TooLarge
from portal.web.context import site

View = TypeVar("View", bound=Callable[..., object])

MOST_WORDS_BYTES = MEGABYTE
"""All fields but the files: far more than a message may have, so that one that is too long comes back to its writer."""
MOST_FIELDS = 40
_SLACK = 2
"""Times the size that is taken: who is over it a little is told which file it was, and gets back what they wrote."""
_MOST_DRAINED = 64 * MEGABYTE
_CHUNK = 64 * 1024
_MARK = "takes_files"


def install(app: Flask) -> None:
    """Let views take files; before anything else reads a form."""
    app.before_request(_make_room)


def takes_files(view: View) -> View:
    """Mark a view whose form has files."""
    setattr(view, _MARK, True)
    return view


def uploads_of(field: str = "files") -> tuple[Upload, ...]:
    """Return the files of a form's field; of one that is too large only so much as shows that it is.

    An empty field, as browsers send it, is none.
    """
    most = site().contact.attachment_megabytes * MEGABYTE
    return tuple(_read(one, most) for one in request.files.getlist(field) if one.filename)


def most_bytes() -> int:
    """Return how large a whole form with files may be."""
    contact = site().contact
    return _SLACK * contact.attachments * contact.attachment_megabytes * MEGABYTE + MOST_WORDS_BYTES


def body_of(most: int) -> bytes:
    """Return the whole body of a request that is one file. most: bytes. Raises TooLarge."""
    request.max_content_length = most
    try:
        return request.get_data()
    except RequestEntityTooLarge:
        _drain()
        raise TooLarge(gettext("What you sent was too large. Send fewer files, or smaller ones.")) from None


def _read(file: FileStorage, most: int) -> Upload:
    return Upload(file.filename or "", file.stream.read(most + 1))


def _make_room() -> None:
    """Raise this request's limits where its view takes files. Raises TooLarge."""
    if request.method != "POST" or not getattr(current_app.view_functions.get(request.endpoint or ""), _MARK, False):
        return
    request.max_content_length = most_bytes()
    request.max_form_memory_size = MOST_WORDS_BYTES
    request.max_form_parts = MOST_FIELDS
    try:
        request.form  # noqa: B018 - reads the whole form, which says what is too large
    except RequestEntityTooLarge:
        _drain()
        raise TooLarge(gettext("What you sent was too large. Send fewer files, or smaller ones.")) from None


def _drain() -> None:
    """Read on for a while: a browser that is answered while it sends shows a broken connection and no words."""
    stream, left = request.environ["wsgi.input"], _MOST_DRAINED
    with suppress(OSError, ValueError):
        while left > 0 and (read := stream.read(min(_CHUNK, left))):
            left -= len(read)
