"""The picker beside another help desk: who may show it, and a sign-in of its own that is good for nothing else."""

from collections.abc import Iterator
from dataclasses import replace

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import clock
from portal.app import create_app
from portal.bootstrap import Portal, bootstrap
from portal.db import Database, transaction
from portal.links.models import Origin, SentLink
from portal.people import accounts, second_factor
from portal.pipeline import publish
from portal.settings import Settings
from portal.web.staff import FRAME_COOKIE
from tests.people.staff import PASSWORD
from tests.repositories import ContentRepository
from tests.web.desk_visitors import cheap, make_user, signed_in

HOST = "https://desk.example"
FRAME, SIGN_IN, CODE = "/desk/picker/frame", "/desk/picker/frame/sign-in", "/desk/picker/frame/code"
FILES = {
    "portal.toml": f'languages = ["en"]\n[picker]\norigins = ["{HOST}"]\n',
    "en/keys.md": "---\nid: keys\ntitle: Make a key\n---\nOpen the list of keys and choose a new one.\n",
}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("frame")
    repository = ContentRepository(folder / "content")
    repository.commit(dict(FILES))
    settings = Settings(content=str(repository.folder), data=folder / "data", secret_key="a secret of sixteen")
    publish(bootstrap(settings), at=clock.now())
    return settings


@pytest.fixture
def portal(content: Settings, sqlite_database: Database) -> Iterator[Portal]:
    portal = bootstrap(content)
    yield replace(portal, database=sqlite_database)
    portal.recorder.close()


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def frame(app: Flask, portal: Portal) -> FlaskClient:
    """A frame in another site's page: its browser sends the frame's own cookie alone."""
    make_user(portal)
    return app.test_client()


def sign_in(frame: FlaskClient, password: str = PASSWORD) -> TestResponse:
    # A test's browser keeps a Secure cookie to itself on http.
    return frame.post(SIGN_IN, base_url="https://localhost", data={"email": "bo@acme.example", "password": password})


def cookie(answer: TestResponse) -> str:
    return next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith(FRAME_COOKIE))


def csrf(frame: FlaskClient, path: str = FRAME) -> str:
    page = frame.get(path, base_url="https://localhost").text
    return page.partition('name="csrf" value="')[2][:64]


@pytest.mark.parametrize("path", [SIGN_IN, FRAME])
def test_the_origins_that_are_named_may_show_it(frame: FlaskClient, path: str) -> None:
    answer = frame.get(path)
    assert answer.headers["Content-Security-Policy"].endswith(f"frame-ancestors 'self' {HOST}")
    assert "X-Frame-Options" not in answer.headers


@pytest.mark.parametrize("path", ["/desk/picker", "/desk/sign-in", "/desk/links", "/en/"])
def test_nobody_shows_any_other_page(app: Flask, portal: Portal, path: str) -> None:
    answer = signed_in(app, portal).get(path)
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_frame_asks_who_is_there_inside_itself(frame: FlaskClient) -> None:
    assert frame.get(FRAME).headers["Location"] == SIGN_IN


def test_signing_in_sets_a_cookie_that_is_kept_apart(frame: FlaskClient) -> None:
    answer = sign_in(frame)
    assert answer.headers["Location"] == FRAME
    for part in ("Secure", "HttpOnly", f"Path={FRAME}", "SameSite=None", "Partitioned"):
        assert part in cookie(answer)
    assert all(one.startswith(FRAME_COOKIE) for one in answer.headers.getlist("Set-Cookie"))
    assert "What the customer wrote" in frame.get(FRAME, base_url="https://localhost").text


def test_the_frame_s_cookie_opens_nothing_else(app: Flask, frame: FlaskClient) -> None:
    held = cookie(sign_in(frame)).partition(";")[0]
    plain = app.test_client(use_cookies=False)
    for path in ("/desk/gaps", "/desk/picker", "/desk/account", "/desk/picker/suggestions?q=key", "/desk/pickerx"):
        assert plain.get(path, headers={"Cookie": held}).status_code in {303, 404}
    assert plain.get(FRAME, headers={"Cookie": held}).status_code == 200


def test_the_desk_s_own_cookie_stays_as_it_is(app: Flask, portal: Portal) -> None:
    make_user(portal)
    answer = app.test_client().post("/desk/sign-in", data={"email": "bo@acme.example", "password": PASSWORD})
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]
    assert "Partitioned" not in answer.headers["Set-Cookie"]


def test_a_wrong_password_lets_nobody_in(frame: FlaskClient) -> None:
    answer = sign_in(frame, "wrong")
    assert answer.status_code == 422
    assert not answer.headers.getlist("Set-Cookie")


def test_the_second_step_is_asked_inside_the_frame(frame: FlaskClient, portal: Portal) -> None:
    secret = second_factor.new_secret()
    with portal.database.session() as session, transaction(session):
        user = accounts.find(session, "bo@acme.example")
        assert user
        second_factor.enrol(session, user.id, secret, 0)
    assert sign_in(frame).headers["Location"] == CODE
    assert frame.get(FRAME, base_url="https://localhost").status_code == 303
    form = {"csrf": csrf(frame, CODE), "code": "000000"}
    assert frame.post(CODE, base_url="https://localhost", data=form).status_code == 422
    form["code"] = pyotp.TOTP(secret).now()
    assert frame.post(CODE, base_url="https://localhost", data=form).headers["Location"] == FRAME


def test_a_link_picked_in_the_frame_counts_for_the_side_bar(frame: FlaskClient, portal: Portal) -> None:
    sign_in(frame)
    form = {"csrf": csrf(frame), "article": "keys", "lang": "en"}
    page = frame.post(f"{FRAME}/links", base_url="https://localhost", data=form)
    assert "Make a key: https://localhost/a/keys?via=" in page.text
    assert f"frame-ancestors 'self' {HOST}" in page.headers["Content-Security-Policy"]
    with portal.database.session() as session:
        assert [one.origin for one in session.query(SentLink)] == [Origin.SIDEBAR]


def test_another_site_s_page_can_t_pick_with_the_frame_s_cookie(frame: FlaskClient) -> None:
    sign_in(frame)
    form = {"csrf": csrf(frame), "article": "keys"}
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": HOST}
    assert frame.post(f"{FRAME}/links", base_url="https://localhost", data=form, headers=headers).status_code == 403
    assert frame.post(f"{FRAME}/links", base_url="https://localhost", data={"article": "keys"}).status_code == 403


def test_what_goes_wrong_is_said_inside_the_frame(frame: FlaskClient) -> None:
    sign_in(frame)
    answer = frame.post(f"{FRAME}/links", base_url="https://localhost", data={"csrf": csrf(frame), "article": "gone"})
    assert answer.status_code == 404
    assert "Back to the picker" in answer.text
    assert "desk-rail" not in answer.text


def test_signing_out_ends_the_frame_s_session(frame: FlaskClient) -> None:
    sign_in(frame)
    answer = frame.post(f"{FRAME}/sign-out", base_url="https://localhost", data={"csrf": csrf(frame)})
    assert "Max-Age=0" in cookie(answer)
    assert frame.get(FRAME, base_url="https://localhost").status_code == 303
