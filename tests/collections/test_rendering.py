"""Every file of the real help centres is rendered; nothing raw may reach a reader."""

import os
import re
import tarfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from portal.content.includes import expand
from portal.content.problem import ArticleInvalid
from portal.content.rendered import Rendered
from portal.content.sandbox import RenderJob, RenderPool
from portal.settings import ROOT
from tests.content import hostile

pytestmark = pytest.mark.collections

_DATA = Path(os.environ.get("PORTAL_DATA_SETS") or ROOT.parent / "shared" / "data") / "articles"
_COLLECTIONS = {"arduino-help-center": 400, "business-central": 2_600, "business-central-de": 1_000}
"""Names, and how many files each has at least; fewer would mean that the check saw nothing."""
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n.*?^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_RAW = ("[!", ":::", "INCLUDE")


def files_of(name: str) -> dict[str, str]:
    archive = _DATA / f"{name}.tar.gz"
    if not archive.exists():
        pytest.skip(f"left out: {name}.tar.gz is not in the folder that PORTAL_DATA_SETS names")
    files: dict[str, str] = {}
    with tarfile.open(archive) as opened:
        for member in opened:
            content = opened.extractfile(member) if member.isfile() and member.name.endswith(".md") else None
            if content:
                text = content.read().decode("utf-8-sig", "replace").replace("\r\n", "\n")
                files[member.name.removeprefix("./").partition("/")[2]] = text
    return files


def jobs_of(name: str, files: dict[str, str]) -> Iterator[RenderJob]:
    for path, text in files.items():
        front_matter = _FRONT_MATTER.match(text)
        body = text[front_matter.end() :] if front_matter else text
        first_line = 1 + text.count("\n", 0, len(text) - len(body))
        lang = "de" if name.endswith("-de") else "en"
        yield RenderJob(path, path, expand(path, body, first_line, partial(files.get)).text, first_line, lang)


def left_raw(html: str) -> list[str]:
    tree = LexborHTMLParser(f"<body>{html}</body>")
    tree.strip_tags(["code", "pre"])
    assert tree.body is not None
    text = tree.body.text()
    return [mark for mark in _RAW if mark in text]


@pytest.mark.parametrize("name", _COLLECTIONS)
def test_nothing_raw_and_nothing_harmful_is_left_in_a_real_help_centre(name: str) -> None:
    files = files_of(name)
    refused: list[str] = []
    raw: dict[str, list[str]] = {}
    harmful: dict[str, list[str]] = {}
    with RenderPool(seconds=20, megabytes=768, processes=2) as pool:
        for job, result in pool.map(jobs_of(name, files)):
            if isinstance(result, ArticleInvalid):
                refused.append(str(result))
                continue
            assert isinstance(result, Rendered)
            raw |= {job.path: left} if (left := left_raw(result.html)) else {}
            harmful |= {job.path: found} if (found := hostile.harm_in(result.html)) else {}
    counts = f"{len(raw)} with raw marks, {len(harmful)} harmful, {len(refused)} refused"
    print(f"{name}: {len(files)} files, {counts}")  # noqa: T201 - the counts are what this check is for
    assert len(files) >= _COLLECTIONS[name]
    assert (raw, harmful, refused) == ({}, {}, [])
