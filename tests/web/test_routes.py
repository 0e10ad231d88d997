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


def test_only_what_the_contract_lists_is_routed(app: Flask) -> None:
    assert sorted({rule.rule for rule in app.url_map.iter_rules()}) == [
        "/",
        "/.well-known/security.txt",
        "/<lang:lang>/",
        "/<lang:lang>/articles/<path:slug>",
        "/<lang:lang>/contact",
        "/<lang:lang>/notices",
        "/<lang:lang>/requests",
        "/<lang:lang>/requests/<uid>/withdrawal",
        "/<lang:lang>/requests/thanks",
        "/<lang:lang>/search",
        "/<lang:lang>/suggestions",
        "/<lang:lang>/topics/<slug>",
        "/<lang:lang>/votes/<article_id>",
        "/<lang:lang>/votes/<article_id>/reason",
        "/<lang:lang>/votes/<article_id>/withdrawal",
        "/a/<article_id>",
        "/api/v1/articles",
        "/api/v1/articles/<article_id>",
        "/api/v1/articles/<article_id>/flags",
        "/api/v1/articles/<article_id>/links",
        "/api/v1/articles/<article_id>/votes/<voter>",
        "/api/v1/attachments/<uid>",
        "/api/v1/complete",
        "/api/v1/conversations",
        "/api/v1/conversations/<int:number>",
        "/api/v1/conversations/<int:number>/assignment",
        "/api/v1/conversations/<int:number>/closing",
        "/api/v1/conversations/<int:number>/messages",
        "/api/v1/conversations/<int:number>/notes",
        "/api/v1/conversations/<int:number>/reopening",
        "/api/v1/conversations/<int:number>/replies",
        "/api/v1/conversations/<int:number>/replies/<uid>",
        "/api/v1/docs",
        "/api/v1/gaps",
        "/api/v1/gaps.csv",
        "/api/v1/gaps/<int:number>",
        "/api/v1/gaps/<int:number>/acceptance",
        "/api/v1/gaps/<int:number>/assignment",
        "/api/v1/gaps/<int:number>/dismissal",
        "/api/v1/gaps/<int:number>/draft",
        "/api/v1/gaps/<int:number>/reopening",
        "/api/v1/links",
        "/api/v1/links/<token>",
        "/api/v1/match",
        "/api/v1/measures",
        "/api/v1/measures/<name>",
        "/api/v1/openapi.json",
        "/api/v1/people",
        "/api/v1/requests",
        "/api/v1/search",
        "/api/v1/whoami",
        "/assets/<key>/<path:name>",
        "/desk",
        "/desk/account",
        "/desk/account/name",
        "/desk/account/password",
        "/desk/account/second-factor/removal",
        "/desk/account/sessions/removal",
        "/desk/flags",
        "/desk/flags/<uid>/reopening",
        "/desk/flags/<uid>/settlement",
        "/desk/flags/<uid>/withdrawal",
        "/desk/flags/editor",
        "/desk/flags/new",
        "/desk/forgotten",
        "/desk/gaps",
        "/desk/gaps.csv",
        "/desk/gaps.json",
        "/desk/gaps/<int:gap_id>",
        "/desk/gaps/<int:gap_id>/acceptance",
        "/desk/gaps/<int:gap_id>/assignment",
        "/desk/gaps/<int:gap_id>/dismissal",
        "/desk/gaps/<int:gap_id>/draft",
        "/desk/gaps/<int:gap_id>/merge",
        "/desk/gaps/<int:gap_id>/name",
        "/desk/gaps/<int:gap_id>/reopening",
        "/desk/gaps/<int:gap_id>/replay",
        "/desk/gaps/<int:gap_id>/split",
        "/desk/inbox",
        "/desk/inbox/<int:conversation_id>",
        "/desk/inbox/<int:conversation_id>/assignment",
        "/desk/inbox/<int:conversation_id>/closing",
        "/desk/inbox/<int:conversation_id>/drafts/<uid>/removal",
        "/desk/inbox/<int:conversation_id>/files/<uid>",
        "/desk/inbox/<int:conversation_id>/merge",
        "/desk/inbox/<int:conversation_id>/notes",
        "/desk/inbox/<int:conversation_id>/reopening",
        "/desk/inbox/<int:conversation_id>/replies",
        "/desk/inbox/<int:conversation_id>/replies/<uid>/withdrawal",
        "/desk/inbox/<int:conversation_id>/saved/<int:saved_id>",
        "/desk/inbox/saved",
        "/desk/inbox/saved/<int:saved_id>",
        "/desk/inbox/saved/<int:saved_id>/removal",
        "/desk/keys/<key>",
        "/desk/oidc",
        "/desk/oidc/back",
        "/desk/opinions",
        "/desk/outbox",
        "/desk/outbox/tries",
        "/desk/people",
        "/desk/people/<int:user_id>/access",
        "/desk/people/<int:user_id>/link",
        "/desk/people/<int:user_id>/role",
        "/desk/people/<int:user_id>/second-factor",
        "/desk/people/<int:user_id>/second-factor/removal",
        "/desk/requests",
        "/desk/requests/<uid>/withdrawal",
        "/desk/running",
        "/desk/second-factor",
        "/desk/sign-in",
        "/desk/sign-out",
        "/desk/tokens",
        "/desk/tokens/<int:token_id>/revocation",
        "/desk/unresolved",
        "/events",
        "/feed.xml",
        "/healthz",
        "/llms.txt",
        "/opensearch.xml",
        "/readyz",
        "/robots.txt",
        "/sitemap.xml",
        "/static/<version>/<path:name>",
        "/static/<version>/site.css",
        "/widget.js",
        "/widget/<lang:lang>/",
        "/widget/<lang:lang>/a/<article_id>",
        "/widget/<lang:lang>/articles/<path:slug>",
        "/widget/<lang:lang>/contact",
        "/widget/<lang:lang>/contact/withdrawal",
        "/widget/<lang:lang>/search",
        "/widget/colours/<accent>.css",
        "/widget/demo",
    ]
