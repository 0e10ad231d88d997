"""Who hears of a gap: programs of every change, people once, when there is an answer."""

import json
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from portal import telling
from portal.bootstrap import Portal
from portal.clock import now
from portal.content.loop import Digest
from portal.db import transaction
from portal.feedback import requests
from portal.feedback.models import Request
from portal.gaps import tickets
from portal.gaps.models import Gap
from portal.outbox.models import Channel, Delivery
from portal.people import accounts
from portal.people.models import Role
from tests.web.desk_gaps import a_gap

UIDS = ("1" * 32, "2" * 32, "3" * 32)


def _with(portal: Portal, **settings: str) -> Portal:
    return replace(portal, settings=replace(portal.settings, **settings))


def _gap(portal: Portal) -> Gap:
    with portal.database.session() as session, transaction(session):
        return a_gap(session, "Export all invoices", asked=[("export invoices", 3, "no_results")])


def _ask(portal: Portal, gap: int, uid: str, *, address: str | None = None, user: int | None = None) -> None:
    with portal.database.session() as session, transaction(session):
        requests.add(
            session, uid=uid, at=now(), lang="de", text="Rechnungen als CSV", visitor="v", search=None, address=address,
            user=user,
        )  # fmt: skip
        requests.take_up(session, [uid], gap)


def _deliveries(portal: Portal, channel: Channel) -> list[Delivery]:
    with portal.database.session() as session:
        return list(session.scalars(select(Delivery).where(Delivery.channel == channel)))


def _write_letters(portal: Portal, gap: Gap) -> int:
    with portal.database.session() as session, transaction(session):
        return telling.write_letters(session, portal, gap, articles={"invoice"}, at=now())


def test_who_left_an_address_and_the_agent_who_asked_hear_once_and_addresses_are_forgotten(portal: Portal) -> None:
    portal = _with(portal, smtp_url="smtp://mail.example.com", base_url="https://help.example.com")
    gap = _gap(portal)
    with portal.database.session() as session, transaction(session):
        agent = accounts.add(session, email="bo@acme.example", name="Bo", role=Role.AGENT, at=now()).id
    _ask(portal, gap.id, UIDS[0], address="ada@example.com")
    _ask(portal, gap.id, UIDS[1], user=agent)
    _ask(portal, gap.id, UIDS[2])
    assert _write_letters(portal, gap) == 2
    assert _write_letters(portal, gap) == 0
    letters = {one.target: json.loads(one.payload) for one in _deliveries(portal, Channel.MAIL)}
    assert set(letters) == {"ada@example.com", "bo@acme.example"}
    letter = letters["ada@example.com"]
    assert "Das haben Sie gesucht" in letter["text"], "in the language in which was asked"
    assert "https://help.example.com/a/invoice" in letter["text"]
    assert letter["list_unsubscribe"].startswith(f"https://help.example.com/de/requests/{UIDS[0]}/withdrawal?token=")
    with portal.database.session() as session:
        assert [one.address for one in session.scalars(select(Request))] == [None, None, None]


def test_an_agent_who_asked_hears_in_their_own_language(portal: Portal) -> None:
    portal = _with(portal, smtp_url="smtp://mail.example.com", base_url="https://help.example.com")
    gap = _gap(portal)
    with portal.database.session() as session, transaction(session):
        agent = accounts.add(session, email="bo@acme.example", name="Bo", role=Role.AGENT, at=now()).id
        accounts.set_language(session, agent, "en")
    _ask(portal, gap.id, UIDS[0], user=agent)
    assert _write_letters(portal, gap) == 1
    (letter,) = _deliveries(portal, Channel.MAIL)
    assert "You were looking for this" in json.loads(letter.payload)["text"]
    assert "/de/requests/" in letter.payload, "the help centre's page stays in the language in which was asked"


def test_without_a_mail_server_addresses_wait(portal: Portal) -> None:
    gap = _gap(portal)
    _ask(portal, gap.id, UIDS[0], address="ada@example.com")
    assert _write_letters(portal, gap) == 0
    with portal.database.session() as session:
        assert [one.uid for one in requests.waiting(session, gap.id)] == [UIDS[0]]


def test_programs_hear_of_each_change_once_and_of_nothing_before_it_is_accepted(portal: Portal) -> None:
    portal = _with(portal, webhook_url="https://hooks.example.com/gaps")
    gap, site = _gap(portal), portal.library.current().site
    assert telling.announce(portal, site, at=now()) == 0
    with portal.database.session() as session, transaction(session):
        tickets.accept(session, gap.id, by="Cleo", at=now())
    assert telling.announce(portal, site, at=now()) == 1
    assert telling.announce(portal, site, at=now()) == 0
    (told,) = _deliveries(portal, Channel.WEBHOOK)
    said = json.loads(told.payload)
    assert (told.event, said["gap"], said["by"], said["state"]) == ("gap.accepted", gap.id, "Cleo", "accepted")
    assert "export invoices" not in told.payload, "counts only, no wordings"


def test_the_digest_is_written_on_its_day_once(portal: Portal) -> None:
    portal = _with(portal, smtp_url="smtp://mail.example.com")
    live = portal.library.current()
    live.site = replace(live.site, digest=Digest(to=("lead@example.com",), weekday=1))
    try:
        monday = now() + timedelta(days=8 - now().isoweekday())
        assert telling.send_digest(portal, at=monday - timedelta(days=1)) == "No digest today."
        assert telling.send_digest(portal, at=monday) == "1 of 1 digests written."
        assert telling.send_digest(portal, at=monday) == "0 of 1 digests written."
    finally:
        live.site = replace(live.site, digest=Digest())


def test_the_digest_is_written_to_each_in_their_own_language(portal: Portal) -> None:
    portal = _with(portal, smtp_url="smtp://mail.example.com")
    with portal.database.session() as session, transaction(session):
        agent = accounts.add(session, email="bo@acme.example", name="Bo", role=Role.LEAD, at=now()).id
        accounts.set_language(session, agent, "de")
    live = portal.library.current()
    site = live.site
    live.site = replace(site, digest=Digest(to=("Bo@acme.example", "team@acme.example")), names=(("de", "Acme Hilfe"),))
    try:
        telling.send_digest(portal, at=now() + timedelta(days=8 - now().isoweekday()))
    finally:
        live.site = site
    subjects = {one.target: json.loads(one.payload)["subject"] for one in _deliveries(portal, Channel.MAIL)}
    assert subjects["Bo@acme.example"].startswith("Acme Hilfe: ")
    assert "ohne Antwort" in subjects["Bo@acme.example"]
    assert "without an answer" in subjects["team@acme.example"]
