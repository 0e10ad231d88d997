"""The desk's frame: the rail on the left, and `render`, which puts a page into it. Made for every room of the desk.

A room's blueprint is made by `room`, so that what goes wrong in it is said inside the desk's frame.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from portal.bootstrap import Portal
from portal.content.page import SiteFiles
from portal.content.site import Site
from portal.errors import PortalError, TooMany, Unavailable
from portal.people.models import Role, User
from portal.web.access import site_files
from portal.web.caching import never_kept
from portal.web.context import site, the
from portal.web.desk.attention import Attention, awaited, flagged, given_up, hushed
from portal.web.errors import SAID, status_of
from portal.web.languages import direction
from portal.web.room_words import reworded
from portal.web.speech import desk_language
from portal.web.staff import FormOutOfDate, RoleTooLow, SignInNeeded, csrf_token, is_below, signed_in, to_sign_in
from portal.web.static import Static


@dataclass(frozen=True, slots=True)
class Room:
    """An entry of the rail."""

    name: object
    url: str
    icon: str
    least: Role
    also: tuple[str, ...] = ()
    """Addresses of other pages that belong to it."""
    attention: Callable[[User], Attention | None] | None = None
    """What waits there for somebody."""

    def holds(self, path: str) -> bool:
        """Whether an address is one of this room's."""
        return any(is_below(path, one) for one in (self.url, *self.also))


ROOMS = (
    Room(lazy_gettext("Inbox"), "/desk/inbox", "mail", Role.AGENT, (), awaited),
    Room(lazy_gettext("Picker"), "/desk/picker", "link", Role.AGENT, ("/desk/links",)),
    Room(lazy_gettext("Gaps"), "/desk/gaps", "lightbulb", Role.AGENT, ("/desk/unresolved", "/desk/opinions")),
    Room(lazy_gettext("Requests"), "/desk/requests", "message-circle", Role.AGENT),
    Room(lazy_gettext("Flags"), "/desk/flags", "flag", Role.AGENT, (), flagged),
    Room(lazy_gettext("Contact form"), "/desk/contact", "chart-column", Role.LEAD),
    Room(lazy_gettext("Running"), "/desk/running", "clock", Role.LEAD, ("/desk/outbox",), given_up),
    Room(lazy_gettext("People"), "/desk/people", "users", Role.ADMIN),
    Room(lazy_gettext("Webhooks"), "/desk/webhooks", "plug", Role.ADMIN, (), hushed),
    Room(lazy_gettext("Account"), "/desk/account", "user", Role.AGENT, ("/desk/tokens",)),
)
"""In the order of the rail; each is shown to those who may enter it."""


@dataclass(frozen=True, slots=True)
class RailLink:
    """A room in the rail of one page."""

    name: str
    url: str
    icon: str
    is_present: bool
    attention: Attention | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFrame:
    """What stands around every page of the desk."""

    user: User | None
    csrf: str
    """Goes into every form: `<input type="hidden" name="csrf" value="{{ frame.csrf }}">`."""
    rail: tuple[RailLink, ...]
    site: Site
    name: str
    brand: SiteFiles
    stylesheet: str
    files: str
    """Folder of scripts and icons, with their version in it."""
    base: str
    """The portal's own address without a slash at its end; empty while it doesn't know it."""
    lang: str
    ui_lang: str
    """The language of the desk's words, which is the page's."""
    direction: str
    ui: str = ""
    """Nothing here is in another language than the page; for macros that are shared with the help centre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """What every template's page tells of itself."""

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalPage(DeskPage):
    """desk/refused.html."""

    what: str


def render(template: str, page: object) -> str:
    """Render a template, which knows `page` (with a `title`) and `frame` and nothing else."""
    return render_template(template, page=page, frame=frame())


def answer(template: str, page: object, status: int = 200) -> Response:
    """Answer with a page of the desk; `web/staff.py` sees to it that nobody keeps or lists it."""
    return never_kept(Response(render(template, page), status))


def frame() -> DeskFrame:
    """Return the frame of this request's page."""
    about, static, brand = site(), the(Static), site_files()
    user, lang = _user(), desk_language()
    return DeskFrame(
        user=user,
        csrf=csrf_token(),
        rail=_rail(user),
        site=about,
        name=about.name_in(lang),
        brand=brand,
        stylesheet=f"/static/{static.stylesheet(about.accent, brand.stylesheet)[0]}/site.css",
        files=f"/static/{static.version}",
        base=the(Portal).settings.base_url or "",
        lang=lang,
        ui_lang=lang,
        direction=direction(lang),
    )


def room(name: str, url: str) -> Blueprint:
    """Return a blueprint of the desk; what is refused in it is said inside the frame."""
    bp = Blueprint(name, __name__, url_prefix=url)
    bp.register_error_handler(PortalError, refused)
    return bp


def refused(error: PortalError) -> AnyResponse:
    """Answer what a room of the desk refused, with its own sentence."""
    if isinstance(error, SignInNeeded):
        return to_sign_in(error)
    status = status_of(error)
    page = RefusalPage(title=_title(error, status), what=reworded(error) or str(SAID[status].todo))
    response = answer("desk/refused.html", page, status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _title(error: PortalError, status: int) -> str:
    if isinstance(error, RoleTooLow):
        return str(gettext("This page is for others"))
    if isinstance(error, FormOutOfDate):
        return str(gettext("This form is out of date"))
    return str(SAID[status].title)


def _rail(user: User | None) -> tuple[RailLink, ...]:
    if user is None:
        return ()
    mine = (one for one in ROOMS if user.role.reaches(one.least))
    return tuple(_link(one, user) for one in mine)


def _link(one: Room, user: User) -> RailLink:
    attention = one.attention(user) if one.attention else None
    return RailLink(str(one.name), one.url, one.icon, one.holds(request.path), attention)


def _user() -> User | None:
    """Return who is signed in; nobody while the database is away, so that an error can still be said."""
    try:
        return signed_in()
    except Unavailable:
        return None
