import re

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

POISON = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*713}}"


def test_a_search_finds_and_links_to_the_section(client: FlaskClient) -> None:
    page = client.get("/en/search?q=telephone").text
    assert "1 article for “telephone”" in page
    assert 'href="/en/articles/accounts/reset-your-password#by-telephone"' in page
    assert 'value="telephone"' in page


def test_a_search_without_words_offers_the_topics(client: FlaskClient) -> None:
    for path in ("/en/search", "/en/search?q=", "/en/search?q=%20%00%E2%80%AE"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Write what you need in your own words" in answer.text
        assert 'href="/en/topics/billing"' in answer.text


def test_nothing_found_is_said_and_a_person_is_offered(client: FlaskClient) -> None:
    page = client.get("/en/search?q=zzyzx").text
    assert "results-none" in page
    assert "“zzyzx”</h2>" in page
    assert 'class="hit"' not in page
    assert "Ask a person instead" in page


def test_results_come_in_pages(client: FlaskClient) -> None:
    first = client.get("/en/search?q=invoice").text
    assert "12 articles" in first
    assert first.count('class="hit"') == 10
    assert 'rel="next" href="/en/search?q=invoice&amp;offset=10"' in first
    second = client.get("/en/search?q=invoice&offset=10").text
    assert second.count('class="hit"') == 2
    assert 'rel="prev" href="/en/search?q=invoice"' in second
    assert "11 to 12 of 12" in second


def test_beyond_the_last_page_leads_back(client: FlaskClient) -> None:
    page = client.get("/en/search?q=invoice&offset=9000").text
    assert "There are no more results" in page
    assert 'href="/en/search?q=invoice">Back to the first ones' in page


def test_a_filter_narrows_and_can_be_taken_away(client: FlaskClient) -> None:
    page = client.get("/en/search?q=password&topic=accounts").text
    assert 'class="filter filter-set" href="/en/search?q=password"' in page
    assert 'href="/en/search?q=password&amp;topic=billing"' in page
    assert "Nothing with these filters" in client.get("/en/search?q=telephone&topic=billing").text


def test_a_tag_narrows_and_can_be_taken_away(client: FlaskClient) -> None:
    page = client.get("/en/search?q=password&tag=password").text
    assert "1 article for" in page
    assert 'class="filter filter-set" href="/en/search?q=password"' in page


def test_other_languages_stand_apart_and_are_marked(client: FlaskClient) -> None:
    page = client.get("/en/search?q=Passwort").text
    _, heading, elsewhere = page.partition("In other languages")
    assert heading
    assert re.search(r'<li class="hit"[^>]* lang="de" dir="ltr">', elsewhere)
    assert "Deutsch" in elsewhere


def test_a_script_gets_the_results_alone(client: FlaskClient) -> None:
    answer = client.get("/en/search?q=invoice", headers={"X-Fragment": "results"})
    assert "<html" not in answer.text
    assert answer.text.count('class="hit"') == 10
    assert "X-Fragment" in answer.headers["Vary"]


def test_a_search_is_never_kept(client: FlaskClient) -> None:
    assert client.get("/en/search?q=invoice").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["q", "topic", "tag", "offset", "verbatim"])
def test_a_poisoned_parameter_is_text(client: FlaskClient, name: str) -> None:
    answer = client.get("/en/search", query_string={"q": "plan", name: POISON})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert "4991" not in answer.text.partition("<main")[2].partition("</main>")[0]


def test_a_poisoned_article_is_text_in_a_hit(client: FlaskClient) -> None:
    page = client.get("/en/search?q=wombat").text
    assert "Plans &lt;img src=x onerror=alert(1)&gt;" in page
    assert "<b>" not in page
    assert "<img" not in page


def test_what_is_for_staff_is_found_by_staff_alone(client: FlaskClient, staff: FlaskClient) -> None:
    assert "Canary procedure" in staff.get("/en/search?q=quokkacanary").text
    staff.application.config["READER_LEVEL"] = None
    page = client.get("/en/search?q=quokkacanary").text
    assert "results-none" in page
    assert "Canary procedure" not in page


@pytest.mark.parametrize("offset", ["-1", "x", "1e9", "99999999999999999999", "٣", "1_0", "0x1", " 1", "1.5", ""])
def test_an_odd_offset_is_a_calm_page(client: FlaskClient, offset: str) -> None:
    assert client.get("/en/search", query_string={"q": "invoice", "offset": offset}).status_code == 200


@pytest.mark.parametrize(
    "text",
    ["AND OR NOT", '"', "(((", "title:", "*", "a" * 10_000, "-" * 300, "\\", "[1 TO 2]", "🙂", "%", "~", "^2", "q:{}"],
)
def test_a_strange_query_is_a_calm_page(client: FlaskClient, text: str) -> None:
    assert client.get("/en/search", query_string={"q": text}).status_code == 200


def test_a_long_query_is_cut_and_the_page_says_so(client: FlaskClient) -> None:
    page = client.get("/en/search", query_string={"q": "invoice " * 2000}).text
    assert "Only the first 500 characters were searched" in page


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60), topic=st.text(max_size=20), offset=st.text(max_size=12))
def test_whatever_is_typed_is_answered(client: FlaskClient, text: str, topic: str, offset: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    asked = {"q": text, "topic": topic.encode("utf-8", "ignore").decode(), "offset": offset}
    assert client.get("/en/search", query_string=asked).status_code == 200


def test_further_sections_of_a_hit_can_be_jumped_to(client: FlaskClient) -> None:
    page = client.get("/en/search?q=link+telephone+hour").text
    jumps = page.partition('class="hit-jumps"')[2].partition("</ul>")[0]
    hit = page.partition('class="hit"')[2].partition("</h3>")[0]
    assert 'href="/en/articles/accounts/reset-your-password#by-' in jumps
    assert jumps.partition("#by-")[2][:5] != hit.partition("#by-")[2][:5]
