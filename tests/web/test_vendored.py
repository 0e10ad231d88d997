"""What others made is named, with its licence, and is what it was when it came."""

import hashlib
import re

from portal.settings import ROOT

STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
OWN = {".css", ".js"}
OUR_FILES = {"icon.svg", "VENDORED.md"}
ROW = re.compile(r"^\| `([^`]+)` \| [^|]+ \| ([\d.]+) \| ([^|]+) \| `([0-9a-f]{64})` \|$", re.MULTILINE)
ICONS = frozenset(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text("utf-8")))


def listed() -> dict[str, str]:
    """SHA-256 by file, as the list says it."""
    return {name: sha for name, _, _, sha in ROW.findall((STATIC / "VENDORED.md").read_text("utf-8"))}


def test_every_file_of_others_is_listed_and_unchanged() -> None:
    files = [path for path in STATIC.rglob("*") if path.is_file() and path.suffix not in OWN]
    others = [path for path in files if path.name not in OUR_FILES]
    sums = {path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in others}
    assert sums == listed()


def test_every_icon_of_the_templates_is_in_the_sprite() -> None:
    pages = "".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    used = set(re.findall(r'\bicon\("([\w-]+)"', pages)) | set(re.findall(r'sign="([\w-]+)"', pages))
    used |= set(re.findall(r'": "([\w-]+)"', pages.partition("set SIGNS")[2].partition("%}")[0]))
    assert len(used) > 20
    assert used - ICONS == set()


def test_a_topic_may_choose_among_many_icons_and_each_is_there() -> None:
    page = (TEMPLATES / "shared" / "icons.html").read_text("utf-8")
    offered = set(re.findall(r'"([\w-]+)"', page.partition("TOPIC_ICONS = [")[2].partition("]")[0]))
    assert len(offered) >= 40
    assert offered - ICONS == set()


def test_no_icon_is_carried_for_nothing() -> None:
    pages = "".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    assert {name for name in ICONS if f'"{name}"' not in pages} == set()


def test_the_sprite_carries_shapes_alone() -> None:
    sprite = (STATIC / "icons.svg").read_text("utf-8")
    tags = set(re.findall(r"<([a-z]+)", sprite))
    assert tags <= {"svg", "symbol", "path", "circle", "rect", "line", "polyline", "polygon", "ellipse"}
    assert not re.search(r"\son\w+=|href", sprite)
