"""The portal's own words, in every language that it has."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from portal.settings import ROOT
from portal.web.speech import FOLDER

PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "lazy_ngettext": (1, 2)}
SOURCES = (("templates", "jinja2", "**.*"), ("portal/web", "python", "**.py"))
JINJA = {"trim_blocks": "true", "lstrip_blocks": "true"}
CATALOGUES = sorted(FOLDER.glob("*.po"))


@cache
def sentences() -> frozenset[str | tuple[str, ...]]:
    """Every sentence that code and templates say."""
    found: set[str | tuple[str, ...]] = set()
    for folder, method, pattern in SOURCES:
        rows = extract_from_dir(
            str(ROOT / folder), method_map=[(pattern, method)], options_map={"**.*": JINJA}, keywords=KEYWORDS
        )
        found |= {row[2] if isinstance(row[2], str) else tuple(row[2]) for row in rows}
    return frozenset(found)


@pytest.fixture(params=CATALOGUES, ids=lambda file: file.stem)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    path: Path = request.param
    with path.open("rb") as opened:
        return read_po(opened, locale=path.stem, abort_invalid=True)


def test_there_is_german() -> None:
    assert "de" in {file.stem for file in CATALOGUES}


def test_every_sentence_is_in_every_catalogue(catalogue: Catalog) -> None:
    there = {message.id for message in catalogue if message.id and all(_forms(message.string)) and not message.fuzzy}
    assert sorted(str(one) for one in sentences() - there) == [], "run: make translations, then translate what is new"


def test_no_catalogue_keeps_what_nobody_says(catalogue: Catalog) -> None:
    assert sorted(str(message.id) for message in catalogue if message.id and message.id not in sentences()) == []


def test_places_for_values_are_the_same_in_every_language(catalogue: Catalog) -> None:
    for message in catalogue:
        wanted = {frozenset(PLACEHOLDER.findall(one)) for one in _forms(message.id)}
        for one in _forms(message.string):
            assert not message.id or frozenset(PLACEHOLDER.findall(one)) in wanted, message.id


def test_a_page_speaks_its_own_language(client: FlaskClient) -> None:
    assert "How can we help?" in client.get("/en/").text
    assert "How can we help?" not in client.get("/de/").text


def _forms(words: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)
