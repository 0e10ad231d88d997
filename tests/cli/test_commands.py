"""The commands as somebody runs them: as programs, judged by what they print and by their exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repositories import HELP_CENTRE, ContentRepository


@pytest.fixture
def repository(tmp_path: Path) -> ContentRepository:
    repository = ContentRepository(tmp_path / "content")
    repository.commit(HELP_CENTRE)
    return repository


def _portal(repository: ContentRepository, *argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "GIT_"))}
    ours = {"PORTAL_CONTENT": str(repository.folder), "PORTAL_DATA": str(repository.folder.parent / "data")}
    return subprocess.run(
        [sys.executable, "-m", "portal", *argv],
        env=kept | ours | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_publish_prints_one_line_of_counts_and_the_second_time_that_nothing_is_new(
    repository: ContentRepository,
) -> None:
    first = _portal(repository, "publish")
    assert first.returncode == 0, first.stderr
    assert first.stdout.count("\n") == 1
    assert "5 articles" in first.stdout
    assert "5 new" in first.stdout
    assert "1 skipped" in first.stdout
    assert _portal(repository, "publish").stdout.startswith("Up to date")


def test_publish_names_each_problem_with_file_line_and_mending(repository: ContentRepository) -> None:
    repository.commit({"en/bad.md": "---\ntitle: A\npublish_at: soon\n---\nText\n"})
    done = _portal(repository, "publish", "--json")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert told["counts"]["held_back"] == 1
    assert [(problem["path"], problem["line"]) for problem in told["problems"]] == [("en/bad.md", 3)]
    assert all(problem["what"] and problem["mend"] for problem in told["problems"])


def test_publish_refuses_a_landslide_with_exit_code_1_and_says_what_to_do(repository: ContentRepository) -> None:
    _portal(repository, "publish")
    repository.git("rm", "-rq", "en")
    repository.commit()
    done = _portal(repository, "publish")
    assert done.returncode == 1
    assert "--accept-removals" in done.stderr
    assert _portal(repository, "publish", "--accept-removals").returncode == 0


def test_check_reads_what_is_not_committed_and_exits_1_on_errors_alone(repository: ContentRepository) -> None:
    assert _portal(repository, "check").returncode == 0
    repository.write({"en/link.md": "---\ntitle: A\n---\n[x](nowhere.md)\n"})
    warned = _portal(repository, "check")
    assert warned.returncode == 0
    assert "en/link.md:4: warning:" in warned.stdout
    assert "README.md: not an article:" in warned.stdout
    repository.write({"en/bad.md": "---\ntitle: [broken\n---\n"})
    failed = _portal(repository, "check")
    assert failed.returncode == 1
    assert failed.stdout.startswith("en/bad.md:2: error:")
    as_json = json.loads(_portal(repository, "check", "--format", "json").stdout)
    assert as_json["skipped"] == [{"path": "README.md", "reason": as_json["skipped"][0]["reason"]}]


@pytest.mark.parametrize(
    ("argv", "environment", "words"),
    [
        (("publish",), {"PORTAL_WORKRES": "2"}, "PORTAL_WORKRES is not a setting"),
        (("publish",), {"PORTAL_CONTENT": "/does/not/exist"}, "is no folder"),
        (("publish",), {"PORTAL_REVISION": "nowhere"}, "has no revision 'nowhere'"),
        (("publsh",), {}, "No such command"),
        (("serve",), {"PORTAL_BIND": "here"}, "PORTAL_BIND"),
    ],
)
def test_misuse_is_told_in_one_sentence_without_a_traceback(
    argv: tuple[str, ...], environment: dict[str, str], words: str, repository: ContentRepository
) -> None:
    done = _portal(repository, *argv, **environment)
    assert done.returncode in (1, 2)
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_help_names_every_verb(repository: ContentRepository) -> None:
    told = _portal(repository, "--help").stdout
    assert all(verb in told for verb in ("serve", "publish", "check"))
