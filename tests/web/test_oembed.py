"""oEmbed: public articles by any of their addresses, nothing else, and nothing unescaped."""

from dataclasses import replace
from html import unescape
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.bootstrap import Portal
from tests.web.conftest import PASSWORD, POISONED, SECRET

ARTICLE = "http://localhost/en/articles/accounts/reset-your-password"


def ask(client: FlaskClient, url: str, more: str = "") -> dict[str, object] | None:
    answer = client.get(f"/oembed?url={quote(url, safe='')}{more}")
    return answer.get_json() if answer.status_code == 200 else None


@pytest.mark.parametrize(
    "url",
    [
        ARTICLE,
        f"{ARTICLE}?via=x#by-e-mail",
        f"http://localhost/a/{PASSWORD}",
        "http://localhost/en/articles/lost-password",
    ],
    ids=["page", "with a section", "short", "old"],
)
def test_an_article_is_described_by_any_of_its_addresses(client: FlaskClient, url: str) -> None:
    found = ask(client, url)
    assert found
    assert (found["version"], found["type"], found["title"]) == ("1.0", "rich", "Reset your password")
    assert found["provider_name"] == "Acme help"
    assert f'<a href="{ARTICLE}">Reset your password</a>' in str(found["html"])


def test_it_keeps_to_the_room_that_there_is(client: FlaskClient) -> None:
    found = ask(client, ARTICLE, "&maxwidth=320&maxheight=x&format=json")
    assert found
    assert (found["width"], found["height"]) == (320, 200)


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "http://localhost/", "http://localhost/en/", "http://evil.example/en/articles/accounts/sign-in",
        "javascript://localhost/en/articles/accounts/sign-in", "http://localhost/en/articles/gone", f"http://localhost/a/{SECRET}",
        "http://localhost/en/articles/accounts/secret", "http://[::1/", "http://localhost/a/", "http://localhost/en/articles/%00",
    ],
)  # fmt: skip
def test_nothing_else_is_described(client: FlaskClient, url: str) -> None:
    assert client.get(f"/oembed?url={quote(url, safe='')}").status_code == 404


def test_what_only_staff_read_is_described_to_nobody(app: Flask) -> None:
    app.config["READER_LEVEL"] = lambda: "staff"
    assert app.test_client().get(f"/oembed?url=http://localhost/a/{SECRET}").status_code == 404


def test_another_format_is_not_there(client: FlaskClient) -> None:
    assert client.get(f"/oembed?url={ARTICLE}&format=xml").status_code == 501


def test_a_poisoned_article_is_text(client: FlaskClient) -> None:
    html = str((ask(client, f"http://localhost/a/{POISONED}") or {})["html"])
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_the_article_s_page_says_where_it_is_described(portal: Portal) -> None:
    based = replace(portal, settings=replace(portal.settings, base_url="https://help.example"))
    client = create_app(based).test_client()
    page = client.get("/en/articles/accounts/reset-your-password").text
    address = page.partition('type="application/json+oembed"')[2].partition('href="')[2].partition('"')[0]
    answer = client.get(unescape(address).removeprefix("https://help.example"))
    assert answer.get_json()["title"] == "Reset your password"
    assert "json+oembed" not in client.get("/en/").text


def test_without_a_base_address_no_page_names_one(client: FlaskClient) -> None:
    assert "json+oembed" not in client.get("/en/articles/accounts/reset-your-password").text
