"""Staff flag an article, its writer answers, both hear of it; nobody else ever sees a trace."""

import re
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.app import create_app
from portal.bootstrap import Portal
from portal.db import transaction
from portal.events import log
from portal.events.kinds import Event, Flagged
from portal.feedback.models import REQUEST_LIMIT, Flag
from portal.outbox.models import Delivery
from portal.people import accounts
from portal.people.models import Role
from portal.web.desk.flags import FLAGS_AN_HOUR
from tests.web.conftest import PASSWORD, POISONED, SECRET
from tests.web.desk_visitors import Somebody, cheap, make_user, signed_in

ARTICLE = "/en/articles/accounts/reset-your-password"
OWNED = "sign-in"
WORDS = "The mail comes from another address now"
STAFF_ONLY = ("/desk", "staff-actions", "staff-links")


@pytest.fixture
def app(portal: Portal) -> Flask:
    return cheap(create_app(portal))


@pytest.fixture
def bo(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal, email="bo@acme.example")


@pytest.fixture
def cleo(app: Flask, portal: Portal) -> Somebody:
    return signed_in(app, portal, Role.WRITER, "cleo@acme.example")


@pytest.fixture
def posting(portal: Portal) -> Portal:
    """A portal that can send mail."""
    settings = replace(portal.settings, smtp_url="smtp://127.0.0.1:9", mail_from="help@acme.example",
                       base_url="https://help.acme.example")  # fmt: skip
    return replace(portal, settings=settings)


def flag(by: Somebody, article: str = PASSWORD, **form: str) -> str:
    """Flag an article; return the flag's uid."""
    answer = by.post("/desk/flags", **({"article": article, "fault": "out_of_date", "text": WORDS, "uid": "1"} | form))
    assert answer.location == "/desk/flags?done=flagged", answer.text
    _, own = by.get("/desk/flags").text.split('id="own-heading"')
    return re.findall(r'action="/desk/flags/([0-9a-f]{32})/withdrawal', own)[0]


def kept(portal: Portal) -> list[Flag]:
    with portal.database.session() as session:
        return list(session.scalars(select(Flag).order_by(Flag.at)))


def mails(portal: Portal) -> list[Delivery]:
    with portal.database.session() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.created_at)))


def noted(portal: Portal, who: Somebody) -> list[Event]:
    with portal.database.session() as session:
        return log.of_visitor(session, f"user-{who.user.id}")


def test_staff_are_offered_to_flag_to_fix_and_to_ask_on_an_article(bo: Somebody) -> None:
    shown = bo.get(ARTICLE).text
    assert f'href="/desk/flags/new?article={PASSWORD}"' in shown
    assert 'href="https://git.example.com/edit/accounts/reset-your-password.md"' in shown
    assert 'href="/desk/requests?lang=en"' in shown


def test_staff_are_offered_the_same_at_every_hit(bo: Somebody) -> None:
    shown = bo.get("/en/search?q=invoice").text
    hits = re.findall(r'<li class="hit" data-article="([^"]+)"', shown)
    assert len(hits) == 10
    for article in hits:
        assert f"/desk/flags/new?article={article}" in shown
        assert f"/desk/flags/editor?article={article}" in shown
    assert "/desk/requests?text=invoice&amp;lang=en" in shown
    asking = bo.get("/desk/requests?text=invoice&lang=de").text
    assert ">invoice</textarea>" in asking
    assert '<option value="de" lang="de" selected>' in asking


def test_nobody_else_is_shown_any_of_it(client: FlaskClient, bo: Somebody) -> None:
    flag(bo)
    pages = (ARTICLE, "/en/search?q=invoice", "/en/", "/en/topics/accounts", f"{ARTICLE}.md")
    for path, who in product(pages, (client.get, bo.client.application.test_client().get)):  # type: ignore[attr-defined]
        shown = who(path).text
        assert [trace for trace in STAFF_ONLY if trace in shown] == [], path


