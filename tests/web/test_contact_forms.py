from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.app import create_app
from portal.bootstrap import Portal
from portal.conversations import offers
from portal.conversations.models import (
    Arm,
    Attachment,
    ContactForm,
    Conversation,
    Ending,
    Entry,
    Kind,
    Message,
    Standing,
)
from portal.events.kinds import Contacted, Step
from portal.outbox.models import Delivery
from tests.web.conftest import IMAGE, PASSWORD, Recorded
from tests.web.contact import FORM, a_form

ASKED = {"subject": "Reset password", "text": "I forgot my password and want to reset it."}


@pytest.fixture
def mailing(portal: Portal) -> Flask:
    """A portal that sends mail."""
    return create_app(replace(portal, settings=replace(portal.settings, smtp_url="smtp://127.0.0.1:1")))


def kept(portal: Portal) -> list[Conversation]:
    with portal.database.session() as session:
        return list(session.scalars(select(Conversation).order_by(Conversation.id)))


def begun(portal: Portal) -> list[ContactForm]:
    with portal.database.session() as session:
        return list(session.scalars(select(ContactForm)))


def test_what_is_sent_is_kept_before_the_way_to_it_is_shown(client: FlaskClient, app: Flask, portal: Portal) -> None:
    sent = a_form(client, app, name="Ada").send()
    assert sent.status_code == 303
    (one,) = kept(portal)
    assert (one.subject, one.name, one.address, one.lang) == ("Zyxgrb", "Ada", "ada@example.com", "en")
    assert (one.standing, one.entry, one.version) == (Standing.NEW, Entry.FORM, 1)
    assert sent.location.startswith(f"/en/conversations/{one.uid}-")
    page = client.get(sent.location).text
    assert "Qwvbt krzl fmpnd." in page
    assert "Thank you, we have it." in page


def test_the_same_sent_twice_is_one_and_other_words_are_another(
    client: FlaskClient, app: Flask, portal: Portal
) -> None:
    form = a_form(client, app)
    assert form.send().location == form.send().location
    form.send(text="Something else by the same form, after going back.")
    assert len(kept(portal)) == 2


def test_nobody_is_led_to_a_conversation_by_its_uid(client: FlaskClient, app: Flask, portal: Portal) -> None:
    first = a_form(client, app).send()
    again = a_form(client, app, uid=kept(portal)[0].uid).send()
    assert again.status_code == 422, "a form with a uid of somebody's choice is none of ours"
    assert first.location not in again.text


def test_articles_are_suggested_while_writing(client: FlaskClient, app: Flask, portal: Portal) -> None:
    form = a_form(client, app, **ASKED)
    part = client.post("/en/contact/suggestions", data=form.fields, headers={"X-Fragment": "suggestions"}).text
    assert "Reset your password" in part
    assert 'target="_blank"' in part
    assert "<html" not in part
    (one,) = begun(portal)
    assert (one.arm, one.ending, one.offered.split()[0]) == (Arm.OFFERED, Ending.OPEN, PASSWORD)


def test_without_a_script_the_first_sending_suggests_and_the_second_sends(
    client: FlaskClient, app: Flask, portal: Portal
) -> None:
    form = a_form(client, app, **ASKED)
    asked = form.send()
    assert asked.status_code == 200
    assert "Send anyway" in asked.text
    assert "Nothing has been sent yet." in asked.text
    assert ASKED["text"] in asked.text
    assert kept(portal) == []
    assert form.send(shown="1").status_code == 303
    assert [one.ending for one in begun(portal)] == [Ending.SENT]


def test_files_are_not_lost_to_a_suggestion(client: FlaskClient, app: Flask, portal: Portal) -> None:
    assert a_form(client, app, **ASKED).send(("seen.png", IMAGE)).status_code == 303
    assert len(kept(portal)) == 1


def test_what_an_article_answered_is_withdrawn_and_nothing_written_is_kept(
    client: FlaskClient, app: Flask, portal: Portal, recorded: Recorded
) -> None:
    client.get("/en/search?q=password")
    form = a_form(client, app, **ASKED)
    form.send()
    done = client.post("/en/contact/withdrawal", data={**form.fields, "article": PASSWORD})
    assert done.status_code == 303
    assert "Nothing was sent" in client.get(done.location).text
    (one,) = begun(portal)
    assert (one.ending, one.article) == (Ending.WITHDRAWN, PASSWORD)
    assert kept(portal) == []
    assert [(one.step, one.channel) for one in recorded() if isinstance(one, Contacted)] == [(Step.WITHDRAWN, "form")]
    with portal.database.session() as session:
        assert session.scalars(select(Message)).all() == []


