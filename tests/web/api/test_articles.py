import pytest
from flask.testing import FlaskClient

from tests.web.conftest import SECRET

CARD = {
    "id", "title", "summary", "url", "short_url", "topic", "tags", "products", "stage", "kind", "lang", "audience",
    "status", "updated_at", "revision",
}  # fmt: skip
ARTICLE = CARD | {"html", "markdown", "headings", "translations", "created_at", "reading_minutes"}


def test_the_cursor_walks_over_every_article_once(client: FlaskClient) -> None:
    ids, cursor = [], ""
    while cursor is not None:
        answer = client.get("/api/v1/articles", query_string={"limit": 4, "cursor": cursor}).json
        assert answer
        assert set(answer) == {"articles", "next_cursor"}
        assert all(set(article) == CARD for article in answer["articles"])
        ids += [article["id"] for article in answer["articles"]]
        cursor = answer["next_cursor"]
    assert len(ids) == len(set(ids)) == 16
    assert SECRET not in ids


def test_a_list_may_be_of_one_language(client: FlaskClient) -> None:
    answer = client.get("/api/v1/articles?lang=de").json
    assert answer
    assert [article["title"] for article in answer["articles"]] == ["Passwort zurücksetzen"]
    assert answer["next_cursor"] is None


def test_an_article_has_these_fields_and_no_others(client: FlaskClient) -> None:
    answer = client.get("/api/v1/articles/pw-1")
    article = answer.json
    assert article
    assert set(article) == ARTICLE
    assert article["title"] == "Reset your password"
    assert article["headings"][0] == {"anchor": "by-e-mail", "text": "By e-mail", "depth": 2}
    assert set(article["translations"][0]) == {"lang", "url", "title"}
    assert "@" not in answer.text


def test_an_article_is_304_the_second_time(client: FlaskClient) -> None:
    tag = client.get("/api/v1/articles/pw-1").headers["ETag"]
    assert client.get("/api/v1/articles/pw-1", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("limit", ["0", "51", "-1", "many", ""])
def test_a_limit_that_cant_be_used_is_named(client: FlaskClient, limit: str) -> None:
    answer = client.get(f"/api/v1/articles?limit={limit}")
    assert answer.status_code == 422
    assert answer.json
    assert answer.json["detail"].startswith("limit: give a whole number from 1 to 50")


@pytest.mark.parametrize("cursor", ["zzzz", "\x00", "' OR 1=1", "x" * 5000])
def test_an_odd_cursor_is_a_calm_answer(client: FlaskClient, cursor: str) -> None:
    assert client.get("/api/v1/articles", query_string={"cursor": cursor}).status_code == 200
