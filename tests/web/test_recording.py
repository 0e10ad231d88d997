"""What of a visit is recorded, and whose it is: asked for over HTTP, read from the log."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.app import create_app
from portal.bootstrap import Portal
from portal.content.loop import Recording
from portal.content.site import Limits
from portal.events.kinds import Searched, Where
from tests.web.conftest import PASSWORD, Recorded

SEARCH = "/en/search?q=telephone"
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
UNWATCHED = [
    {"DNT": "1"},
    {"Sec-GPC": "1"},
    {"User-Agent": ROBOT},
    {"User-Agent": ""},
    {"Sec-Purpose": "prefetch;prerender"},
]
Told = Callable[..., Portal]


@pytest.fixture
def told(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Make the portal's `portal.toml` say something else."""

    def told(**changes: object) -> Portal:
        live = portal.library.current()
        monkeypatch.setattr(live, "site", replace(live.site, **changes))  # type: ignore[arg-type]
        return portal

    return told


def searches(recorded: Recorded) -> list[Searched]:
    return [event for event in recorded() if isinstance(event, Searched)]


def test_a_search_is_recorded_with_what_was_found_and_offered(
    client: FlaskClient, portal: Portal, recorded: Recorded
) -> None:
    client.get("/en/search?q=invoice&topic=billing")
    (event,) = searches(recorded)
    assert (event.query, event.where, event.lang, event.filters) == ("invoice", Where.PAGE, "en", {"topic": "billing"})
    assert (event.hits, len(event.offered), event.corrected) == (12, 10, None)
    assert event.confidence is not None
    assert event.generation == portal.library.current().name
    assert len(event.visitor) == 32


def test_where_nothing_answers_what_is_nearest_was_offered_and_nothing_found(
    client: FlaskClient, recorded: Recorded
) -> None:
    client.get("/en/search?q=change+my+shipping+password+wombat")
    client.get("/en/search?q=zzyzx")
    first, second = searches(recorded)
    assert (second.hits, second.offered) == (0, ())
    assert first.hits or first.offered


def test_a_correction_is_recorded_unless_the_words_are_searched_as_they_were_typed(
    client: FlaskClient, recorded: Recorded
) -> None:
    client.get("/en/search?q=pasword")
    client.get("/en/search?q=pasword&verbatim=1")
    assert [event.corrected for event in searches(recorded)] == ["password", None]


def test_the_page_names_its_search_to_the_clicks_that_follow(client: FlaskClient, recorded: Recorded) -> None:
    page = client.get(SEARCH).text
    (event,) = searches(recorded)
    assert f'data-search="{event.uid}"' in page
    assert f'data-article="{PASSWORD}" data-position="1"' in page


def test_the_form_under_the_results_names_it_too(client: FlaskClient, recorded: Recorded) -> None:
    page = client.get("/en/search?q=zzyzx").text
    assert f'name="search" value="{searches(recorded)[0].uid}"' in page


def test_the_same_question_again_is_recorded_again_though_its_answer_was_kept(
    client: FlaskClient, recorded: Recorded
) -> None:
    for _ in range(3):
        client.get(SEARCH)
    events = searches(recorded)
    assert len({event.uid for event in events}) == 3
    assert len({event.visitor for event in events}) == 1


def test_a_later_page_is_no_search_of_its_own_and_its_positions_go_on(client: FlaskClient, recorded: Recorded) -> None:
    page = client.get("/en/search?q=invoice&offset=10").text
    assert searches(recorded) == []
    assert "data-search" not in page
    assert 'data-position="11"' in page


def test_what_is_typed_on_the_page_of_results_is_a_search(client: FlaskClient, recorded: Recorded) -> None:
    part = client.get(SEARCH, headers={"X-Fragment": "results"}).text
    assert f'data-search="{searches(recorded)[0].uid}"' in part


@pytest.mark.parametrize("path", ["/en/search", "/en/search?q=%20", "/en/", "/en/contact", "/en/topics/billing"])
def test_what_is_no_search_is_not_recorded_and_sets_no_cookie(
    client: FlaskClient, recorded: Recorded, path: str
) -> None:
    assert "Set-Cookie" not in client.get(path).headers
    assert recorded() == []


def test_asking_for_the_head_alone_is_no_search(client: FlaskClient, recorded: Recorded) -> None:
    assert "Set-Cookie" not in client.head(SEARCH).headers
    assert recorded() == []