def test_withdrawing_twice_counts_once(client: FlaskClient, app: Flask, recorded: Recorded) -> None:
    client.get("/en/search?q=password")
    form = a_form(client, app, **ASKED)
    form.send()
    for _ in range(2):
        client.post("/en/contact/withdrawal", data={**form.fields, "article": PASSWORD})
    assert len([one for one in recorded() if isinstance(one, Contacted)]) == 1


def test_an_article_that_is_not_there_answers_nothing(client: FlaskClient, app: Flask, portal: Portal) -> None:
    form = a_form(client, app, **ASKED)
    form.send()
    for article in ("nowhere", "", "hush-x"):
        assert client.post("/en/contact/withdrawal", data={**form.fields, "article": article}).status_code == 404
    assert [one.ending for one in begun(portal)] == [Ending.OPEN]


def test_a_form_of_the_hold_out_suggests_nothing_and_counts(
    client: FlaskClient, app: Flask, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offers, "arm_of", lambda uid, hold_out: Arm.HELD_OUT)  # noqa: ARG005 - stands for the draw
    form = a_form(client, app, **ASKED)
    part = client.post("/en/contact/suggestions", data=form.fields)
    assert "Reset your password" not in part.text
    assert form.send().status_code == 303
    assert [(one.arm, one.ending, one.offered) for one in begun(portal)] == [(Arm.HELD_OUT, Ending.SENT, "")]


def test_who_only_looks_at_the_form_has_not_begun_it(client: FlaskClient, portal: Portal) -> None:
    client.get(FORM)
    assert begun(portal) == []


def test_files_are_kept_as_what_they_are(client: FlaskClient, app: Flask, portal: Portal) -> None:
    sent = a_form(client, app).send(("../../etc/p\u202egnp.exe", IMAGE), ("page.png", b"<html><script>1</script>"))
    assert sent.status_code == 303
    with portal.database.session() as session:
        found = {one.name: one.media_type for one in session.scalars(select(Attachment))}
    assert found == {"pgnp.exe": "image/png", "page.png": "text/html"}


def test_a_file_that_is_too_large_is_named_and_nothing_is_lost(client: FlaskClient, app: Flask, portal: Portal) -> None:
    answer = a_form(client, app).send(("video.mov", b"x" * (10 * 1024 * 1024 + 1)))
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert "The file “video.mov” is larger than 10 MB." in page
    assert "What you wrote is still here." in page
    assert "Qwvbt krzl fmpnd." in page
    assert "choose your files again" in page
    assert kept(portal) == []


def test_too_many_files_are_said(client: FlaskClient, app: Flask) -> None:
    answer = a_form(client, app).send(*((f"{n}.txt", b"text") for n in range(6)))
    assert answer.status_code == 422
    assert "There are 6 files, and 5 can go with one message." in answer.text


def test_what_is_far_too_large_is_refused_in_words_inside_the_page(
    client: FlaskClient, app: Flask, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.web.uploads.most_bytes", lambda: 1024 * 1024)
    answer = a_form(client, app).send(("film.mov", b"x" * (2 * 1024 * 1024)))
    assert answer.status_code == 413
    assert "What you sent was too large." in answer.text
    assert 'id="writing"' in answer.text
    assert kept(portal) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"subject": ""}, "Say in a few words what it is about."),
        ({"subject": "x" * 201}, "longer than 200 characters"),
        ({"text": " \n"}, "Write what you would like us to know."),
        ({"text": "x" * 20_001}, "longer than 20000 characters"),
        ({"address": "nobody"}, "This e-mail address can't be used."),
        ({"address": "a@b.example\r\nBcc: c@d.example"}, "This e-mail address can't be used."),
    ],
)
def test_what_cannot_be_used_comes_back_with_the_mend(
    client: FlaskClient, app: Flask, portal: Portal, fields: dict[str, str], said: str
) -> None:
    answer = a_form(client, app, **fields).send()
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert 'value="Zyxgrb"' in answer.text or "subject" in fields
    assert kept(portal) == []


def test_an_address_is_needed_where_answers_go_by_mail(mailing: Flask, client: FlaskClient, app: Flask) -> None:
    assert a_form(client, app, address="").send().status_code == 303
    answer = a_form(mailing.test_client(), mailing, address="").send()
    assert answer.status_code == 422
    assert "Write your e-mail address" in answer.text


def test_a_receipt_is_on_its_way_when_thanks_are_said(mailing: Flask, portal: Portal) -> None:
    a_form(mailing.test_client(), mailing).send()
    with portal.database.session() as session:
        (letter,) = session.scalars(select(Delivery))
    assert (letter.event, letter.target) == ("receipt", "ada@example.com")
    assert "/en/conversations/" in letter.payload


