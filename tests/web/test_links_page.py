"""What came of links: everybody's and one's own, sorted, with each figure's n, and as a table."""

import pytest
from flask import Flask

from portal import clock
from portal.app import create_app
from portal.bootstrap import Portal
from portal.db import transaction
from portal.links import store
from portal.links.models import Origin
from tests.web.conftest import PASSWORD, POISONED
from tests.web.desk_visitors import Somebody, cheap, signed_in


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def bo(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal)


def send(portal: Portal, article: str, times: int = 1, *, user: int | None = None, opened: int = 0) -> None:
    with portal.database.session() as session, transaction(session):
        for number in range(times):
            token = store.make(
                session, article=article, lang="en", origin=Origin.PICKER, user=user, at=clock.now()
            ).token
            if number < opened:
                store.opened(session, token, clock.now())
                store.voted(session, token, is_helpful=True)


def test_an_empty_list_says_how_to_begin(bo: Somebody) -> None:
    assert "No link was sent in this time" in bo.get("/desk/links").text


def test_each_figure_has_its_n(bo: Somebody, portal: Portal) -> None:
    send(portal, PASSWORD, 4, opened=3)
    page = bo.get("/desk/links").text
    assert "4 links were sent," in page
    assert '<td class="number">3 of 4</td>' in page
    assert '<td class="number">3 of 3</td>' in page
    assert "0 customers came back." in page


def test_mine_are_mine_alone(bo: Somebody, portal: Portal) -> None:
    send(portal, PASSWORD, 2)
    send(portal, POISONED, user=bo.user.id)
    assert "Reset your password" not in bo.get("/desk/links?whose=mine").text
    assert "Reset your password" in bo.get("/desk/links").text


def test_a_column_sorts_both_ways(bo: Somebody, portal: Portal) -> None:
    send(portal, PASSWORD, 3)
    send(portal, "gone-1", 1)
    most, least = bo.get("/desk/links?order=sent").text, bo.get("/desk/links?order=sent&way=up").text
    assert most.index("Reset your password") < most.index("gone-1")
    assert least.index("gone-1") < least.index("Reset your password")
    assert 'aria-sort="descending"' in most
    assert 'aria-sort="ascending"' in least


@pytest.mark.parametrize("asked", ["?order=x&days=7&whose=x&way=x", "?days=%00", "?order=title"])
def test_what_can_t_be_asked_is_the_usual(bo: Somebody, portal: Portal, asked: str) -> None:
    send(portal, PASSWORD)
    assert "Reset your password" in bo.get("/desk/links" + asked).text


def test_the_table_can_be_opened_without_harm(bo: Somebody, portal: Portal) -> None:
    send(portal, "=cmd", 2, opened=1)
    answer = bo.get("/desk/links.csv")
    assert answer.mimetype == "text/csv"
    header, row = answer.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert header == "article,title,language,sent,opened,helpful,unhelpful,came_back"
    assert row.startswith("'=cmd,")
    assert row.endswith(",2,1,1,0,0")
