"""Headers on every answer of any status, and whence a change may come."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, request

from portal.bootstrap import Portal
from portal.errors import Forbidden
from portal.web.context import the

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
HEADERS = {
    "Content-Security-Policy": "; ".join(_POLICY),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_FRAMES = "X-Frame-Options"
_YEAR_SECONDS = 365 * 24 * 3600
_PLAIN = tuple((name.lower(), name, value) for name, value in HEADERS.items())
_SECURE = (*_PLAIN, ("strict-transport-security", "Strict-Transport-Security", f"max-age={_YEAR_SECONDS}"))
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FROM_ELSEWHERE = frozenset({"customers.enter_by_form"})
"""Endpoints that other sites' pages may post to: they trust no cookie, but a proof in what is posted."""


def install(app: Flask) -> None:
    """Guard every answer and every change."""
    app.wsgi_app = _WithHeaders(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(refuse_cross_site)


def refuse_cross_site() -> None:
    """Refuse a change that another site's page asked the browser for.

    Browsers say where a request began in Sec-Fetch-Site, older ones in Origin; a program that
    sends neither acts for itself and carries nobody's cookies unasked. The order of the checks
    is the one Go 1.25 chose for net/http.CrossOriginProtection. Raises Forbidden.
    """
    if request.method in _SAFE_METHODS or request.endpoint in FROM_ELSEWHERE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site in {"same-origin", "none"}:
        return
    origin = request.headers.get("Origin")
    if site is None and (origin is None or _is_ours(origin)):
        return
    raise Forbidden


def framed_by(response: Response, origins: Collection[str]) -> Response:
    """Let pages of these origins, and our own, show an answer in a frame; no others may, as everywhere."""
    policy = (*_POLICY[:-1], " ".join(("frame-ancestors 'self'", *origins)))
    response.headers["Content-Security-Policy"] = "; ".join(policy)
    response.headers[_FRAMES] = "" if origins else "SAMEORIGIN"
    return response


def _is_ours(origin: str) -> bool:
    base = the(Portal).settings.base_url
    try:
        host = urlsplit(origin).netloc
    except ValueError:  # such as http://[::1, which no browser sends
        return False
    return host in {request.host, urlsplit(base).netloc if base else request.host}


class _WithHeaders:
    """Wraps the whole app, so that not even an answer made before routing goes without.

    A view's own value of a header wins; an empty one takes the header away.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        wanted = _SECURE if environ.get("wsgi.url_scheme") == "https" else _PLAIN

        def start(status: str, headers: list[tuple[str, str]], *exc_info: object) -> object:
            there = {name.lower() for name, _ in headers}
            added = [(name, value) for low, name, value in wanted if low not in there]
            return start_response(status, [one for one in headers if one[1]] + added, *exc_info)  # type: ignore[arg-type]

        return self._app(environ, start)  # type: ignore[arg-type]
