"""What a request stands on: the parts that the app was given, and one generation from its first use to its end."""

from typing import TypeVar

from flask import Flask, current_app, g

from portal.bootstrap import Portal
from portal.content.site import Site
from portal.errors import Unavailable
from portal.search.generation import Generation

Part = TypeVar("Part")


def install(app: Flask) -> None:
    """Let go of a request's generation at its end.

    A template's macros and its context hold one another, and so `g`, until the garbage collector comes; an old
    generation's files would stay open that long.
    """
    app.teardown_appcontext(lambda _: g.pop("generation", None))


def put(app: Flask, part: object) -> None:
    """Give the app a part, to be asked for by its type."""
    app.extensions[_name(type(part))] = part


def the(kind: type[Part]) -> Part:
    """Return the part of this type. Raises KeyError when `create_app` gave none: a fault of ours."""
    part = current_app.extensions[_name(kind)]
    if not isinstance(part, kind):
        message = f"{_name(kind)} is taken by a {type(part)}"
        raise TypeError(message)
    return part


def generation() -> Generation:
    """Return the live generation, the same one through the whole request, so that no page mixes two.

    Raises Unavailable while nothing has ever been published.
    """
    if "generation" not in g:
        g.generation = the(Portal).library.current()
    found: Generation = g.generation
    return found


def site() -> Site:
    """Return what the live generation says of this help centre, or the house's defaults while there is none."""
    try:
        return generation().site
    except Unavailable:
        return Site()


def _name(kind: type[object]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
