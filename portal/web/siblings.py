"""The same article in another language, and the same place in it. For the help centre and the desk."""

from collections.abc import Sequence
from difflib import get_close_matches
from urllib.parse import unquote

from portal.content.page import Heading, Page
from portal.content.shelf import Shelf

NEAR_ENOUGH = 0.7
"""Likeness of two anchors from which one is taken for the other's new name (Ratcliff and Obershelp's, 0 to 1)."""


def in_language(shelf: Shelf, page: Page, lang: str) -> Page:
    """Return the translation of an article on a shelf; the article itself where there is none."""
    url = next((one.url for one in page.translations if one.lang == lang), "")
    slug = unquote(url.partition("/articles/")[2])
    found = shelf.find(lang, slug) if slug else None
    return (shelf.page(found) if found else None) or page


def same_place(anchor: str, before: Page, after: Page) -> str:
    """Return the anchor in `after` of the place that `anchor` is in `before`; empty for the top.

    A translation's headings have other names: its heading at the same place among those of that depth is meant, where
    both articles have as many of them. An anchor that is gone means the heading whose anchor is most like it.
    """
    if not anchor or after is before or any(one.anchor == anchor for one in after.headings):
        return _nearest(anchor, after.headings)
    anchor = _nearest(anchor, before.headings)
    depth = next((one.depth for one in before.headings if one.anchor == anchor), 0)
    here, there = _of_depth(before.headings, depth), _of_depth(after.headings, depth)
    return there[here.index(anchor)] if anchor in here and len(here) == len(there) else ""


def _nearest(anchor: str, headings: Sequence[Heading]) -> str:
    anchors = [one.anchor for one in headings]
    if not anchor or anchor in anchors:
        return anchor
    return next(iter(get_close_matches(anchor, anchors, n=1, cutoff=NEAR_ENOUGH)), "")


def _of_depth(headings: Sequence[Heading], depth: int) -> list[str]:
    return [one.anchor for one in headings if one.depth == depth]
