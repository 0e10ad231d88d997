"""What is recorded is told: every kind of event, and all that each of them has."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from portal.events.kinds import KINDS, Event

TOLD = (Path(__file__).resolve().parents[2] / "docs" / "events.md").read_text("utf-8")
COMMON = {field.name for field in fields(Event)}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_is_told_with_its_fields(kind: type[Event]) -> None:
    row = re.search(rf"^\| {kind.__name__} \|.*$", TOLD, re.MULTILINE)
    assert row
    assert {field.name for field in fields(kind)} - COMMON <= set(re.findall(r"`(\w+)`", row[0]))


def test_what_every_event_has_is_told() -> None:
    assert all(f"`{name}`" in TOLD for name in COMMON)
