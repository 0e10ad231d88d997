import pytest
from flask.testing import FlaskClient

from portal.bootstrap import Portal
from portal.search.overlay import Overlay


@pytest.mark.parametrize(
    ("accepted", "home"),
    [
        ("de", "/de/"),
        ("de-AT,de;q=0.9", "/de/"),
        ("fr,en;q=0.5", "/en/"),
        ("fr", "/en/"),
        ("", "/en/"),
        ("\x00;q=x", "/en/"),
    ],
)
def test_the_browsers_language_chooses_the_home_page(client: FlaskClient, accepted: str, home: str) -> None:
    answer = client.get("/", headers={"Accept-Language": accepted})
    assert (answer.status_code, answer.headers["Location"]) == (302, home)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_language_that_was_chosen_once_wins(client: FlaskClient) -> None:
    client.set_cookie("lang", "de")
    assert client.get("/", headers={"Accept-Language": "en"}).headers["Location"] == "/de/"


@pytest.mark.parametrize("chosen", ["fr", "//evil.example", "en/../..", "\\evil.example"])
def test_a_forged_choice_leads_nowhere_else(client: FlaskClient, chosen: str) -> None:
    client.set_cookie("lang", chosen)
    assert client.get("/").headers["Location"] == "/en/"


def test_the_home_page_shows_search_topics_and_what_is_new(client: FlaskClient) -> None:
    page = client.get("/en/").text
    assert "How can we help?" in page
    assert page.count('<input id="q"') == 1
    assert 'href="/en/topics/accounts"' in page
    assert "2 articles" in page
    assert "Recently updated" in page
    assert 'href="mailto:help@acme.example"' in page


def test_a_page_knows_its_language(client: FlaskClient) -> None:
    page = client.get("/de/").text
    assert '<html lang="de" dir="ltr">' in page
    assert 'href="/en/" lang="en" hreflang="en"' in page


@pytest.mark.parametrize("path", ["/fr/", "/EN-gb/", "/xx/search", "/e/"])
def test_a_language_that_is_not_ours_is_no_page(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_topic_lists_its_articles(client: FlaskClient) -> None:
    page = client.get("/en/topics/accounts").text
    assert "<h1>Accounts</h1>" in page
    assert 'href="/en/articles/accounts/sign-in"' in page
    assert "Canary" not in page


@pytest.mark.parametrize("slug", ["nowhere", "", "..", "more"])
def test_a_topic_without_articles_is_no_page(client: FlaskClient, slug: str) -> None:
    assert client.get(f"/en/topics/{slug}").status_code == 404


def test_what_helped_most_is_on_the_home_page_best_first(busy: FlaskClient, busy_portal: Portal) -> None:
    before = busy.get("/en/")
    assert "Most helpful" not in before.text
    busy_portal.overlay.write(Overlay(most_helpful={"en": ("alone", "hushed", "gone", "large-7"), "de": ("large-8",)}))
    after = busy.get("/en/", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    listed = after.text.partition("Most helpful")[2].partition("</ul>")[0]
    assert listed.index("English alone") < listed.index("Part 007")
    assert "Popular:" in after.text
    assert "Canary" not in after.text
    assert "Part 008" not in busy.get("/de/").text


def test_at_most_five_are_most_helpful(busy: FlaskClient, busy_portal: Portal) -> None:
    busy_portal.overlay.write(Overlay(most_helpful={"en": tuple(f"large-{n}" for n in range(9))}))
    listed = busy.get("/en/").text.partition("Most helpful")[2].partition("</ul>")[0]
    assert listed.count("<li") == 5
