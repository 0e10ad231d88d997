"""Whatever lies in the repository, the good articles publish, and each bad one is named or does no harm."""

import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

import pytest

from portal import clock
from portal.app import create_app
from portal.audience import Level
from portal.bootstrap import Portal, bootstrap
from portal.content.page import Page
from portal.content.problem import Problem, Severity
from portal.pipeline import publish
from portal.publishing import Published
from portal.search.generation import read_report
from portal.search.hits import Query
from portal.search.manifest import walk
from portal.settings import ROOT, Settings
from tests.content.hostile import harm_in
from tests.hostile.repository import (
    EITHER,
    GOOD,
    HARMLESS,
    HELD_BACK,
    OTHERS,
    SECRET,
    SKIPPED,
    TRAPS,
    Trap,
    hostile_repository,
    titled,
)
from tests.repositories import ContentRepository

SAID = r"[^:]+:[1-9]\d*: (error|warning): \S.*|[^:]+: not an article: \S.*"
LONGEST_SECONDS = 30
"""Both publishings and the making of the repository, on a busy machine of two cores."""


@dataclass(frozen=True, slots=True)
class Siege:
    """The hostile repository, published."""

    repository: ContentRepository
    portal: Portal
    done: Published
    seconds: float
    pages: dict[str, Page]
    """By path, as staff see them."""
    problems: dict[str, list[Problem]]
    skipped: dict[str, str]


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Siege:
    folder = tmp_path_factory.mktemp("siege")
    began = monotonic()
    repository = hostile_repository(folder / "content")
    settings = Settings(content=str(repository.folder), data=folder / "data", render_seconds=1, encoder="none")
    portal = bootstrap(settings)
    done = publish(portal, at=clock.now())
    seconds = monotonic() - began
    shelf = portal.library.current().level(Level.STAFF).shelf
    pages = [page for page in map(shelf.page, shelf.prints()) if page]
    problems = defaultdict(list)
    for problem in done.problems:
        problems[problem.path].append(problem)
    skipped = {
        str(each["path"]): str(each["reason"]) for each in read_report(portal.library.current().folder)["skipped"]
    }
    return Siege(
        repository=repository,
        portal=portal,
        done=done,
        seconds=seconds,
        pages={page.path: page for page in pages},
        problems=dict(problems),
        skipped=skipped,
    )


@pytest.fixture(scope="module")
def checked(siege: Siege) -> subprocess.CompletedProcess[bytes]:
    """`portal check` of the same files as they lie on disk; what publishing rendered it need not render again."""
    settings = siege.portal.settings
    shutil.copyfile(settings.data / "cache" / "compiled.sqlite", settings.data / "cache" / "checked.sqlite")
    ours = {"PORTAL_CONTENT": settings.content, "PORTAL_DATA": str(settings.data), "PORTAL_RENDER_SECONDS": "1"}
    return subprocess.run(
        [sys.executable, "-m", "portal", "check"], cwd=ROOT, env=os.environ | ours, capture_output=True, check=False
    )


@pytest.mark.parametrize("path", GOOD)
def test_every_good_article_is_published_and_found(siege: Siege, path: str) -> None:
    title, word = GOOD[path]
    page = siege.pages[path]
    assert page.card.title == title
    assert word in page.html
    reader = siege.portal.library.current().level(Level.PUBLIC)
    found = reader.search(Query(text=word, lang=page.card.lang), offset=0, limit=5)
    assert [hit.card.title for hit in found.hits] == [title]
    answer = create_app(siege.portal).test_client().get(page.card.url)
    assert (answer.status_code, word in answer.text) == (200, True)


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: repr(trap.path[:50]))
def test_every_bad_one_is_named_or_does_no_harm(siege: Siege, trap: Trap) -> None:
    said = siege.problems.get(trap.path, [])
    errors = [problem for problem in said if problem.severity is Severity.ERROR]
    is_shown = trap.path in siege.pages
    fate = SKIPPED if trap.path in siege.skipped else HARMLESS if is_shown else HELD_BACK
    assert fate == trap.fate or (trap.fate == EITHER and fate in {HARMLESS, HELD_BACK})
    assert bool(errors) == (fate == HELD_BACK)
    assert trap.says in siege.skipped.get(trap.path, " ".join(problem.what for problem in said))
    lines = trap.data.count(b"\n") + 1
    assert all(1 <= problem.line <= lines and problem.what and problem.mend for problem in said)
    if is_shown:
        assert harm_in(_without_our_addresses(siege.pages[trap.path].html)) == []


@pytest.mark.parametrize("path", OTHERS)
def test_what_is_no_file_is_named(siege: Siege, path: str) -> None:
    assert OTHERS[path] in siege.skipped[path]
    assert path not in siege.pages


