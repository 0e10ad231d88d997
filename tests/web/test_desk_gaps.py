"""The gaps of the desk as pages: the list, its filters, order and line, one gap, and what each role is shown."""

import re
from html import unescape

import pytest
from flask import Flask

from portal.bootstrap import Portal
from portal.db import transaction
from portal.gaps.models import Cause, Gap, State
from portal.gaps.suggest import Kind, Proposal
from portal.people.models import Role
from portal.schedule.models import Job
from tests.web.desk_gaps import NOW, a_gap, a_need, a_replay, many_gaps
from tests.web.desk_visitors import Somebody, make_user, signed_in

TITLES = re.compile(r'class="gaps-link"[^>]*>([^<]*)</a>')


@pytest.fixture
def cleo(app: Flask, portal: Portal) -> Somebody:
    """A writer."""
    return signed_in(app, portal, Role.WRITER)


@pytest.fixture
def bo(app: Flask, portal: Portal) -> Somebody:
    """An agent."""
    return signed_in(app, portal, Role.AGENT)


def add(portal: Portal, **fields: object) -> int:
    """Write one gap and return its number."""
    with portal.database.session() as session, transaction(session):
        return a_gap(session, **fields).id  # type: ignore[arg-type]


def titles(somebody: Somebody, query: str = "") -> list[str]:
    return [unescape(one) for one in TITLES.findall(somebody.get(f"/desk/gaps{query}").text)]


def text(somebody: Somebody, path: str) -> str:
    """Return a page's words alone, as they are read."""
    page = somebody.get(path)
    assert page.status_code == 200, page.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2])).split())


@pytest.mark.parametrize("path", ["/desk/gaps", "/desk/gaps/1", "/desk/gaps.csv", "/desk/unresolved", "/desk/opinions"])
def test_who_is_not_signed_in_is_led_to_the_sign_in(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/desk/sign-in")


def test_open_gaps_are_listed_by_people_a_week(portal: Portal, cleo: Somebody) -> None:
    add(portal, title="Small", trend=[1] * 12)
    add(portal, title="Large", trend=[9] * 12, asked=[("large", 9, "no_results")])
    add(portal, title="Over", state=State.CLOSED, trend=[20] * 12, asked=[("over", 20, "no_results")])
    assert titles(cleo) == ["Large", "Small"]


def test_a_row_tells_its_numbers_with_their_n_and_its_trend_in_words(portal: Portal, bo: Somebody) -> None:
    add(portal, trend=[0] * 8 + [1, 2, 3, 4])
    page = text(bo, "/desk/gaps")
    assert "2.5" in page
    assert "5 people" in page
    assert "oldest first: 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?state=closed", ["Over"]),
        ("?state=all", ["Deutsch", "Mine", "Over"]),
        ("?cause=other_words", ["Mine"]),
        ("?lang=de", ["Deutsch"]),
        ("?topic=billing", ["Mine"]),
        ("?topic=none", ["Deutsch"]),
        ("?owner=0", ["Deutsch"]),
        ("?owner=1", ["Mine"]),
        ("?cause=nonsense&owner=x&sort=y&way=z&page=-3", ["Deutsch", "Mine"]),
    ],
)
def test_filters_narrow_the_list_and_nonsense_filters_nothing(
    portal: Portal, cleo: Somebody, query: str, expected: list[str]
) -> None:
    assert cleo.user.id == 1
    add(portal, title="Mine", cause=Cause.OTHER_WORDS, topic="billing", owner=1, state=State.ASSIGNED)
    add(portal, title="Deutsch", lang="de", asked=[("rechnung", 2, "no_results")])
    add(portal, title="Over", state=State.CLOSED, asked=[("over", 2, "no_results")])
    assert sorted(titles(cleo, query)) == expected


