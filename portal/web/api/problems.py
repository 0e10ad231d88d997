"""Problems: what programs are told when something is refused, as application/problem+json (RFC 9457)."""

from flask import Blueprint, Response
from pydantic import BaseModel, ConfigDict, Field

from portal.errors import PortalError
from portal.web import errors
from portal.web.programs import ScopeMissing, TokenRefused, with_rate

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "This request could not be read",
    401: "This needs a token that is taken",
    403: "This token may not do that",
    412: "Something has changed in the meantime",
    415: "This kind of content is not taken",
}
"""Where programs need other words than people, whose titles `web/errors.py` has."""


class Problem(BaseModel):
    """Why something was refused (RFC 9457), and what to do about it."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Always about:blank: `title` and `status` say it.", examples=["about:blank"])
    title: str = Field(description="The status in words.", examples=["Something in this can't be used"])
    status: int = Field(description="The HTTP status.", examples=[422], ge=400, le=599)
    detail: str = Field(
        description="What is wrong, where, and how to mend it.", examples=["limit: give a whole number from 1 to 50."]
    )
    request_id: str | None = Field(default=None, description="With 500 alone: leads to it in the server's log.")
    scope: str | None = Field(default=None, description="With 403: the scope that the token lacks.")


class Refused(PortalError):
    """A request that programs alone can make, refused with a status of its own."""

    def __init__(self, status: int, message: str) -> None:
        """status: 400, 412 or 415. message: fit for whoever writes the program."""
        super().__init__(message)
        self.status = status


def resource(name: str, path: str) -> Blueprint:
    """Return the blueprint of a resource below /api/v1."""
    bp = Blueprint(f"api_{name}", __name__, url_prefix=f"/api/v1{path}")
    bp.register_error_handler(Refused, _of_request)
    bp.register_error_handler(TokenRefused, _of_token)
    bp.register_error_handler(ScopeMissing, _of_scope)
    bp.after_request(with_rate)
    return bp


def _of_request(error: Refused) -> Response:
    return _problem(error.status, str(error))


def _of_token(error: TokenRefused) -> Response:
    """Answer with the challenge of RFC 6750."""
    response = _problem(401, str(error))
    said = f', error="{error.code}", error_description="{_ascii(str(error))}"' if error.code else ""
    response.headers["WWW-Authenticate"] = f'Bearer realm="Signpost"{said}'
    return response


def _of_scope(error: ScopeMissing) -> Response:
    response = _problem(403, str(error), scope=str(error.scope))
    response.headers["WWW-Authenticate"] = f'Bearer realm="Signpost", error="insufficient_scope", scope="{error.scope}"'
    return response


def _problem(status: int, detail: str, **more: str) -> Response:
    return errors.problem(status, detail, title=TITLES[status], more=more)


def _ascii(text: str) -> str:
    """Return a text that may stand in a header field, between quotation marks."""
    return text.encode("ascii", "replace").decode().replace('"', "'")
