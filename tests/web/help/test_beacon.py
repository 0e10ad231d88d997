import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.events.kinds import Clicked, Contacted, Searched, Step, Viewed, Where
from portal.web.help.beacon import BEACONS_A_MINUTE, MOST_BYTES
from tests.web.conftest import PASSWORD, SECRET, Recorded

UID = "0123456789abcdef" * 2
CLICKED = {"kind": "clicked", "lang": "en", "search": UID, "article": PASSWORD, "anchor": "by-e-mail", "position": 2}
VIEWED = {"kind": "viewed", "lang": "en", "article": PASSWORD, "revision": "abc123", "seconds": 41.25, "depth": 0.5}
TYPING = {"kind": "typing", "lang": "en", "search": UID, "text": " reset  pass ", "article": PASSWORD, "position": 1,
          "shown": 3}  # fmt: skip
CONTACTED = {"kind": "contacted", "lang": "en", "step": "sent", "channel": "email", "search": UID}
SHOWN = {"kind": "shown", "lang": "en", "search": UID}
ALL = [CLICKED, VIEWED, SHOWN, TYPING, CONTACTED]


def tell(client: FlaskClient, told: object, **headers: str) -> TestResponse:
    return client.post("/events", data=json.dumps(told), content_type="application/json", headers=headers)


def test_a_click_is_recorded(client: FlaskClient, recorded: Recorded) -> None:
    assert tell(client, CLICKED).status_code == 204
    (event,) = recorded()
    assert isinstance(event, Clicked)
    assert (event.search, event.article, event.anchor, event.position) == (UID, PASSWORD, "by-e-mail", 2)


def test_a_look_at_an_article_is_recorded_and_capped_at_an_hour(client: FlaskClient, recorded: Recorded) -> None:
    tell(client, VIEWED)
    tell(client, VIEWED | {"seconds": 86_400, "search": UID})
    first, second = recorded()
    assert isinstance(first, Viewed)
    assert isinstance(second, Viewed)
    assert (first.article, first.revision, first.depth, first.search) == (PASSWORD, "abc123", 0.5, "")
    assert first.seconds == pytest.approx(41.2, abs=0.1)
    assert (second.seconds, second.search) == (3600, UID)


def test_a_suggestion_that_was_chosen_is_a_search_and_a_click(client: FlaskClient, recorded: Recorded) -> None:
    tell(client, TYPING)
    search, click = sorted(recorded(), key=lambda event: isinstance(event, Clicked))
    assert isinstance(search, Searched)
    assert isinstance(click, Clicked)
    assert (search.uid, search.query, search.where, search.hits) == (UID, "reset pass", Where.TYPING, 3)
    assert search.offered == (PASSWORD,)
    assert (click.search, click.article, click.position, click.visitor) == (UID, PASSWORD, 1, search.visitor)


def test_the_same_suggestion_told_twice_is_one_search(client: FlaskClient, recorded: Recorded) -> None:
    tell(client, TYPING)
    tell(client, TYPING)
    assert len([event for event in recorded() if isinstance(event, Searched)]) == 1


def test_turning_to_a_person_is_recorded(client: FlaskClient, recorded: Recorded) -> None:
    tell(client, CONTACTED)
    tell(client, {"kind": "contacted", "lang": "en", "step": "opened"})
    sent, opened = recorded()
    assert isinstance(sent, Contacted)
    assert isinstance(opened, Contacted)
    assert (sent.step, sent.channel, sent.search) == (Step.SENT, "email", UID)
    assert (opened.step, opened.channel, opened.search) == (Step.OPENED, "", "")


def test_only_what_is_ours_comes_into_an_event(client: FlaskClient, recorded: Recorded) -> None:
    tell(client, CLICKED | {"anchor": "ada@example.com"})
    tell(client, CONTACTED | {"channel": "carrier pigeon"})
    assert "ada@" not in repr(recorded())
    assert "pigeon" not in repr(recorded())


def test_a_click_has_the_visitor_of_its_search(client: FlaskClient, recorded: Recorded) -> None:
    client.get("/en/search?q=telephone")
    assert "Set-Cookie" not in tell(client, CLICKED).headers
    assert len({event.visitor for event in recorded()}) == 1


