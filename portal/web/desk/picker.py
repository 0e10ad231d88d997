"""The picker: from a customer's message to the article that answers it, and to a link in a reply.

As a page, as a list in the inbox's reply box, and as a frame beside another help desk (`/desk/picker/frame`, which
only origins of `portal.toml` may show, with a cookie of its own; see `web/staff.py`).
"""

from flask import Response, jsonify, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from portal.errors import NotFound, PortalError
from portal.links.models import Origin
from portal.text import one_line
from portal.web import languages
from portal.web.access import shelf
from portal.web.context import site
from portal.web.desk.frame import answer, refused, room
from portal.web.desk.picker_links import Made, chosen, conversation_of, last_message, level_of, make
from portal.web.desk.picker_pages import FORMATS, LinkPage, OptionsPage, PickerPage, PickRow, RefusedInFrame
from portal.web.desk.picker_places import FRAME_SIGN_IN, base, is_in_frame
from portal.web.errors import status_of
from portal.web.fragments import is_fragment
from portal.web.room_words import reworded
from portal.web.security import framed_by
from portal.web.staff import PICKER, SignInNeeded, staff

LONGEST = 6000
"""Characters of a message that are read, as `LevelReader.match` does."""
SHOWN, IN_BOX = 8, 6
"""Suggestions on the page, and in the list of a reply box, which must not hide what is written."""

bp = room("picker", PICKER)


@bp.get("")
@bp.get("/frame")
def show() -> Response:
    """Show the picker, empty or with the words that stand in its address."""
    staff()
    return _picker()


@bp.post("")
@bp.post("/frame")
def look() -> Response:
    """Show what answers a message; sent as a form, as messages are too long for addresses and nobody's to log."""
    staff()
    return _picker()


@bp.get("/suggestions")
def suggestions() -> Response:
    """List what fits the words behind `??`, or without words the last message of a conversation."""
    staff()
    about = conversation_of(request.args.get("conversation", ""))
    lang = about.lang if about else _lang()
    q = _message()
    message = q or (last_message(about) if about else "")
    rows = PickRow.suggested(message, lang=lang, level=level_of(about), limit=IN_BOX)
    page = OptionsPage(title=str(gettext("Articles for this reply")), rows=rows, lang=lang, q=q)
    return answer("desk/_picker_options.html", page)


@bp.post("/links")
@bp.post("/frame/links")
def pick() -> Response:
    """Make a link of an article; for a script as JSON, else as a page to copy from. Asks first what must be asked."""
    user = staff()
    about = conversation_of(request.form.get("conversation", ""))
    given, q = request.form, _message()
    message = q or (last_message(about) if about else "")
    lang = about.lang if about else _lang()
    choice = chosen(given.get("article", ""), given.get("anchor", ""), lang=lang, level=level_of(about), about=message)
    is_sure = choice.is_readable or given.get("sure") == "1"
    origin = Origin.REPLY if about else Origin.SIDEBAR if is_in_frame() else Origin.PICKER
    made = make(choice, origin=origin, by=user, conversation=about) if is_sure else None
    if request.accept_mimetypes.best == "application/json":
        return _for_script(made)
    page = LinkPage(
        title=choice.page.card.title,
        root=base(),
        choice=choice,
        made=made,
        q=q,
        is_quoted=given.get("quoted") == "1",
    )
    return answer("desk/picker_link_frame.html" if is_in_frame() else "desk/picker_link.html", page)


@bp.after_request
def let_frames(response: Response) -> Response:
    """Let the origins that `portal.toml` names show the frame, and what it leads to; our own pages may too."""
    return framed_by(response, site().picker.origins) if is_in_frame() else response


@bp.errorhandler(PortalError)
def refuse(error: PortalError) -> AnyResponse:
    """Say what went wrong inside the frame, where there is no room for the desk's own."""
    if not is_in_frame():
        return refused(error)
    if isinstance(error, SignInNeeded):
        return redirect(FRAME_SIGN_IN, 303)
    status = status_of(error)
    return answer("desk/picker_refused.html", RefusedInFrame.of(reworded(error), status), status)


def _for_script(made: Made | None) -> Response:
    """Answer with a link, or with 409 where it must be asked first whether it is meant."""
    response = jsonify(made.as_json() if made else {"asks": True})
    response.status_code = 200 if made else 409
    return response


def _picker() -> Response:
    q, lang = _message(), _lang()
    page = PickerPage(
        title=str(gettext("Picker")),
        root=base(),
        q=q,
        lang=lang,
        languages=shelf().languages(),
        format=next((one for one in FORMATS if one == request.values.get("format")), FORMATS[0]),
        is_quoted=request.values.get("quoted") == "1",
        rows=PickRow.suggested(q, lang=lang, limit=SHOWN),
        origins=" ".join(site().picker.origins),
        address=request.host_url.rstrip("/") + PICKER,
    )
    if is_fragment():
        return answer("desk/_picker_rows.html", page)
    return answer("desk/picker_frame.html" if is_in_frame() else "desk/picker.html", page)


def _message() -> str:
    return request.values.get("q", "")[:LONGEST].strip()


def _lang() -> str:
    """Return the customer's language as it was chosen; one that there is not is the reader's own."""
    there, asked = shelf().languages(), one_line(request.values.get("lang", "")[:40])
    try:
        return languages.known(asked, there)
    except NotFound:
        return languages.preferred(there)
