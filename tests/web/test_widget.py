"""The widget over HTTP: who may frame it, what each reader sees in it, and what it keeps."""

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.audience import Level
from portal.bootstrap import Portal, bootstrap
from portal.content.contact import WidgetRule
from portal.conversations.models import Conversation, Entry
from portal.db import Database
from portal.events.kinds import Searched, Where
from portal.pipeline import publish
from portal.settings import Settings
from portal.web.security import HEADERS
from portal.web.widget.rules import fits, rule_for
from tests.web.conftest import AT, FILES, PASSWORD, SECRET, SITE, Recorded

MOST_BYTES = 15_000
ACME = "https://www.acme.example"
WIDGET = f"""
[widget]
origins = ["{ACME}", "https://shop.acme.example:443"]

[[widget.rules]]
path = "/account/*"
articles = ["{PASSWORD}", "nowhere", "{SECRET}"]

[[widget.rules]]
path = "/bills"
topic = "billing"
query = "password"

[[widget.rules]]
path = "/secret/*"
articles = ["{SECRET}"]
"""
CROSS_SITE = {"Sec-Fetch-Site": "cross-site"}
FRAGMENT = {"X-Fragment": "page"}
PAGES = (
    "/widget/en/", "/widget/en/search?q=password", "/widget/en/contact", f"/widget/en/a/{PASSWORD}",
    "/widget/en/articles/accounts/reset-your-password",
)  # fmt: skip


@pytest.fixture(scope="module")
def framed(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    """The help centre of the other tests, which names who may show the widget."""
    content, data = tmp_path_factory.mktemp("content"), tmp_path_factory.mktemp("data")
    for path, text in (FILES | {"portal.toml": SITE + WIDGET}).items():
        file = content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    portal = bootstrap(Settings(content=str(content), data=data, secret_key="a secret of sixteen"))
    publish(portal, at=AT)
    return portal


@pytest.fixture
def guest(framed: Portal, portal: Portal) -> FlaskClient:
    """A browser in a frame on another site: it keeps no cookies."""
    return create_app(replace(portal, library=framed.library)).test_client(use_cookies=False)


def offered(answer: TestResponse) -> list[str]:
    return re.findall(r'<a class="clamp" href="([^"#]+)', answer.text)


def ancestors(answer: TestResponse) -> str:
    return answer.headers["Content-Security-Policy"].partition("frame-ancestors ")[2]


# Who may show it


@pytest.mark.parametrize("path", [*PAGES, "/widget/en/articles/nowhere", "/widget/fr/"])
def test_every_page_may_be_framed_by_exactly_the_origins_that_are_named(guest: FlaskClient, path: str) -> None:
    answer = guest.get(path)
    assert ancestors(answer) == f"'self' {ACME} https://shop.acme.example"
    assert "X-Frame-Options" not in answer.headers
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_where_no_origin_is_named_nobody_but_ourselves_may_frame_it(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert ancestors(answer) == "'self'"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("path", ["/en/", "/en/contact", "/desk/sign-in", "/widget.js", "/widget/demo"])
def test_nothing_else_may_be_framed_by_anybody(guest: FlaskClient, path: str) -> None:
    answer = guest.get(path)
    assert ancestors(answer).startswith("'none'")
    assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("host", "is_known"),
    [(ACME, True), ("https://shop.acme.example", True), ("http://localhost", True), ("https://evil.example", False),
     ("https://www.acme.example.evil.example", False), ("*", False), ("", False)],
)  # fmt: skip
def test_the_frame_speaks_with_the_page_around_only_if_that_is_named(
    guest: FlaskClient, host: str, *, is_known: bool
) -> None:
    told = re.search(r'data-host="([^"]*)"', guest.get("/widget/en/", query_string={"host": host}).text)
    assert told
    assert told[1] == (host if is_known else "")


def test_colours_of_the_page_around_are_taken_only_if_they_are_colours(guest: FlaskClient) -> None:
    taken = guest.get("/widget/en/?theme=dark&accent=B3005E").text
    assert 'data-theme="dark"' in taken
    assert '<link rel="stylesheet" href="/widget/colours/b3005e.css">' in taken
    refused = guest.get('/widget/en/?theme="><script>&accent=red').text
    assert "data-theme" not in refused
    assert "/widget/colours/" not in refused


def test_an_accent_gets_the_tones_that_can_be_read(guest: FlaskClient) -> None:
    answer = guest.get("/widget/colours/ffff00.css")
    assert answer.mimetype == "text/css"
    assert "--on-accent" in answer.text
    assert guest.get("/widget/colours/FFFF00.css").status_code == 404
    assert guest.get("/widget/colours/ff.css").status_code == 404


# The script


def test_the_script_is_small(guest: FlaskClient) -> None:
    answer = guest.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) <= MOST_BYTES
    assert len(gzip.decompress(answer.data)) > MOST_BYTES // 2  # so it is all there


