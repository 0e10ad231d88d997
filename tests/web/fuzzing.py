"""Schemathesis over the API's document: what the suite and the proof share."""

import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from flask import Flask

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

REFUSED = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422", "428", "429"]
"""What a request that is wrong may be answered with. Schemathesis's own list, with 412 (`If-Match`) and 413."""
TAKEN = ["2xx", "401", "403", "404", "409", "412"]
"""What a request that is right may be answered with: its own list without server errors, with 412."""
_KEY = re.compile(r"[!-~]{1,200}")


class OwnKeys:
    """Gives each write that has a key of use a key of its own, as the document asks of programs.

    Schemathesis sends different bodies under the same key, which is refused as it should be.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        if _KEY.fullmatch(environ.get("HTTP_IDEMPOTENCY_KEY", "")):
            environ["HTTP_IDEMPOTENCY_KEY"] = uuid4().hex
        return self._app(environ, start_response)


def config(token: str, *, examples: int) -> dict[str, Any]:
    """Return Schemathesis's settings. token: empty for a program without one."""
    auth = {"auth": {"openapi": {"token": {"bearer": token}}}} if token else {}
    return auth | {
        "seed": 1,
        "headers": {"Accept-Encoding": "identity"},
        "generation": {"max-examples": examples, "deterministic": True, "database": "none"},
        "checks": {
            "negative_data_rejection": {"expected-statuses": REFUSED},
            "positive_data_acceptance": {"expected-statuses": TAKEN},
        },
    }
