"""Gaps as a table and as JSON."""

import csv
import io

import pytest
from flask import Flask

from portal.bootstrap import Portal
from portal.db import transaction
from portal.gaps.models import State
from portal.people.models import Role
from tests.web.desk_gaps import a_gap
from tests.web.desk_visitors import Somebody, signed_in


@pytest.fixture
def bo(app: Flask, portal: Portal) -> Somebody:
    """An agent, who may export too."""
    with portal.database.session() as session, transaction(session):
        a_gap(session, topic="billing")
        a_gap(session, title="=HYPERLINK(1)", state=State.CLOSED, asked=[("one", 2, "no_results")])
        a_gap(session, title='Ärger, mit "Komma"', lang="de", asked=[("zwei", 2, "no_results")], trend=[2] * 12)
    return signed_in(app, portal, Role.AGENT)


def rows(bo: Somebody, query: str = "") -> list[dict[str, str]]:
    answer = bo.get(f"/desk/gaps.csv{query}")
    assert answer.content_type == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_table_has_the_gaps_of_the_list_in_its_order(bo: Somebody) -> None:
    found = rows(bo)
    assert [row["number"] for row in found] == ["3", "1"]
    assert found[0]["title"] == 'Ärger, mit "Komma"'
    assert found[1]["topic"] == "billing"
    assert found[0]["url"] == "http://localhost/desk/gaps/3"
    assert [row["number"] for row in rows(bo, "?lang=de")] == ["3"]
    assert [row["number"] for row in rows(bo, "?state=all&sort=title&way=up")] == ["2", "1", "3"]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"])
def test_no_cell_begins_as_a_formula_does(app: Flask, portal: Portal, title: str) -> None:
    with portal.database.session() as session, transaction(session):
        a_gap(session, title=title)
    assert rows(signed_in(app, portal))[0]["title"] == f"'{title}"


def test_json_has_the_trend_too_and_titles_as_they_are(bo: Somebody) -> None:
    gaps = bo.get("/desk/gaps.json?state=all&sort=title&way=up").get_json()["gaps"]
    assert [gap["title"] for gap in gaps] == ["=HYPERLINK(1)", "Export all invoices of a year", 'Ärger, mit "Komma"']
    assert gaps[2]["trend"] == [2] * 12
    assert gaps[0]["owner"] is None
    assert gaps[0]["created_at"].endswith("+00:00")


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_an_export_is_downloaded_and_kept_by_nobody(bo: Somebody, kind: str) -> None:
    answer = bo.get(f"/desk/gaps.{kind}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="gaps.{kind}"'


def test_no_wording_leaves_in_an_export(bo: Somebody) -> None:
    for kind in ("csv", "json"):
        assert "download invoices as csv" not in bo.get(f"/desk/gaps.{kind}?state=all").text
