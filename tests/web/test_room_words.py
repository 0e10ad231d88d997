"""Sentences of rooms, in the reader's language."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from flask_babel import force_locale

from portal.errors import Invalid
from portal.gaps import states
from portal.gaps.models import State
from portal.gaps.states import Verb
from portal.gaps.verify import Measure, Watch, decide
from portal.people import passwords
from portal.web.room_words import reworded

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOO_WEAK = ("short", "a" * 201, "aaaaaaaaaaaa", "ada@example.com")


@pytest.fixture(autouse=True)
def german(client: FlaskClient) -> Iterator[None]:
    with client.application.test_request_context("/desk/gaps"), force_locale("de"):
        yield


def test_why_a_gap_cannot_be_changed_is_said_for_every_verb_and_state() -> None:
    refusals = [states.why_not(verb, 12, state, 3) for verb in Verb if verb in states.ALLOWED for state in State]
    said = [(one, reworded(one)) for one in refusals if one]
    assert said
    assert [one for one, german in said if " can't " in german or " it " in german or "wurde in" in german] == []
    assert all("Lücke 12" in german for _, german in said)


@pytest.mark.parametrize("verb", list(Verb))
def test_who_was_quicker_is_said_with_name_and_time(verb: Verb) -> None:
    said = reworded(states.too_late("Cleo", verb, timedelta(minutes=2)))
    assert said.startswith("Cleo hat")
    assert "vor 2 Minuten" in said


def test_a_name_that_is_a_word_of_ours_stays_a_name() -> None:
    assert reworded("to accepted") == "an accepted"


@pytest.mark.parametrize("password", TOO_WEAK)
def test_what_a_password_lacks_is_said(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.check(password, email="ada@example.com", name="Ada")
    assert reworded(refused.value).startswith("Wählen Sie ein Passwort")


@pytest.mark.parametrize(
    ("before", "after", "days"), [((10, 0), (10, 9), 3), ((10, 0), (0, 0), 40), ((4, 0), (3, 3), 40)]
)
def test_why_a_gap_was_closed_is_said(before: tuple[int, int], after: tuple[int, int], days: int) -> None:
    because = decide(Measure(*before), Measure(*after), Watch(), began=NOON - timedelta(days=days), at=NOON).because
    assert "people" not in reworded(because)
    assert reworded(because).endswith((".", ")."))
    assert reworded(because) != because


@pytest.mark.parametrize("text", ["", "Cleo says so", "100 % of it", "It did not help: (at all"])
def test_what_nobody_thought_of_stays_as_it_is(text: str) -> None:
    assert reworded(text) == text


def test_a_sentence_may_hold_anything_where_a_name_stands() -> None:
    assert reworded("from “100 %(name)s {x}\\1”") == "vorher „100 %(name)s {x}\\1“"