def test_the_key_is_well_kept_and_given_once(client: FlaskClient) -> None:
    cookie = client.get(SEARCH, base_url="https://localhost").headers["Set-Cookie"]
    assert cookie.startswith("visit=")
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=2592000"} <= set(cookie.split("; "))
    assert "Set-Cookie" not in client.get(SEARCH, base_url="https://localhost").headers


def test_the_key_is_nowhere_in_the_log(client: FlaskClient, recorded: Recorded) -> None:
    key = client.get(SEARCH).headers["Set-Cookie"].partition("=")[2].partition(".")[0]
    assert key.partition("-")[2] not in repr(recorded())


def test_after_thirty_days_the_same_browser_is_somebody_else(client: FlaskClient, recorded: Recorded) -> None:
    first = client.get(SEARCH).headers["Set-Cookie"].partition(";")[0]
    later = clock.now() + timedelta(days=31)
    with patch.object(clock, "now", lambda: later):
        assert "Set-Cookie" in client.get(SEARCH, headers={"Cookie": first}).headers
    assert len({event.visitor for event in searches(recorded)}) == 2


def test_a_key_that_was_made_up_is_replaced(app: Flask, recorded: Recorded) -> None:
    client = app.test_client(use_cookies=False)
    answers = [client.get(SEARCH, headers={"Cookie": f"visit=b5-{n:032x}.{n:064x}"}) for n in range(2)]
    assert all("Set-Cookie" in answer.headers for answer in answers)
    assert len(searches(recorded)) == 2


@pytest.mark.parametrize("headers", UNWATCHED, ids="-".join)
def test_who_is_not_to_be_recorded_is_not_and_sees_the_same_page(
    app: Flask, recorded: Recorded, headers: dict[str, str]
) -> None:
    watched, unwatched = (app.test_client(use_cookies=False).get(SEARCH, headers=one) for one in ({}, headers))
    assert "Set-Cookie" not in unwatched.headers
    assert len(recorded()) == 1
    assert _without_ids(unwatched.text) == _without_ids(watched.text)


def test_where_the_company_switched_it_off_nothing_is_recorded_and_no_script_asked_to_tell(
    told: Told, recorded: Recorded
) -> None:
    client = create_app(told(recording=Recording(is_on=False))).test_client()
    answer = client.get(SEARCH)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "data-search" not in answer.text
    assert "data-events" not in answer.text
    assert recorded() == []


def test_an_address_that_brings_a_new_visitor_with_every_search_is_not_counted_for_ever(
    told: Told, recorded: Recorded
) -> None:
    app = create_app(told(limits=Limits(new_visitors_per_day=3)))
    known = app.test_client()
    known.get(SEARCH)
    dropping = app.test_client(use_cookies=False)
    answers = [dropping.get(SEARCH) for _ in range(10)]
    assert {answer.status_code for answer in answers} == {200}
    assert ["Set-Cookie" in answer.headers for answer in answers] == [True, True, *[False] * 8]
    known.get(SEARCH)
    assert len(searches(recorded)) == 4


def test_a_program_is_answered_with_the_id_of_its_search_and_gets_no_cookie(
    client: FlaskClient, recorded: Recorded
) -> None:
    answers = [client.get("/api/v1/search?q=invoice") for _ in range(2)]
    assert all("Set-Cookie" not in answer.headers for answer in answers)
    events = searches(recorded)
    assert [answer.json["search_id"] for answer in answers if answer.json] == [event.uid for event in events]
    assert {event.where for event in events} == {Where.API}
    assert len({event.visitor for event in events}) == 2


def test_a_program_s_later_portions_and_robots_have_no_id(client: FlaskClient, recorded: Recorded) -> None:
    for path, headers in (("/api/v1/search?q=invoice&offset=10", {}), ("/api/v1/search?q=invoice", {"DNT": "1"})):
        answer = client.get(path, headers=headers).json
        assert answer
        assert answer["search_id"] is None
    assert recorded() == []


def test_typing_is_not_recorded(client: FlaskClient, recorded: Recorded) -> None:
    assert "Set-Cookie" not in client.get("/api/v1/complete?q=invo").headers
    assert recorded() == []


def test_without_database_and_disk_searching_works_as_before(without_database: FlaskClient) -> None:
    for _ in range(5):
        answer = without_database.get(SEARCH)
        assert answer.status_code == 200
        assert "1 article for" in answer.text


def _without_ids(page: str) -> str:
    without = re.sub(r'<input type="hidden" name="search" value="\w{32}">| data-search="\w{32}"|\b\w{32}\b', "", page)
    return " ".join(without.split())
