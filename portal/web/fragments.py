"""Fragments: a part of a page for a script that asks the page's own address with X-Fragment."""

from flask import request

HEADER = "X-Fragment"


def is_fragment() -> bool:
    """Whether a script asks for the part that changes, to put it into the page that is open."""
    return HEADER in request.headers