def test_any_page_may_load_the_script_and_is_asked_for_no_cookie(guest: FlaskClient) -> None:
    answer = guest.get("/widget.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer.headers
    again = guest.get("/widget.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_script_is_told_what_is_public_alone(guest: FlaskClient) -> None:
    told = json.loads(guest.get("/widget.js").text.rpartition("})(")[2].rstrip().removesuffix(");"))
    assert told["languages"] == ["en", "de"]
    assert told["origins"] == [ACME, "https://shop.acme.example"]
    assert told["words"]["en"]["open"] == "Open help"
    assert told.keys() == {"languages", "origins", "words", "accent"}


def test_the_script_says_nothing_on_the_console_and_runs_no_text() -> None:
    source = (Path(__file__).parents[2] / "static" / "widget" / "widget.js").read_text("utf-8")
    for word in ("console", "innerHTML", "eval(", "document.write", "cookie =", "localStorage", "fetch(", '"style"'):
        assert word not in source.replace('make("style"', ""), word


# What is read in it


def test_a_page_of_the_site_gets_the_articles_of_its_rule(guest: FlaskClient) -> None:
    answer = guest.get("/widget/en/?path=/account/password")
    assert "For this page" in answer.text
    assert offered(answer) == ["/en/articles/accounts/reset-your-password"]


def test_a_rule_names_articles_then_its_topic_then_what_it_finds(guest: FlaskClient) -> None:
    shown = offered(guest.get("/widget/en/?path=/bills"))
    assert len(shown) == 6
    assert all(url.startswith("/en/articles/billing/") for url in shown)


def test_a_named_article_is_shown_in_the_frames_language(guest: FlaskClient) -> None:
    assert offered(guest.get("/widget/de/?path=/account/x")) == ["/de/articles/accounts/reset-your-password"]
    assert "Passwort zurücksetzen" in guest.get(f"/widget/de/a/{PASSWORD}").text


def test_a_page_without_a_rule_gets_what_was_updated_last(guest: FlaskClient) -> None:
    for path in ("", "?path=/", "?path=https://evil.example/account/x", "?path=/secret/x"):
        answer = guest.get(f"/widget/en/{path}")
        assert "Recently updated" in answer.text, path
        assert len(offered(answer)) == 6


@pytest.mark.parametrize(
    ("pattern", "path", "does_fit"),
    [
        ("/billing/*", "/billing/x/y", True),
        ("/billing/*", "/billing/", True),
        ("/billing/*", "/billing", False),
        ("/billing", "/billing", True),
        ("/billing", "/billing/x", False),
        ("*", "/", True),
        ("*/invoice*", "/de/invoices", True),
        ("/*/edit", "/a/b/edit", True),
        ("/*/edit", "/a/edit/b", False),
        ("/a*a", "/a", False),
        ("/a.c", "/abc", False),
        ("/[ab]", "/a", False),
        ("/" + "*a" * 50, "/" + "b" * 500, False),
    ],
)
def test_a_star_stands_for_anything(pattern: str, path: str, *, does_fit: bool) -> None:
    assert fits(pattern, path) is does_fit


def test_the_first_rule_that_fits_counts_and_paths_are_compared_as_people_write_them() -> None:
    first, second = WidgetRule(path="/café/*"), WidgetRule(path="*")
    assert rule_for((first, second), "/caf%C3%A9/menu") is first
    assert rule_for((first, second), "/tea") is second
    assert rule_for((WidgetRule(path="/tea"),), "/tea/") is not None
    assert rule_for((first,), "/tea") is None


def test_an_article_is_read_inside_by_path_old_path_and_id(guest: FlaskClient) -> None:
    for path in ("/widget/en/articles/accounts/reset-your-password", f"/widget/en/a/{PASSWORD}"):
        assert '<h1 class="widget-title" tabindex="-1">Reset your password</h1>' in guest.get(path).text
    moved = guest.get("/widget/en/articles/lost-password")
    assert moved.headers["Location"] == "/widget/en/articles/accounts/reset-your-password"


def test_a_script_gets_the_part_alone(guest: FlaskClient) -> None:
    for path in PAGES:
        assert guest.get(path).text.startswith("<!doctype html>")
        assert "<html" not in guest.get(path, headers=FRAGMENT).text
    results = guest.get("/widget/en/search?q=password", headers={"X-Fragment": "results"}).text
    assert "<form" not in results
    assert "Reset your" in results


def test_where_nothing_good_is_found_it_says_so_and_leads_to_a_person(guest: FlaskClient) -> None:
    answer = guest.get("/widget/en/search?q=xylophone")
    assert "Nothing found for" in answer.text
    assert 'href="/en/contact">Ask a person instead' in answer.text


@pytest.mark.parametrize(
    "path", [f"/widget/en/a/{SECRET}", "/widget/en/articles/accounts/secret", "/widget/en/a/nowhere"]
)
def test_what_is_missing_and_what_is_not_for_everybody_are_answered_alike(
    guest: FlaskClient, framed: Portal, portal: Portal, path: str
) -> None:
    app: Flask = create_app(replace(portal, library=framed.library))
    app.config["READER_LEVEL"] = lambda: Level.STAFF
    answers = [client.get(path, headers=FRAGMENT) for client in (guest, app.test_client())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert {answer.text for answer in answers} == {guest.get("/widget/en/a/none", headers=FRAGMENT).text}


def test_staff_see_in_the_widget_what_everybody_sees(guest: FlaskClient, framed: Portal, portal: Portal) -> None:
    app = create_app(replace(portal, library=framed.library))
    app.config["READER_LEVEL"] = lambda: Level.STAFF
    staff = app.test_client()
    wanted = f'data-article="{SECRET}"'
    assert wanted in staff.get("/en/search?q=canary+procedure").text
    for path in ("/widget/en/search?q=canary+procedure", "/widget/en/?path=/secret/x"):
        for client in (guest, staff):
            answer = client.get(path).text
            assert wanted not in answer
            assert "Canary" not in answer.partition("<main")[2]


# What it keeps


def test_searches_are_recorded_as_the_widgets(guest: FlaskClient, recorded: Recorded) -> None:
    guest.get("/widget/en/search?q=password")
    guest.get("/widget/en/")
    assert [(event.query, event.where) for event in recorded() if isinstance(event, Searched)] == [
        ("password", Where.WIDGET)
    ]


def test_without_cookies_a_visitor_stays_one_by_the_key_that_the_script_carries(
    guest: FlaskClient, recorded: Recorded
) -> None:
    first = guest.get("/widget/en/search?q=password", headers=CROSS_SITE | {"X-Visit": ""})
    key = first.headers["X-Visit"]
    again = guest.get("/widget/en/search?q=invoice", headers=CROSS_SITE | {"X-Visit": key})
    assert "X-Visit" not in again.headers
    guest.get("/widget/en/search?q=sign", headers={"X-Visit": f"{key}0"})
    visitors = [event.visitor for event in recorded()]
    assert visitors[0] == visitors[1] != visitors[2]


def test_nobody_who_does_not_ask_for_it_gets_a_key_in_a_header(guest: FlaskClient) -> None:
    assert "X-Visit" not in guest.get("/en/search?q=password").headers


def test_a_voters_key_is_handed_to_frames_on_other_sites_alone(guest: FlaskClient) -> None:
    def key(**headers: str) -> str:
        found = re.search(r'data-voter="([^"]*)"', guest.get("/widget/en/", headers=headers).text)
        assert found
        return found[1]

    there = {"Sec-Fetch-Site": "cross-site"}
    assert key(**there) != key(**there)
    assert {key(**{"Sec-Fetch-Site": "same-site"}), key(**{"Sec-Fetch-Site": "same-origin"}), key()} == {""}


def test_a_voter_without_cookies_votes_once_and_may_change_it(guest: FlaskClient) -> None:
    found = re.search(r'data-voter="([^"]+)"', guest.get("/widget/en/", headers=CROSS_SITE).text)
    assert found
    headers = {"X-Voter": found[1], "X-Fragment": "inplace", "Sec-Fetch-Site": "same-origin"}
    for answer, words in (("yes", "article helped"), ("no", "did not help")):
        shown = guest.post(f"/en/votes/{PASSWORD}", data={"helpful": answer}, headers=headers, follow_redirects=True)
        assert words in shown.text


@pytest.fixture
def write(guest: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Callable[..., TestResponse]:
    """Fill in the form as it was handed out, a minute ago."""

    def write(**fields: str) -> TestResponse:
        form = dict(
            re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', guest.get("/widget/en/contact").text)
        )
        told = form | {"subject": "A duck", "text": "It quacks.", "address": "ada@example.com"} | fields
        return guest.post("/widget/en/contact", data=told, headers=FRAGMENT)

    monkeypatch.setattr("portal.web.contact_forms.TOO_FAST", AT - AT)
    return write


def test_what_is_written_in_the_widget_becomes_a_conversation_of_it(
    write: Callable[..., TestResponse], sqlite_database: Database
) -> None:
    answer = write()
    assert answer.status_code == 200
    assert "Your message is here" in answer.text
    assert re.search(r'href="/en/conversations/[0-9a-f]{32}-[0-9a-f]{32}"', answer.text)
    with sqlite_database.session() as session:
        kept = session.query(Conversation).one()
        assert (kept.entry, kept.subject, kept.address) == (Entry.WIDGET, "A duck", "ada@example.com")


def test_what_is_wrong_with_it_is_said_and_nothing_is_kept(
    write: Callable[..., TestResponse], sqlite_database: Database
) -> None:
    for fields in ({"text": " "}, {"address": "nobody"}, {"homepage": "https://spam.example"}, {"stamp": "forged"}):
        answer = write(**fields)
        assert answer.status_code == 422, fields
        assert 'role="alert"' in answer.text
    with sqlite_database.session() as session:
        assert session.query(Conversation).count() == 0


def test_a_form_from_another_site_is_refused(guest: FlaskClient) -> None:
    for path in ("/widget/en/contact", "/widget/en/contact/withdrawal"):
        assert guest.post(path, data={}, headers=CROSS_SITE).status_code == 403


def test_that_an_article_helped_is_counted_without_a_word_of_what_was_written(guest: FlaskClient) -> None:
    answer = guest.post("/widget/en/contact/withdrawal", data={"article": PASSWORD}, headers=FRAGMENT)
    assert "Nothing was sent" in answer.text
    assert guest.post("/widget/en/contact/withdrawal", data={"article": SECRET}).status_code == 404


# Where it is shown


def test_the_demo_shows_the_line_to_copy_and_may_frame_ourselves(guest: FlaskClient) -> None:
    answer = guest.get("/widget/demo?path=/account/%22%3E%3Cscript%3E&theme=dark")
    assert "&lt;script src=&#34;" in answer.text or '&lt;script src="http://localhost/widget.js"' in answer.text
    assert "><script>" not in answer.text.replace("</script>\n", "")
    assert answer.headers["Content-Security-Policy"].endswith("; frame-src 'self'")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert ACME in answer.text


def test_the_demo_tells_how_to_begin_where_no_site_may_show_it(client: FlaskClient) -> None:
    assert "No other site may show it yet" in client.get("/widget/demo").text


def test_before_anything_is_published_it_says_so(unpublished: FlaskClient) -> None:
    for path in ("/widget.js", "/widget/en/", "/widget/demo"):
        answer = unpublished.get(path)
        assert answer.status_code == 503
        for header in HEADERS:
            assert header in answer.headers
