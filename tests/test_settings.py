import stat
from pathlib import Path
from threading import Barrier, Thread

import pytest

from portal.errors import SettingsError
from portal.settings import ROOT, Settings


def test_nothing_needs_to_be_set() -> None:
    settings = Settings.from_env({"HOME": "somewhere"})
    assert settings.content == str(ROOT / "articles")
    assert settings.bind == "127.0.0.1:8000"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("PORTAL_WORKRES", "2", "not a setting"),
        ("PORTAL_WORKERS", "0", "from 1 to 64"),
        ("PORTAL_WORKERS", "two", "from 1 to 64"),
        ("PORTAL_WORKERS", "٣", "from 1 to 64"),
        ("PORTAL_BIND", "8000", "127.0.0.1:8000"),
        ("PORTAL_BIND", "localhost:99999", "127.0.0.1:8000"),
        ("PORTAL_BASE_URL", "help.example.com", "whole host"),
        ("PORTAL_BASE_URL", "https://example.com/help", "without a path"),
        ("PORTAL_RENDER_SECONDS", "nan", "seconds from"),
        ("PORTAL_ENCODER", "bert", "auto, none, use"),
        ("PORTAL_ENCODER", "transformer:", "transformer: with a folder"),
        ("PORTAL_ENCODER", "transformer:/models/mini?language=en", "transformer: with a folder"),
        ("PORTAL_SECRET_KEY", "short", "at least 16"),
        ("PORTAL_SECRET_KEY_FILE", "/does/not/exist", "PORTAL_SECRET_KEY_FILE"),
    ],
)
def test_a_bad_setting_stops_the_start_and_says_which_and_why(name: str, text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        Settings.from_env({name: text})
    assert name in str(caught.value)


def test_a_bad_secret_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"PORTAL_SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(caught.value)
    assert "hunter2hunter2hunter2" not in repr(Settings(secret_key="hunter2hunter2hunter2"))


def test_settings_are_read_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("a secret of some length\n")
    settings = Settings.from_env(
        {
            "PORTAL_DATA": str(tmp_path),
            "PORTAL_TRUSTED_HOSTS": "help.example.com, www.example.com",
            "PORTAL_BASE_URL": "https://help.example.com/",
            "PORTAL_SECRET_KEY_FILE": str(tmp_path / "key"),
            "PORTAL_REVISION": "  ",
            "PORTAL_DATA_SETS": "read by tests alone",
        }
    )
    assert settings.trusted_hosts == ("help.example.com", "www.example.com")
    assert settings.base_url == "https://help.example.com"
    assert settings.secret() == b"a secret of some length"
    assert settings.revision is None
    assert settings.database() == f"sqlite:///{tmp_path}/portal.sqlite"


@pytest.mark.parametrize(
    "choice",
    ["auto", "none", "use", "wordllama", "transformer:/models/mini lm", "transformer:gt-mini?languages=en,de"],
)
def test_an_encoder_is_chosen_by_name_folder_or_package(choice: str) -> None:
    assert Settings.from_env({"PORTAL_ENCODER": choice}).encoder == choice


def test_the_secret_is_made_once_even_by_many_at_a_time(tmp_path: Path) -> None:
    settings, start, seen = Settings(data=tmp_path / "data"), Barrier(8), []

    def ask() -> None:
        start.wait()
        seen.append(settings.secret())

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(seen)) == 1
    assert len(seen) == 8
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["secret"]
