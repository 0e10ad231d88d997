"""The inbox as pages: who may see it, its views, search and order, and what is done to a conversation but answering."""

import re
from pathlib import Path

import pytest
from flask import Flask

from portal import clock
from portal.bootstrap import Portal
from portal.conversations.attachments import Upload
from portal.conversations.models import Kind, Standing
from portal.db import transaction
from portal.events import log
from portal.events.kinds import Clicked, Searched
from portal.people import accounts
from portal.people.models import Role
from tests.conversations.cast import uid
from tests.web.conftest import PASSWORD as ARTICLE
from tests.web.desk_visitors import Somebody, signed_in
from tests.web.inbox_visitors import LIST, act, begin, conversation, open_page, said, words

SUBJECTS = re.compile(r'class="inbox-subject clamp one-line"[^>]*>([^<]*)</span>')
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PAGES = (LIST, f"{LIST}/1", f"{LIST}/saved", f"{LIST}/1/files/{'a' * 32}", f"{LIST}/1/saved/1")


@pytest.fixture
def bo(app: Flask, portal: Portal) -> Somebody:
    """An agent."""
    return signed_in(app, portal, Role.AGENT, "bo@acme.example")


@pytest.fixture
def cleo(app: Flask, portal: Portal) -> Somebody:
    """Another one."""
    return signed_in(app, portal, Role.AGENT, "cleo@acme.example")


def subjects(who: Somebody, query: str = "") -> list[str]:
    return SUBJECTS.findall(who.get(f"{LIST}{query}").text)


