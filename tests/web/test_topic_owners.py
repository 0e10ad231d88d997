"""Topics have owners: they hear of flags that no article's own owner hears of, and are offered as a gap's owner."""

import re
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from portal.app import create_app
from portal.bootstrap import Portal
from portal.content.site import Site, Topic
from portal.db import transaction
from portal.feedback.models import Flag
from portal.gaps.models import Change, Gap, State
from portal.outbox.models import Channel, Delivery
from portal.people import accounts
from portal.people.models import Role, User
from portal.telling import announce
from tests.web.conftest import PASSWORD
from tests.web.desk_gaps import NOW, a_gap
from tests.web.desk_visitors import Somebody, cheap, make_user, signed_in
from tests.web.test_desk_gaps_actions import read, send, words

OWNED = "sign-in"
DORA = "dora@acme.example"


def named(owner: str, portal: Portal) -> Site:
    """Return a help centre whose topic Accounts somebody looks after."""
    topic = Topic(slug="accounts", name="Accounts", owner=owner, names=(("de", "Konten"),))
    return replace(portal.library.current().site, topics=(topic,))


@pytest.fixture
def portal(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """A help centre where Dora looks after Accounts, that can send mail."""
    live = portal.library.current()
    monkeypatch.setattr(live, "site", named(DORA, portal))
    settings = replace(portal.settings, smtp_url="smtp://127.0.0.1:9", base_url="https://help.acme.example")
    return replace(portal, settings=settings)


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def bo(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal, email="bo@acme.example")


@pytest.fixture
def cleo(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal, Role.WRITER, "writer@acme.example")


@pytest.fixture
def dora(portal: Portal) -> User:
    return make_user(portal, DORA)


def flag(by: Somebody, article: str = PASSWORD) -> None:
    answer = by.post("/desk/flags", article=article, fault="wrong", text="The mail looks otherwise", uid="1")
    assert answer.location == "/desk/flags?done=flagged", answer.text


def rename_owner(portal: Portal, monkeypatch: pytest.MonkeyPatch, owner: str) -> None:
    monkeypatch.setattr(portal.library.current(), "site", named(owner, portal))


def kept(portal: Portal) -> Flag:
    with portal.database.session() as session:
        return session.scalars(select(Flag)).one()


def mails(portal: Portal) -> list[Delivery]:
    with portal.database.session() as session:
        return list(session.scalars(select(Delivery).where(Delivery.channel == Channel.MAIL)))


def add(portal: Portal, topic: str | None = "accounts", **fields: object) -> int:
    with portal.database.session() as session, transaction(session):
        return a_gap(session, topic=topic, **fields).id  # type: ignore[arg-type]


def offered(who: Somebody, gap: int) -> tuple[str, str]:
    """Return who is chosen in the form that gives a gap to somebody, and the button beside Accept."""
    page = who.get(f"/desk/gaps/{gap}").text
    chosen = re.search(r'<option value="(\d+)" selected>', page)
    button = re.search(r'<button class="button" name="owner" value="\d+">([^<]*)<', page)
    return chosen[1] if chosen else "", unescape(button[1]) if button else ""


def test_a_flag_of_an_article_that_is_nobodys_goes_to_who_looks_after_its_topic(
    app: Flask, portal: Portal, bo: Somebody, dora: User
) -> None:
    assert f"{DORA} looks after it and hears of your flag" in bo.get(f"/desk/flags/new?article={PASSWORD}").text
    flag(bo)
    assert kept(portal).owner == DORA
    (mail,) = mails(portal)
    assert (mail.target, mail.event) == (DORA, "flag.new")
    assert "flagged an article of “Accounts”, which you look after" in mail.payload
    shown = signed_in(app, portal, email=DORA).get("/desk/flags").text
    assert "Articles that you look after" in shown
    assert "1 flag waits" in shown
    assert dora.role is Role.AGENT, "who looks after a topic need not be a writer"
    assert f"looked after by {DORA}" in bo.get("/en/articles/accounts/reset-your-password").text


def test_an_articles_own_owner_comes_first(portal: Portal, bo: Somebody, dora: User) -> None:
    flag(bo, OWNED)
    assert kept(portal).owner == "Cleo@acme.example"
    assert [mail.target for mail in mails(portal)] == ["Cleo@acme.example"]
    assert "an article that you look after" in mails(portal)[0].payload
    assert dora.email == DORA


def test_a_flag_keeps_who_was_to_settle_it_when_the_topic_changes_hands(
    portal: Portal, bo: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag(bo)
    rename_owner(portal, monkeypatch, "Emil")
    assert kept(portal).owner == DORA


def test_a_topics_owner_without_an_account_is_shown_and_harms_nothing(
    portal: Portal, bo: Somebody, cleo: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename_owner(portal, monkeypatch, "The <accounts> team")
    flag(bo)
    assert mails(portal) == []
    assert "looked after by The &lt;accounts&gt; team" in cleo.get("/desk/flags").text
    gap = add(portal)
    page = words(cleo.get(f"/desk/gaps/{gap}"))
    assert "The <accounts> team looks after Accounts, and has no account here." in page
    assert offered(cleo, gap) == ("", "")


def test_who_is_named_in_letters_that_databases_fold_unalike_finds_the_flags_too(
    app: Flask, portal: Portal, bo: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    ute = signed_in(app, portal, email="ute@acme.example")
    with portal.database.session() as session, transaction(session):
        accounts.rename(session, ute.user.id, "Üte Ö")
    rename_owner(portal, monkeypatch, "Üte Ö")
    flag(bo)
    assert [mail.target for mail in mails(portal)] == ["ute@acme.example"]
    assert "1 flag waits" in ute.get("/desk/flags").text


def test_an_account_that_is_shut_gets_no_mail_of_flags(portal: Portal, bo: Somebody, dora: User) -> None:
    with portal.database.session() as session, transaction(session):
        accounts.disable(session, dora.id, at=NOW)
    flag(bo)
    assert mails(portal) == []


def test_a_flag_is_written_of_in_the_language_of_who_reads_it(portal: Portal, bo: Somebody, dora: User) -> None:
    with portal.database.session() as session, transaction(session):
        accounts.set_language(session, dora.id, "de")
    flag(bo)
    assert "des Themas „Konten“" in mails(portal)[0].payload


def test_a_gap_is_offered_to_who_looks_after_its_topic_and_says_why(portal: Portal, cleo: Somebody, dora: User) -> None:
    gap = add(portal)
    assert "Dora looks after Accounts." in words(cleo.get(f"/desk/gaps/{gap}"))
    assert offered(cleo, gap) == (str(dora.id), "Accept and give to Dora")
    assert read(portal, gap).owner is None, "nothing is given to anybody before somebody says so"


@pytest.mark.parametrize("fields", [{"topic": None}, {"topic": "billing"}, {"state": State.CLOSED}])
def test_nobody_is_offered_where_no_topic_names_anybody_or_all_is_done(
    portal: Portal, cleo: Somebody, dora: User, fields: dict[str, object]
) -> None:
    gap = add(portal, **fields)  # type: ignore[arg-type]
    assert offered(cleo, gap) == ("", "")
    assert dora.name not in words(cleo.get(f"/desk/gaps/{gap}")).partition("What they wrote")[0].partition("nobody")[0]


def test_a_gap_that_is_somebodys_stays_theirs(portal: Portal, cleo: Somebody, dora: User) -> None:
    gap = add(portal, owner=cleo.user.id)
    assert offered(cleo, gap) == (str(cleo.user.id), "")
    assert dora.name not in words(cleo.get(f"/desk/gaps/{gap}")).partition("Assign")[0]


def test_accepting_and_giving_is_one_click_and_two_lines_of_history(portal: Portal, cleo: Somebody, dora: User) -> None:
    gap = add(portal)
    answer = send(cleo, gap, "acceptance", owner=dora.id)
    assert (answer.status_code, answer.location) == (303, f"/desk/gaps/{gap}?done=given")
    page = words(cleo.get(answer.location))
    assert "Accepted, and given to its owner." in page
    assert "Owner: Dora" in page
    assert (read(portal, gap).owner, read(portal, gap).state) == (dora.id, State.ASSIGNED)
    with portal.database.session() as session:
        asked = select(Change).where(Change.gap_id == gap).order_by(Change.id)
        assert [one.verb for one in session.scalars(asked)] == ["found", "accepted", "assigned"]
    assert "Export all invoices" in words(cleo.get(f"/desk/gaps?owner={dora.id}"))


def test_other_programs_are_told_of_both_in_their_order(portal: Portal, cleo: Somebody, dora: User) -> None:
    send(cleo, add(portal), "acceptance", owner=dora.id)
    telling = replace(portal, settings=replace(portal.settings, webhook_url="https://hooks.acme.example/gaps"))
    announce(telling, portal.library.current().site, at=NOW)
    with portal.database.session() as session:
        asked = select(Delivery).where(Delivery.channel == Channel.WEBHOOK).order_by(Delivery.created_at)
        first, second = session.scalars(asked)
    assert (first.event, second.event) == ("gap.accepted", "gap.assigned")
    assert first.created_at < second.created_at


@pytest.mark.parametrize("owner", ["999", "nobody", "-1", "9" * 30])
def test_giving_to_who_is_not_there_changes_nothing(portal: Portal, cleo: Somebody, owner: str) -> None:
    gap = add(portal)
    for verb in ("acceptance", "assignment"):
        answer = send(cleo, gap, verb, owner=owner)
        assert answer.status_code == 422
        assert "Choose somebody who has an account." in words(answer)
    assert read(portal, gap).state is State.SUGGESTED


def test_accepting_and_giving_what_somebody_changed_meanwhile_does_neither(
    portal: Portal, cleo: Somebody, dora: User
) -> None:
    gap = add(portal)
    send(cleo, gap, "name", title="Another title")
    answer = send(cleo, gap, "acceptance", owner=dora.id)
    assert answer.status_code == 409
    with portal.database.session() as session:
        assert session.get_one(Gap, gap).state is State.SUGGESTED
