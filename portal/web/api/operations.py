"""Operations: what every address of the API has in common. Each is guarded, counted, validated and described here.

    @bp.post("/<int:number>/acceptance")
    @operation(GAPS, Scope.GAPS_WRITE, answer=Gap, is_versioned=True)
    def accept_gap(number: int, json: Change) -> Gap: ...

Spectree makes the document of them (`document.py`). Default deny: without a scope named here, nothing is answered.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Response, request
from pydantic import BaseModel
from spectree import Response as Answers
from spectree import SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData

from portal.programs.scopes import Scope
from portal.web import programs
from portal.web.api.problems import Problem
from portal.web.api.validation import StrictPlugin
from portal.web.caching import never_kept

SCHEME = "token"
MOST_BYTES = 256 * 1024
"""What a body may have: a message of 20,000 characters, each escaped as JSON may do, with room."""
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result", bound=BaseModel | Response)
View = Callable[Arguments, Result]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What is the matter with one operation, for the document and for the tests that walk over all of them."""

    tag: str
    scope: Scope | None
    """None: every token that is taken may."""
    is_open: bool
    """Whether it answers without a token too, and without this scope: then with what the public may read."""
    status: int
    answer: type[BaseModel] | None
    media_type: str
    errors: frozenset[int]
    is_versioned: bool
    """Whether `If-Match` is heeded."""
    is_once: bool
    """Whether `Idempotency-Key` is heeded."""
    own_limit: bool = field(default=False)
    """Whether without a token a limit of its own counts, as for pages."""
    takes: str = field(default="")
    """Media type of a body that is no JSON but a file as it is; its view reads and limits it."""


OPERATIONS: dict[str, Operation] = {}
"""By the name of the view, which is the operation's id; filled while the resources are read."""

BOOK = SpecTree(
    "flask",
    backend=StrictPlugin,
    mode="strict",
    title="Signpost",
    version="v1",
    openapi_version="3.1.0",
    validation_error_model=Problem,
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _, child: child,
    security_schemes=[SecurityScheme(name=SCHEME, data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer"))],
)


def operation(  # noqa: PLR0913 - an operation is all of these
    tag: str,
    scope: Scope | None,
    *,
    answer: type[BaseModel] | None = None,
    status: int = 200,
    media_type: str = "application/json",
    is_open: bool = False,
    is_versioned: bool = False,
    is_once: bool = False,
    own_limit: bool = False,
    takes: str = "",
    errors: tuple[int, ...] = (),
) -> Callable[[View[Arguments, Result]], Callable[Arguments, Response]]:
    """Make a view an operation: see `Operation`. errors: statuses beyond those that follow from the rest."""

    def decorate(view: View[Arguments, Result]) -> Callable[Arguments, Response]:
        hints, name = view.__annotations__, view.__name__
        found = _errors(hints, is_open=is_open, is_versioned=is_versioned, is_once=is_once) | set(errors)
        found |= {413, 415, 422} if takes else set()
        one = Operation(
            tag=tag, scope=scope, is_open=is_open, status=status, answer=answer, media_type=media_type,
            errors=frozenset(found), is_versioned=is_versioned, is_once=is_once, own_limit=own_limit,
            takes=takes,
        )  # fmt: skip
        OPERATIONS[name] = one
        needed: dict[str, list[str]] = {SCHEME: [scope.value] if scope else []}
        models: dict[str, Any] = {f"HTTP_{code}": Problem for code in sorted(found)}
        described = BOOK.validate(
            resp=Answers(**{f"HTTP_{status}": answer}, **models),
            tags=[tag],
            security=[{}, needed] if is_open else [needed],
            operation_id=name,
        )(view)

        @wraps(described)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Response:
            request.max_content_length = MOST_BYTES
            if programs.has_token() or not own_limit:
                programs.count_call()
            if not is_open:
                programs.allowed(scope)
            return _response(described(*args, **kwargs), one)

        return guarded

    return decorate


def _errors(hints: dict[str, Any], *, is_open: bool, is_versioned: bool, is_once: bool) -> set[int]:
    found = {401, 429, 500, 503}
    found |= set() if is_open else {403}
    found |= {404} if set(hints) - {"query", "json", "return"} else set()
    found |= {422} if "query" in hints else set()
    found |= {400, 413, 415, 422} if "json" in hints else set()
    found |= {409, 412} if is_versioned else set()
    return found | ({409, 422} if is_once else set())


def _response(result: BaseModel | Response, one: Operation) -> Response:
    if isinstance(result, Response):
        return result
    return of_model(result, one.status)


def of_model(model: BaseModel, status: int = 200, **headers: str) -> Response:
    """Answer with a model as JSON; nobody keeps it but who asked, who may ask whether it has changed since."""
    body = model.model_dump_json()
    response = never_kept(Response(body, status, content_type="application/json", headers=headers))
    if request.method == "GET":
        response.headers["Cache-Control"] = "private, no-cache"
        response.set_etag(_tag(model, body))
        response.make_conditional(request)
    return response


def _tag(model: BaseModel, body: str) -> str:
    """Return what names this state: the version first, where there is one, which `If-Match` then sends back."""
    named, version = hashlib.sha256(body.encode()).hexdigest()[:16], getattr(model, "version", None)
    return named if version is None else f"{version}.{named}"