def test_nothing_for_staff_is_shown_in_the_widget_which_stands_on_other_sites(bo: Somebody) -> None:
    shown = bo.get("/widget/en/search?q=invoice").text
    assert 'class="hit"' in shown
    assert [trace for trace in STAFF_ONLY if trace in shown] == []


def test_what_staff_are_shown_is_kept_for_nobody(bo: Somebody, client: FlaskClient) -> None:
    before = client.get(ARTICLE)
    mine = bo.get(ARTICLE)
    assert "staff-actions" in mine.text
    assert "no-store" in mine.headers["Cache-Control"]
    assert client.get(ARTICLE).data == before.data


def test_who_edits_finds_the_file_from_a_list_too(bo: Somebody, client: FlaskClient) -> None:
    answer = bo.get(f"/desk/flags/editor?article={SECRET}")
    assert (answer.status_code, answer.location) == (303, "https://git.example.com/edit/accounts/secret.md")
    assert bo.get("/desk/flags/editor?article=nothing").status_code == 404
    assert client.get(f"/desk/flags/editor?article={SECRET}").location.startswith("/desk/sign-in")


def test_a_flag_is_kept_with_its_event(bo: Somebody, portal: Portal) -> None:
    uid = flag(bo)
    (one,), (event,) = kept(portal), noted(portal, bo)
    assert (one.uid, one.article, one.fault, one.text, one.user) == (uid, PASSWORD, "out_of_date", WORDS, bo.user.id)
    assert (one.title, one.topic, one.lang, one.by) == ("Reset your password", "accounts", "en", bo.user.name)
    assert isinstance(event, Flagged)
    assert (event.uid, event.article, event.reason) == (uid, PASSWORD, "out_of_date")


def test_the_same_form_twice_is_one_flag(bo: Somebody, portal: Portal) -> None:
    for _ in range(2):
        flag(bo)
    assert len(kept(portal)) == 1
    flag(bo, text="Another thing")
    assert len(kept(portal)) == 2


def test_customers_data_is_taken_out_before_a_flag_is_kept(bo: Somebody, portal: Portal) -> None:
    flag(bo, text="ada.l@example.com says that the link is dead")
    assert "ada.l" not in kept(portal)[0].text
    assert "says that the link is dead" in kept(portal)[0].text


def test_a_flag_shows_on_the_article_to_staff_until_it_is_settled(bo: Somebody, cleo: Somebody) -> None:
    uid = flag(bo)
    shown = cleo.get(ARTICLE).text
    assert f'href="/desk/flags#flag-{uid}"' in shown
    assert f"by {bo.user.name}: out of date" in shown
    cleo.post(f"/desk/flags/{uid}/settlement", verdict="mended")
    assert "staff-notes" not in cleo.get(ARTICLE).text


def test_the_form_says_what_is_flagged_already_and_who_hears_of_it(bo: Somebody) -> None:
    assert "Nobody is named who looks after it" in bo.get(f"/desk/flags/new?article={PASSWORD}").text
    flag(bo, OWNED)
    shown = bo.get(f"/desk/flags/new?article={OWNED}").text
    assert "It is flagged already" in shown
    assert "Cleo@acme.example looks after it" in shown


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"fault": ""}, "Choose what is wrong"),
        ({"fault": "nonsense"}, "Choose what is wrong"),
        ({"text": "  "}, "Say in a few words what is wrong"),
        ({"text": "x" * (REQUEST_LIMIT + 1)}, "too long to be kept"),
    ],
)
def test_a_flag_that_says_nothing_is_refused_with_what_was_written(
    bo: Somebody, portal: Portal, form: dict[str, str], said: str
) -> None:
    answer = bo.post("/desk/flags", **({"article": PASSWORD, "fault": "wrong", "text": WORDS} | form))
    assert answer.status_code == 422
    assert said in answer.text
    assert form.get("text", WORDS) in answer.text
    assert kept(portal) == []