def test_what_was_searched_before_is_kept_only_with_a_word(client: FlaskClient, app: Flask, portal: Portal) -> None:
    search = client.get("/en/search?q=password").text.partition('data-search="')[2][:32]
    a_form(client, app, search=search).send()
    a_form(client, app, search=search, trail="1").send()
    without, agreed = kept(portal)
    assert (without.visitor, without.has_trail, without.search) == (None, False, None)
    assert (agreed.has_trail, agreed.search) == (True, search)
    assert agreed.visitor


def test_a_request_is_an_event_of_the_visit_that_leads_to_no_conversation(
    client: FlaskClient, app: Flask, portal: Portal, recorded: Recorded
) -> None:
    a_form(client, app).send()
    (event,) = (one for one in recorded() if isinstance(one, Contacted))
    assert (event.step, event.channel) == (Step.SENT, "form")
    assert event.uid != kept(portal)[0].uid


def test_a_form_knows_its_topic(client: FlaskClient, app: Flask, portal: Portal) -> None:
    a_form(client, app, url=f"{FORM}?topic=accounts").send()
    a_form(client, app, topic="<nowhere>").send(text="Another request, without a topic.")
    assert [one.topic for one in kept(portal)] == ["accounts", None]


def test_a_database_that_is_away_loses_nothing(without_database: FlaskClient) -> None:
    form = a_form(without_database, without_database.application)
    answer = form.send()
    assert answer.status_code == 503
    assert "Qwvbt krzl fmpnd." in answer.text
    assert answer.headers["Retry-After"]


def test_a_script_is_told_where_to_go_and_what_was_wrong(client: FlaskClient, app: Flask) -> None:
    script = {"X-Fragment": "sending"}
    done = a_form(client, app).send(headers=script)
    assert (done.status_code, done.text) == (201, "")
    assert done.location.endswith("?sent=1")
    refused = a_form(client, app, text="").send(headers=script)
    assert refused.status_code == 422
    assert "<html" not in refused.text


def test_the_form_is_never_kept_by_a_cache(client: FlaskClient) -> None:
    assert client.get(FORM).headers["Cache-Control"] == "no-store"


def test_the_form_stays_on_its_page_in_another_language(client: FlaskClient) -> None:
    assert 'href="/de/contact/form?topic=accounts"' in client.get(f"{FORM}?topic=accounts").text


def test_mallorys_words_are_text(client: FlaskClient, app: Flask) -> None:
    bad = "<script>alert(1)</script>"
    page = a_form(client, app, subject=bad, text=bad, address=f"{bad}@x", name=bad).send().text
    assert bad not in page
    assert "&lt;script&gt;" in page


def test_a_robot_begins_no_form_and_makes_no_event(app: Flask, portal: Portal, recorded: Recorded) -> None:
    robot = app.test_client()
    form = a_form(robot, app, **ASKED)
    agent = {"User-Agent": "Googlebot/2.1"}
    robot.post("/en/contact/suggestions", data=form.fields, headers=agent)
    form.send(headers=agent, shown="1")
    assert begun(portal) == []
    assert recorded() == []
    assert [one.standing for one in kept(portal)] == [Standing.NEW], "what is sent is never dropped"


def test_a_first_message_full_of_links_is_taken_and_marked(mailing: Flask, portal: Portal) -> None:
    links = " ".join(f"https://spam.example/{n}" for n in range(6))
    assert a_form(mailing.test_client(), mailing, text=links).send(shown="1").status_code == 303
    with portal.database.session() as session:
        kinds = [(one.kind, one.text) for one in session.scalars(select(Message).order_by(Message.id))]
        assert session.scalars(select(Delivery)).all() == [], "no mail to an address that nobody knows"
    assert kinds == [(Kind.CUSTOMER, links), (Kind.EVENT, "suspected")]


def test_who_wrote_before_may_send_many_links(mailing: Flask, portal: Portal) -> None:
    client, links = mailing.test_client(), " ".join(f"https://log.example/{n}" for n in range(6))
    a_form(client, mailing).send()
    a_form(client, mailing, text=links).send(shown="1")
    with portal.database.session() as session:
        assert {one.kind for one in session.scalars(select(Message))} == {Kind.CUSTOMER}


def test_a_form_may_be_open_for_hours(client: FlaskClient, app: Flask) -> None:
    assert a_form(client, app).aged(app, timedelta(hours=23)).send().status_code == 303
