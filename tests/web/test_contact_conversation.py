"""A conversation's private page: what its customer sees, and nobody else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import clock
from portal.app import create_app
from portal.bootstrap import Portal
from portal.conversations import inbox
from portal.conversations.keys import key_of
from portal.conversations.models import Attachment, Conversation, Kind, Message, Standing
from portal.db import Session, transaction
from portal.people.models import User
from portal.web.help.conversation_pages import masked
from portal.web.plain_text import with_links
from tests.people.staff import a_user
from tests.web.conftest import IMAGE
from tests.web.contact import Form, a_form

Acts = Callable[[Callable[[Session, Conversation, User, datetime], object]], None]


@pytest.fixture
def url(client: FlaskClient, app: Flask) -> str:
    """The address of a conversation that was begun by the form."""
    return a_form(client, app, name="Ada").send().location.partition("?")[0]


@pytest.fixture
def acts(portal: Portal) -> Acts:
    """Let an agent do something to the last conversation."""

    def acts(what: Callable[[Session, Conversation, User, datetime], object]) -> None:
        with portal.database.session() as session, transaction(session):
            bo = session.scalars(select(User)).first() or a_user(session, "bo@acme.example")
            conversation = session.scalars(select(Conversation).order_by(Conversation.id.desc())).first()
            assert conversation
            what(session, conversation, bo, clock.now())

    return acts


def answered(text: str, ago: timedelta = timedelta(minutes=1)) -> Callable[..., object]:
    def answered(session: Session, conversation: Conversation, bo: User, at: datetime) -> None:
        inbox.reply(session, conversation.id, by=bo, at=at - ago, uid=f"{len(text):032x}", text=text)

    return answered


def write(client: FlaskClient, url: str, text: str, *files: tuple[str, bytes]) -> object:
    form = Form.opened(client, url)
    return form.send(*files, text=text)


def test_the_customer_reads_answers_and_never_notes(client: FlaskClient, url: str, acts: Acts) -> None:
    acts(answered("Look at the second page."))
    acts(lambda session, one, bo, at: inbox.note(session, one.id, by=bo, at=at, text="A difficult customer."))
    acts(lambda session, one, bo, at: inbox.assign(session, one.id, by=bo, at=at, to=bo))
    page = client.get(url).text
    assert "Look at the second page." in page
    assert "A difficult customer." not in page
    assert "assigned" not in page
    assert "bo@acme.example" not in page


def test_a_reply_that_can_be_taken_back_is_not_shown_yet(client: FlaskClient, url: str, acts: Acts) -> None:
    acts(answered("Too early to read.", ago=timedelta(0)))
    assert "Too early to read." not in client.get(url).text


def test_the_customer_writes_again_with_a_file(client: FlaskClient, url: str, portal: Portal) -> None:
    form = Form.opened(client, url)
    sent = form.send(("seen.png", IMAGE), text="Here is what I see.")
    assert (sent.status_code, sent.location) == (303, url)
    form.send(("seen.png", IMAGE), text="Here is what I see.")
    page = client.get(url).text
    assert page.count("Here is what I see.") == 1
    with portal.database.session() as session:
        kinds = [one.kind for one in session.scalars(select(Message))]
    assert kinds == [Kind.CUSTOMER, Kind.CUSTOMER]
    file = page.partition('class="talk-files"')[2].partition('href="')[2].partition('"')[0]
    got = client.get(file)
    assert got.data == IMAGE
    assert got.headers["Content-Disposition"] == "inline; filename*=UTF-8''seen.png"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Cache-Control"] == "no-store"


def test_a_page_that_was_sent_as_a_file_is_only_saved(client: FlaskClient, url: str) -> None:
    Form.opened(client, url).send(("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
                                  text="A drawing.")  # fmt: skip
    page = client.get(url).text
    got = client.get(page.partition('class="talk-files"')[2].partition('href="')[2].partition('"')[0])
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert got.mimetype == "application/octet-stream"


def test_a_file_is_had_with_its_own_conversations_key_alone(
    client: FlaskClient, app: Flask, url: str, portal: Portal
) -> None:
    Form.opened(client, url).send(("a.txt", b"words of Ada"), text="A file.")
    with portal.database.session() as session:
        uid = session.scalars(select(Attachment.uid)).one()
    other = a_form(client, app).send(text="Mallory has a conversation too.").location.partition("?")[0]
    assert client.get(f"{url}/attachments/{uid}/a.txt").data == b"words of Ada"
    assert client.get(f"{other}/attachments/{uid}/a.txt").status_code == 404
    assert client.get(f"{url}/attachments/{uid}/b.txt").status_code == 404
    assert client.get(f"{url}/attachments/{'0' * 32}/a.txt").status_code == 404


def test_what_agents_attached_to_a_note_is_not_the_customers(
    client: FlaskClient, url: str, portal: Portal, acts: Acts
) -> None:
    acts(lambda session, one, bo, at: inbox.note(session, one.id, by=bo, at=at, text="For us."))
    with portal.database.session() as session, transaction(session):
        note = session.scalars(select(Message).where(Message.kind == Kind.NOTE)).one()
        session.add(Attachment(uid="f" * 32, message_id=note.id, name="a.txt", media_type="text/plain", size_bytes=1,
                               created_at=clock.now()))  # fmt: skip
    assert client.get(f"{url}/attachments/{'f' * 32}/a.txt").status_code == 404


def test_a_closed_conversation_opens_when_its_customer_writes(
    client: FlaskClient, url: str, portal: Portal, acts: Acts
) -> None:
    acts(answered("This should do."))
    acts(lambda session, one, bo, at: inbox.close(session, one.id, by=bo, at=at))
    assert "This request is closed. Write again to open it." in client.get(url).text
    write(client, url, "It is still broken.")
    with portal.database.session() as session:
        one = session.scalars(select(Conversation)).one()
    assert (one.standing, one.closed_at) == (Standing.OPEN, None)


def test_a_merged_conversation_goes_on_where_it_went(
    client: FlaskClient, app: Flask, url: str, portal: Portal, acts: Acts
) -> None:
    second = a_form(client, app).send(text="The same once more, from the same address.").location.partition("?")[0]
    acts(lambda session, one, bo, at: inbox.merge(session, one.id, into=one.id - 1, by=bo, at=at))
    page = client.get(second).text
    assert "Qwvbt krzl fmpnd." in page
    assert "The same once more" in page
    write(client, second, "Written at the old address.")
    assert "Written at the old address." in client.get(url).text


def test_a_key_that_is_not_ours_is_a_page_that_is_missing(client: FlaskClient, url: str, portal: Portal) -> None:
    key = url.rpartition("/")[2]
    wrong = key[:-1] + ("0" if key[-1] != "0" else "1")
    unknown = key_of(portal.settings.secret(), "0" * 32)
    for bad in (wrong, unknown, key[:32], "x"):
        answer = client.get(f"/en/conversations/{bad}")
        assert answer.status_code == 404
        assert "There is no page here" in answer.text
        assert client.post(f"/en/conversations/{bad}", data={"text": "x"}).status_code == 404


def test_its_address_is_told_to_nobody(client: FlaskClient, url: str) -> None:
    for path in (url, "/en/conversations/x"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Referrer-Policy"] == "no-referrer"
    page = client.get(url).text
    assert 'rel="canonical"' not in page
    assert "og:url" not in page


def test_the_page_says_where_answers_come(portal: Portal, client: FlaskClient, url: str) -> None:
    assert "Keep its address" in client.get(url).text
    mailing = create_app(replace(portal, settings=replace(portal.settings, smtp_url="smtp://127.0.0.1:1")))
    assert "We answer by e-mail to a•••@example.com, and here." in mailing.test_client().get(url).text


def test_an_address_that_refuses_mail_is_said(portal: Portal, client: FlaskClient, url: str) -> None:
    with portal.database.session() as session, transaction(session):
        session.scalars(select(Conversation)).one().problem = "no such user"
    assert "did not arrive. Our answers stand here." in client.get(url).text


def test_the_page_is_in_the_language_of_its_address(client: FlaskClient, url: str) -> None:
    german = url.replace("/en/", "/de/")
    assert f'href="{german}"' in client.get(url).text
    page = client.get(german).text
    assert '<html lang="de"' in page
    assert '<div class="talk-text" lang="en"' in page


def test_an_empty_message_comes_back_in_words(client: FlaskClient, url: str) -> None:
    answer = Form.opened(client, url).send(text="  ")
    assert answer.status_code == 422
    assert "Write what you would like us to know." in answer.text


def test_what_is_written_too_often_is_refused_and_kept_in_the_form(client: FlaskClient, url: str) -> None:
    form = Form.opened(client, url)
    answers = [form.send(text=f"Message {n}.") for n in range(61)]
    assert {one.status_code for one in answers[:60]} == {303}
    assert answers[60].status_code == 429
    assert "Message 60." in answers[60].text


def test_mallorys_words_are_text_and_addresses_are_links(client: FlaskClient, url: str) -> None:
    write(client, url, "<img src=x onerror=alert(1)> see (https://acme.example/a?b=1&c=2). Bye")
    page = client.get(url).text
    assert "<img src=x" not in page
    link = '<a href="https://acme.example/a?b=1&amp;c=2" rel="nofollow noopener noreferrer">'
    assert link in page


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://a.example/x.", "https://a.example/x"),
        ("(https://a.example/x)", "https://a.example/x"),
        ("https://a.example/x_(y)", "https://a.example/x_(y)"),
        ('https://a.example/"onmouseover=1', "https://a.example/"),
    ],
)
def test_an_address_ends_where_its_sentence_does(text: str, address: str) -> None:
    assert f'href="{address}"' in unescape(str(with_links(text)))


def test_a_script_in_an_address_is_no_link() -> None:
    assert "<a" not in with_links("javascript:alert(1) data:text/html,x")


def test_an_address_is_known_to_its_owner_alone() -> None:
    assert masked("ada@example.com") == "a•••@example.com"
    assert masked("") == ""
