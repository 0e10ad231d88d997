"""The picker: suggestions with reasons and records, links that are made, and its page without a script."""

import re
from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import clock
from portal.app import create_app
from portal.bootstrap import Portal
from portal.conversations import intake
from portal.conversations.intake import Received
from portal.conversations.models import Conversation, Entry
from portal.db import transaction
from portal.links import store
from portal.links.models import Origin, SentLink
from portal.links.store import Record
from portal.web.picking import words_of
from tests.web.conftest import PASSWORD, POISONED, SECRET
from tests.web.desk_visitors import Somebody, cheap, signed_in

MESSAGE = "Hello, I forgot my password yesterday. How can I reset it, please?"
CANARY = "Is there a quokkacanary in the canary procedure?"


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def bo(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal)


def links(portal: Portal) -> list[SentLink]:
    with portal.database.session() as session:
        return session.query(SentLink).order_by(SentLink.made_at).all()


def a_conversation(portal: Portal, text: str = MESSAGE, *, lang: str = "en", level: str = "public") -> Conversation:
    received = Received(
        uid="c" * 32, entry=Entry.FORM, subject="Help", text=text, lang=lang, topic=None, name="Ada",
        address="ada@example.com", level=level, visitor=None, has_trail=False, search=None,
    )  # fmt: skip
    with portal.database.session() as session, transaction(session):
        return intake.open_conversation(session, received, at=clock.now())


def pick(somebody: Somebody, **form: str) -> TestResponse:
    """Make a link as the script does."""
    headers: Mapping[str, str] = {"Accept": "application/json", "X-CSRF": somebody.csrf()}
    return somebody.client.post("/desk/picker/links", data=form, headers=headers)


def test_nobody_picks_without_signing_in(client: FlaskClient) -> None:
    for path in ("/desk/picker", "/desk/picker/suggestions?q=password", "/desk/links"):
        assert client.get(path).headers["Location"].startswith("/desk/sign-in")


def test_the_picker_is_in_the_rail(bo: Somebody) -> None:
    assert '<a href="/desk/picker" aria-current="page">' in bo.get("/desk/picker").text


def test_a_message_finds_its_article_and_says_by_which_words(bo: Somebody) -> None:
    page = bo.post("/desk/picker", q=MESSAGE).text
    assert page.index("Reset your password") < page.index("because of:") < page.index("Not sent yet")
    assert "password" in page.partition("because of:")[2][:60]


def test_the_message_stands_in_no_address(bo: Somebody) -> None:
    assert '<form class="picker-form" method="post"' in bo.get("/desk/picker").text


def test_a_few_letters_find_titles(bo: Somebody) -> None:
    assert "Reset your password" in bo.get("/desk/picker/suggestions?q=pass&lang=en").text


def test_nothing_that_fits_is_said(bo: Somebody) -> None:
    page = bo.post("/desk/picker", q="zzyzx").text
    assert "No article fits" in page
    assert "/desk/requests" in page


def test_a_customer_s_message_is_looked_for_in_their_language(bo: Somebody) -> None:
    page = bo.post("/desk/picker", q="Ich möchte gerne mein Passwort bald zurücksetzen", lang="de").text
    assert "Passwort zurücksetzen" in page


def test_other_languages_are_looked_through_where_theirs_has_nothing(bo: Somebody) -> None:
    page = bo.post("/desk/picker", q="invoice please, the twelfth invoice of mine", lang="de").text
    assert "Invoice 12" in page


def test_an_answered_message_narrows_to_the_words_typed(bo: Somebody, portal: Portal) -> None:
    number = a_conversation(portal).id
    filled = bo.get(f"/desk/picker/suggestions?conversation={number}&q=").text
    assert "Reset your password" in filled
    narrowed = bo.get(f"/desk/picker/suggestions?conversation={number}&q=invoice 3").text
    assert "Invoice 3" in narrowed
    assert "Reset your password" not in narrowed


