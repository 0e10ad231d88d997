"""What writers do to a gap on its page, what they are told when somebody was quicker, and how it is taken back."""

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.bootstrap import Portal
from portal.db import transaction
from portal.gaps import tickets
from portal.gaps.models import Change, Gap, State, Wording
from portal.people.models import Role
from tests.web.desk_gaps import NOW, a_gap
from tests.web.desk_visitors import Somebody, signed_in

CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')
VERBS = ("acceptance", "assignment", "dismissal", "reopening", "name", "merge", "split", "draft", "replay")


@pytest.fixture
def cleo(app: Flask, portal: Portal) -> Somebody:
    """A writer."""
    return signed_in(app, portal, Role.WRITER)


@pytest.fixture
def number(portal: Portal) -> int:
    """The gap that most tests change."""
    return add(portal)


def add(portal: Portal, **fields: object) -> int:
    with portal.database.session() as session, transaction(session):
        return a_gap(session, **fields).id  # type: ignore[arg-type]


def read(portal: Portal, number: int) -> Gap:
    with portal.database.session() as session:
        gap = session.get(Gap, number)
        assert gap
        return gap


def wordings(portal: Portal, number: int) -> list[str]:
    with portal.database.session() as session:
        return sorted(session.scalars(select(Wording.text).where(Wording.gap_id == number)))


def ids(portal: Portal, *texts: str) -> list[str]:
    with portal.database.session() as session:
        return [str(one) for one in session.scalars(select(Wording.id).where(Wording.text.in_(texts)))]


def send(who: Somebody, number: int, verb: str, version: int | str = 1, **form: object) -> TestResponse:
    """Send a form of the gap's page, with the token that the page holds."""
    token = CSRF.search(who.get("/desk/gaps").text)
    data = {"csrf": token[1] if token else "", "version": str(version)} | form
    return who.client.post(f"/desk/gaps/{number}/{verb}", data=data)


def words(answer: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2])).split())


def test_accepting_is_one_click(portal: Portal, cleo: Somebody, number: int) -> None:
    answer = send(cleo, number, "acceptance")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/desk/gaps/{number}?done=accepted")
    assert read(portal, number).state is State.ACCEPTED
    page = words(cleo.get(answer.headers["Location"]))
    assert "Accepted. It is work to be done now." in page
    assert "Writer accepted it" in page


def test_accepting_from_the_list_leads_back_to_it_with_its_filters(portal: Portal, cleo: Somebody, number: int) -> None:
    back = "/desk/gaps?state=all&sort=title&way=up"
    answer = send(cleo, number, "acceptance", back=back)
    assert answer.headers["Location"] == f"{back}&done=accepted&gap={number}#gap-{number}"
    assert f"Gap {number} is accepted." in words(cleo.get(answer.headers["Location"]))
    assert read(portal, number).state is State.ACCEPTED


@pytest.mark.parametrize("back", ["//evil.example/desk/gaps", "https://evil.example", "/en/", "/desk/gaps\\@evil"])
def test_nobody_is_led_anywhere_else(cleo: Somebody, number: int, back: str) -> None:
    assert send(cleo, number, "acceptance", back=back).headers["Location"] == f"/desk/gaps/{number}?done=accepted"


def test_dismissing_wants_a_reason_and_can_be_taken_back(portal: Portal, cleo: Somebody, number: int) -> None:
    refused = send(cleo, number, "dismissal", because="  ")
    assert refused.status_code == 422
    assert "Say why this gap is dismissed" in words(refused)
    assert read(portal, number).state is State.SUGGESTED
    page = cleo.get(send(cleo, number, "dismissal", because="We sell no invoices").headers["Location"])
    assert "Dismissed, because: We sell no invoices" in words(page)
    assert read(portal, number).state is State.DISMISSED
    undo = re.search(rf'action="/desk/gaps/{number}/reopening">.*?name="version" value="(\d+)".*?Undo', page.text)
    assert undo
    assert send(cleo, number, "reopening", undo[1]).status_code == 303
    assert read(portal, number).state is State.SUGGESTED


