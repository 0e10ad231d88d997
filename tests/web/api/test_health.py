import shutil
from dataclasses import replace
from pathlib import Path

from flask.testing import FlaskClient

from portal.app import create_app
from portal.bootstrap import Portal
from portal.search.generation import Library


def test_a_live_process_says_so_whatever_is_away(without_database: FlaskClient, unpublished: FlaskClient) -> None:
    for client in (without_database, unpublished):
        assert client.get("/healthz").json == {"status": "alive"}


def test_ready_with_articles_and_a_database(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json
    assert (answer.json["status"], answer.json["database"], answer.json["trouble"]) == ("ready", "answers", None)


def test_without_a_database_visitors_are_still_sent_here_to_read(without_database: FlaskClient) -> None:
    answer = without_database.get("/readyz")
    assert answer.status_code == 200
    assert answer.json
    assert (answer.json["status"], answer.json["database"]) == ("reading only", "away")


def test_not_ready_before_the_first_publishing(unpublished: FlaskClient) -> None:
    answer = unpublished.get("/readyz")
    assert answer.status_code == 503
    assert answer.json
    assert answer.json["generation"] is None


def test_a_damaged_generation_that_was_passed_over_is_said(portal: Portal, tmp_path: Path) -> None:
    folder = tmp_path / "generations"
    shutil.copytree(portal.library.folder, folder, symlinks=True)
    whole = str((folder / "current").readlink())
    (folder / "zzzz").mkdir()
    (folder / "current").unlink()
    (folder / "current").symlink_to("zzzz")
    client = create_app(replace(portal, library=Library(folder))).test_client()
    answer = client.get("/readyz").json
    assert answer
    assert answer["generation"] == whole
    assert "zzzz is damaged" in answer["trouble"]
