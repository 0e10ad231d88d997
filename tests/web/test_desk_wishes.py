"""An agent asks for an article: kept, redacted, counted as a need, and answered."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock, pipeline
from portal.app import create_app
from portal.bootstrap import Portal
from portal.db import transaction
from portal.events import log
from portal.events.kinds import Event, Requested, Searched
from portal.feedback import requests
from portal.feedback.models import REQUEST_LIMIT, Request
from portal.gaps import store, tickets
from portal.gaps.models import Gap, Need, State
from portal.outbox.models import Delivery
from portal.people.models import Role
from portal.settings import Settings
from portal.telling import write_letters
from tests.web.desk_gaps import a_gap
from tests.web.desk_visitors import Somebody, cheap, signed_in

UID = re.compile(r'name="uid" value="([0-9a-f]{32})"')
LATER = timedelta(hours=1)


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def bo(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal, email="bo@acme.example")


def kept(portal: Portal) -> list[Request]:
    with portal.database.session() as session:
        return list(session.scalars(select(Request).order_by(Request.at)))


def noted(portal: Portal, visitor: str) -> list[Event]:
    with portal.database.session() as session:
        return log.of_visitor(session, visitor)


def customers(portal: Portal, *texts: str, at: datetime) -> None:
    """Let as many customers search in vain."""
    asked = [
        Searched(uid=f"{n:032x}", at=at, visitor=f"{n:032x}", lang="en", query=text) for n, text in enumerate(texts)
    ]
    with portal.database.session() as session, transaction(session):
        log.append(session, asked)


def into(portal: Portal, gap: int) -> None:
    """Let a gap take up all that was asked for."""
    with portal.database.session() as session, transaction(session):
        requests.take_up(session, [one.uid for one in session.scalars(select(Request))], gap)


def make_gap(portal: Portal, **fields: object) -> Gap:
    with portal.database.session() as session, transaction(session):
        return a_gap(session, "Buy a gift card", **fields)  # type: ignore[arg-type]


def test_what_an_agent_asks_for_is_kept_with_its_event(bo: Somebody, portal: Portal) -> None:
    answer = bo.post("/desk/requests", text="Can I pay with a gift card?", lang="de")
    assert answer.location == "/desk/requests?done=sent"
    (wish,), (event,) = kept(portal), noted(portal, f"user-{bo.user.id}")
    assert (wish.text, wish.lang, wish.user, wish.address) == ("Can I pay with a gift card?", "de", bo.user.id, None)
    assert isinstance(event, Requested)
    assert (event.uid, event.request, event.text, event.search) == (wish.uid, wish.uid, wish.text, "")
    shown = bo.get(answer.location).text
    assert "Noted." in shown
    assert "Can I pay with a gift card?" in shown
    assert "Waiting" in shown


def test_customers_data_is_taken_out_before_anything_is_kept(bo: Somebody, portal: Portal) -> None:
    bo.post("/desk/requests", text="ada.l@example.com asks how to cancel")
    (wish,), (event,) = kept(portal), noted(portal, f"user-{bo.user.id}")
    assert "ada.l" not in f"{wish.text}{event}"
    assert "how to cancel" in wish.text
    assert "ada.l" not in bo.get("/desk/requests").text


def test_the_same_form_twice_is_one_wish_and_another_text_another(bo: Somebody, portal: Portal) -> None:
    found = UID.search(bo.get("/desk/requests").text)
    assert found
    for text in ("Gift cards?", "Gift cards?", "Vouchers?"):
        assert bo.post("/desk/requests", text=text, uid=found[1]).status_code == 303
    assert [wish.text for wish in kept(portal)] == ["Gift cards?", "Vouchers?"]


@pytest.mark.parametrize(
    ("text", "said"),
    [(" \n", "Write in a few words"), ("x" * (REQUEST_LIMIT + 1), "That is too long to be kept")],
)
def test_what_can_not_be_kept_says_why_and_stays_in_the_form(
    bo: Somebody, portal: Portal, text: str, said: str
) -> None:
    answer = bo.post("/desk/requests", text=text, lang="de")
    assert answer.status_code == 422
    assert said in answer.text
    assert f">{text}</textarea>" in answer.text
    assert re.search(r'value="de"[^>]*selected', answer.text)
    assert kept(portal) == []


def test_a_script_that_went_wrong_is_stopped_and_nothing_typed_is_lost(bo: Somebody, portal: Portal) -> None:
    for number in range(60):
        assert bo.post("/desk/requests", text=f"Wish {number}").status_code == 303
    answer = bo.post("/desk/requests", text="One more")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert ">One more</textarea>" in answer.text
    assert len(kept(portal)) == 60


def test_agents_and_customers_needs_are_one_gap_and_the_wish_leads_to_it(bo: Somebody, portal: Portal) -> None:
    at = clock.now()
    bo.post("/desk/requests", text="buy a zorblatt gift card")
    customers(portal, "zorblatt gift card", "buy zorblatt gift card", at=at)
    pipeline.find_gaps(portal, at=at + LATER)
    with portal.database.session() as session:
        (gap,) = store.every_gap(session)
        visitors = set(session.scalars(select(Need.visitor).where(Need.gap_id == gap.id)))
    assert gap.people == 3
    assert f"user-{bo.user.id}" in visitors
    assert [wish.gap for wish in kept(portal)] == [gap.id]
    shown = bo.get("/desk/requests").text
    assert f'href="/desk/gaps/{gap.id}"' in shown
    assert "Suggested" in shown
    assert "Take it back" not in shown


def test_one_agent_alone_makes_no_gap_however_often_they_ask(bo: Somebody, portal: Portal) -> None:
    for text in ("buy a zorblatt gift card", "zorblatt gift card", "gift card zorblatt please"):
        bo.post("/desk/requests", text=text)
    pipeline.find_gaps(portal, at=clock.now() + LATER)
    with portal.database.session() as session:
        assert store.every_gap(session) == []
    assert bo.get("/desk/requests").text.count("Waiting") == 3


def test_what_is_taken_back_counts_no_more(bo: Somebody, portal: Portal) -> None:
    at = clock.now()
    bo.post("/desk/requests", text="buy a zorblatt gift card")
    pipeline.find_gaps(portal, at=at + LATER)
    (wish,) = kept(portal)
    answer = bo.post(f"/desk/requests/{wish.uid}/withdrawal")
    assert answer.location == "/desk/requests?done=taken-back"
    with portal.database.session() as session:
        assert session.scalars(select(Need)).all() == []
    customers(portal, "zorblatt gift card", at=at)
    pipeline.find_gaps(portal, at=at + 2 * LATER)
    with portal.database.session() as session:
        assert store.every_gap(session) == []
        assert len(session.scalars(select(Need)).all()) == 1
    assert (kept(portal), noted(portal, f"user-{bo.user.id}")) == ([], [])


def test_what_is_part_of_a_gap_or_somebody_else_s_stays(bo: Somebody, app: Flask, portal: Portal) -> None:
    bo.post("/desk/requests", text="Gift cards?")
    (wish,) = kept(portal)
    other = signed_in(app, portal, Role.ADMIN)
    answer = other.post(f"/desk/requests/{wish.uid}/withdrawal")
    assert answer.status_code == 409
    assert "can&#39;t be taken back" in answer.text
    assert "Gift cards?" not in other.get("/desk/requests").text
    into(portal, make_gap(portal).id)
    assert bo.post(f"/desk/requests/{wish.uid}/withdrawal").status_code == 409
    assert len(kept(portal)) == len(noted(portal, f"user-{bo.user.id}")) == 1


def test_a_wish_follows_its_gap_to_the_end(bo: Somebody, portal: Portal) -> None:
    bo.post("/desk/requests", text="Gift cards?")
    gap, other = make_gap(portal, asked=[("gift", 2, "gave_up")]), make_gap(portal, asked=[("card", 2, "gave_up")])
    into(portal, gap.id)
    with portal.database.session() as session, transaction(session):
        tickets.dismiss(session, gap.id, because="We sell none", by="Cleo", at=clock.now())
    assert "Dismissed, because: We sell none" in bo.get("/desk/requests").text
    with portal.database.session() as session, transaction(session):
        tickets.merge(session, gap.id, into=other.id, by="Cleo", at=clock.now())
    assert f'href="/desk/gaps/{other.id}"' in bo.get("/desk/requests").text
    with portal.database.session() as session, transaction(session):
        tickets.close(session, other.id, by="Cleo", at=clock.now())
    assert "Answered" in bo.get("/desk/requests").text


def test_the_agent_who_asked_hears_by_mail_when_the_gap_closes(bo: Somebody, portal: Portal) -> None:
    bo.post("/desk/requests", text="Gift cards?")
    gap = make_gap(portal, state=State.WATCHING)
    into(portal, gap.id)
    settings = Settings(**{name: getattr(portal.settings, name) for name in ("content", "data", "secret_key")},
                        smtp_url="smtp://mail.example.com")  # fmt: skip
    sending = Portal(settings, portal.library, portal.overlay, portal.database, portal.recorder)
    with portal.database.session() as session, transaction(session):
        assert write_letters(session, sending, gap, articles=["refunds"], at=clock.now()) == 1
        letter = session.scalars(select(Delivery)).one()
    assert letter.target == "bo@acme.example"
    assert "Gift cards?" in letter.payload
    assert "you were told" in bo.get("/desk/requests").text


def test_the_page_says_how_many_people_make_a_gap_and_who_is_new_finds_it_empty(bo: Somebody) -> None:
    shown = bo.get("/desk/requests").text
    assert "what 2 different people need becomes a gap" in shown
    assert "Nothing yet." in shown
    assert '<a href="/desk/requests" aria-current="page">' in shown


def test_a_wish_needs_a_sign_in_and_its_own_form(app: Flask, bo: Somebody, portal: Portal) -> None:
    assert app.test_client().post("/desk/requests", data={"text": "x"}).status_code == 303
    assert bo.client.post("/desk/requests", data={"text": "x"}).status_code == 403
    assert kept(portal) == []


def test_hostile_words_are_shown_as_words(bo: Somebody) -> None:
    bo.post("/desk/requests", text="<script>alert(1)</script>")
    assert "<script>alert" not in bo.get("/desk/requests").text
