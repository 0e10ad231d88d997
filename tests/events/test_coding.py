"""What is written down is read again as it was; what is broken says so."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.events.coding import COMMON, from_line, from_row, to_line, to_row
from portal.events.kinds import KINDS, Contacted, Event, Searched, Step, Where
from tests.events.builders import a_search

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.floats(allow_nan=False, allow_infinity=False)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "str": words,
    "int": st.integers(0, 10**6),
    "float": numbers,
    "bool": st.booleans(),
    "float | None": st.none() | numbers,
    "str | None": st.none() | words,
    "tuple[str, ...]": st.lists(words, max_size=3).map(tuple),
    "dict[str, str]": st.dictionaries(words, words, max_size=2),
    "Where": st.sampled_from(Where),
    "Step": st.sampled_from(Step),
}


def _name(kind: object) -> str:
    return kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind)


def events(kind: type[Event]) -> st.SearchStrategy[Event]:
    own = {field.name: VALUES[_name(field.type)] for field in fields(kind) if field.name not in COMMON}
    return st.builds(
        kind,
        uid=st.uuids().map(lambda uid: uid.hex),
        at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - its zone is apart
        visitor=st.just("a" * 32),
        lang=st.just("en"),
        **own,
    )


@given(st.one_of(*map(events, KINDS)))
def test_an_event_is_read_as_it_was_written(event: Event) -> None:
    assert from_line(to_line(event)) == event
    row = to_row(event)
    assert from_row(row["uid"], row["kind"], row["at"], row["visitor"], row["lang"], row["data"]) == event


def test_an_event_is_one_line() -> None:
    assert to_line(a_search("two\nlines\r\u2028")).count(b"\n") == 1


def test_what_equals_its_default_is_left_out() -> None:
    assert to_row(a_search("x"))["data"] == '{"query":"x"}'


def test_the_kinds_of_searches_and_contacts_stay_what_they_are() -> None:
    search = replace(a_search(), where=Where.WIDGET, offered=("a", "b"))
    contact = Contacted(uid="c", at=search.at, visitor="v", lang="en", step=Step.WITHDRAWN)
    read_search, read_contact = from_line(to_line(search)), from_line(to_line(contact))
    assert isinstance(read_search, Searched)
    assert read_search.where is Where.WIDGET
    assert isinstance(read_contact, Contacted)
    assert read_contact.step is Step.WITHDRAWN


def test_fields_that_a_later_version_added_are_passed_over() -> None:
    row = to_row(a_search("x"))
    event = from_row(row["uid"], row["kind"], row["at"], "v", "en", '{"query":"x","mood":"good"}')
    assert isinstance(event, Searched)
    assert event.query == "x"


def test_a_kind_of_a_later_version_is_no_event() -> None:
    assert from_row("u", "danced", a_search().at, "v", "en", "{}") is None


def test_a_moment_of_another_zone_stays_the_same_moment() -> None:
    there = a_search(at=datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=9))))
    assert from_line(to_line(there)).at == there.at


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"{",
        b"[]",
        b"5",
        b'"x"',
        b"\xff\xfe",
        b"null",
        b"{}",
        b"[" * 5000,
        to_line(a_search()).replace(b"searched", b"danced"),
        to_line(a_search()).replace(b"searched", b"clicked"),
        to_line(a_search()).replace(b"+00:00", b""),
        to_line(a_search())[:-20],
    ],
)
def test_a_line_that_is_no_event_is_said_to_be_none(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_line(line)


@pytest.mark.parametrize("data", ["", "x", "[]", "5", '"x"', '{"hits": 1}', '{"query": "x", "where": "moon"}'])
def test_broken_data_are_said_to_be_broken(data: str) -> None:
    with pytest.raises((ValueError, TypeError, AttributeError)):
        from_row("u", "searched", a_search().at, "v", "en", data)


@pytest.mark.parametrize(
    "change",
    [{"uid": "u" * 33}, {"visitor": "v" * 41}, {"lang": "l" * 36}, {"at": datetime(2026, 1, 1)}],  # noqa: DTZ001 - the mistake
)
def test_what_would_not_fit_into_the_table_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        to_row(replace(a_search(), **change))
