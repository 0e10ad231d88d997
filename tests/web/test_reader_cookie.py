"""What a reader's own browser remembers: products and what was read last; shaping search and home for them alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.bootstrap import Portal, bootstrap
from portal.db import Database
from portal.events.queue import Recorder
from portal.pipeline import publish
from portal.search.overlay import OverlayFile
from portal.settings import Settings
from portal.web import readers
from portal.web.readers import Reader
from tests.web.conftest import AT
from tests.web.customers_centre import enter, link, with_key

FRAGMENT = {"X-Fragment": "personal"}
EVERYBODYS = ("/en/", "/en/topics/more", "/en/articles/boards/uno", "/en/contact")
NAMES = ("Uno", "Nano", "Mega")


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    """Three boards with the same article each, so that they are hits alike."""
    content, data = tmp_path_factory.mktemp("content"), tmp_path_factory.mktemp("data")
    (content / "boards").mkdir()
    (content / "portal.toml").write_text('name = "Boards"\nlanguages = ["en", "de"]\n')
    for name in NAMES:
        front = f"id: {name.lower()}-1\ntitle: Upload a sketch to the {name}\nproducts: [{name}]"
        (content / "boards" / f"{name.lower()}.md").write_text(f"---\n{front}\n---\nPress the button twice.\n")
    secret = "---\nid: hush-1\ntitle: Upload for customers\nproducts: [Secret]\naudience: customers\n---\nUpload.\n"
    (content / "boards" / "hush.md").write_text(secret)
    portal = bootstrap(Settings(content=str(content), data=data, secret_key="a secret of sixteen"))
    publish(portal, at=AT)
    return portal


@pytest.fixture
def portal(workshop: Portal, sqlite_database: Database, tmp_path: Path) -> Iterator[Portal]:
    recorder = Recorder(sqlite_database, tmp_path / "spill", lambda text: text)
    overlay = OverlayFile(tmp_path / "overlay.json")
    yield with_key(replace(workshop, overlay=overlay, database=sqlite_database, recorder=recorder))
    recorder.close()


def choose(client: FlaskClient, *products: str, wanted: str = "/en/") -> TestResponse:
    return client.post("/en/remembered/products", data={"product": list(products), "next": wanted})


def read(client: FlaskClient, article: str, seconds: float = 30.0) -> TestResponse:
    told = {"kind": "viewed", "lang": "en", "article": article, "revision": "", "seconds": seconds, "depth": 1.0}
    return client.post("/events", json=told)


def remembered(app: Flask, client: FlaskClient) -> Reader:
    cookie = client.get_cookie("reader")
    with app.test_request_context("/en/", headers={"Cookie": f"reader={cookie.value}"} if cookie else {}):
        return readers.reader()


def hits(client: FlaskClient, more: str = "") -> list[str]:
    page = client.get(f"/en/search?q=upload+a+sketch{more}").text
    return sorted(NAMES, key=lambda name: page.index(f'href="/en/articles/boards/{name.lower()}'))


@pytest.mark.parametrize("path", EVERYBODYS)
def test_pages_that_everybody_is_sent_neither_set_nor_show_anything(client: FlaskClient, path: str) -> None:
    before = client.get(path)
    choose(client, "Nano")
    read(client, "mega-1")
    after = client.get(path)
    assert after.data == before.data
    assert "Set-Cookie" not in after.headers
    assert after.headers["Cache-Control"].startswith("public")


def test_a_chosen_product_is_remembered_and_leads_back(app: Flask, client: FlaskClient) -> None:
    answer = choose(client, "nano")
    assert (answer.status_code, answer.location) == (303, "/en/")
    assert remembered(app, client) == Reader(products=("Nano",), is_chosen=True)


def test_a_choice_leads_nowhere_else(client: FlaskClient) -> None:
    assert choose(client, "Nano", wanted="//evil.example").location == "/en/remembered"


@pytest.mark.parametrize("product", ["Secret", "<script>", "x" * 5000, ""])
def test_what_no_article_that_they_may_see_is_of_is_not_remembered(
    app: Flask, client: FlaskClient, product: str
) -> None:
    choose(client, product)
    assert remembered(app, client).products == ()


@pytest.mark.parametrize("mine", NAMES)
def test_the_readers_product_comes_first_among_hits_that_are_alike(client: FlaskClient, mine: str) -> None:
    alike = hits(client)
    choose(client, mine)
    assert hits(client) == [mine, *(name for name in alike if name != mine)]
    assert hits(client, "&alike=1") == alike


def test_the_page_says_so_and_shows_all_alike_at_a_click(client: FlaskClient) -> None:
    last = hits(client)[-1]
    choose(client, last)
    page = client.get("/en/search?q=upload+a+sketch").text
    assert f"Your product first: {last}" in page
    assert 'href="/en/search?q=upload+a+sketch&amp;alike=1"' in page
    assert "All products alike" in client.get("/en/search?q=upload+a+sketch&alike=1").text


def test_where_nothing_changes_nothing_is_said(client: FlaskClient) -> None:
    choose(client, hits(client)[0])
    assert "Your product first" not in client.get("/en/search?q=upload+a+sketch").text
    assert "Your product first" not in client.get("/en/search?q=upload+a+sketch&product=Nano").text


def test_what_is_one_readers_reaches_no_other(app: Flask, client: FlaskClient) -> None:
    other = app.test_client()
    alike = hits(other)
    choose(client, alike[-1])
    hits(client)
    assert hits(other) == alike
    found = other.get("/api/v1/search?q=upload+a+sketch&lang=en").json
    assert found
    assert [hit["id"] for hit in found["hits"]] == [f"{name.lower()}-1" for name in alike]


def test_a_filter_is_remembered_until_somebody_chooses(app: Flask, client: FlaskClient) -> None:
    client.get("/en/search?q=upload&product=Mega")
    assert remembered(app, client).products == ("Mega",)
    client.get("/en/search?q=upload&product=Uno")
    assert remembered(app, client).products == ("Uno",)
    choose(client, "")
    client.get("/en/search?q=upload&product=Mega")
    assert remembered(app, client) == Reader(is_chosen=True)


def test_whoever_asks_not_to_be_followed_is_not_remembered(client: FlaskClient) -> None:
    client.get("/en/search?q=upload&product=Mega", headers={"Sec-GPC": "1"})
    client.post("/events", json={"kind": "viewed"}, headers={"DNT": "1"})
    assert client.get_cookie("reader") is None


def test_the_products_of_the_link_count_until_the_reader_chooses(client: FlaskClient) -> None:
    last = hits(client)[-1]
    enter(client, link(products=[last.upper(), "A thing without articles"]))
    assert hits(client)[0] == last
    choose(client, "")
    assert hits(client)[-1] == last


def test_what_was_read_is_remembered_the_latest_first_and_at_most_eight(app: Flask, client: FlaskClient) -> None:
    for article in ("uno-1", "nano-1", "uno-1"):
        read(client, article)
    assert remembered(app, client).read == ("uno-1", "nano-1")
    with app.test_request_context("/en/"):
        response = app.response_class()
        readers.remember(Reader(read=tuple(f"article-{n}" for n in range(20))), response)
    client.set_cookie("reader", response.headers["Set-Cookie"].partition("=")[2].partition(";")[0])
    assert len(remembered(app, client).read) == readers.MOST_READ


def test_a_glance_is_no_reading(client: FlaskClient) -> None:
    read(client, "uno-1", seconds=2.0)
    assert client.get_cookie("reader") is None


def test_the_home_pages_script_is_given_the_readers_own_part(client: FlaskClient) -> None:
    assert client.get("/en/remembered", headers=FRAGMENT).status_code == 204
    choose(client, "Nano")
    read(client, "mega-1")
    part = client.get("/en/remembered", headers=FRAGMENT)
    assert part.headers["Cache-Control"] == "no-store"
    assert "<option selected>Nano</option>" in part.text
    assert "Read lately:" in part.text
    assert 'href="/en/articles/boards/mega"' in part.text
    assert "<html" not in part.text


def test_what_a_customer_read_is_not_shown_once_they_are_signed_out(client: FlaskClient) -> None:
    enter(client)
    read(client, "hush-1")
    assert "Upload for customers" in client.get("/en/remembered").text
    client.post("/en/customers/sign-out")
    assert "Upload for customers" not in client.get("/en/remembered").text
    assert client.get("/en/remembered", headers=FRAGMENT).status_code == 204


def test_the_page_shows_all_that_is_remembered(client: FlaskClient) -> None:
    choose(client, "Nano", "Mega")
    read(client, "uno-1")
    page = client.get("/en/remembered")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.text.count(" checked>") == 2
    assert 'href="/en/articles/boards/uno"' in page.text
    for cookie in ("reader", "visit", "voter", "lang", "customer"):
        assert f"<code>{cookie}</code>" in page.text


def test_one_click_clears_it_and_says_what(client: FlaskClient) -> None:
    choose(client, "Nano")
    read(client, "uno-1")
    client.set_cookie("voter", "x")
    answer = client.post("/en/remembered/removal")
    assert [client.get_cookie(name) for name in ("reader", "visit")] == [None, None]
    assert client.get_cookie("voter")
    said = client.get(answer.location).text
    assert "Cleared." in said
    assert "The key of your votes stays" in said
    assert hits(client) == hits(client, "&alike=1")


def test_the_key_of_votes_goes_only_where_that_is_asked_for(client: FlaskClient) -> None:
    client.set_cookie("voter", "x")
    answer = client.post("/en/remembered/removal", data={"votes": "1"})
    assert client.get_cookie("voter") is None
    assert "can no longer be changed" in client.get(answer.location).text


@pytest.mark.parametrize("forged", ["x", "e30.", "", "." * 9, "a" * 4000, "eyJwIjpbIk1lZ2EiXX0." + "0" * 64])
def test_a_forged_cookie_is_as_none(app: Flask, client: FlaskClient, forged: str) -> None:
    client.set_cookie("reader", forged)
    assert client.get("/en/remembered").status_code == 200
    assert remembered(app, client) == Reader()


def test_one_cookies_seal_opens_no_other(app: Flask, client: FlaskClient) -> None:
    enter(client)
    customer = client.get_cookie("customer")
    assert customer
    client.set_cookie("reader", customer.value)
    assert remembered(app, client) == Reader()


def test_nobody_is_remembered_across_keys(portal: Portal, client: FlaskClient) -> None:
    choose(client, "Nano")
    cookie = client.get_cookie("reader")
    assert cookie
    other = create_app(replace(portal, settings=replace(portal.settings, secret_key="another secret of ours")))
    later = other.test_client()
    later.set_cookie("reader", cookie.value)
    assert remembered(other, later) == Reader()
