from flask.testing import FlaskClient


def test_the_home_page_shows_one_notice_and_counts_the_others(busy: FlaskClient) -> None:
    strip = busy.get("/en/").text.partition('class="notice-strip"')[2].partition("</aside>")[0]
    assert ("Search is slow today" in strip) != ("Sunday maintenance" in strip)
    assert 'href="/en/notices"' in strip
    assert "and 1 more" in strip


def test_all_notices_are_listed(busy: FlaskClient) -> None:
    page = busy.get("/en/notices").text
    assert "Search is slow today" in page
    assert "We are on it." in page
    assert "Sunday maintenance" in page


def test_where_there_is_nothing_to_say_the_page_says_so(busy: FlaskClient) -> None:
    answer = busy.get("/de/notices")
    assert answer.status_code == 200
    assert "<h1" in answer.text
    assert "slow today" not in answer.text
    assert 'class="notice-strip"' not in busy.get("/de/").text


def test_a_notice_stands_in_no_topic(busy: FlaskClient) -> None:
    page = busy.get("/en/articles/news/slow").text
    assert 'class="beside"' not in page
    assert 'class="neighbours"' not in page
    assert 'href="/en/notices"' in page.partition('class="crumbs"')[2].partition("</nav>")[0]
