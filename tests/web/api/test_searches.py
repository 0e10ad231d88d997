import pytest
from flask.testing import FlaskClient

RESULTS = {
    "q", "corrected", "confidence", "answer", "total", "hits", "nearest", "search_id", "offset", "limit",
}  # fmt: skip
HIT = {
    "id", "title", "url", "section_url", "short_url", "summary", "snippet_html", "topic", "lang", "audience",
    "updated_at", "score", "jumps",
}  # fmt: skip


def test_a_search_has_the_contracts_fields_and_no_others(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=telephone").json
    assert answer
    assert set(answer) == RESULTS
    assert (answer["q"], answer["total"], answer["offset"], answer["limit"]) == ("telephone", 1, 0, 10)
    hit = answer["hits"][0]
    assert set(hit) == HIT
    assert hit["id"] == "pw-1"
    assert hit["url"] == "/en/articles/accounts/reset-your-password"
    assert hit["section_url"] == hit["url"] + "#by-telephone"
    assert hit["short_url"] == "/a/pw-1"
    assert client.get(hit["short_url"]).headers["Location"] == hit["url"]


def test_where_nothing_answers_there_are_no_hits_and_no_answer(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=zzyzx").json
    assert answer
    assert (answer["total"], answer["hits"], answer["answer"]) == (0, [], None)


def test_no_words_are_no_error(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search")
    assert answer.status_code == 200
    assert answer.json
    assert (answer.json["q"], answer.json["total"], answer.json["hits"]) == ("", 0, [])


def test_a_snippet_marks_words_and_escapes_the_rest(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=wombat").json
    assert answer
    snippet = answer["hits"][0]["snippet_html"]
    assert "<mark>" in snippet
    assert "<script" not in snippet
    assert "<b>" not in snippet
    assert answer["hits"][0]["title"].startswith("Plans <img src=x")


def test_pages_of_hits_do_not_overlap(client: FlaskClient) -> None:
    ids = []
    for offset in (0, 5, 10):
        answer = client.get(f"/api/v1/search?q=invoice&limit=5&offset={offset}").json
        assert answer
        ids += [hit["id"] for hit in answer["hits"]]
    assert len(ids) == len(set(ids)) == 12


def test_words_can_be_searched_as_they_are_typed(client: FlaskClient) -> None:
    for verbatim in ("1", "0", ""):
        answer = client.get(f"/api/v1/search?q=telephone&verbatim={verbatim}").json
        assert answer
        assert (answer["total"], answer["corrected"]) == (1, None)


def test_filters_narrow_a_search_and_empty_ones_do_not(client: FlaskClient) -> None:
    def total(filters: str) -> int:
        answer = client.get(f"/api/v1/search?q=telephone{filters}").json
        assert answer
        return int(answer["total"])

    assert total("&product=&stage=&tag=&topic=") == 1
    assert [total(one) for one in ("&product=kettle", "&stage=after", "&tag=nowhere", "&topic=nowhere")] == [0] * 4


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("search?limit=0", "limit: give a whole number from 1 to 50"),
        ("search?limit=51", "limit: give a whole number from 1 to 50"),
        ("search?limit=x", "limit: give a whole number"),
        ("search?offset=-1", "offset: give a whole number from 0 to 10,000"),
        ("search?offset=99999999999", "offset: give a whole number"),
        ("search?stage=later", "stage: give one of before, during, after"),
        ("search?stage=Before", "stage: give one of before, during, after"),
        ("search?verbatim=yes", "verbatim: give one of 0, 1"),
        ("search?lang=fr", "lang: give one of en, de"),
        ("complete?limit=21", "limit: give a whole number from 1 to 20"),
        ("complete?lang=fr", "lang: give one of en, de"),
    ],
)
def test_what_cant_be_used_is_named_with_what_can(client: FlaskClient, asked: str, named: str) -> None:
    answer = client.get(f"/api/v1/{asked}&q=invoice")
    assert answer.status_code == 422
    assert answer.json
    assert named in answer.json["detail"]


def test_a_completion_is_a_title_or_heading_that_begins_so(client: FlaskClient) -> None:
    answer = client.get("/api/v1/complete?q=reset").json
    assert answer
    assert set(answer) == {"q", "completions"}
    first = answer["completions"][0]
    assert set(first) == {"text", "url", "kind", "id", "title", "topic", "is_corrected"}
    assert (first["text"], first["kind"]) == ("Reset your password", "title")


def test_nothing_of_staffs_is_completed_or_found(client: FlaskClient) -> None:
    assert client.get("/api/v1/complete?q=cana").json == {"q": "cana", "completions": []}
    answer = client.get("/api/v1/search?q=quokkacanary").json
    assert answer
    assert answer["total"] == 0


def test_answers_to_programs_are_never_kept(client: FlaskClient) -> None:
    for path in ("search", "complete"):
        assert client.get(f"/api/v1/{path}?q=x").headers["Cache-Control"] == "no-store"
