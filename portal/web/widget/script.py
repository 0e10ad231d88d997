"""Script: the one file that the company's own pages load, and the accent's tones for the frame."""

import json
import re
from functools import lru_cache

from flask import Blueprint, Response, request
from flask_babel import force_locale, gettext

from portal.audience import Level
from portal.errors import NotFound
from portal.web import colours
from portal.web.compression import Packed, send
from portal.web.context import generation, site, the
from portal.web.languages import direction
from portal.web.speech import speaks
from portal.web.static import Static
from portal.web.widget import frame

SOURCE = "widget/widget.js"
"""A function in static/, which the script calls with what this help centre says of itself."""
SOON = "public, max-age=300"
"""Five minutes: a change of `portal.toml` shows within them, and few pages wait for us."""
DAY = "public, max-age=86400"
_ACCENT = re.compile(r"[0-9a-f]{6}")

bp = Blueprint("widget", __name__)


@bp.get("/widget.js")
def script() -> Response:
    """Return the script, the same for every page; it sets no cookie."""
    told = json.dumps(_told(), separators=(",", ":"), sort_keys=True)
    packed = _finished(the(Static).files[SOURCE], told)
    response = send(packed, "text/javascript", request.headers.get("Accept-Encoding", ""))
    response.headers["Cache-Control"] = SOON
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.make_conditional(request)
    return response


@bp.get("/widget/colours/<accent>.css")
def tones(accent: str) -> Response:
    """Return the tones of a host's accent, for the frame's pages. accent: six hexadecimal digits in lower case."""
    if not _ACCENT.fullmatch(accent):
        raise NotFound
    response = Response(colours.stylesheet(f"#{accent}"), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = DAY
    return response


@lru_cache(maxsize=4)
def _finished(source: Packed, told: str) -> Packed:
    """Return the function with its call behind it."""
    return Packed.of(f"{source.plain().decode().rstrip()}({told});\n".encode(), level=9)


def _told() -> dict[str, object]:
    """Return what the script is told; a page of any origin may read it, so nothing that is not public."""
    languages = generation().level(Level.PUBLIC).shelf.languages()
    return {
        "languages": list(languages),
        "words": {lang: _words(lang) for lang in languages},
        "origins": list(frame.origins()),
        "accent": [_accent(is_dark=is_dark) for is_dark in (False, True)],
    }


def _words(lang: str) -> dict[str, str]:
    with force_locale(speaks(lang).replace("-", "_")):
        return {
            "name": gettext("Help"),
            "open": gettext("Open help"),
            "close": gettext("Close help"),
            "away": gettext("Help can't be shown here."),
            "leave": gettext("Open the help centre in a new tab"),
            "lang": speaks(lang),
            "dir": direction(speaks(lang)),
        }


def _accent(*, is_dark: bool) -> tuple[str, str]:
    """Return the accent and what is written on it."""
    tones = colours.tones(site().accent, is_dark=is_dark)
    return tones.accent, tones.on_accent