def test_every_heading_sorts_and_the_second_click_turns_it_round(portal: Portal, cleo: Somebody) -> None:
    add(portal, title="b", days_old=9, asked=[("b", 2, "no_results")])
    add(portal, title="A", days_old=3, asked=[("a", 2, "no_results")])
    assert titles(cleo, "?sort=title&way=up") == ["A", "b"]
    assert titles(cleo, "?sort=title&way=down") == ["b", "A"]
    assert titles(cleo, "?sort=age&way=down") == ["b", "A"]
    page = cleo.get("/desk/gaps?sort=title&way=up").text
    assert 'aria-sort="ascending"' in page
    assert 'href="/desk/gaps?sort=title&amp;way=down"' in page
    for order in ("cause", "owner", "state"):
        assert len(titles(cleo, f"?sort={order}")) == 2


def test_the_line_stands_where_eighty_percent_are_reached(portal: Portal, cleo: Somebody) -> None:
    for place, size in enumerate((8, 1, 1)):
        add(portal, title=f"Gap {place}", trend=[size] * 12, asked=[(f"words {place}", 2, "no_results")])
    page = cleo.get("/desk/gaps").text
    assert page.count('class="gaps-line"') == 1
    assert page.index("Gap 0") < page.index('class="gaps-line"') < page.index("Gap 1")
    assert "The largest alone covers 80 % of them." in text(cleo, "/desk/gaps")
    assert 'class="gaps-line"' not in cleo.get("/desk/gaps?sort=title").text


def test_a_long_list_is_cut_into_pages(portal: Portal, cleo: Somebody) -> None:
    for place in range(51):
        add(portal, title=f"Gap {place:02}", asked=[(f"words {place}", 1, "no_results")], trend=[])
    assert len(titles(cleo)) == 50
    assert titles(cleo, "?page=2") == ["Gap 50"]
    assert 'href="/desk/gaps?page=2"' in cleo.get("/desk/gaps").text
    assert "There are no more gaps" in text(cleo, "/desk/gaps?page=9")


def test_an_empty_list_says_why_and_what_to_do(portal: Portal, cleo: Somebody) -> None:
    assert "Nobody has been left without an answer yet" in text(cleo, "/desk/gaps")
    with portal.database.session() as session, transaction(session):
        session.add(a_need("alone with this"))
    page = text(cleo, "/desk/gaps")
    assert "No need is shared yet" in page
    assert "alone with this" not in page
    add(portal, state=State.CLOSED)
    assert "Every gap is dealt with" in text(cleo, "/desk/gaps")
    assert "No gap fits these filters" in text(cleo, "/desk/gaps?cause=draft")


def test_the_list_says_when_gaps_were_last_looked_for_and_that_it_failed(portal: Portal, cleo: Somebody) -> None:
    assert "Gaps have not been looked for yet" in text(cleo, "/desk/gaps")
    with portal.database.session() as session, transaction(session):
        session.add(Job(name="find-gaps", ended_at=NOW, failures=2))
    page = text(cleo, "/desk/gaps")
    assert "Gaps were last looked for" in page
    assert "It failed the last 2 times." in page


def test_agents_see_gaps_and_are_offered_no_forms(portal: Portal, bo: Somebody, cleo: Somebody) -> None:
    number = add(portal)
    for path in ("/desk/gaps", f"/desk/gaps/{number}"):
        forms = [set(re.findall(r'action="(/desk/gaps/[^"]*)"', one.get(path).text)) for one in (bo, cleo)]
        assert forms[0] == set()
        assert f"/desk/gaps/{number}/acceptance" in forms[1]


def test_a_gap_tells_who_needed_it_how_it_ended_and_what_they_were_offered(portal: Portal, bo: Somebody) -> None:
    number = add(portal, offered=["pw-1"], asked=[("export all", 3, "no_results"), ("csv please", 2, "downvoted")])
    page = text(bo, f"/desk/gaps/{number}")
    assert "5 people in the last 90 days" in page
    assert "“export all”" not in page, "quotes are drawn"
    assert "export all 3 people" in page
    assert "Were told that there is nothing 3" in page
    assert "Reset your password 5 2" in page
    assert "They share “invoice”." in page