def test_nothing_is_forgotten(siege: Siege) -> None:
    known = siege.pages.keys() | siege.problems.keys() | siege.skipped.keys()
    assert known == {*GOOD, *OTHERS, *(trap.path for trap in TRAPS)}
    assert siege.done.counts["articles"] == len(siege.pages)
    assert siege.done.counts["held_back"] + len(siege.pages) + len(siege.skipped) == len(known)


def test_nothing_from_outside_of_the_content_is_taken_in(siege: Siege) -> None:
    assert SECRET in Path("/etc/passwd").read_text("utf-8"), "the secret is one"
    data = siege.portal.settings.data
    written = {file.relative_to(data).as_posix(): file.read_bytes() for file in walk(data)}
    assert len(written) > 20
    assert [path for path, held in written.items() if SECRET.encode() in held] == []


def test_what_would_run_is_only_shown(siege: Siege) -> None:
    assert "{{7+42}}" in siege.pages["en/traps/templates.md"].html
    assert "49" not in siege.pages["en/traps/templates.md"].html
    assert siege.pages["en/traps/templates.md"].card.title == "{{7+42}}"
    client = create_app(siege.portal).test_client()
    for path in ("en/traps/<script>alert(1)<b>.md", "en/traps/templates.md", "en/traps/bidi.md"):
        answer = client.get(siege.pages[path].card.url)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
    assert "uid=" not in siege.pages["en/traps/python-object.md"].card.title


def test_every_page_and_every_list_answers(siege: Siege) -> None:
    client = create_app(siege.portal).test_client()
    public = siege.portal.library.current().level(Level.PUBLIC).shelf
    urls = [page.card.url for page in siege.pages.values() if public.page(page.card.id)]
    urls += ["/en/", "/de/", *(topic.url for lang in public.languages() for topic in public.topics(lang))]
    assert {url: status for url in urls if (status := client.get(url).status_code) != 200} == {}


def test_it_all_takes_a_bounded_time_and_nothing_is_rendered_twice(siege: Siege) -> None:
    began = monotonic()
    assert not publish(siege.portal, at=clock.now()).is_new
    siege.repository.write({"en/good/delta.md": titled("It says deltaword.\n", "Delta works")})
    siege.repository.git("add", "--", "en/good/delta.md")
    siege.repository.git("commit", "-q", "-m", "One more")
    compiled: list[int] = []
    done = publish(siege.portal, at=clock.now(), progress=lambda _done, total: compiled.append(total))
    assert done.changed == {"added": 1, "removed": 0, "edited": 0}
    assert done.counts["held_back"] == siege.done.counts["held_back"]
    looking_at_others = [
        path for path, found in siege.problems.items() if any("include" in each.what for each in found)
    ]
    assert compiled[-1] <= 1 + len(looking_at_others), "only an include that failed is looked at again, by reading"
    assert siege.seconds + (monotonic() - began) < LONGEST_SECONDS


def test_checking_names_each_with_its_line(siege: Siege, checked: subprocess.CompletedProcess[bytes]) -> None:
    assert checked.returncode == 1, checked.stderr
    lines = checked.stdout.decode("utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(SAID, line)] == []
    named = {line.partition(":")[0] for line in lines if ": error: " in line}
    assert named >= {trap.path for trap in TRAPS if trap.fate == HELD_BACK}
    assert named.isdisjoint(GOOD)
    assert any(line.startswith(r"en/traps/new\nline.md: not an article: ") for line in lines)
    assert b"Traceback" not in checked.stderr


def test_files_as_they_lie_on_disk_are_published_too(siege: Siege, tmp_path: Path) -> None:
    settings = replace(siege.portal.settings, data=tmp_path / "data")
    shutil.copytree(siege.portal.settings.data / "cache", settings.data / "cache")
    portal = bootstrap(settings)
    publish(portal, at=clock.now(), working_folder=True)
    shelf = portal.library.current().level(Level.PUBLIC).shelf
    titles = {card.title for card in shelf.listing(after="", limit=200)}
    assert titles >= {title for title, _ in GOOD.values()}
    reasons = {
        str(each["path"]): str(each["reason"]) for each in read_report(portal.library.current().folder)["skipped"]
    }
    assert {
        path: said for path, said in OTHERS.items() if path != "en/traps/module" and said not in reasons[path]
    } == {}


def _without_our_addresses(html: str) -> str:
    """Put back what publishing made of links into the content: `harm_in` knows them as `kb:`."""
    return re.sub(r'(href|src)="/(?!/)', r'\1="kb:', html)
