from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from portal.bootstrap import Portal
from tests.web.conftest import PASSWORD

VOTE = f"/en/votes/{PASSWORD}"
YES = {"helpful": "yes"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        {"Origin": "http://localhost"},
    ],
)
def test_a_change_from_our_own_pages_or_a_program_is_taken(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post(VOTE, data=YES, headers=headers).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "nonsense"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:8001"},
        {"Origin": "null"},
        {"Origin": ""},
    ],
)
def test_a_change_from_another_site_is_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post(VOTE, data=YES, headers=headers)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers
    assert "another site" in answer.text


def test_reading_from_another_site_is_welcome(client: FlaskClient) -> None:
    assert client.get("/en/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_the_address_people_use_is_ours_behind_a_proxy(portal: Portal) -> None:
    settings = replace(portal.settings, base_url="https://help.acme.example")
    client = create_app(replace(portal, settings=settings)).test_client()
    assert client.post(VOTE, data=YES, headers={"Origin": "https://help.acme.example"}).status_code == 303


def test_transport_security_is_promised_on_https_alone(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/en/").headers
    secure = client.get("/en/", base_url="https://localhost")
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=")


def test_a_foreign_host_name_is_refused_with_headers(portal: Portal) -> None:
    settings = replace(portal.settings, trusted_hosts=("help.acme.example",))
    client = create_app(replace(portal, settings=settings)).test_client()
    answer = client.get("/en/", base_url="http://evil.example")
    assert answer.status_code == 400
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert client.get("/en/", base_url="http://help.acme.example").status_code == 200


def test_forwarded_headers_are_believed_only_from_trusted_proxies(portal: Portal) -> None:
    forwarded = {"X-Forwarded-Proto": "https"}
    assert "Strict-Transport-Security" not in create_app(portal).test_client().get("/en/", headers=forwarded).headers
    settings = replace(portal.settings, trusted_proxies=1)
    behind = create_app(replace(portal, settings=settings)).test_client()
    assert "Strict-Transport-Security" in behind.get("/en/", headers=forwarded).headers
