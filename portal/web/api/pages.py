"""What api/docs.html is told: the document's operations by tag, each with its parameters, body, answer and statuses."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Node = dict[str, Any]
_REFERENCE = "#/components/schemas/"
_MOST_DEEP = 4
_ORDER = (
    "Search", "Articles", "Votes and requests", "Conversations", "Saved replies", "Links", "Gaps", "Measures", "Token",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A parameter, or a member of a body or an answer."""

    name: str
    kind: str
    words: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Status:
    """What an operation may answer with."""

    code: str
    words: str
    is_refusal: bool


@dataclass(frozen=True, slots=True)
class Described:
    """One operation."""

    id: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[str, ...]
    parameters: tuple[Member, ...]
    body: tuple[Member, ...]
    example: str
    """A command that can be copied."""
    answer: tuple[Member, ...]
    statuses: tuple[Status, ...]
    scope: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Tag:
    """Operations that belong together."""

    name: str
    anchor: str
    operations: tuple[Described, ...]


def tags_of(document: Node, base: str) -> tuple[Tag, ...]:
    """Return all operations by tag, in the order of the page. base: the portal's address, for examples."""
    found: dict[str, list[Described]] = {name: [] for name in _ORDER}
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            found.setdefault(one["tags"][0], []).append(_described(document, base, path, method, one))
    return tuple(Tag(name, name.lower().replace(" ", "-"), tuple(some)) for name, some in found.items() if some)


def _described(document: Node, base: str, path: str, method: str, one: Node) -> Described:
    body = _schema_of(document, one.get("requestBody", {}).get("content", {}))
    good: Node = next((said for code, said in one["responses"].items() if code.startswith("2")), {})
    needed = [scope for choice in one["security"] for scopes in choice.values() for scope in scopes]
    return Described(
        id=one["operationId"],
        method=method.upper(),
        path=path,
        summary=one["summary"],
        paragraphs=tuple(part for part in one["description"].split("\n\n") if part and not part.startswith("Scope:")),
        parameters=tuple(_member(each, document) for each in one["parameters"]),
        body=_members(body, document),
        example=_example(base, path, method, body, document, is_open={} in one["security"]),
        answer=_members(_schema_of(document, good.get("content", {})), document),
        statuses=tuple(Status(code, said["description"], code >= "400") for code, said in one["responses"].items()),
        scope=", ".join(needed),
        is_open={} in one["security"],
    )


def _schema_of(document: Node, content: Mapping[str, Node]) -> Node:
    schema: Node = next(iter(content.values()), {}).get("schema", {})
    return _resolved(schema, document)


def _resolved(schema: Node, document: Node) -> Node:
    named = schema.get("$ref", "")
    found: Node = document["components"]["schemas"][named.removeprefix(_REFERENCE)] if named else schema
    return found


def _member(parameter: Node, document: Node) -> Member:
    where = {"query": "", "path": ", in the path", "header": ", header field"}[parameter["in"]]
    kind = _kind(parameter["schema"], document)
    return Member(parameter["name"], f"{kind}{where}", parameter.get("description", ""), parameter["required"])


def _members(schema: Node, document: Node) -> tuple[Member, ...]:
    needed = schema.get("required", ())
    return tuple(
        Member(name, _kind(one, document), one.get("description", ""), name in needed)
        for name, one in schema.get("properties", {}).items()
    )


def _kind(schema: Node, document: Node, deep: int = 0) -> str:
    """Return a type in words, such as "text or null", or the names of what there is to choose."""
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(one, document, deep) for one in schema["anyOf"]))
    if "$ref" in schema:
        target, name = _resolved(schema, document), schema["$ref"].removeprefix(_REFERENCE)
        return _kind(target, document, deep) if "enum" in target or deep > _MOST_DEEP else name
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}), document, deep + 1)}"
    known = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "object"}
    moments = {"date-time": "moment", "date": "day"}
    kind = str(schema.get("type", "anything"))
    return moments.get(schema.get("format", ""), known.get(kind, kind))


def _example(base: str, path: str, method: str, body: Node, document: Node, *, is_open: bool) -> str:  # noqa: PLR0913
    shown = path.replace("{number}", "7").replace("{", "").replace("}", "").replace("article_id", "<id>")
    parts = [f"curl {'' if method == 'get' else f'-X {method.upper()} '}{base}{shown}"]
    if not is_open:
        parts.append("-H 'Authorization: Bearer sp_…'")
    if body:
        parts += ["-H 'Content-Type: application/json'", f"-d '{_sample(body, document)}'"]
    return " \\\n  ".join(parts)


def _sample(schema: Node, document: Node) -> str:
    needed = schema.get("required", ())
    chosen = {name: one for name, one in schema.get("properties", {}).items() if name in needed or "examples" in one}
    return json.dumps({name: _value(one, document) for name, one in chosen.items()}, ensure_ascii=False)


def _value(schema: Node, document: Node) -> object:
    if "examples" in schema:
        return schema["examples"][0]
    found = _resolved(_first(schema.get("anyOf", (schema,))), document)
    if "enum" in found:
        return found["enum"][0]
    return {"integer": 1, "boolean": True, "array": []}.get(found.get("type", ""), "…")


def _first(schemas: Iterable[Node]) -> Node:
    return next(iter(schemas))
