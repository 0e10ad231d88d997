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
    """Say whether articles can be read (503 when they can't) and whether votes can be kept, each by name.

    A node that can be read from stays in service: without the database, votes alone are refused.
    """
    portal = the(Portal)
    name = _generation_name()
    has_database = portal.database.ping()
    body = {
        "status": _status(has_articles=name is not None, has_database=has_database),
        "generation": name,
        "database": "answers" if has_database else "away",
        "trouble": portal.library.trouble(),
    }
    response = caching.never_kept(jsonify(body))
    response.status_code = 200 if name else 503
    return response


def _status(*, has_articles: bool, has_database: bool) -> str:
    if not has_articles:
        return "not ready"
    return "ready" if has_database else "reading only"


def _generation_name() -> str | None:
    try:
        return generation().name
    except Unavailable:
        return None
