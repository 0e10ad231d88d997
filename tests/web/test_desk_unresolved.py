"""What was lately searched in vain, and what readers said of articles."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction
from portal.events import log
from portal.events.kinds import Searched
from portal.feedback import votes
from portal.people.models import Role
from tests.web.desk_gaps import a_gap
from tests.web.desk_visitors import Somebody, signed_in


@pytest.fixture
def bo(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal, Role.AGENT)


def text(somebody: Somebody, path: str) -> str:
    page = somebody.get(path)
    assert page.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2])).split())


def search(portal: Portal, query: str, people: int, *, hits: int = 0, hours_ago: float = 1, first: int = 0) -> None:
    """Let people search in vain, each by a key of their own."""
    at = clock.now() - timedelta(hours=hours_ago)
    found = [
        Searched(
            uid=f"{first + one:031x}{hits}", at=at, visitor=f"{first + one:032x}", lang="en", query=query, hits=hits
        )
        for one in range(people)
    ]
    with portal.database.session() as session, transaction(session):
        log.append(session, found)


def test_what_enough_people_searched_in_vain_is_shown_within_the_day(portal: Portal, bo: Somebody) -> None:
    search(portal, "Gift wrapping", 2)
    search(portal, "my own secret worry", 1, first=100)
    page = text(bo, "/desk/unresolved")
    assert "3 people of 3 who searched were left without an answer." in page
    assert "Gift wrapping 2 none yet" in page
    assert "1 wording is not shown, since each is of fewer than 2 different people." in page
    assert "secret worry" not in bo.get("/desk/unresolved").text


def test_a_wording_names_the_gap_that_it_is_in(portal: Portal, bo: Somebody) -> None:
    with portal.database.session() as session, transaction(session):
        number = a_gap(session, asked=[("gift wrapping", 2, "no_results")]).id
    search(portal, "Gift Wrapping", 2, first=5000)
    assert f'href="/desk/gaps/{number}"' in bo.get("/desk/unresolved").text


def test_one_person_who_searches_a_hundred_times_is_one(portal: Portal, bo: Somebody) -> None:
    at = clock.now() - timedelta(hours=2)
    again = [
        Searched(uid=f"{one:032x}", at=at + timedelta(seconds=20 * one), visitor="a" * 32, lang="en", query="me again")
        for one in range(100)
    ]
    with portal.database.session() as session, transaction(session):
        log.append(session, again)
    assert "me again" not in bo.get("/desk/unresolved").text


def test_older_searches_are_a_click_away(portal: Portal, bo: Somebody) -> None:
    search(portal, "last tuesday", 2, hours_ago=60)
    assert "last tuesday" not in text(bo, "/desk/unresolved")
    assert "last tuesday" in text(bo, "/desk/unresolved?days=3")
    assert "last tuesday" not in text(bo, "/desk/unresolved?days=2000000")


def test_an_empty_page_says_whether_anybody_searched(portal: Portal, bo: Somebody) -> None:
    assert "Nobody has searched" in text(bo, "/desk/unresolved")
    search(portal, "answered for those without scripts", 1, hits=3)
    assert "Everybody found something" in text(bo, "/desk/unresolved")


def say(portal: Portal, article: str, reason: str, comment: str | None, voter: int, revision: str = "abcd") -> None:
    with portal.database.session() as session, transaction(session):
        at = clock.now() + timedelta(seconds=voter)
        key = {"article": article, "revision": revision, "voter": f"{voter:064x}"}
        votes.cast(session, **key, lang="en", is_helpful=False, at=at)
        votes.explain(session, **key, reason=reason, comment=comment, at=at)


def test_opinions_are_listed_the_latest_first_and_escaped(portal: Portal, bo: Somebody) -> None:
    say(portal, "pw-1", "unclear", "Which <b>menu</b>?", 1)
    say(portal, "pw-1", "missing", None, 2)
    say(portal, "gone-1", "wrong", "Old", 3)
    page = bo.get("/desk/opinions").text
    assert "Which &lt;b&gt;menu&lt;/b&gt;?" in page
    said = text(bo, "/desk/opinions")
    assert "3 opinions" in said
    assert said.index("Old") < said.index("Which <b>menu</b>?")
    assert "Article gone-1, which is gone or which you may not see" in said
    assert "the article has changed since" in said


def test_opinions_are_narrowed_by_article_reason_and_comment(portal: Portal, bo: Somebody) -> None:
    say(portal, "pw-1", "unclear", "First", 1)
    say(portal, "pw-1", "missing", None, 2)
    say(portal, "poison-1", "unclear", "Second", 3)
    for query, expected in (("article=pw-1", 2), ("reason=unclear", 2), ("comment=1&article=pw-1", 1), ("reason=x", 3)):
        assert bo.get(f"/desk/opinions?{query}").text.count('<li class="opinion">') == expected, query
    assert "No opinion fits these filters" in text(bo, "/desk/opinions?article=nowhere")


def test_a_helpful_vote_is_no_opinion(portal: Portal, bo: Somebody) -> None:
    with portal.database.session() as session, transaction(session):
        votes.cast(session, article="pw-1", revision="abcd", lang="en", voter="0" * 64, is_helpful=True, at=clock.now())
    assert "Nobody has said why an article did not help" in text(bo, "/desk/opinions")


def test_a_long_list_of_opinions_is_cut_into_pages(portal: Portal, bo: Somebody) -> None:
    for voter in range(51):
        say(portal, "pw-1", "unclear", None, voter)
    assert bo.get("/desk/opinions").text.count('<li class="opinion">') == 50
    assert bo.get("/desk/opinions?page=2").text.count('<li class="opinion">') == 1
