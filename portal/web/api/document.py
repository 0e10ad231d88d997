"""The document: OpenAPI 3.1, made from the code by Spectree, with what Spectree cannot know put in here.

That is: problem+json, the header fields that all answers and writes share, what may stand in a path, and the languages
of this help centre. Made at the first question after the start, and anew when the languages change.
"""

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from flask import current_app

from portal.errors import Unavailable
from portal.programs.scopes import Scope
from portal.web.access import shelf
from portal.web.api import problems
from portal.web.api.members import MOST_NUMBER
from portal.web.api.operations import BOOK, OPERATIONS, SCHEME, Operation
from portal.web.api.votes import KEY
from portal.web.api.writing import KEY_PATTERN

Node = dict[str, Any]
ABOUT = """What the pages of this help centre do, for programs. Text is UTF-8, moments are ISO 8601 with an offset.

Reading what the public may read needs no token; everything else needs one, made at `/desk/tokens` and sent as
`Authorization: Bearer sp_…`. Each operation names the scope that it needs; a token never may more than its account.
Members may be added to answers within `v1`; none is taken away or changes its meaning."""
SCOPES: Mapping[Scope, str] = {
    Scope.ARTICLES_READ: "read articles as staff do",
    Scope.VOTES_WRITE: "hand in votes, requests and flags",
    Scope.CONVERSATIONS_READ: "read what customers wrote",
    Scope.CONVERSATIONS_WRITE: "write to customers, send files, assign, close, merge; keep saved replies",
    Scope.LINKS_WRITE: "make links, and read what came of them",
    Scope.GAPS_READ: "read gaps, flags and opinions",
    Scope.GAPS_WRITE: "change gaps, settle flags (writers and above)",
    Scope.MEASURES_READ: "read figures",
}
_PATHS: Mapping[str, Node] = {
    "number": {"type": "integer", "minimum": 1, "maximum": MOST_NUMBER},
    "uid": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "token": {"type": "string", "pattern": "^[0-9A-Za-z]{1,16}$"},
    "voter": {"type": "string", "pattern": KEY},
    "name": {"type": "string", "pattern": "^[a-z_]{1,40}$"},
    "article_id": {"type": "string", "pattern": "^[^/]{1,64}$"},
    "saved_id": {"type": "integer", "minimum": 1, "maximum": MOST_NUMBER},
    "slug": {"type": "string", "pattern": "^[^/]{1,80}$"},
}
_PATH_WORDS: Mapping[str, str] = {
    "number": "Its number.",
    "uid": "Its id.",
    "token": "The link's token.",
    "voter": "Your name for the reader.",
    "name": "The figure's name.",
    "article_id": "The article's id.",
    "saved_id": "The saved reply's number.",
    "slug": "The topic's slug.",
}
_SAID: Mapping[int, str] = {
    304: "What you have is as it is.",
    400: "The body can't be read.",
    401: "There is no token, or it is not taken: mistyped, expired, revoked.",
    403: "The token has not this scope; `scope` names it.",
    404: "There is no such thing, or the token's account may not know of it.",
    409: "Somebody was quicker, its state does not allow it, or the same write is under way.",
    412: "`If-Match` does not name the present version.",
    413: "The body is too large.",
    415: "The body is no JSON.",
    422: "Something that was sent can't be used; `detail` names it and what it may be.",
    429: "Too often; `Retry-After` says how many seconds to wait.",
    500: "A mistake of ours; `request_id` leads to it in the log.",
    503: "A part is away; `Retry-After` says how many seconds to wait.",
}
_WAITS = (429, 503)
_A_FILE: Mapping[str, Any] = {"type": "string", "format": "binary", "minLength": 1}
"""As generators of clients know it; OpenAPI 3.1 alone would say nothing of a body's bytes."""
_JSON = "application/json"


def document() -> str:
    """Return the document of this help centre, as JSON."""
    return _written(_languages())


def parsed() -> Node:
    """Return the document, to be read and not to be changed."""
    return _parsed(_languages())


def _languages() -> tuple[str, ...]:
    try:
        return shelf().languages()
    except Unavailable:
        return ()


@lru_cache(maxsize=4)
def _written(languages: tuple[str, ...]) -> str:
    return json.dumps(_parsed(languages), ensure_ascii=False)


