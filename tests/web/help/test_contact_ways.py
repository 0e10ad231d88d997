"""The contact page where the form is the best way: it stands right there, and is one person's."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.bootstrap import Portal, bootstrap
from portal.db import Database
from portal.pipeline import publish
from portal.search.overlay import OverlayFile
from portal.settings import Settings
from portal.web.context import the
from portal.web.press import print_pages
from portal.web.printed import Press
from tests.web.conftest import AT
from tests.web.contact import Form, a_form

HEAD = """
name = "Acme help"
languages = ["en", "de"]

[[topics]]
slug = "small"
name = "Small topic"

[[channels]]
kind = "form"
label = "Write to us"
hours = "Answered within one working day"
"""
OTHERS = """
[[channels]]
kind = "phone"
label = "Call us"
value = "+49 30 1234567"
opening = ["Mon-Fri 9-17"]
time_zone = "Europe/Berlin"

[[channels]]
kind = "email"
label = "Ask about small things"
value = "small@acme.example"
topics = ["small"]
"""
FILES = {
    "en/small/one.md": "---\nid: one\ntitle: One\ntopic: small\n---\nText.\n",
    "de/small/one.md": "---\ntitle: Eins\ntopic: small\n---\nText.\n",
}
CONTACT, OF_TOPIC = "/en/contact", "/en/contact?topic=small"


def centre(folder: Path, site: str) -> Portal:
    for path, text in {"portal.toml": site, **FILES}.items():
        (folder / "content" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "content" / path).write_text(text, "utf-8")
    portal = bootstrap(
        Settings(content=str(folder / "content"), data=folder / "data", secret_key="a secret of sixteen")
    )
    publish(portal, at=AT)
    return portal


@pytest.fixture(scope="module")
def published_alone(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    return centre(tmp_path_factory.mktemp("alone"), HEAD)


@pytest.fixture(scope="module")
def published_several(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    return centre(tmp_path_factory.mktemp("several"), HEAD + OTHERS)


@pytest.fixture
def alone(published_alone: Portal, sqlite_database: Database, tmp_path: Path) -> Flask:
    """The form is the only way."""
    overlay = OverlayFile(tmp_path / "overlay.json")
    return create_app(replace(published_alone, database=sqlite_database, overlay=overlay))


@pytest.fixture
def several(published_several: Portal, sqlite_database: Database, tmp_path: Path) -> Flask:
    """The form is the best of several, but for one topic."""
    overlay = OverlayFile(tmp_path / "overlay.json")
    return create_app(replace(published_several, database=sqlite_database, overlay=overlay))


def main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def test_a_form_that_is_the_only_way_is_the_contact_page(alone: Flask) -> None:
    page = main(alone.test_client().get(CONTACT).text)
    assert 'id="writing"' in page
    assert "Answered within one working day" in page
    assert "Other ways to reach us" not in page


def test_what_is_written_on_the_contact_page_is_sent(alone: Flask) -> None:
    form = a_form(alone.test_client(), alone, CONTACT)
    form.url = "/en/contact/form"
    sent = form.send()
    assert sent.status_code == 303
    assert sent.location.startswith("/en/conversations/")


def test_each_visitor_gets_a_form_of_their_own_that_nobody_keeps(several: Flask) -> None:
    client = several.test_client()
    first, second = client.get(CONTACT), client.get(CONTACT)
    assert {one.headers["Cache-Control"] for one in (first, second)} == {"no-store"}
    assert "ETag" not in first.headers
    assert Form.of(client, first.text, CONTACT).fields["uid"] != Form.of(client, second.text, CONTACT).fields["uid"]


def test_a_form_is_never_printed_for_everybody(several: Flask) -> None:
    assert print_pages(several)
    with several.app_context():
        press, live = the(Press), the(Portal).library.current()
    assert press.page(live, "/en/topics/small")
    assert press.page(live, CONTACT) is None
    client = several.test_client()
    assert client.get(CONTACT).text != client.get(CONTACT).text


def test_the_other_ways_stand_beside_the_form_with_their_hours(several: Flask) -> None:
    page = main(several.test_client().get("/de/contact").text)
    beside = page.partition('id="others"')[2]
    assert "Mo.–Fr. 09:00–17:00" in beside
    assert 'data-opening="0-540-1020 1-540-1020 2-540-1020 3-540-1020 4-540-1020"' in beside
    assert 'data-zone="Europe/Berlin"' in beside
    assert 'href="/de/contact/form"' not in page


def test_a_topic_with_a_better_way_lists_all_ways_for_everybody(several: Flask) -> None:
    answer = several.test_client().get(OF_TOPIC)
    page = main(answer.text)
    assert 'id="writing"' not in page
    assert page.index("Ask about small things") < page.index("/en/contact/form?topic=small") < page.index("Call us")
    assert "no-store" not in answer.headers["Cache-Control"]
    assert answer.headers["ETag"]


def test_the_contact_page_is_found_and_the_forms_own_address_is_the_same_page(several: Flask) -> None:
    client = several.test_client()
    for path in (CONTACT, "/en/contact/form"):
        page = client.get(path).text
        assert '<link rel="canonical" href="/en/contact">' in page
        assert '<link rel="alternate" hreflang="de" href="/de/contact">' in page
    assert 'rel="canonical"' not in client.get("/en/contact/form?topic=small").text


def test_a_topic_that_is_not_there_is_no_topic_of_the_form(several: Flask) -> None:
    client = several.test_client()
    assert Form.of(client, client.get(f"{CONTACT}?topic=<b>").text, CONTACT).fields["topic"] == ""


def test_a_script_that_held_a_form_for_a_day_gets_a_stamp_to_send_it_with(alone: Flask) -> None:
    form = a_form(alone.test_client(), alone).aged(alone, timedelta(days=2))
    refused = form.send(headers={"X-Fragment": "sending"})
    assert refused.status_code == 422
    assert f'data-uid="{form.fields["uid"]}"' in refused.text
    stamp = refused.text.partition('data-stamp="')[2].partition('"')[0]
    assert stamp not in {"", form.fields["stamp"]}
