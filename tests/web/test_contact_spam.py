"""What robots do to a form is answered in words, and nobody is asked to solve a puzzle."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.bootstrap import Portal
from portal.conversations.models import Conversation
from tests.web.contact import Form, a_form


def count(portal: Portal) -> int:
    with portal.database.session() as session:
        return session.scalar(select(func.count()).select_from(Conversation)) or 0


def test_who_fills_in_what_people_do_not_see_is_asked_once_more(
    client: FlaskClient, app: Flask, portal: Portal
) -> None:
    form = a_form(client, app)
    answer = form.send(homepage="https://spam.example")
    assert answer.status_code == 422
    assert "A field was filled in that people do not see" in answer.text
    assert "Qwvbt krzl fmpnd." in answer.text
    assert "spam.example" not in answer.text
    assert Form.of(client, answer.text, form.url).fields["uid"] == form.fields["uid"]
    assert form.send().status_code == 303
    assert count(portal) == 1


def test_what_is_sent_at_once_is_asked_once_more(client: FlaskClient, app: Flask) -> None:
    form = a_form(client, app).aged(app, timedelta(0))
    answer = form.send()
    assert answer.status_code == 422
    assert "faster than people write" in answer.text
    assert "Qwvbt krzl fmpnd." in answer.text
    assert form.aged(app, timedelta(seconds=4)).send().status_code == 303


def test_a_form_of_the_day_before_is_asked_once_more_and_then_goes_through(
    client: FlaskClient, app: Flask, portal: Portal
) -> None:
    form = a_form(client, app).aged(app, timedelta(days=2))
    answer = form.send()
    assert answer.status_code == 422
    assert "open for a long time" in answer.text
    again = Form.of(client, answer.text, form.url)
    assert again.fields["uid"] == form.fields["uid"]
    again.aged(app, timedelta(seconds=4))
    assert again.send(**{name: form.fields[name] for name in ("subject", "text", "address")}).status_code == 303
    assert count(portal) == 1


def test_a_forged_stamp_is_none(client: FlaskClient, app: Flask, portal: Portal) -> None:
    for stamp in ("", "x", "6b0329f3-" + "0" * 32, a_form(client, app).fields["stamp"]):
        assert a_form(client, app, stamp=stamp).send().status_code == 422
    assert count(portal) == 0


def test_many_from_one_place_are_refused_in_words_and_nothing_is_lost(
    client: FlaskClient, app: Flask, portal: Portal
) -> None:
    answers = [a_form(client, app).send(text=f"Request number {n} of a hundred.", shown="1") for n in range(100)]
    assert [answer.status_code for answer in answers[:10]] == [303] * 10
    assert {answer.status_code for answer in answers[10:]} == {429}
    last = answers[-1]
    assert int(last.headers["Retry-After"]) > 0
    assert "There were many of these from your network in a short time." in last.text
    assert "Request number 99 of a hundred." in last.text
    assert count(portal) == 10


def test_what_has_to_be_mended_does_not_count(client: FlaskClient, app: Flask) -> None:
    for _ in range(20):
        assert a_form(client, app, text="").send().status_code == 422
    assert a_form(client, app).send().status_code == 303


def test_the_trap_is_hidden_from_people_and_from_screen_readers(client: FlaskClient) -> None:
    page = client.get("/en/contact/form").text
    trap = page.partition('name="homepage"')
    assert 'class="writing-extra"' in trap[0][-120:]
    assert 'tabindex="-1"' in trap[2][:60]
    style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert ".writing-extra { display: none; }" in client.get(style).text


def test_another_site_sends_no_form(client: FlaskClient, app: Flask, portal: Portal) -> None:
    answer = a_form(client, app).send(headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert count(portal) == 0
