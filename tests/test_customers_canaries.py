"""A customer and the public side by side on one portal: no word of a customers' article in any public answer."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.audience import Level
from portal.bootstrap import Portal
from portal.content.contact import Customers
from portal.web.press import print_pages
from tests.repositories import canary
from tests.web.customers_centre import KEY, enter, link

WORD = canary("customers", "published")
STAFFS = canary("staff", "published")
PATH = f"/en/articles/canaries/{WORD}"
BEGIN = WORD[:-2]
PUBLIC = "/en/articles/canaries/zebrapublicpublished"
SURFACES = (
    "/en/", "/en/topics/canaries", "/en/contact", "/en/notices", "/en/remembered", PUBLIC, f"{PUBLIC}.md",
    "/en/articles/canaries/nothing", "/sitemap.xml", "/feed.xml", "/llms.txt", "/opensearch.xml", "/robots.txt",
    f"/en/search?q={BEGIN}", f"/en/search?q=text&tag={BEGIN}", f"/en/suggestions?q={BEGIN}",
    f"/api/v1/search?q={BEGIN}&lang=en", f"/api/v1/complete?q={BEGIN}&lang=en", "/api/v1/articles?limit=50",
)  # fmt: skip
"""Addresses that say nothing of the article themselves."""


@pytest.fixture
def portal(portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Portal:
    live = portal.library.current()
    about = Customers(sign_in_url="https://app.acme.example/help?to={next}")
    monkeypatch.setattr(live, "site", replace(live.site, customers=about))
    return replace(portal, settings=replace(portal.settings, customer_secret=KEY, data=tmp_path))


@pytest.fixture
def app(portal: Portal) -> Flask:
    return create_app(portal)


@pytest.fixture
def customer(app: Flask) -> FlaskClient:
    client = app.test_client()
    assert enter(client).status_code == 303
    return client


@pytest.fixture
def public(app: Flask) -> FlaskClient:
    return app.test_client()


def key(portal: Portal) -> str:
    found = portal.library.current().level(Level.CUSTOMERS).shelf.find("en", f"canaries/{WORD}")
    assert found
    return found


def steady(text: str) -> str:
    """Leave out what is made anew for each answer: names of searches and forms."""
    return re.sub(r"[0-9a-f]{32}", "", text)


@pytest.mark.parametrize("path", SURFACES)
def test_what_is_made_for_a_customer_comes_into_no_public_answer(
    path: str, customer: FlaskClient, public: FlaskClient
) -> None:
    """The public asks, then a customer twice, then the public again: what is kept between them serves no other."""
    before = public.get(path)
    theirs = [customer.get(path) for _ in range(2)]
    after = public.get(path)
    for answer in (before, after):
        assert WORD not in answer.text
        assert "Ada Lovelace" not in answer.text
    assert (after.status_code, steady(after.text)) == (before.status_code, steady(before.text))
    assert all("no-store" in answer.headers["Cache-Control"] for answer in theirs)
    assert all(STAFFS not in answer.text for answer in theirs)


def test_the_customer_does_find_and_read_it(customer: FlaskClient, portal: Portal) -> None:
    for path in (PATH, f"{PATH}.md", f"/en/search?q={WORD}", "/en/topics/canaries", "/sitemap.xml", "/feed.xml"):
        answer = customer.get(path)
        assert (answer.status_code, WORD in answer.text) == (200, True), path
    assert customer.get(f"/a/{key(portal)}").status_code == 302


def test_a_cookie_gives_a_program_nothing(customer: FlaskClient, portal: Portal) -> None:
    assert customer.get(f"/api/v1/articles/{key(portal)}").status_code == 404
    assert WORD not in customer.get("/api/v1/articles?limit=50").text


@pytest.mark.parametrize("of", ["/en/articles/canaries/{}", "/en/articles/canaries/{}.md"])
def test_to_the_public_it_is_answered_like_what_is_missing(of: str, public: FlaskClient) -> None:
    hidden, missing = public.get(of.format(WORD)), public.get(of.format("zebracustomerspublashed"))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.text.replace(WORD, "*") == missing.text.replace("zebracustomerspublashed", "*")
    assert "Sign in to see more" in missing.text


def test_so_is_what_is_asked_for_by_its_id(public: FlaskClient, portal: Portal) -> None:
    for of in ("/a/{}", "/en/votes/{}", "/api/v1/articles/{}"):
        hidden, missing = public.get(of.format(key(portal))), public.get(of.format("0123456789ab"))
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert hidden.text.replace(key(portal), "*") == missing.text.replace("0123456789ab", "*")


def test_every_404_offers_the_sign_in_to_the_public_and_none_to_a_customer(
    customer: FlaskClient, public: FlaskClient
) -> None:
    for path in ("/en/articles/nothing", "/en/topics/nothing", "/en/nothing", "/a/0123456789ab", "/nothing"):
        assert "Sign in to see more" in public.get(path).text, path
        assert "Sign in to see more" not in customer.get(path).text, path


def test_nothing_is_offered_where_nobody_can_sign_in(portal: Portal) -> None:
    without = replace(portal, settings=replace(portal.settings, customer_secret=None))
    assert "Sign in" not in create_app(without).test_client().get("/en/articles/nothing").text


def test_printed_pages_are_the_publics_and_a_customer_gets_none_of_them(
    app: Flask, customer: FlaskClient, public: FlaskClient
) -> None:
    rendered = public.get(PUBLIC)
    printing = print_pages(app)
    assert printing
    assert printing.pages
    assert public.get(PUBLIC).data == rendered.data
    assert "Ada Lovelace" in customer.get(PUBLIC).text
    assert customer.get(PATH).status_code == 200
    assert public.get(PATH).status_code == 404


def test_a_page_with_a_name_on_it_is_nobody_elses(app: Flask) -> None:
    from_acme = [app.test_client() for _ in range(2)]
    for client, name in zip(from_acme, ("Ada Lovelace", "Bo Diddley"), strict=True):
        enter(client, link(name=name))
    ada, bo = (client.get("/en/") for client in from_acme)
    assert ("Ada Lovelace" in ada.text, "Bo Diddley" in ada.text) == (True, False)
    assert ("Ada Lovelace" in bo.text, "Bo Diddley" in bo.text) == (False, True)


def test_signed_in_the_same_page_is_not_taken_for_the_one_kept_before(public: FlaskClient) -> None:
    tag = public.get(PUBLIC).headers["ETag"]
    enter(public)
    answer = public.get(PUBLIC, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert {"Cookie", "Authorization"} <= set(answer.vary)
