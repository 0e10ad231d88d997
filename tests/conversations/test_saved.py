"""Saved replies: their variables, and how they are found."""

import pytest
from sqlalchemy.orm import Session

from portal.conversations import saved
from portal.conversations.saved import fill
from portal.errors import Conflict, Invalid, NotFound
from tests.conversations.cast import NOON, bo

VALUES = {"customer": "Ada", "agent": "Bo", "subject": "Bills", "number": "7", "link": "https://help.example/x"}


def add(session: Session, name: str, text: str = "Thanks.", lang: str | None = None) -> int:
    return saved.add(session, name=name, lang=lang, text=text, by=bo(session), at=NOON).id


def test_every_variable_is_filled_in() -> None:
    text = " ".join("{" + name + "}" for name in saved.VARIABLES)
    assert fill(text, VALUES) == saved.Filled("Ada Bo Bills 7 https://help.example/x")


def test_what_has_no_value_stays_and_is_named() -> None:
    filled = fill("Hi {customer}, {order} of {customer}: {Agent} {} { agent }", VALUES | {"customer": ""})
    assert filled.text == "Hi {customer}, {order} of {customer}: {Agent} {} { agent }"
    assert filled.missing == ("customer", "order")


def test_a_value_is_not_filled_in_again() -> None:
    assert fill("{subject}", VALUES | {"subject": "{agent} {secret}"}) == saved.Filled("{agent} {secret}")


def test_unknown_variables_are_told_when_it_is_written() -> None:
    assert saved.unknown_in("{customer} {order} {order} {x}") == ("order", "x")


def test_those_of_the_language_come_before_those_for_all_and_others_not_at_all(session: Session) -> None:
    for name, lang in (("All", None), ("Deutsch", "de"), ("English", "en")):
        add(session, name, lang=lang)
    assert [one.name for one in saved.find(session, lang="de")] == ["Deutsch", "All"]
    assert {one.name for one in saved.find(session)} == {"All", "Deutsch", "English"}


def test_the_most_used_one_comes_first(session: Session) -> None:
    add(session, "A")
    often = add(session, "B")
    saved.use(session, often)
    saved.use(session, 10**12)
    session.expire_all()
    assert [(one.name, one.used) for one in saved.find(session)] == [("B", 1), ("A", 0)]


def test_words_are_looked_for_in_name_and_text(session: Session) -> None:
    add(session, "Refund", "Your money comes back within 5 % of a year.")
    add(session, "Greeting", "Hello.")
    assert [one.name for one in saved.find(session, words="refund money")] == ["Refund"]
    assert [one.name for one in saved.find(session, words="5 %")] == ["Refund"]
    assert saved.find(session, words="money hello") == []


def test_a_name_stands_once(session: Session) -> None:
    add(session, "Refund")
    with pytest.raises(Conflict, match="name already"), session.begin_nested():
        add(session, "Refund")


@pytest.mark.parametrize(("name", "text"), [("", "x"), ("x" * 101, "x"), ("x", " \n"), ("x", "y" * 20_001)])
def test_what_cannot_be_saved_is_refused(session: Session, name: str, text: str) -> None:
    with pytest.raises(Invalid):
        add(session, name, text)


def test_one_is_changed_and_thrown_away(session: Session) -> None:
    number = add(session, "Refund")
    saved.change(session, number, name="Money", lang="de", text="Ihr Geld", by=bo(session), at=NOON)
    assert (saved.get(session, number).name, saved.get(session, number).changed_by) == ("Money", "Bo")
    saved.remove(session, number)
    for gone in (number, 0, 10**12):
        with pytest.raises(NotFound):
            saved.get(session, gone)
