from flask.testing import FlaskClient

from tests.web.help.conftest import LARGE


def listed(page: str) -> int:
    return page.partition('class="card-list"')[2].partition("</ul>")[0].count("<li")


def test_a_large_topic_comes_in_pages_of_fifty(busy: FlaskClient) -> None:
    first, second, third = (busy.get(f"/en/topics/large{query}").text for query in ("", "?page=2", "?page=3"))
    assert (listed(first), listed(second), listed(third)) == (50, 50, LARGE - 100)
    assert f"{LARGE} articles" in first
    assert 'rel="next" href="/en/topics/large?page=2"' in first
    assert 'rel="prev" href="/en/topics/large"' in second
    assert 'rel="prev" href="/en/topics/large?page=2"' in third
    assert 'rel="next"' not in third


def test_an_odd_page_number_is_the_nearest_page(busy: FlaskClient) -> None:
    for number in ("0", "-1", "x", "1.5", "", "99999999999"):
        assert "Part 000" in busy.get(f"/en/topics/large?page={number}").text
    assert "Part 119" in busy.get("/en/topics/large?page=4").text


def test_a_topic_names_the_others_that_have_articles(busy: FlaskClient) -> None:
    others = busy.get("/en/topics/small").text.partition('class="other-topics"')[2].partition("</nav>")[0]
    assert "Large topic" in others
    assert "Small topic" not in others
    assert "Hollow topic" not in others


def test_an_icon_that_is_not_known_gives_a_calm_one(busy: FlaskClient) -> None:
    page = busy.get("/en/topics/small").text
    assert "icons.svg#file-text" in page
    assert "no-such-icon" not in page
    assert "icons.svg#truck" in busy.get("/en/topics/large").text


def test_a_topic_leads_to_itself_in_other_languages(busy: FlaskClient) -> None:
    assert 'href="/de/topics/small" lang="de"' in busy.get("/en/topics/small").text
    assert 'href="/de/" lang="de"' in busy.get("/en/topics/large").text


def test_a_topic_that_nobody_may_see_is_missing_and_names_those_that_are_there(busy: FlaskClient) -> None:
    hollow, nowhere = busy.get("/en/topics/hollow"), busy.get("/en/topics/nowhere")
    assert hollow.status_code == nowhere.status_code == 404
    assert hollow.text.replace("hollow", "") == nowhere.text.replace("nowhere", "")
    assert 'href="/en/topics/large"' in hollow.text.partition("<main")[2]