def test_whoever_begins_with_an_article_gets_a_key(client: FlaskClient, recorded: Recorded) -> None:
    answer = tell(client, VIEWED)
    assert answer.headers["Set-Cookie"].startswith("visit=")
    assert answer.headers["Cache-Control"] == "no-store"
    tell(client, VIEWED)
    assert len({event.visitor for event in recorded()}) == 1


@pytest.mark.parametrize("told", ALL, ids=lambda told: told["kind"])
@pytest.mark.parametrize("headers", [{"DNT": "1"}, {"Sec-GPC": "1"}, {"User-Agent": "curl/8"}], ids=str)
def test_what_is_not_to_be_recorded_is_taken_and_dropped(
    client: FlaskClient, recorded: Recorded, told: dict[str, Any], headers: dict[str, str]
) -> None:
    answer = tell(client, told, **headers)
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (204, False)
    assert recorded() == []


@pytest.mark.parametrize(
    "told",
    [
        None, [], "x", 7, {}, {"kind": "voted"}, {"kind": "searched", "query": "x"}, {"lang": "en"},
        CLICKED | {"more": 1}, CLICKED | {"search": "x"}, CLICKED | {"search": UID + "\n"}, CLICKED | {"position": -1},
        CLICKED | {"position": "first"}, CLICKED | {"article": "nowhere"}, CLICKED | {"article": SECRET},
        CLICKED | {"article": ""}, CLICKED | {"anchor": "x" * 301}, CLICKED | {"lang": "fr"}, CLICKED | {"lang": 1},
        VIEWED | {"seconds": -1}, VIEWED | {"seconds": "NaN"}, VIEWED | {"seconds": float("inf")},
        VIEWED | {"depth": 1.5}, VIEWED | {"revision": "<b>"}, VIEWED | {"visitor": "a" * 32},
        TYPING | {"text": ""}, TYPING | {"text": "x" * 501}, TYPING | {"shown": 0}, TYPING | {"shown": 10**9},
        CONTACTED | {"step": "withdrawn"}, CONTACTED | {"channel": "x" * 21},
    ],
    ids=str,
)  # fmt: skip
def test_what_no_script_of_ours_sends_is_refused_as_a_problem_without_repeating_it(
    client: FlaskClient, recorded: Recorded, told: object
) -> None:
    answer = tell(client, told)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json
    assert answer.json["detail"]
    assert recorded() == []


def test_bytes_that_are_no_json_are_refused(client: FlaskClient) -> None:
    for data in (b"", b"{", b"\xff\xfe", b'{"kind": "clicked"' * 3, b"[" * 4000):
        assert client.post("/events", data=data, content_type="application/json").status_code == 400


def test_json_under_another_name_is_refused_as_any_page_could_send_it(client: FlaskClient, recorded: Recorded) -> None:
    answer = client.post("/events", data=json.dumps(CLICKED), content_type="text/plain")
    assert answer.status_code == 400
    assert recorded() == []


def test_another_sites_page_can_tell_nothing(client: FlaskClient, recorded: Recorded) -> None:
    answer = tell(client, CLICKED, **{"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert recorded() == []


def test_more_than_four_kilobytes_are_not_read(client: FlaskClient) -> None:
    assert tell(client, VIEWED | {"article": "x" * MOST_BYTES}).status_code == 413


def test_too_many_from_one_address_are_refused(client: FlaskClient, recorded: Recorded) -> None:
    statuses = [tell(client, CONTACTED, DNT="1").status_code for _ in range(BEACONS_A_MINUTE + 1)]
    assert statuses[-1] == 429
    assert recorded() == []


def test_a_made_up_key_gets_a_new_one(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    assert "Set-Cookie" in tell(client, VIEWED, Cookie="visit=x.y").headers


def test_without_database_and_disk_it_is_taken_all_the_same(without_database: FlaskClient) -> None:
    assert [tell(without_database, told).status_code for told in ALL] == [204] * len(ALL)


def test_before_the_first_publishing_it_is_refused_for_now(unpublished: FlaskClient) -> None:
    assert tell(unpublished, VIEWED).status_code == 503