def test_a_gap_is_given_to_somebody_and_to_nobody(portal: Portal, cleo: Somebody, number: int) -> None:
    send(cleo, number, "assignment", owner=str(cleo.user.id))
    assert (read(portal, number).owner, read(portal, number).state) == (cleo.user.id, State.ASSIGNED)
    send(cleo, number, "assignment", 2, owner="")
    assert (read(portal, number).owner, read(portal, number).state) == (None, State.ACCEPTED)
    assert send(cleo, number, "assignment", 3, owner="99").status_code == 422


def test_a_title_that_a_person_gave_stays(portal: Portal, cleo: Somebody, number: int) -> None:
    send(cleo, number, "name", title="  Export   of invoices ")
    assert (read(portal, number).title, read(portal, number).is_title_pinned) == ("Export of invoices", True)
    assert send(cleo, number, "name", 2, title="").status_code == 422


def test_what_was_merged_can_be_split_off_again(portal: Portal, cleo: Somebody, number: int) -> None:
    other = add(portal, title="Bills", asked=[("all bills", 2, "no_results"), ("bills of a year", 1, "no_results")])
    answer = send(cleo, other, "merge", into=f"#{number} Export")
    assert read(portal, other).state is State.MERGED
    assert len(wordings(portal, number)) == 4
    page = cleo.get(answer.headers["Location"])
    assert f"Gap {other} is a part of this one now." in words(page)
    carried = re.search(r'name="wordings" value="([\d,]+)"><button', page.text)
    assert carried
    back = send(cleo, number, "split", read(portal, number).version, wordings=carried[1])
    new = int(re.findall(r"/desk/gaps/(\d+)\?", back.headers["Location"])[0])
    assert wordings(portal, new) == ["all bills", "bills of a year"]
    assert "lives on in" in words(cleo.get(f"/desk/gaps/{other}"))


def test_ticked_wordings_become_a_gap_of_their_own_which_can_be_merged_back(
    portal: Portal, cleo: Somebody, number: int
) -> None:
    ticked = ids(portal, "download invoices as csv")
    answer = send(cleo, number, "split", wordings=ticked)
    new = int(re.findall(r"/desk/gaps/(\d+)\?", answer.headers["Location"])[0])
    assert wordings(portal, new) == ["download invoices as csv"]
    page = cleo.get(answer.headers["Location"]).text
    assert re.search(rf'action="/desk/gaps/{new}/merge">.*?name="into" value="{number}".*?Undo', page)


def test_a_refused_split_keeps_the_ticks(portal: Portal, cleo: Somebody, number: int) -> None:
    every = ids(portal, "export all invoices", "download invoices as csv")
    answer = send(cleo, number, "split", wordings=every)
    assert answer.status_code == 422
    assert answer.text.count(' form="split-form" checked') == 2


@pytest.mark.parametrize(("into", "said"), [("x", "Give the number"), ("77", "There is no gap 77"), ("1", "itself")])
def test_a_merge_that_makes_no_sense_is_refused_in_words(cleo: Somebody, number: int, into: str, said: str) -> None:
    answer = send(cleo, number, "merge", into=into)
    assert answer.status_code == 422
    assert said in words(answer)
    assert (
        f'name="into" list="others" inputmode="numeric" autocomplete="off" maxlength="200" required value="{into}"'
        in (answer.text)
    )


def test_who_comes_second_is_told_who_was_quicker_and_loses_no_word(
    portal: Portal, cleo: Somebody, number: int
) -> None:
    with portal.database.session() as session, transaction(session):
        tickets.rename(session, number, title="Invoices", by="Ada", at=NOW, version=1)
    answer = send(cleo, number, "dismissal", 1, because="Nobody needs <this>")
    assert answer.status_code == 409
    assert "Ada renamed this" in words(answer)
    assert "Nobody needs &lt;this&gt;</textarea>" in answer.text
    assert re.search(r'<details[^>]* open>\s*<summary class="button">Dismiss', answer.text)
    assert read(portal, number).state is State.SUGGESTED
    assert 'name="version" value="2"' in answer.text
    assert send(cleo, number, "dismissal", 2, because="Nobody needs this").status_code == 303


