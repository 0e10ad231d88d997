"""`/api/v1/uploads`: files that go along with a message. Sent first, one a request, as they are; then named by it.

So messages stay JSON, a file that fails costs no message, and the same file sent twice has the same body, which the
random boundaries of forms would not give an `Idempotency-Key`.
"""

from datetime import datetime
from typing import Annotated

from flask import Response, request
from pydantic import Field, StringConstraints

from portal import clock
from portal.bootstrap import Portal
from portal.conversations import attachments
from portal.conversations.attachments import MEGABYTE, Upload
from portal.db import Session, transaction, unavailable_when_away
from portal.errors import Invalid
from portal.programs import models
from portal.programs import uploads as store
from portal.programs.scopes import Scope
from portal.web import programs
from portal.web.api.conversation_shapes import Uid
from portal.web.api.members import Shape, uid_of
from portal.web.api.operations import operation
from portal.web.api.problems import Refused, resource
from portal.web.api.writing import new_uid, once
from portal.web.context import site, the
from portal.web.uploads import body_of

TAG = "Conversations"
WRITE = Scope.CONVERSATIONS_WRITE
AS_IT_IS = "application/octet-stream"
MESSAGES = 4
"""Messages whose files may wait at a time, for each account: more is a program that forgot them."""

bp = resource("uploads", "/uploads")


class UploadQuery(Shape):
    """What a file is called."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        description="What its receiver sees; made safe for every file system.", examples=["kettle.png"]
    )


class Uploaded(Shape):
    """A file that waits for a message that names it in `files`."""

    id: Uid
    name: str
    media_type: str = Field(description="By its content, not by what its sender said.", examples=["image/png"])
    size_bytes: int
    forgotten_at: datetime = Field(description="When it is gone, unless a message has named it by then.")


class Uploads(Shape):
    """Files of the token's account that wait, the oldest first."""

    uploads: tuple[Uploaded, ...]


@bp.post("")
@operation(TAG, WRITE, answer=Uploaded, status=201, is_once=True, takes=AS_IT_IS, errors=(409,))
def upload_file(query: UploadQuery) -> Response:
    """Send a file ahead: its bytes as they are, nothing around them. A message takes it by naming its id.

    What it is, is told by its content. `contact` of `portal.toml` says how large it may be, and how many a message
    may have.
    """
    if request.mimetype != AS_IT_IS:
        raise Refused(415, f"Send the file as it is, with Content-Type: {AS_IT_IS}.")
    user, contact = programs.allowed(WRITE).user.id, site().contact
    sent = Upload(query.name, body_of(contact.attachment_megabytes * MEGABYTE))
    if not sent.content:
        raise Invalid("The body is empty. Send the file's bytes.")
    (file,) = attachments.check((sent,), contact)

    def write(session: Session) -> Uploaded:
        return _of(store.put(
            session, uid=new_uid(), user=user, name=file.name, media_type=attachments.media_type(file.content),
            content=file.content, most=MESSAGES * contact.attachments, at=clock.now(),
        ))  # fmt: skip

    return once(write, status=201)


@bp.get("")
@operation(TAG, WRITE, answer=Uploads)
def list_uploads() -> Uploads:
    """List the files of the token's account that no message has named yet; there are never many."""
    user = programs.allowed(WRITE).user.id
    with unavailable_when_away(), the(Portal).database.session() as session:
        return Uploads(uploads=tuple(map(_of, store.waiting(session, user, at=clock.now()))))


@bp.delete("/<uid>")
@operation(TAG, WRITE, status=204)
def forget_upload(uid: str) -> Response:
    """Forget a file that no message is to name; doing so twice is doing so once."""
    with the(Portal).database.session() as session, transaction(session):
        store.drop(session, uid_of(uid), user=programs.allowed(WRITE).user.id)
    return Response(status=204)


def files_of(uids: tuple[str, ...]) -> tuple[Upload, ...]:
    """Return the files that a message names, as forms would have sent them. Raises NotFound, Invalid."""
    if not uids:
        return ()
    user = programs.allowed(WRITE).user.id
    with unavailable_when_away(), the(Portal).database.session() as session:
        found = store.read(session, uids, user=user, at=clock.now())
    return attachments.check([Upload(one.name, one.content) for one in found], site().contact)


def taken(session: Session, uids: tuple[str, ...]) -> None:
    """Forget the files of a message that is being written, in its own transaction. Raises NotFound."""
    store.take(session, uids, user=programs.allowed(WRITE).user.id)


def _of(one: models.Upload) -> Uploaded:
    return Uploaded(
        id=one.uid, name=one.name, media_type=one.media_type, size_bytes=one.size_bytes,
        forgotten_at=one.created_at + store.KEPT,
    )  # fmt: skip
