"""What the answer says of each suggestion; which there are is tests/search/test_complete.py's."""

from typing import Any

from flask.testing import FlaskClient

from portal.bootstrap import Portal
from portal.search.overlay import Overlay

NAMING_A_SECRET = Overlay(asked={"en": ("reset the falcon", "canary procedure reset")})


def completions(client: FlaskClient, typed: str, lang: str = "en") -> list[dict[str, Any]]:
    answer = client.get("/api/v1/complete", query_string={"q": typed, "lang": lang}).json
    assert answer
    found: list[dict[str, Any]] = answer["completions"]
    return found


def test_a_suggestion_for_a_misspelt_word_says_so(client: FlaskClient) -> None:
    assert [one["is_corrected"] for one in completions(client, "reset")][:1] == [False]
    first = completions(client, "pasword")[0]
    assert (first["text"], first["is_corrected"]) == ("Reset your password", True)


def test_a_past_query_leads_to_its_results_and_belongs_to_no_article(client: FlaskClient, portal: Portal) -> None:
    portal.overlay.write(Overlay(asked={"en": ("reset by telephone",), "de": ("telephone",)}))
    query = completions(client, "telephone")[0]
    assert query == {
        "text": "reset by telephone",
        "url": "/en/search?q=reset%20by%20telephone",
        "kind": "query",
        "id": None,
        "title": None,
        "topic": None,
        "is_corrected": False,
    }
    assert client.get(query["url"]).status_code == 200


def past_queries(client: FlaskClient, typed: str) -> list[str]:
    return [one["text"] for one in completions(client, typed) if one["kind"] == "query"]


def test_a_past_query_with_a_word_of_staffs_is_never_offered_to_others(client: FlaskClient, portal: Portal) -> None:
    portal.overlay.write(NAMING_A_SECRET)
    assert [past_queries(client, typed) for typed in ("re", "reset", "canary", "can", "pass")] == [[]] * 5


def test_it_is_offered_to_staff_where_all_its_words_are_known(staff: FlaskClient, portal: Portal) -> None:
    portal.overlay.write(NAMING_A_SECRET)
    assert past_queries(staff, "reset") == ["canary procedure reset"]


def test_new_past_queries_are_offered_without_a_new_generation(client: FlaskClient, portal: Portal) -> None:
    assert "password reset" not in [one["text"] for one in completions(client, "password re")]
    portal.overlay.write(Overlay(asked={"en": ("password reset",)}))
    assert [one["text"] for one in completions(client, "password re")][-1:] == ["password reset"]


def test_a_misspelt_word_never_names_what_a_reader_may_not_see(client: FlaskClient) -> None:
    assert completions(client, "cannary") == []


def test_a_misspelt_word_is_understood_among_what_staff_may_see(staff: FlaskClient) -> None:
    assert [one["title"] for one in completions(staff, "cannary")] == ["Canary procedure"]