def test_a_link_is_made_in_the_customer_s_language(bo: Somebody, portal: Portal) -> None:
    number = a_conversation(portal, lang="de").id
    made = pick(bo, article=PASSWORD, conversation=str(number)).json
    assert made
    assert made["title"] == "Passwort zurücksetzen"
    assert re.fullmatch(r"Passwort zurücksetzen: http://localhost/a/[^?]+\?via=\w{10}", made["plain"]["text"])
    assert made["quoted"]["text"].startswith("> Öffnen Sie den Link.")
    link = links(portal)[0]
    assert (link.origin, link.conversation, link.sent_at) == (Origin.REPLY, number, None)


def test_what_is_copied_at_the_picker_counts_as_sent(bo: Somebody, portal: Portal) -> None:
    pick(bo, article=PASSWORD, lang="en")
    link = links(portal)[0]
    assert (link.origin, link.user, link.sent_at) == (Origin.PICKER, bo.user.id, link.made_at)


def test_a_section_s_passage_is_quoted(bo: Somebody, portal: Portal) -> None:
    made = pick(bo, article=PASSWORD, anchor="by-telephone", lang="en").json
    assert made
    assert made["quoted"]["markdown"].startswith("> Call us.\n\n[Reset your password](")
    assert links(portal)[0].anchor == "by-telephone"


def test_what_a_customer_may_not_read_is_marked_and_asked(bo: Somebody, portal: Portal) -> None:
    assert "Only staff can read this" in bo.post("/desk/picker", q=CANARY).text
    answer = pick(bo, article=SECRET, lang="en")
    assert (answer.status_code, answer.json) == (409, {"asks": True})
    assert not links(portal)
    assert pick(bo, article=SECRET, lang="en", sure="1").status_code == 200


def test_without_a_script_it_is_asked_on_a_page(bo: Somebody, portal: Portal) -> None:
    asked = bo.post("/desk/picker/links", article=SECRET, lang="en").text
    assert "Make the link all the same" in asked
    assert not links(portal)
    page = bo.post("/desk/picker/links", article=PASSWORD, lang="en").text
    assert f"/a/{PASSWORD}?via={links(portal)[0].token}" in page
    assert "[Reset your password](http" in page


def test_a_title_with_signs_breaks_out_of_nothing(bo: Somebody) -> None:
    made = pick(bo, article=POISONED, lang="en").json
    assert made
    assert "<img" not in made["plain"]["html"]
    assert "\\<img" in made["plain"]["markdown"]
    assert "<script>" not in bo.post("/desk/picker", q="change the wombat plan for me").text.partition("<main")[2]


@pytest.mark.parametrize("article", ["gone", "", "../x"])
def test_what_is_not_there_makes_no_link(bo: Somebody, portal: Portal, article: str) -> None:
    assert pick(bo, article=article, lang="en").status_code == 404
    assert not links(portal)


def test_a_link_is_made_by_our_own_pages_alone(bo: Somebody, portal: Portal) -> None:
    assert bo.client.post("/desk/picker/links", data={"article": PASSWORD}).status_code == 403
    assert not links(portal)


def test_a_bad_record_lets_the_next_one_go_before(bo: Somebody, portal: Portal) -> None:
    found = r'name="article" value="([^"]+)"'
    message = "What does the invoice say, and where is that invoice?"
    before = re.findall(found, bo.post("/desk/picker", q=message).text)
    with portal.database.session() as session, transaction(session):
        for _ in range(60):
            one = store.make(session, article=before[0], lang="en", origin=Origin.PICKER, user=None, at=clock.now())
            store.opened(session, one.token, clock.now())
            store.turned(session, one.token, clock.now())
    page = bo.post("/desk/picker", q=message).text
    assert re.findall(found, page)[0] != before[0]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (Record(), "Not sent yet"),
        (Record(sent=1), "Sent once, nobody opened it yet"),
        (Record(sent=40, opened=31, came_back=6), "Sent 40 times, 31 opened, 6 came back"),
        (
            Record(sent=4, opened=3, helpful=1, unhelpful=1),
            "Sent 4 times, 3 opened, helped 1 of 2 who said",
        ),
    ],
)
def test_a_record_is_said_in_words(app: Flask, record: Record, words: str) -> None:
    with app.test_request_context("/desk/picker"):
        assert words_of(record) == words
