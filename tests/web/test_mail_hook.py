"""`/hooks/mail`: a signed mail is taken, once; whatever else comes gets clear words."""

import time
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.bootstrap import Portal
from portal.conversations.incoming import MOST_BYTES
from portal.conversations.models import Conversation
from portal.outbox.webhook import signature
from tests.conversations.mails import a_mail

KEY = "a secret of sixteen"


@pytest.fixture
def hooked(portal: Portal) -> FlaskClient:
    return create_app(replace(portal, settings=replace(portal.settings, mail_secret=KEY))).test_client()


def _post(
    client: FlaskClient, body: bytes, *, at: float | str | None = None, key: str = KEY, signed: bytes | None = None
) -> TestResponse:
    stamp = at if isinstance(at, str) else str(int(at if at is not None else time.time()))
    mac = signature(key, stamp, body if signed is None else signed)
    headers = {"X-Signpost-Timestamp": stamp, "X-Signpost-Signature": f"sha256={mac}"}
    return client.post("/hooks/mail", data=body, headers=headers, content_type="message/rfc822")


def _count(portal: Portal) -> int:
    with portal.database.session() as session:
        return len(session.scalars(select(Conversation)).all())


def test_a_signed_mail_is_taken_and_the_same_one_replayed_is_one(portal: Portal, hooked: FlaskClient) -> None:
    first, again = _post(hooked, a_mail()), _post(hooked, a_mail())
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json
    assert first.json["verdict"] == "taken"
    assert first.json == again.json
    assert _count(portal) == 1


@pytest.mark.parametrize("off", [-301, 301, 10**9])
def test_a_hook_from_another_time_is_refused(portal: Portal, hooked: FlaskClient, off: int) -> None:
    answer = _post(hooked, a_mail(), at=time.time() + off)
    assert answer.status_code == 403
    assert "five minutes" in answer.json["detail"]  # type: ignore[index]
    assert _count(portal) == 0


@pytest.mark.parametrize("stamp", ["soon", "-1", "1e9", "١٢", "9" * 40])
def test_a_timestamp_that_is_none_is_refused(hooked: FlaskClient, stamp: str) -> None:
    headers = {"X-Signpost-Timestamp": stamp.encode().decode("latin-1"), "X-Signpost-Signature": "sha256=0"}
    assert hooked.post("/hooks/mail", data=a_mail(), headers=headers).status_code == 403


def test_another_body_or_another_key_is_refused(portal: Portal, hooked: FlaskClient) -> None:
    for answer in (
        _post(hooked, a_mail(), signed=a_mail("Other")),
        _post(hooked, a_mail(), key="another secret, longer"),
    ):
        assert answer.status_code == 403
        assert "signature" in answer.json["detail"]  # type: ignore[index]
    assert _count(portal) == 0


def test_an_unsigned_mail_and_a_portal_without_a_secret_say_what_to_do(
    hooked: FlaskClient, client: FlaskClient
) -> None:
    unsigned = hooked.post("/hooks/mail", data=a_mail())
    assert unsigned.status_code == 401
    assert "X-Signpost-Signature" in unsigned.json["detail"]  # type: ignore[index]
    off = _post(client, a_mail())
    assert off.status_code == 403
    assert "PORTAL_MAIL_SECRET" in off.json["detail"]  # type: ignore[index]


def test_a_mail_over_25_megabytes_is_refused_and_a_large_one_is_not(portal: Portal, hooked: FlaskClient) -> None:
    over = _post(hooked, b"x" * (MOST_BYTES + 1), signed=b"")
    assert over.status_code == 413
    assert "25 MB" in over.json["detail"]  # type: ignore[index]
    large = a_mail(files=(("log.bin", "application/octet-stream", b"\0" * 3_000_000),))
    assert _post(hooked, large).json["verdict"] == "taken"  # type: ignore[index]
    assert _count(portal) == 1


def test_a_page_of_another_site_can_t_hand_in_a_mail(hooked: FlaskClient) -> None:
    stamp = str(int(time.time()))
    headers = {
        "X-Signpost-Timestamp": stamp,
        "X-Signpost-Signature": f"sha256={signature(KEY, stamp, a_mail())}",
        "Origin": "https://evil.example",
    }
    assert hooked.post("/hooks/mail", data=a_mail(), headers=headers).status_code == 403


def test_what_is_no_mail_is_taken_note_of_and_refused(portal: Portal, hooked: FlaskClient) -> None:
    answer = _post(hooked, b"\x00\xff")
    assert answer.status_code == 202
    assert answer.json["verdict"] == "refused"  # type: ignore[index]
    assert _count(portal) == 0