@pytest.mark.parametrize("path", PAGES)
def test_who_is_not_signed_in_is_led_to_the_sign_in(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/desk/sign-in")


@pytest.mark.parametrize("role", Role)
def test_every_member_of_staff_reads_it(app: Flask, portal: Portal, role: Role) -> None:
    number = begin(portal)
    who = signed_in(app, portal, role)
    assert "Invoices of last year" in words(open_page(who, number))


def test_a_shut_account_reads_nothing_from_then_on(portal: Portal, bo: Somebody) -> None:
    number = begin(portal)
    page = open_page(bo, number)
    with portal.database.session() as session, transaction(session):
        accounts.add(session, email="root@acme.example", name="Root", role=Role.ADMIN, at=clock.now())
        accounts.disable(session, bo.user.id, at=clock.now())
    assert bo.get(f"{LIST}/{number}").status_code == 303
    assert act(bo, page, number, "closing").status_code == 303
    assert conversation(portal, number).standing is Standing.NEW


def test_the_desk_leads_to_the_inbox(bo: Somebody) -> None:
    assert bo.get("/desk").headers["Location"] == LIST


@pytest.mark.parametrize("number", [0, 999, 2**31, 10**20])
def test_a_number_that_there_is_not_is_not_found(bo: Somebody, number: int) -> None:
    assert bo.get(f"{LIST}/{number}").status_code == 404


@pytest.mark.parametrize(
    "query", ["?view=x&before=9-9-9", "?before=%00", "?before=99999999999999999-1", "?view=", "?q=%"]
)
def test_an_address_that_says_nonsense_shows_the_list(portal: Portal, bo: Somebody, query: str) -> None:
    begin(portal)
    assert bo.get(f"{LIST}{query}").status_code == 200


def test_the_rail_counts_what_waits_for_whoever_looks(portal: Portal, bo: Somebody, cleo: Somebody) -> None:
    taken = begin(portal)
    begin(portal)
    act(cleo, open_page(cleo, taken), taken, "assignment")
    assert "1 conversation waits for you" in bo.get("/desk/account").text
    assert "2 conversations wait for you" in cleo.get("/desk/account").text


def test_views_are_tabs_with_counts(portal: Portal, bo: Somebody) -> None:
    begin(portal, subject="Mine"), begin(portal, subject="Nobodys")
    act(bo, open_page(bo, 1), 1, "assignment")
    assert re.findall(r"(New|Mine|Waiting|Closed|All) (\d+)", words(bo.get(LIST))) == [
        ("New", "1"), ("Mine", "1"), ("Waiting", "0"), ("Closed", "0"), ("All", "2")
    ]  # fmt: skip
    assert (subjects(bo), subjects(bo, "?view=mine")) == (["Nobodys"], ["Mine"])


def test_a_line_says_who_what_last_and_whose(portal: Portal, bo: Somebody) -> None:
    number = begin(portal, "The first words of it", lang="de", name="", subject="Rechnung")
    line = words(bo.get(LIST))
    for told in ("ada@customer.example", "Rechnung", "The first words of it", "Deutsch", "Nobody has it"):
        assert told in line
    act(bo, open_page(bo, number), number, "assignment")
    assert "Bo" in words(bo.get(f"{LIST}?view=mine")).partition("Deutsch")[2]


def test_search_keeps_the_view_and_says_what_it_found(portal: Portal, bo: Somebody) -> None:
    begin(portal, "a zebra", subject="One"), begin(portal, subject="Two")
    assert subjects(bo, "?q=zebra") == ["One"]
    assert "1 conversation with “zebra”" in words(bo.get(f"{LIST}?q=zebra"))
    assert "Search all conversations" in words(bo.get(f"{LIST}?view=closed&q=zebra"))


def test_pages_follow_one_another(portal: Portal, bo: Somebody) -> None:
    for n in range(45):
        begin(portal, subject=f"S{n}")
    first = bo.get(LIST)
    older = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert older
    second = bo.get(older[1].replace("&amp;", "&"))
    seen = SUBJECTS.findall(first.text) + SUBJECTS.findall(second.text)
    assert seen == [f"S{n}" for n in reversed(range(45))]


@pytest.mark.parametrize(
    ("view", "told"),
    [
        ("new", "Nobody waits"), ("mine", "You have no open conversation"), ("waiting", "No answer of ours"),
        ("closed", "Nothing is closed yet"),
    ],
)  # fmt: skip
def test_an_empty_view_says_what_belongs_there(portal: Portal, bo: Somebody, view: str, told: str) -> None:
    assert "No customer has written yet" in words(bo.get(f"{LIST}?view={view}"))
    number = begin(portal)
    act(bo, open_page(bo, number), number, "closing" if view != "closed" else "assignment")
    assert told in words(bo.get(f"{LIST}?view={view}"))


def test_what_customers_write_is_text(portal: Portal, bo: Somebody) -> None:
    evil = "<script>alert(1)</script> {{7*7}} javascript:alert(2) https://x.example/?a=1&b=<b>"
    number = begin(portal, evil, subject="<img src=x onerror=alert(3)>", name="<i>Eve</i>", address="e'v\"e@x.example")
    for page in (bo.get(LIST), open_page(bo, number)):
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "<i>Eve" not in page.text
        assert "{{7*7}}" in page.text
    assert 'href="https://x.example/?a=1&amp;b="' in open_page(bo, number).text
    assert 'href="javascript' not in open_page(bo, number).text


def test_a_file_is_handed_out_with_its_conversation_alone(portal: Portal, bo: Somebody) -> None:
    files = (Upload("screen.png", PNG), Upload("page.html", b"<script>1</script>"))
    number, other = begin(portal, files=files), begin(portal)
    page = open_page(bo, number)
    picture, markup = re.findall(rf"{LIST}/{number}/files/([0-9a-f]+)", page.text)
    if "image/png" not in bo.get(f"{LIST}/{number}/files/{picture}").content_type:
        picture, markup = markup, picture
    answer = bo.get(f"{LIST}/{number}/files/{markup}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "html" not in answer.content_type
    assert bo.get(f"{LIST}/{number}/files/{picture}").data == PNG
    assert "screen.png" in words(page)
    for path in (
        f"{LIST}/{other}/files/{picture}",
        f"{LIST}/{number}/files/{'0' * 32}",
        f"{LIST}/{number}/files/..%2f",
    ):
        assert bo.get(path).status_code == 404


def test_the_trail_is_shown_with_consent_alone(portal: Portal, bo: Somebody) -> None:
    at, search = clock.now(), uid()
    with portal.database.session() as session, transaction(session):
        log.append(session, [
            Searched(uid=search, at=at, visitor="a" * 32, lang="en", query="quokka bills", hits=2),
            Clicked(uid=uid(), at=at, visitor="a" * 32, lang="en", search=search, article=ARTICLE),
        ])  # fmt: skip
    shown, hidden = begin(portal, visitor="a" * 32), begin(portal)
    assert "searched quokka bills" in words(open_page(bo, shown))
    assert "opened Reset your password" in words(open_page(bo, shown))
    assert "quokka" not in open_page(bo, hidden).text
    assert "Before they wrote" not in words(open_page(bo, hidden))


def test_it_is_assigned_to_me_to_somebody_and_to_nobody(portal: Portal, bo: Somebody, cleo: Somebody) -> None:
    number = begin(portal)
    assert act(bo, open_page(bo, number), number, "assignment").status_code == 303
    assert conversation(portal, number).assignee == bo.user.id
    assert "Bo took this" in words(open_page(bo, number))
    act(bo, open_page(bo, number), number, "assignment", to=str(cleo.user.id))
    assert conversation(portal, number).assignee == cleo.user.id
    act(bo, open_page(bo, number), number, "assignment", to="")
    assert conversation(portal, number).assignee is None


@pytest.mark.parametrize("to", ["999", "x", "-1", "1" * 30, "\u0661"])
def test_it_is_not_assigned_to_whom_there_is_not(portal: Portal, bo: Somebody, to: str) -> None:
    number = begin(portal)
    answer = act(bo, open_page(bo, number), number, "assignment", to=to)
    assert (answer.status_code, "Choose somebody who has an account." in words(answer)) == (422, True)


def test_it_is_not_assigned_to_a_shut_account(portal: Portal, bo: Somebody, cleo: Somebody) -> None:
    number = begin(portal)
    page = open_page(bo, number)
    with portal.database.session() as session, transaction(session):
        accounts.add(session, email="root@acme.example", name="Root", role=Role.ADMIN, at=clock.now())
        accounts.disable(session, cleo.user.id, at=clock.now())
    answer = act(bo, page, number, "assignment", to=str(cleo.user.id))
    assert (answer.status_code, "account is shut" in words(answer)) == (422, True)
    assert ">Cleo<" not in open_page(bo, number).text


def test_a_note_is_for_staff_alone_and_is_told_so(portal: Portal, bo: Somebody) -> None:
    number = begin(portal)
    act(bo, open_page(bo, number), number, "notes", text="Call her first.")
    page = open_page(bo, number)
    assert "Note, only staff see this" in words(page)
    assert [one.text for one in said(portal, number, Kind.NOTE)] == ["Call her first."]


def test_an_empty_note_is_refused_and_a_long_one_in_any_script_is_kept(portal: Portal, bo: Somebody) -> None:
    number = begin(portal)
    assert act(bo, open_page(bo, number), number, "notes", text=" ").status_code == 422
    assert act(bo, open_page(bo, number), number, "notes", text="漢" * 20_000).status_code == 303
    answer = act(bo, open_page(bo, number), number, "notes", text="y" * 20_001)
    assert (answer.status_code, "y" * 20_001 in answer.text) == (422, True)


def test_it_is_closed_and_opened_again(portal: Portal, bo: Somebody) -> None:
    number = begin(portal)
    act(bo, open_page(bo, number), number, "closing")
    assert conversation(portal, number).standing is Standing.CLOSED
    act(bo, open_page(bo, number), number, "reopening")
    assert conversation(portal, number).standing is Standing.NEW


def test_who_closes_an_older_version_sees_first_what_changed(portal: Portal, bo: Somebody, cleo: Somebody) -> None:
    number = begin(portal)
    page = open_page(bo, number)
    act(cleo, open_page(cleo, number), number, "notes", text="Wait, she called.")
    answer = act(bo, page, number, "closing")
    assert answer.status_code == 409
    assert "Cleo left a note just now." in words(answer)
    assert "Wait, she called." in words(answer)
    assert conversation(portal, number).standing is Standing.NEW
    assert act(bo, answer, number, "closing").status_code == 303


def test_merging_shows_the_other_first_and_then_goes_there(portal: Portal, bo: Somebody) -> None:
    number, target = begin(portal, "The second letter", subject="Again"), begin(portal, subject="The first one")
    asked = open_page(bo, number, f"?into={target}")
    assert "The first one" in words(asked).partition("Everything said here goes to")[2]
    answer = act(bo, asked, number, "merge")
    assert answer.headers["Location"].partition("?")[0] == f"{LIST}/{target}"
    assert "The second letter" in words(open_page(bo, target))
    left = open_page(bo, number)
    assert f"stands in {target} now" in words(left)
    assert 'id="text"' not in left.text


def test_other_peoples_conversations_are_not_merged(portal: Portal, bo: Somebody) -> None:
    number, target = begin(portal), begin(portal, address="eve@customer.example")
    answer = act(bo, open_page(bo, number, f"?into={target}"), number, "merge")
    assert (answer.status_code, "would read what the other wrote" in words(answer)) == (422, True)


@pytest.mark.parametrize("into", ["999", "1", "x", ""])
def test_merging_into_what_there_is_not_says_so(portal: Portal, bo: Somebody, into: str) -> None:
    number = begin(portal)
    assert "There is no such conversation to merge." in words(bo.get(f"{LIST}/{number}?into={into}"))


@pytest.mark.parametrize("verb", ["assignment", "notes", "closing", "reopening", "merge", "replies"])
def test_nothing_is_done_without_the_sessions_token(portal: Portal, bo: Somebody, verb: str) -> None:
    number = begin(portal)
    for form in ({"version": "1", "text": "x", "to": "1"}, {"version": "1", "text": "x", "csrf": "0" * 64}):
        assert bo.client.post(f"{LIST}/{number}/{verb}", data=form).status_code == 403
    assert conversation(portal, number).version == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "1" * 30])
def test_a_form_without_a_version_is_out_of_date(portal: Portal, bo: Somebody, version: str) -> None:
    number = begin(portal)
    answer = act(bo, open_page(bo, number), number, "closing", version=version)
    assert (answer.status_code, "out of date" in words(answer)) == (422, True)


def test_while_the_database_is_broken_the_desk_says_so(portal: Portal, bo: Somebody) -> None:
    begin(portal)
    portal.database.close()
    file = portal.database.engine.url.database
    assert file
    Path(file).write_bytes(b"x" * 4096)
    assert bo.get(LIST).status_code == 503
