"""Validation: what a program sent, read by the model that describes it; what can't be used is named, with what can."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, NoReturn

from flask import request
from pydantic import BaseModel, BeforeValidator, ValidationError
from spectree.plugins.flask_plugin import FlaskPlugin

from portal.errors import Invalid
from portal.web.api.problems import Refused

_JSON = "application/json"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_SAID = 5
_NUMBERS = frozenset(
    {"int_type", "int_parsing", "int_from_float", "greater_than_equal", "less_than_equal", "value_error"}
)


class StrictPlugin(FlaskPlugin):
    """Spectree's way into a view, made strict.

    Its own reads malformed JSON and other media types as `{}` and lets `"1"` pass for 1. What a view answers is a
    model already, or was tried against one by the contract's tests.
    """

    def validate(self, func: Callable[..., Any], query: Any, json: Any, *_: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - Spectree's signature
        """Call a view with `query` and `json` as their models. Raises Refused (400, 415) and Invalid."""
        if query is not None:
            kwargs["query"] = read_query(query)
        if json is not None:
            kwargs["json"] = read_body(json)
        return func(**kwargs)


def whole(text: object) -> object:
    """Refuse what `int` alone would take: other scripts' digits, underscores, blanks, a sign, a point."""
    if isinstance(text, str) and not (text.isascii() and text.isdigit() and len(text) <= len("999999999")):
        message = "give a whole number"
        raise ValueError(message)
    return int(text) if isinstance(text, str) else text


def integral(number: object) -> object:
    """Take 7.0 for 7, as JSON does, which knows one kind of number."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def day(text: object) -> object:
    """Refuse what pydantic alone would take for a day, such as seconds since 1970."""
    if isinstance(text, str) and not _DAY.fullmatch(text):
        message = "give a day such as 2026-11-22"
        raise ValueError(message)
    return text


Whole = Annotated[int, BeforeValidator(whole)]
"""A whole number in a query string."""
Day = Annotated[date, BeforeValidator(day)]
"""A day in a query string."""


def read_query(model: type[BaseModel]) -> BaseModel:
    """Return the query string as a model; what it does not name is passed over. Raises Invalid.

    Where the model has a member `EMPTY_IS_NONE`, an empty value of those it names is none.
    """
    empty: tuple[str, ...] = getattr(model, "EMPTY_IS_NONE", ())
    given = {name: request.args[name] for name in model.model_fields if name in request.args}
    try:
        return model.model_validate({name: text for name, text in given.items() if text or name not in empty})
    except ValidationError as error:
        _refuse(error, model)


def read_body(model: type[BaseModel]) -> BaseModel:
    """Return the body as a model. A body may be missing where nothing in it is required. Raises Refused, Invalid."""
    body = request.get_data()
    if not body.strip() and not any(field.is_required() for field in model.model_fields.values()):
        return model()
    if request.mimetype != _JSON:
        raise Refused(415, f"Send JSON, with Content-Type: {_JSON}.")
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise Refused(400, f"The body is no JSON that can be read: {first['ctx']['error']}.") from error
        _refuse(error, model)


def _refuse(error: ValidationError, model: type[BaseModel]) -> NoReturn:
    schema = model.model_json_schema()
    found = error.errors(include_url=False, include_input=False)[:_MOST_SAID]
    raise Invalid(" ".join(dict.fromkeys(_said(one, schema) for one in found))) from error


def _said(one: Any, schema: dict[str, Any]) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    """Return one mistake in words, as "limit: give a whole number from 1 to 50."."""
    name = ".".join(str(part) for part in one["loc"]) or "body"
    return f"{name}: {_mend(one, _described(schema, one['loc']))}."


def _mend(one: Any, field: dict[str, Any]) -> str:  # noqa: ANN401, PLR0911 - pydantic's ErrorDetails; a kind each
    kind, about = one["type"], one.get("ctx", {})
    if "enum" in field:
        return f"give one of {', '.join(map(str, filter(None, field['enum'])))}"
    if kind in _NUMBERS and "maximum" in field:
        return f"give a whole number from {field['minimum']} to {field['maximum']:,}"
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return "is not known here; leave it out, or look for a typing mistake"
    if kind == "string_too_long":
        return f"give at most {about['max_length']:,} characters"
    if kind in {"string_too_short", "string_pattern_mismatch"}:
        return "is empty, or not written as it must be; see /api/v1/docs"
    return str(one["msg"]).removeprefix("Input ").removeprefix("Value error, ")


def _described(schema: dict[str, Any], loc: tuple[object, ...]) -> dict[str, Any]:
    """Return how the document describes a member at the top; nothing for one that lies deeper."""
    field = schema.get("properties", {}).get(loc[0], {}) if len(loc) == 1 else {}
    choices = [one for one in field.get("anyOf", [field]) if one.get("type") != "null"] or [{}]
    named = choices[0].get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schema.get("$defs", {}).get(named, choices[0])
    return {"enum": [found["const"]], **found} if "const" in found else found
