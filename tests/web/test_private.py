"""What is personal in what somebody types reaches neither database nor disk, log, cookie or answer to a program."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.bootstrap import Portal
from portal.content.loop import Recording
from tests.web.conftest import Recorded
from tests.web.help.test_beacon import TYPING, tell

ITEMS = (
    "ada.lovelace@example.com", "+49 30 901820", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00",
    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
)  # fmt: skip
SENTENCE = "my order is not here {} what shall I do"


def written(portal: Portal, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> bytes:
    portal.recorder.flush()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    return b"\n".join([*(path.read_bytes() for path in files), caplog.text.encode()])


@pytest.mark.parametrize("item", ITEMS)
def test_a_personal_item_is_written_nowhere(
    client: FlaskClient, portal: Portal, tmp_path: Path, caplog: pytest.LogCaptureFixture, recorded: Recorded, item: str
) -> None:
    caplog.set_level(logging.DEBUG)
    text = SENTENCE.format(item)
    answers = [
        client.get("/en/search", query_string={"q": text, "topic": item, "tag": item}),
        client.get("/api/v1/search", query_string={"q": text}),
        client.post("/en/requests", data={"text": text, "q": text}),
        tell(client, TYPING | {"text": text}),
    ]
    assert {answer.status_code for answer in answers} <= {200, 204, 303}
    assert len(recorded()) == 5
    kept = written(portal, tmp_path, caplog)
    assert b"my order is not here" in kept
    assert item.encode() not in kept
    assert item.replace(" ", "").encode() not in kept
    assert all(item not in answer.headers.get("Set-Cookie", "") for answer in answers)


def test_neither_do_they_reach_the_file_that_stands_in_for_the_database(
    app: Flask, portal: Portal, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for path in tmp_path.glob("portal.sqlite*"):
        path.unlink()
    (tmp_path / "portal.sqlite").mkdir()
    client = create_app(portal).test_client()
    for item in ITEMS:
        assert client.get("/en/search", query_string={"q": SENTENCE.format(item)}).status_code == 200
        assert client.post("/en/requests", data={"text": SENTENCE.format(item)}).status_code == 503
    kept = written(portal, tmp_path, caplog)
    assert b"my order is not here" in kept
    assert [item for item in ITEMS if item.encode() in kept] == []


def test_the_companys_own_numbers_are_taken_out_too(
    app: Flask, portal: Portal, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = portal.library.current()
    ours = Recording(order_numbers=(r"\bAC-\d{6}\b",))
    monkeypatch.setattr(live, "site", replace(live.site, recording=ours))
    client = app.test_client()
    client.get("/en/search?q=where+is+AC-123456")
    client.post("/en/requests", data={"text": "Where is AC-123456"})
    events = recorded()
    assert len(events) == 2
    assert "AC-123456" not in repr(events)
