"""Every route and every status: whatever is added later is walked too."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from portal.web.security import HEADERS
from tests.web.conftest import PASSWORD

VALUES = {
    "lang": "en",
    "slug": "accounts/reset-your-password",
    "article_id": PASSWORD,
    "key": "nokey",
    "name": "js/main.js",
    "version": "old",
    "uid": "0" * 32,
    "accent": "0b6e63",
    "user_id": 1,
    "gap_id": 1,
    "conversation_id": 1,
    "saved_id": 1,
    "number": 1,
    "token": "abc",
    "token_id": 1,
    "voter": "reader-1",
}
PUBLIC_PAGES = ("/en/", "/en/topics/accounts", "/en/articles/accounts/reset-your-password", "/api/v1/articles")
CALM = 500


def requests_for(app: Flask) -> list[tuple[str, str]]:
    """(method, path) for each route, with values that reach its view."""
    rules = list(app.url_map.iter_rules())
    return sorted({(method, path_of(app, rule)) for rule in rules for method in (rule.methods or set()) - {"OPTIONS"}})


def path_of(app: Flask, rule: Rule) -> str:
    missing = rule.arguments - VALUES.keys()
    assert not missing, f"{rule.rule} has a new argument: give {missing} a value in VALUES"
    with app.test_request_context():
        values: dict[str, Any] = {name: VALUES[name] for name in rule.arguments}
        return app.url_for(rule.endpoint, **values)


def test_every_route_answers_with_every_security_header(app: Flask, client: FlaskClient) -> None:
    walked = requests_for(app)
    assert len(walked) > 25
    for method, path in walked:
        answer = client.open(path, method=method)
        assert answer.status_code < CALM, (method, path)
        for header in HEADERS:
            assert answer.headers.get(header), (method, path, header)


def test_no_policy_allows_inline_or_foreign_things(app: Flask, client: FlaskClient) -> None:
    for method, path in requests_for(app):
        policy = client.open(path, method=method).headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "http" not in policy
        assert "*" not in policy


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/en/articles/nowhere", 404),
        ("GET", "/fr/", 404),
        ("DELETE", "/en/", 405),
        ("POST", "/en/search", 405),
        ("GET", "/api/v1/nowhere", 404),
        ("GET", "/api/v1/search?limit=no", 422),
        ("GET", "/static/x/nowhere.js", 404),
        ("GET", "/assets/nokey/x.png", 404),
        ("POST", f"/en/votes/{PASSWORD}", 422),
        ("POST", "/en/requests", 422),
        ("POST", "/events", 400),
    ],
)
def test_every_error_has_every_security_header(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    for header, value in HEADERS.items():
        assert answer.headers[header] == value
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_a_public_page_sets_no_cookie_and_is_304_the_second_time(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    assert "Set-Cookie" not in first.headers
    assert "no-store" not in first.headers["Cache-Control"]
    second = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (second.status_code, second.data) == (304, b"")
    assert second.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize("path", [*PUBLIC_PAGES, "/", "/en/search?q=password", "/healthz", "/a/pw-1"])
def test_head_says_the_same_without_the_body(client: FlaskClient, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert head.status_code == get.status_code
    assert head.data == b""
    assert head.headers.get("ETag") == get.headers.get("ETag")