def test_what_one_person_alone_asked_is_only_counted(portal: Portal, bo: Somebody) -> None:
    page = text(bo, f"/desk/gaps/{add(portal, asked=[('alice alone says this', 1, 'no_results')])}")
    assert "alice alone" not in page
    assert "1 wording" in page


def test_within_a_need_of_several_people_each_wording_can_be_read(portal: Portal, bo: Somebody) -> None:
    asked = [("many say this", 3, "no_results"), ("somebody says that", 1, "no_results")]
    page = text(bo, f"/desk/gaps/{add(portal, asked=asked)}")
    assert "many say this" in page
    assert "somebody says that" in page


def test_nobodys_own_trail_can_be_seen(portal: Portal, cleo: Somebody) -> None:
    number = add(portal)
    with portal.database.session() as session:
        assert session.get(Gap, number)
    page = cleo.get(f"/desk/gaps/{number}").text
    assert re.findall(r"\b[0-9a-f]{32}\b", page) == [], "no visitor, no search"


def test_an_article_that_the_reader_may_not_see_has_no_title(portal: Portal, bo: Somebody) -> None:
    page = text(bo, f"/desk/gaps/{add(portal, offered=['nowhere-1'])}")
    assert "An article that is gone, or that you may not see" in page
    assert "nowhere-1" not in page


@pytest.mark.parametrize(
    ("proposal", "line"),
    [
        (Proposal(kind=Kind.SYNONYMS, path="synonyms.txt", line="bill => invoice"), "bill => invoice"),
        (Proposal(kind=Kind.AKA, path="en/a.md", aka=("locked out",)), "  - locked out"),
        (Proposal(kind=Kind.NEW_ARTICLE, path="en/b.md", title="New", outline=("Where it is",)), "## Where it is"),
    ],
)
def test_a_proposal_is_shown_as_the_lines_that_it_adds(
    portal: Portal, bo: Somebody, proposal: Proposal, line: str
) -> None:
    page = unescape(bo.get(f"/desk/gaps/{add(portal, proposal=proposal)}").text)
    assert f"<ins>{line}</ins>" in page
    assert f"<code>{proposal.path}</code>" in page


def test_the_last_replay_is_told_with_its_losses(portal: Portal, bo: Somebody) -> None:
    page = text(bo, f"/desk/gaps/{add(portal, replay=a_replay(1).to_json(), branch='signpost/gap-1')}")
    assert "Answers 2 of 3 wordings" in page
    assert "1 of 12 searches that worked gets worse." in page
    assert "spreadsheet of every bill" in page
    assert "portal replay 1 --revision signpost/gap-1" in page


def test_the_whole_list_can_be_drawn(portal: Portal, cleo: Somebody) -> None:
    owner = make_user(portal, "ada@acme.example", Role.LEAD).id
    with portal.database.session() as session, transaction(session):
        gaps = [gap.id for gap in many_gaps(session, [owner], ["pw-1", "poison-1"])]
    for number in gaps:
        assert cleo.get(f"/desk/gaps/{number}").status_code == 200
    assert "35 of 41 people" in text(cleo, f"/desk/gaps/{gaps[0]}")


@pytest.mark.parametrize("path", ["/desk/gaps/999", "/desk/gaps/x", "/desk/gaps/99999999999999999999"])
def test_a_gap_that_is_not_there_is_said_to_be_none(cleo: Somebody, path: str) -> None:
    assert cleo.get(path).status_code == 404


def test_titles_are_escaped(portal: Portal, cleo: Somebody) -> None:
    number = add(portal, title="<script>alert(1)</script>", asked=[("<img src=x>", 2, "no_results")])
    for path in ("/desk/gaps", f"/desk/gaps/{number}"):
        page = cleo.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
