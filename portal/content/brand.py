"""Brand: the company's own logo, icon and stylesheet, looked up in the content and made ready to be shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from portal.content._places import OutsideTree, place, scheme_of
from portal.content.media import medium, suffix
from portal.content.problem import Problem
from portal.content.site import Site
from portal.content.stylesheet import Unusable, rewrite
from portal.content.tree import Blob

LARGEST_STYLESHEET = 256 * 1024
"""Bytes; every page waits for it, and our own rules take a tenth of that."""
IN_STYLESHEETS = (".woff2", ".woff", ".png", ".jpg", ".jpeg", ".webp", ".avif", ".svg")
"""What a stylesheet may draw in."""
_TO_MEND = "Put the file beside the articles and write its path; pages ask no other host for anything."


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """Paths in the content of what the company brings along, empty where it brings none."""

    logo: str = ""
    logo_dark: str = ""
    icon: str = ""
    stylesheet: str = ""
    """CSS text, its addresses settled."""
    files: tuple[str, ...] = ()
    """Every file that pages show for it, sorted: those above, and what the stylesheet draws in."""


def read_brand(
    site: Site, blobs: Mapping[str, Blob], read: Callable[[Blob], bytes]
) -> tuple[Brand, tuple[Problem, ...]]:
    """Look up the site's own files among the tree's; what isn't there is left out, as `parse_site` has said."""
    logo, logo_dark, icon = (path if path in blobs else "" for path in (site.logo, site.logo_dark, site.icon))
    stylesheet, drawn_in, problems = "", set[str](), tuple[Problem, ...]()
    if site.stylesheet in blobs:
        stylesheet, drawn_in, problems = _stylesheet(site.stylesheet, blobs, read)
    files = tuple(sorted({logo, logo_dark, icon, *drawn_in} - {""}))
    return Brand(logo=logo, logo_dark=logo_dark, icon=icon, stylesheet=stylesheet, files=files), problems


def _stylesheet(
    path: str, blobs: Mapping[str, Blob], read: Callable[[Blob], bytes]
) -> tuple[str, set[str], tuple[Problem, ...]]:
    """Return the text, the files that it draws in, and what is wrong."""
    data = read(blobs[path])
    if len(data) > LARGEST_STYLESHEET:
        what = f"the stylesheet has {len(data) // 1024} KB, so it is left out"
        return "", set(), (Problem(path, 1, what, f"Keep it under {LARGEST_STYLESHEET // 1024} KB."),)
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = "the stylesheet is not written in UTF-8, so it is left out"
        return "", set(), (Problem(path, line, what, "Save it as UTF-8."),)
    drawn_in: set[str] = set()

    def find(address: str) -> str:
        target, anchor = _target(path, address, blobs)
        drawn_in.add(target)
        return medium(target, blobs[target].oid).url + anchor

    text, problems = rewrite(path, source, find)
    return text, drawn_in, problems


def _target(path: str, address: str, blobs: Mapping[str, Blob]) -> tuple[str, str]:
    """Return the file in the content that an address in a stylesheet means, and its `#anchor`. Raises Unusable."""
    if scheme_of(address) or address.replace("\\", "/").startswith("//"):
        raise Unusable(f"the stylesheet asks for {address[:80]!r}, which is not a file of the content", _TO_MEND)
    try:
        target = place(path, address).target.strip("/")
    except OutsideTree as error:
        raise Unusable(
            f"the stylesheet asks for {address[:80]!r}, which lies outside of the content", _TO_MEND
        ) from error
    if target not in blobs:
        raise Unusable(f"the stylesheet asks for {unquote(address)[:80]!r}, which is not there", "Mend the path.")
    if suffix(target) not in IN_STYLESHEETS:
        mend = f"Files that it can draw in: {', '.join(IN_STYLESHEETS)}."
        raise Unusable(f"the stylesheet asks for {target!r}, which is of no such kind", mend)
    _, mark, anchor = address.partition("#")
    return target, mark + anchor
