"""The page of saved replies: kept, changed, thrown away, and what is refused."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.bootstrap import Portal
from portal.conversations import saved
from portal.conversations.models import SavedReply
from portal.people.models import Role
from tests.web.desk_visitors import Somebody, signed_in
from tests.web.inbox_visitors import words

PLACE = "/desk/inbox/saved"


@pytest.fixture
def bo(app: Flask, portal: Portal) -> Somebody:
    """An agent."""
    return signed_in(app, portal, Role.AGENT, "bo@acme.example")


def kept(portal: Portal) -> list[SavedReply]:
    with portal.database.session() as session:
        return saved.find(session)


def add(bo: Somebody, name: str = "Refund", text: str = "Your money is on its way.", lang: str = "") -> TestResponse:
    return bo.post(PLACE, name=name, text=text, lang=lang)


def test_the_empty_page_says_what_it_is_for(bo: Somebody) -> None:
    assert "Save what you write again and again" in words(bo.get(PLACE))


def test_one_is_saved_and_shown_to_all(portal: Portal, bo: Somebody) -> None:
    assert add(bo, lang="de").headers["Location"] == f"{PLACE}?done=saved"
    (one,) = kept(portal)
    assert (one.name, one.lang, one.changed_by) == ("Refund", "de", "Bo")
    assert "Deutsch not used yet Bo" in words(bo.get(PLACE))


def test_one_is_changed_in_the_same_form(portal: Portal, bo: Somebody) -> None:
    add(bo)
    (one,) = kept(portal)
    assert "Your money is on its way.</textarea>" in bo.get(f"{PLACE}/{one.id}").text
    bo.post(f"{PLACE}/{one.id}", name="Money", text="New words", lang="")
    assert [(one.name, one.text) for one in kept(portal)] == [("Money", "New words")]


def test_a_name_that_is_taken_is_told_and_nothing_is_lost(portal: Portal, bo: Somebody) -> None:
    add(bo)
    answer = add(bo, text="A long other text")
    assert answer.status_code == 409
    assert "There is a saved reply of this name already." in words(answer)
    assert "A long other text</textarea>" in answer.text
    assert len(kept(portal)) == 1


@pytest.mark.parametrize(
    ("name", "text", "lang"), [("", "x", ""), ("x", " ", ""), ("x", "y", "xx"), ("x" * 101, "y", "")]
)
def test_what_cannot_be_saved_is_told(portal: Portal, bo: Somebody, name: str, text: str, lang: str) -> None:
    assert (add(bo, name, text, lang).status_code, kept(portal)) == (422, [])


def test_a_variable_that_stands_for_nothing_is_told(bo: Somebody) -> None:
    add(bo, text="Your order {order}, {customer}")
    assert "Nothing stands behind {order}" in words(bo.get(PLACE))


def test_one_is_thrown_away_once(portal: Portal, bo: Somebody) -> None:
    add(bo)
    (one,) = kept(portal)
    assert bo.post(f"{PLACE}/{one.id}/removal").status_code == 303
    assert (bo.post(f"{PLACE}/{one.id}/removal").status_code, kept(portal)) == (404, [])
    assert bo.get(f"{PLACE}/{one.id}").status_code == 404


def test_they_are_found_by_words(bo: Somebody) -> None:
    add(bo), add(bo, "Greeting", "Hello there.")
    page = words(bo.get(f"{PLACE}?q=money")).partition("Save a reply")[0]
    assert ("Refund" in page, "Greeting" in page) == (True, False)
    assert "No saved reply has all of these words." in words(bo.get(f"{PLACE}?q=zebra"))
