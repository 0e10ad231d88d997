import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import DictLoader

from tests.web.conftest import PASSWORD, SECRET

LEAKS = ("Traceback", 'File "', "sqlite", "SELECT", "/site-packages/", "boom")


def broken() -> str:
    raise ZeroDivisionError("boom")


def test_a_page_that_is_missing_offers_search_and_articles_like_it(client: FlaskClient) -> None:
    answer = client.get("/en/articles/accounts/reset-passwords")
    assert answer.status_code == 404
    assert "There is no page here" in answer.text
    assert '<input id="q"' in answer.text
    assert 'href="/en/articles/accounts/reset-your-password"' in answer.text


def test_a_lost_address_of_other_words_is_searched_for(client: FlaskClient) -> None:
    answer = client.get("/en/articles/help/telephone-link-within-an-hour")
    assert answer.status_code == 404
    assert 'href="/en/articles/accounts/reset-your-password"' in answer.text


@pytest.mark.parametrize("path", ["/en/votes/{}", "/api/v1/articles/{}", "/a/{}", "/assets/{}/x.png"])
def test_missing_and_forbidden_answer_alike(client: FlaskClient, path: str) -> None:
    forbidden, missing = client.get(path.format(SECRET)), client.get(path.format("hush-y"))
    assert forbidden.status_code == missing.status_code == 404
    assert forbidden.data.replace(SECRET.encode(), b"") == missing.data.replace(b"hush-y", b"")
    assert {name for name, _ in forbidden.headers} == {name for name, _ in missing.headers}


def test_a_mistake_of_ours_shows_a_number_and_logs_the_cause(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    app.add_url_rule("/en/broken", view_func=broken)
    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/en/broken")
    assert answer.status_code == 500
    assert not any(leak in answer.text for leak in (*LEAKS, "ZeroDivisionError"))
    number = answer.text.partition("<code>")[2].partition("</code>")[0]
    assert len(number) == 12
    assert number in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_where_even_the_error_page_fails_there_are_words(app: Flask) -> None:
    app.jinja_env.loader = DictLoader({})
    answer = app.test_client().get("/en/nowhere")
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert answer.text.startswith("There is no page here.")
    assert answer.headers["Content-Security-Policy"]


def test_a_program_gets_a_problem_document(client: FlaskClient) -> None:
    answer = client.get("/api/v1/articles/none")
    assert answer.mimetype == "application/problem+json"
    assert answer.json
    assert set(answer.json) == {"type", "title", "status", "detail"}
    assert answer.json["status"] == 404


def test_a_program_gets_a_number_for_a_mistake_of_ours(app: Flask) -> None:
    app.add_url_rule("/api/v1/broken", view_func=broken)
    answer = app.test_client().get("/api/v1/broken")
    assert answer.status_code == 500
    assert answer.json
    assert len(answer.json["request_id"]) == 12
    assert not any(leak in answer.text for leak in LEAKS)


def test_what_is_not_allowed_names_what_is(client: FlaskClient) -> None:
    answer = client.delete("/en/")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "That can&#39;t be done here" in answer.text


def test_too_much_is_refused_before_it_is_read(client: FlaskClient) -> None:
    answer = client.post(f"/en/votes/{PASSWORD}", data={"helpful": "yes", "comment": "x" * 70_000})
    assert answer.status_code == 413
    assert "Shorten what you wrote" in answer.text


def test_a_flood_of_form_parts_is_refused(client: FlaskClient) -> None:
    parts = {f"field{n}": "x" for n in range(200)}
    answer = client.post(f"/en/votes/{PASSWORD}", data=parts, content_type="multipart/form-data")
    assert answer.status_code == 413


def test_a_refusal_is_a_fragment_for_a_script(client: FlaskClient) -> None:
    answer = client.post(f"/en/votes/{PASSWORD}", headers={"X-Fragment": "vote"})
    assert answer.status_code == 422
    assert answer.text.lstrip().startswith('<div role="alert">')


def test_before_the_first_publishing_every_page_says_to_wait(unpublished: FlaskClient) -> None:
    for path in ("/", "/en/", "/en/search?q=x", "/en/articles/x", "/api/v1/articles", "/api/v1/search?q=x"):
        answer = unpublished.get(path)
        assert answer.status_code == 503, path
        assert int(answer.headers["Retry-After"]) > 0
        assert "Nothing has been published yet" in answer.text


def test_before_the_first_publishing_the_page_has_its_stylesheet(unpublished: FlaskClient) -> None:
    href = unpublished.get("/en/").text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert unpublished.get(href).status_code == 200


def test_no_error_page_may_be_kept(client: FlaskClient) -> None:
    assert client.get("/en/nowhere").headers["Cache-Control"] == "no-store"


def test_a_forged_tag_does_not_turn_a_missing_page_into_304(client: FlaskClient) -> None:
    assert client.get("/en/articles/nowhere", headers={"If-None-Match": "*"}).status_code == 404