@lru_cache(maxsize=4)
def _parsed(languages: tuple[str, ...]) -> Node:
    with current_app.app_context():
        made: Node = deepcopy(BOOK.spec)
    made["info"]["description"] = ABOUT
    made["servers"] = [{"url": "/"}]
    made.pop("security", None)
    _say_components(made["components"])
    for path in made["paths"].values():
        for method, one in path.items():
            about = OPERATIONS[one["operationId"]]
            _say(one, about, languages, made["components"]["schemas"])
            if method == "get" and about.media_type == _JSON and not about.own_limit:
                one["responses"]["304"] = {"description": _SAID[304]}
    made["paths"] = dict(sorted(made["paths"].items()))
    _name_languages(made["components"]["schemas"].values(), languages)
    return made


def _say_components(parts: Node) -> None:
    scopes = "".join(f"\n- `{scope}`: {words}" for scope, words in SCOPES.items())
    parts["securitySchemes"][SCHEME] |= {"description": f"Made at `/desk/tokens`. Scopes:{scopes}"}
    parts["schemas"].pop("ValidationError", None)
    for schema in parts["schemas"].values():
        schema.pop("title", None)


def _say(one: Node, about: Operation, languages: tuple[str, ...], schemas: Node) -> None:
    """Finish one operation."""
    for parameter in one["parameters"]:
        if parameter["in"] == "path":
            name = parameter["name"]
            parameter |= {"schema": dict(_PATHS[name]), "description": _PATH_WORDS[name]}
        elif parameter["name"] == "lang" and languages and about.is_open:
            parameter["schema"] = {"type": "string", "enum": [*languages, ""]}
    one["parameters"] += _headers(about)
    if about.takes:
        one["requestBody"] = {"required": True, "content": {about.takes: {"schema": dict(_A_FILE)}}}
    elif "requestBody" in one:
        one["requestBody"]["required"] = _is_needed(one["requestBody"], schemas)
    if about.scope:
        one["description"] = f"{one['description']}\n\nScope: `{about.scope}`{_unless(about)}.".strip()
    one["responses"] = {code: _answer(int(code), said, about) for code, said in sorted(one["responses"].items())}


def _is_needed(body: Node, schemas: Node) -> bool:
    """Whether something in a body is required, so that it can't be left out."""
    name = body["content"][_JSON]["schema"]["$ref"].rpartition("/")[2]
    return bool(schemas[name].get("required"))


def _unless(about: Operation) -> str:
    return " for what staff read; without it, what the public reads" if about.is_open else ""


def _headers(about: Operation) -> list[Node]:
    found = []
    if about.is_once:
        words = "Names this write: sent again within a day, it is not done again but answered the same."
        found.append(_header("Idempotency-Key", words, {"type": "string", "pattern": KEY_PATTERN}))
    if about.is_versioned:
        words = "The ETag of what you read: 412 when it has changed since."
        found.append(_header("If-Match", words, {"type": "string"}))
    return found


def _header(name: str, words: str, schema: Node) -> Node:
    return {"name": name, "in": "header", "required": False, "schema": schema, "description": words}


def _answer(code: int, said: Node, about: Operation) -> Node:
    if code >= HTTPStatus.BAD_REQUEST:
        content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        fields = _fields("Retry-After") if code in _WAITS else {}
        if code == HTTPStatus.UNAUTHORIZED:
            fields = _fields("WWW-Authenticate")
        return {"description": _SAID[code], "content": content, "headers": fields | _rate()}
    found = {"description": said["description"], "headers": _rate()}
    if about.answer is None:
        schema = {"schema": {"type": "string"}} if about.media_type.startswith("text/") else {"schema": {}}
        return found | ({} if code == HTTPStatus.NO_CONTENT else {"content": {about.media_type: schema}})
    return found | {"content": said["content"]}


def _rate() -> Node:
    return _fields("RateLimit-Policy", "RateLimit")


def _fields(*names: str) -> Node:
    return {name: {"schema": {"type": "string"}, "required": False} for name in names}


def _name_languages(schemas: Iterable[Node], languages: tuple[str, ...]) -> None:
    """Say which languages a body may name; answers may name others, of articles that are gone."""
    for schema in schemas:
        lang = schema.get("properties", {}).get("lang", {})
        choices = lang.get("anyOf", [])
        if languages and choices and "lang" not in schema.get("required", []):
            lang["anyOf"] = [
                {"type": "string", "enum": list(languages)} if one.get("type") == "string" else one for one in choices
            ]
