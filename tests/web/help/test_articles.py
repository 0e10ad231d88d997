from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import PASSWORD, POISONED, SECRET

ARTICLE = "/en/articles/accounts/reset-your-password"


def test_an_article_has_all_that_a_reader_needs(client: FlaskClient) -> None:
    page = client.get(ARTICLE).text
    assert "<title>Reset your password · Acme help</title>" in page
    assert "<h1>Reset your password</h1>" in page
    assert "Choose a new one when you forgot the old one." in page
    assert 'href="/en/topics/accounts"' in page
    assert 'href="#by-telephone"' in page
    assert 'href="/de/articles/accounts/reset-your-password"' in page
    assert f'action="/en/votes/{PASSWORD}"' in page
    assert f'href="/a/{PASSWORD}"' in page
    assert "https://git.example.com/edit/accounts/reset-your-password.md" in page


def test_an_article_as_markdown_has_its_title_and_no_front_matter(client: FlaskClient) -> None:
    answer = client.get(ARTICLE + ".md")
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.text.startswith("# Reset your password\n\nAsk for a link")
    assert "id: pw-1" not in answer.text


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("/en/articles/lost-password", ARTICLE),
        ("/en/articles/accounts/Reset-Your-Password", ARTICLE),
        ("/en/articles/accounts/reset-your-password/", ARTICLE),
        ("/en/articles/accounts/reset_your_password", ARTICLE),
        ("/EN/articles/accounts/reset-your-password", ARTICLE),
        ("/en/articles/lost-password.md", ARTICLE + ".md"),
        ("/en/articles/lost-password?via=mail", ARTICLE + "?via=mail"),
    ],
)
def test_an_old_or_nearly_right_address_leads_to_the_article(client: FlaskClient, given: str, found: str) -> None:
    answer = client.get(given)
    assert (answer.status_code, answer.headers["Location"]) == (301, found)


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "/%2f%2fevil.example",
        "/https:evil.example",
        "/%09/evil.example",
        "/.md",
        "/%00",
    ],
)
def test_no_address_leads_to_another_site(client: FlaskClient, path: str) -> None:
    answer = client.get("/en/articles" + path, follow_redirects=False)
    assert answer.status_code in {308, 404}
    location = answer.headers.get("Location", "/")
    assert location.startswith(("/", "http://localhost/"))
    assert not location.startswith("//")


def test_the_short_link_leads_to_the_article(client: FlaskClient) -> None:
    answer = client.get(f"/a/{PASSWORD}?via=7")
    assert (answer.status_code, answer.headers["Location"]) == (302, ARTICLE + "?via=7")


@pytest.mark.parametrize("path", ["/en/articles/accounts/secret", "/en/articles/accounts/secret.md", f"/a/{SECRET}"])
def test_an_article_for_staff_is_seen_by_staff_alone(client: FlaskClient, app: Flask, path: str) -> None:
    assert client.get(path).status_code == 404
    app.config["READER_LEVEL"] = lambda: "staff"
    answer = app.test_client().get(path)
    assert answer.status_code in {200, 302}


def test_what_staff_read_is_never_kept(staff: FlaskClient) -> None:
    answer = staff.get("/en/articles/accounts/secret")
    assert "Quokkacanary" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_public_copy_is_not_taken_for_what_staff_read(app: Flask) -> None:
    client = app.test_client()
    tag = client.get(ARTICLE).headers["ETag"]
    app.config["READER_LEVEL"] = lambda: "staff"
    assert client.get(ARTICLE, headers={"If-None-Match": tag}).status_code == 200


def test_a_poisoned_article_is_text(client: FlaskClient) -> None:
    page = client.get(f"/a/{POISONED}", follow_redirects=True).text
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "Plans &lt;img src=x onerror=alert(1)&gt; &amp; &#34;terms&#34; {{7*7}}" in page
    assert "<b>tag</b>" not in page


def test_a_page_is_the_same_on_every_day(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    tags = set()
    for day in (1, 2):
        monkeypatch.setattr("portal.clock.now", lambda day=day: datetime(2026, 4, day, tzinfo=UTC))
        tags.add(client.get(ARTICLE).headers["ETag"])
    assert len(tags) == 1


def test_the_topic_stands_beside_an_article_around_it(busy: FlaskClient) -> None:
    beside = busy.get("/a/large-60", follow_redirects=True).text.partition('class="beside"')[2].partition("</nav>")[0]
    assert beside.count("<li") == 24
    assert 'aria-current="page"><span class="clamp">Part 060' in beside
    assert "Part 055" in beside
    assert "Part 065" in beside
    assert "Part 000" not in beside
    assert 'href="/en/topics/large"' in beside


def test_an_article_without_text_says_so(busy: FlaskClient) -> None:
    page = busy.get("/a/begun", follow_redirects=True)
    assert page.status_code == 200
    assert "There is no text here yet" in page.text


def test_a_summary_that_is_the_texts_own_beginning_is_not_said_twice(busy: FlaskClient) -> None:
    page = busy.get("/a/own", follow_redirects=True).text.partition("<main")[2]
    assert "begin the text" in page
    assert 'class="lead"' not in page
    assert 'class="lead"' in busy.get("/a/alone", follow_redirects=True).text
