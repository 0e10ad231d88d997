"""`portal search` on a published help centre, as a program and by what it prints."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from portal.cli.search import search
from portal.errors import Unavailable
from portal.settings import Settings
from tests.repositories import canary


def _search(settings: Settings, *argv: str) -> Result:
    environment = {"PORTAL_CONTENT": settings.content, "PORTAL_DATA": str(settings.data)}
    return CliRunner().invoke(search, argv, env=environment)


def test_hits_are_printed_with_place_score_title_section_and_address(published: Settings) -> None:
    told = _search(published, "reset", "password", "--lang", "en")
    assert told.exit_code == 0, told.output
    first, hit, address, *_ = told.output.splitlines()
    assert "in en" in first
    assert hit.split()[0] == "1"
    assert float(hit.split()[1]) > 0
    assert "Reset your password" in hit
    assert address.strip().startswith("/en/articles/")


def test_json_is_what_the_api_answers(published: Settings) -> None:
    told = json.loads(_search(published, "reset password", "--json", "--limit", "1").output)
    assert told["q"] == "reset password"
    assert [hit["title"] for hit in told["hits"]] == ["Reset your password"]
    assert {"corrected", "confidence", "answer", "total", "nearest", "elsewhere"} <= set(told)


def test_a_level_finds_what_its_readers_may_see_and_nothing_else(published: Settings) -> None:
    words = [canary(level, "published") for level in ("public", "customers", "staff")]

    def seen(*argv: str) -> list[bool]:
        told = [json.loads(_search(published, word, "--json", *argv).output) for word in words]
        return [f"The {word} article" in str(one) for word, one in zip(words, told, strict=True)]

    assert seen() == [True, False, False]
    assert seen("--level", "customers") == [True, True, False]
    assert seen("--level", "staff") == [True, True, True]


def test_nothing_found_is_said_calmly(published: Settings) -> None:
    told = _search(published, "?!")
    assert told.exit_code == 0
    assert told.output.startswith("0 articles in en")


@pytest.mark.parametrize("argv", [(), ("x", "--level", "boss"), ("x", "--limit", "0"), ("x", "--limit", "51")])
def test_misuse_is_told_with_exit_code_2(argv: tuple[str, ...], published: Settings) -> None:
    assert _search(published, *argv).exit_code == 2


def test_before_the_first_publishing_it_says_so(published: Settings, tmp_path: object) -> None:
    told = CliRunner().invoke(search, ["x"], env={"PORTAL_CONTENT": published.content, "PORTAL_DATA": str(tmp_path)})
    assert isinstance(told.exception, Unavailable)


def test_it_is_a_verb_of_the_program(published: Settings) -> None:
    command = [sys.executable, "-m", "portal", "search", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0
    assert "WORDS" in done.stdout
