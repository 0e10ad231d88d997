"""The commands as somebody runs them: as programs, judged by what they print and by their exit code."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from portal.search.meaning.kept import AT_ONCE
from tests.repositories import HELP_CENTRE, ContentRepository
from tests.search.meaning.tiny import write_model


@pytest.fixture
def repository(tmp_path: Path) -> ContentRepository:
    repository = ContentRepository(tmp_path / "content")
    repository.commit(HELP_CENTRE)
    return repository


def _environment(repository: ContentRepository) -> dict[str, str]:
    """Return the settings of a command, which searches by words alone unless a test says more."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "GIT_"))}
    data = str(repository.folder.parent / "data")
    return kept | {"PORTAL_CONTENT": str(repository.folder), "PORTAL_DATA": data, "PORTAL_ENCODER": "none"}


@pytest.fixture
def encoder(tmp_path: Path) -> str:
    """The setting of an encoder that loads in a moment."""
    return f"transformer:{write_model(tmp_path / 'model')}?languages=en,de"


@pytest.fixture
def large(repository: ContentRepository) -> ContentRepository:
    """More than a publishing encodes itself."""
    repository.commit({f"en/many/{n}.md": f"---\ntitle: Number {n}\n---\nText {n}.\n" for n in range(AT_ONCE)})
    return repository


def _on_a_terminal(repository: ContentRepository, *argv: str, **environment: str) -> tuple[int, str]:
    """Run a command as somebody does who looks on; return its exit code and what the terminal got."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "portal", *argv]
    with subprocess.Popen(command, env=_environment(repository) | environment, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # that is how a terminal says that nobody writes any more
            while some := os.read(ours, 4096):
                shown += some
    os.close(ours)
    return process.returncode, shown.decode("utf-8", "replace")


def _portal(repository: ContentRepository, *argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "portal", *argv],
        env=_environment(repository) | environment,
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


def test_one_command_publishes_words_then_meaning_and_tells_both_as_one(large: ContentRepository, encoder: str) -> None:
    large.commit({"en/bad.md": "---\ntitle: A\npublish_at: soon\n---\nText\n"})
    began = time.monotonic()
    done = _portal(large, "publish", "--json", PORTAL_ENCODER=encoder)
    took = time.monotonic() - began
    assert done.returncode == 0, done.stderr
    assert "left" not in done.stderr
    told = json.loads(done.stdout)
    assert (told["is_new"], told["changed"]) == (True, {"added": 5 + AT_ONCE, "removed": 0, "edited": 0})
    assert [problem["path"] for problem in told["problems"]] == ["en/bad.md"]
    assert (told["counts"]["unencoded"], told["counts"]["vectors"] >= AT_ONCE) == (0, True)
    generations = large.folder.parent / "data" / "generations"
    assert [folder.name[:8] for folder in sorted(generations.glob("0*"))] == ["00000001", "00000002"]
    first, live = (json.loads((folder / "manifest.json").read_text()) for folder in sorted(generations.glob("0*")))
    assert told["generation"] == live["name"]
    assert first["counts"]["unencoded"] >= AT_ONCE
    assert first["counts"]["vectors"] + first["counts"]["unencoded"] == told["counts"]["vectors"]
    assert told["seconds"] <= took
    assert _portal(large, "publish", PORTAL_ENCODER=encoder).stdout.startswith("Up to date")


def test_somebody_who_looks_on_sees_how_many_texts_are_left_when_all_is_live(
    large: ContentRepository, encoder: str
) -> None:
    code, shown = _on_a_terminal(large, "publish", PORTAL_ENCODER=encoder)
    assert code == 0, shown
    rendered, live, end = (shown.index(part) for part in ("Rendering", "Live. Adding meaning", f"{5 + AT_ONCE} new"))
    assert rendered < live < end
    left = [int(part.split()[0].replace(",", "")) for part in shown.split("search: ")[1:]]
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0
    assert "\x1b[K" in shown[shown.rindex("left ...") :], "the line is taken away in the end"


def test_a_publishing_killed_while_it_adds_meaning_is_live_on_words_and_the_next_completes_it(
    large: ContentRepository, encoder: str
) -> None:
    argv, environment = [sys.executable, "-m", "portal", "publish"], _environment(large) | {"PORTAL_ENCODER": encoder}
    current = large.folder.parent / "data" / "generations" / "current"
    with subprocess.Popen(argv, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not current.exists() and process.poll() is None:
            os.sched_yield()
        process.send_signal(signal.SIGKILL)
    assert json.loads((current / "manifest.json").read_text())["counts"]["unencoded"] >= AT_ONCE
    done = _portal(large, "publish", "--json", PORTAL_ENCODER=encoder)
    told = json.loads(done.stdout)
    assert (told["is_new"], told["counts"]["unencoded"]) == (False, 0)
    assert json.loads((current / "manifest.json").read_text())["counts"]["unencoded"] == 0


def test_the_files_that_lie_on_disk_stay_live_when_meaning_has_joined(large: ContentRepository, encoder: str) -> None:
    large.write({"en/new.md": "---\ntitle: Not committed\n---\nQuokkas.\n"})
    told = json.loads(_portal(large, "publish", "--working-folder", "--json", PORTAL_ENCODER=encoder).stdout)
    assert told["counts"]["articles"] == 5 + AT_ONCE + 1
    assert (told["changed"]["added"], told["counts"]["unencoded"]) == (5 + AT_ONCE + 1, 0)


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
