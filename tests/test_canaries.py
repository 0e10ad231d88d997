"""One article for each audience and state: seen by who may, absent for all others, on every surface there is."""

from collections.abc import Iterator
from itertools import product

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from portal.audience import LEVELS, Level
from portal.bootstrap import Portal
from portal.search.level import LevelReader
from portal.search.manifest import walk
from tests.repositories import CANARY_AUDIENCES, CANARY_STATES, canary

RANK = {"public": 0, "customers": 1, "staff": 2}
LISTS = (
    "/en/",
    "/en/topics/canaries",
    "/api/v1/articles?limit=50",
    "/en/articles/canaries/nothing-of-the-kind",
)
WORDS = {"counts.bin", "impacts.bin", "wordings.bin", "spelling.bin", "shelf.sqlite", "completions.sqlite"}
"""Files in which an article's own words are told."""


@pytest.fixture(params=LEVELS)
def level(request: pytest.FixtureRequest) -> Level:
    return Level(request.param)


@pytest.fixture
def reader(portal: Portal, level: Level) -> Iterator[FlaskClient]:
    app = create_app(portal)
    app.config["READER_LEVEL"] = lambda: level
    with app.test_client() as client:
        yield client


def _may(level: Level, audience: str, state: str) -> bool:
    if audience not in RANK or RANK[audience] > LEVELS.index(level):
        return False
    return level is Level.STAFF or state == "published"


def _ids(portal: Portal) -> dict[str, str]:
    """Return every canary's id by its word, those that nobody sees under an id that nothing has."""
    staff: LevelReader = portal.library.current().level(Level.STAFF)
    words = [canary(*pair) for pair in product(CANARY_AUDIENCES, CANARY_STATES)]
    return {word: staff.shelf.find("en", f"canaries/{word}") or "0123456789ab" for word in words}


@pytest.mark.parametrize(("audience", "state"), list(product(CANARY_AUDIENCES, CANARY_STATES)))
def test_an_article_answers_to_who_may_see_it_alone(
    audience: str, state: str, level: Level, reader: FlaskClient, portal: Portal
) -> None:
    word = canary(audience, state)
    key = _ids(portal)[word]
    pages = {
        f"/en/articles/canaries/{word}": 200,
        f"/en/articles/canaries/{word}.md": 200,
        f"/a/{key}": 302,
        f"/en/votes/{key}": 200,
        f"/api/v1/articles/{key}": 200,
    }
    may = _may(level, audience, state)
    for path, when_seen in pages.items():
        assert reader.get(path).status_code == (when_seen if may else 404), path


@pytest.mark.parametrize(("audience", "state"), list(product(CANARY_AUDIENCES, CANARY_STATES)))
def test_an_article_is_found_and_suggested_to_who_may_see_it_alone(
    audience: str, state: str, level: Level, reader: FlaskClient
) -> None:
    word = canary(audience, state)
    may = _may(level, audience, state)
    for asked in (word, f"{word}aka", f"title:{word}", f"tag:{word}", f'"text with {word}"', f"{word[:-1]}*"):
        as_typed = {"q": asked, "lang": "en", "verbatim": "1"}
        assert bool(reader.get("/api/v1/search", query_string=as_typed).json["total"]) is may, asked
        shown = reader.get("/en/search", query_string={"q": asked}).text  # corrected, it may lead to a visible one
        assert (f"/en/articles/canaries/{word}" in shown) is may, asked
    offered = reader.get("/api/v1/complete", query_string={"q": word, "lang": "en"}).json["completions"]
    assert any(not one["is_corrected"] for one in offered) is may
    assert may or word not in str(offered)
    filtered = reader.get("/api/v1/search", query_string={"q": "text", "tag": word, "lang": "en"}).json["total"]
    assert bool(filtered) is may


@pytest.mark.parametrize("path", LISTS)
def test_no_list_names_an_article_to_who_may_not_see_it(path: str, level: Level, reader: FlaskClient) -> None:
    shown = reader.get(path).text
    assert [
        canary(*pair)
        for pair in product(CANARY_AUDIENCES, CANARY_STATES)
        if canary(*pair) in shown and not _may(level, *pair)
    ] == []


def test_the_lists_do_name_those_who_may_be_seen(level: Level, reader: FlaskClient) -> None:
    shown = reader.get("/en/topics/canaries").text
    for pair in product(CANARY_AUDIENCES, CANARY_STATES):
        assert (canary(*pair) in shown) is _may(level, *pair), pair


@pytest.mark.parametrize(("audience", "state"), list(product(CANARY_AUDIENCES, CANARY_STATES)))
def test_whoever_types_nearly_its_words_is_told_nothing_of_an_article_that_is_not_theirs(
    audience: str, state: str, level: Level, reader: FlaskClient
) -> None:
    word = canary(audience, state)
    for asked in (f"{word[:-2]}{word[-1]}", f"zb{word[2:]}", word[:-2], f"What is {word[:-1]}", f"zebra {word[5:]}"):
        told = reader.get("/api/v1/search", query_string={"q": asked, "lang": "en"}).json
        told |= reader.get("/api/v1/complete", query_string={"q": asked, "lang": "en"}).json | {"q": ""}
        shown = reader.get("/en/search", query_string={"q": asked}).text.replace(asked, "")
        if not _may(level, audience, state):
            assert word not in str(told).replace(asked, ""), asked
            assert word not in shown, asked


@pytest.mark.parametrize(("audience", "state"), list(product(CANARY_AUDIENCES, CANARY_STATES)))
def test_no_byte_of_a_levels_files_is_of_an_article_that_is_not_theirs(
    audience: str, state: str, level: Level, portal: Portal
) -> None:
    word = canary(audience, state).encode()
    live = portal.library.current()
    files = list(walk(live.folder / live.manifest.levels[level]))
    having = {file.name for file in files if word in file.read_bytes()}
    assert having >= WORDS if _may(level, audience, state) else not having