def test_an_article_that_is_not_there_can_not_be_flagged(bo: Somebody, portal: Portal) -> None:
    assert bo.get("/desk/flags/new?article=nothing").status_code == 404
    assert bo.post("/desk/flags", article="nothing", fault="wrong", text=WORDS).status_code == 404
    assert kept(portal) == []


def test_a_script_that_went_wrong_is_stopped(bo: Somebody) -> None:
    csrf = bo.csrf()
    for number in range(FLAGS_AN_HOUR + 1):
        form = {"csrf": csrf, "article": PASSWORD, "fault": "wrong", "text": f"{WORDS} {number}"}
        answer = bo.client.post("/desk/flags", data=form)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]


def test_who_looks_after_an_article_finds_its_flags_first_and_counted(
    bo: Somebody, cleo: Somebody, app: Flask, portal: Portal
) -> None:
    flag(bo)
    uid = flag(bo, OWNED)
    shown = cleo.get("/desk/flags").text
    assert shown.index("Articles that you look after") < shown.index(uid) < shown.index("Everybody else")
    assert "2 flags wait" in shown
    assert "flags wait" not in bo.get("/desk/flags").text
    lea = signed_in(app, portal, Role.LEAD)
    assert "Articles that you look after" not in lea.get("/desk/flags").text


def test_flags_can_be_narrowed_to_a_topic(bo: Somebody, cleo: Somebody) -> None:
    flag(bo)
    flag(bo, POISONED, text="The plan is another one")
    shown = cleo.get("/desk/flags?topic=accounts").text
    assert WORDS in shown
    assert "The plan is another one" not in shown
    assert "Nothing waits in this topic" in cleo.get("/desk/flags?topic=nothing").text


@pytest.mark.parametrize(("verdict", "said"), [("mended", "Mended"), ("right", "Right as it is")])
def test_who_flagged_it_sees_what_came_of_it(bo: Somebody, cleo: Somebody, verdict: str, said: str) -> None:
    uid = flag(bo)
    answer = cleo.post(f"/desk/flags/{uid}/settlement", verdict=verdict, answer="The address stands there now")
    assert answer.location == "/desk/flags?done=settled"
    shown = bo.get("/desk/flags").text
    assert "The address stands there now" in shown
    assert f"<strong>{said}</strong>" in shown


def test_the_second_who_settles_a_flag_is_told_of_the_first(bo: Somebody, cleo: Somebody, app: Flask,
                                                            portal: Portal) -> None:  # fmt: skip
    uid, lea = flag(bo), signed_in(app, portal, Role.LEAD)
    cleo.post(f"/desk/flags/{uid}/settlement", verdict="mended", answer="Done")
    answer = lea.post(f"/desk/flags/{uid}/settlement", verdict="right", answer="No")
    assert answer.status_code == 409
    assert f"{cleo.user.name} has settled this flag in the meantime." in answer.text
    assert kept(portal)[0].answer == "Done"


def test_an_agent_settles_no_flag_but_those_of_their_own_articles(bo: Somebody, app: Flask, portal: Portal) -> None:
    uid = flag(bo)
    for action in ("settlement", "reopening"):
        assert bo.post(f"/desk/flags/{uid}/{action}", verdict="mended").status_code == 403
    owner = signed_in(app, portal, Role.AGENT, "cleo@acme.example")
    mine = flag(bo, OWNED)
    assert "1 flag waits" in owner.get("/desk/flags").text
    assert owner.post(f"/desk/flags/{mine}/settlement", verdict="mended").status_code == 303
    assert [one.done_by for one in kept(portal)] == ["", owner.user.name]


def test_a_settled_flag_can_wait_again(bo: Somebody, cleo: Somebody, portal: Portal) -> None:
    uid = flag(bo)
    cleo.post(f"/desk/flags/{uid}/settlement", verdict="right")
    assert cleo.post(f"/desk/flags/{uid}/reopening").location == "/desk/flags?done=reopened"
    assert kept(portal)[0].done_at is None