def test_a_verb_that_the_state_does_not_allow_is_refused_in_words(portal: Portal, cleo: Somebody) -> None:
    number = add(portal, state=State.CLOSED)
    answer = send(cleo, number, "acceptance")
    assert answer.status_code == 409
    assert "it is closed; open it again first" in words(answer)


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999"])
def test_a_form_without_a_version_changes_nothing(portal: Portal, cleo: Somebody, number: int, version: str) -> None:
    assert send(cleo, number, "acceptance", version).status_code == 422
    assert read(portal, number).version == 1


@pytest.mark.parametrize("verb", VERBS)
def test_agents_and_strangers_change_nothing(app: Flask, portal: Portal, number: int, verb: str) -> None:
    bo = signed_in(app, portal, Role.AGENT)
    form = {"version": "1", "because": "x", "title": "x", "into": "2", "csrf": bo.csrf()}
    assert bo.client.post(f"/desk/gaps/{number}/{verb}", data=form).status_code == 403
    stranger = app.test_client().post(f"/desk/gaps/{number}/{verb}", data=form)
    assert stranger.headers["Location"].startswith("/desk/sign-in")
    assert read(portal, number).version == 1


@pytest.mark.parametrize("verb", VERBS)
def test_a_form_of_another_page_changes_nothing(portal: Portal, cleo: Somebody, number: int, verb: str) -> None:
    answer = cleo.client.post(f"/desk/gaps/{number}/{verb}", data={"version": "1", "because": "x"})
    assert answer.status_code == 403
    assert read(portal, number).version == 1


@pytest.mark.parametrize("number", [404, 99999999999])
def test_a_gap_that_is_not_there_cannot_be_changed(portal: Portal, cleo: Somebody, number: int) -> None:
    add(portal)
    assert send(cleo, number, "acceptance").status_code == 404


def test_every_change_is_in_the_history_with_who_and_when(portal: Portal, cleo: Somebody, number: int) -> None:
    send(cleo, number, "acceptance")
    send(cleo, number, "name", 2, title="Invoices")
    with portal.database.session() as session:
        changes = session.execute(select(Change.by, Change.verb).where(Change.gap_id == number).order_by(Change.id))
        assert [tuple(row) for row in changes] == [
            ("Signpost", "found"), ("Writer", "accepted"), ("Writer", "renamed"),
        ]  # fmt: skip
    assert "from “Export all invoices of a year”" in words(cleo.get(f"/desk/gaps/{number}"))


@pytest.mark.parametrize("done", ["dismissed", "merged", "split", "accepted&gap=x", "nonsense", "merged&other=x"])
def test_an_address_that_says_what_did_not_happen_offers_no_way_back(cleo: Somebody, number: int, done: str) -> None:
    page = cleo.get(f"/desk/gaps/{number}?done={done}")
    assert page.status_code == 200
    assert "Undo</button>" not in page.text


def test_a_draft_is_written_and_its_branch_is_told(portal: Portal, cleo: Somebody, number: int) -> None:
    answer = send(cleo, number, "draft")
    assert answer.status_code == 303, words(answer)
    page = words(cleo.get(answer.headers["Location"]))
    assert "The draft is written." in page
    assert f"signpost/gap-{number}-export-all-invoices-of-a-year" in page
    assert read(portal, number).state is State.DRAFTED


def test_a_revision_that_is_not_there_is_refused_in_words_and_stays_in_its_field(cleo: Somebody, number: int) -> None:
    answer = send(cleo, number, "replay", revision="signpost/gap-nowhere")
    assert answer.status_code == 422
    assert "signpost/gap-nowhere" in words(answer)
    assert 'value="signpost/gap-nowhere"' in answer.text
