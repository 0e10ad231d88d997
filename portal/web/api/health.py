"""`/healthz`: the process lives. `/readyz`: it can serve."""

from flask import Blueprint, Response, jsonify

from portal.bootstrap import Portal
from portal.errors import Unavailable
from portal.web import caching
from portal.web.context import generation, the

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> Response:
    """Say that the process answers; asks nothing else, so that nothing else can fail it."""
    return caching.never_kept(jsonify({"status": "alive"}))


@bp.get("/readyz")
def ready() -> Response:
    """Say whether articles can be read and votes be kept, each by name; 503 when one can't."""
    portal = the(Portal)
    name = _generation_name()
    has_database = portal.database.ping()
    body = {
        "status": "ready" if name and has_database else "not ready",
        "generation": name,
        "database": "answers" if has_database else "away",
        "trouble": portal.library.trouble(),
    }
    response = caching.never_kept(jsonify(body))
    response.status_code = 200 if name and has_database else 503
    return response


def _generation_name() -> str | None:
    try:
        return generation().name
    except Unavailable:
        return None