def test_a_flag_is_taken_back_by_who_raised_it_with_its_event(bo: Somebody, cleo: Somebody, portal: Portal) -> None:
    uid = flag(bo)
    assert cleo.post(f"/desk/flags/{uid}/withdrawal").status_code == 409
    assert len(kept(portal)) == 1
    assert bo.post(f"/desk/flags/{uid}/withdrawal").location == "/desk/flags?done=taken-back"
    assert (kept(portal), noted(portal, bo)) == ([], [])


def test_a_flag_that_is_gone_is_answered_in_words(cleo: Somebody) -> None:
    for action in ("settlement", "reopening"):
        answer = cleo.post(f"/desk/flags/{'f' * 32}/{action}", verdict="mended")
        assert answer.status_code == 404
        assert "This flag is gone." in answer.text


def test_the_owner_gets_a_mail_and_whoever_flagged_it_gets_the_answer(posting: Portal) -> None:
    app = cheap(create_app(posting))
    bo, cleo = signed_in(app, posting, email="bo@acme.example"), signed_in(app, posting, Role.WRITER)
    uid = flag(bo, OWNED)
    (to_owner,) = mails(posting)
    assert (to_owner.target, to_owner.event) == ("Cleo@acme.example", "flag.new")
    for told in ("Sign in", WORDS, "it is out of date", "https://help.acme.example/a/sign-in", uid):
        assert told in to_owner.payload
    cleo.post(f"/desk/flags/{uid}/settlement", verdict="right", answer="It is the same address")
    _, to_agent = mails(posting)
    assert (to_agent.target, to_agent.event) == ("bo@acme.example", "flag.done")
    assert "says that it is right" in to_agent.payload
    assert "It is the same address" in to_agent.payload


def test_an_owner_who_is_named_as_one_account_is_gets_a_mail_too(posting: Portal) -> None:
    app = cheap(create_app(posting))
    bo, owner = signed_in(app, posting, email="bo@acme.example"), make_user(posting, "dora@acme.example")
    flag(bo, SECRET)
    assert mails(posting) == []
    with posting.database.session() as session, transaction(session):
        accounts.rename(session, owner.id, "dora owns")
    flag(bo, SECRET, text="Once more")
    assert [mail.target for mail in mails(posting)] == ["dora@acme.example"]


def test_nobody_is_mailed_of_what_they_did_themselves(posting: Portal) -> None:
    app = cheap(create_app(posting))
    bo = signed_in(app, posting, Role.WRITER, "bo@acme.example")
    uid = flag(bo)
    bo.post(f"/desk/flags/{uid}/settlement", verdict="mended")
    assert mails(posting) == []


def test_without_a_mail_server_nothing_is_put_into_the_outbox(bo: Somebody, cleo: Somebody, portal: Portal) -> None:
    uid = flag(bo, OWNED)
    cleo.post(f"/desk/flags/{uid}/settlement", verdict="mended")
    assert mails(portal) == []


def test_whatever_is_written_is_shown_as_text(bo: Somebody, cleo: Somebody) -> None:
    uid = flag(bo, POISONED, text="<script>alert(1)</script> & {{7*7}}")
    cleo.post(f"/desk/flags/{uid}/settlement", verdict="mended", answer="<img src=x onerror=alert(2)>")
    for who in (bo, cleo):
        shown = who.get("/desk/flags").text
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "&lt;script&gt;alert(1)" in shown


def test_an_article_is_read_without_its_flags_while_the_database_is_away(
    bo: Somebody, portal: Portal, tmp_path: Path
) -> None:
    flag(bo)
    for path in tmp_path.glob("portal.sqlite*"):
        path.unlink()
    (tmp_path / "portal.sqlite").mkdir()
    portal.database.close()
    answer = bo.get(ARTICLE)
    assert answer.status_code == 200
    assert "staff-notes" not in answer.text
