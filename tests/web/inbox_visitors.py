"""The inbox played by people: agents with their browsers, and what their forms hold."""

import re
from html import unescape
from io import BytesIO

from sqlalchemy import select
from werkzeug.test import TestResponse

from portal import clock
from portal.bootstrap import Portal
from portal.conversations import store
from portal.conversations.models import Conversation, Kind, Message
from portal.db import transaction
from tests.conversations.cast import ask
from tests.web.desk_visitors import Somebody

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_BOX = re.compile(r'<textarea id="text"[^>]*>(.*?)</textarea>', re.DOTALL)
LIST = "/desk/inbox"


def begin(portal: Portal, text: str = "I can't find last year's invoices.", **asked: object) -> int:
    """Let a customer write just now; return the conversation's number."""
    with portal.database.session() as session, transaction(session):
        return ask(session, text, **({"at": clock.now()} | asked)).id  # type: ignore[arg-type]


def form_of(page: TestResponse, action: str) -> dict[str, str]:
    """Return the hidden fields of the form that goes to an address beginning so."""
    for form in page.text.split("<form")[1:]:
        head, _, body = form.partition(">")
        if f'action="{action}' in head:
            return {name: unescape(value) for name, value in _HIDDEN.findall(body.partition("</form>")[0])}
    message = f"no form for {action}"
    raise AssertionError(message)


def box(page: TestResponse) -> str:
    """Return what stands in the reply box."""
    found = _BOX.search(page.text)
    assert found, "there is no reply box"
    return unescape(found[1])


def words(page: TestResponse) -> str:
    """Return a page's words alone, as they are read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2])).split())


def open_page(who: Somebody, number: int, query: str = "") -> TestResponse:
    """Open a conversation."""
    page = who.get(f"{LIST}/{number}{query}")
    assert page.status_code == 200, page.status_code
    return page


def send(
    who: Somebody, page: TestResponse, number: int, text: str, *files: tuple[str, bytes], **more: object
) -> TestResponse:
    """Send the reply form of a page that was opened before."""
    fields: dict[str, object] = {**form_of(page, f"{LIST}/{number}/replies"), "text": text, **more}
    if files:
        fields["files"] = [(BytesIO(content), name) for name, content in files]
    return who.client.post(f"{LIST}/{number}/replies", data=fields, content_type="multipart/form-data")


def act(who: Somebody, page: TestResponse, number: int, verb: str, **more: str) -> TestResponse:
    """Send another form of a page that was opened before."""
    fields = form_of(page, f"{LIST}/{number}/{verb}")
    return who.client.post(f"{LIST}/{number}/{verb}", data=fields | more)


def conversation(portal: Portal, number: int) -> Conversation:
    """Return a conversation as it stands now."""
    with portal.database.session() as session:
        found = store.conversation(session, number)
        assert found
        return found


def said(portal: Portal, number: int, kind: Kind) -> list[Message]:
    """Return its messages of a kind."""
    with portal.database.session() as session:
        asked = select(Message).where(Message.conversation_id == number, Message.kind == kind)
        return list(session.scalars(asked.order_by(Message.id)))
