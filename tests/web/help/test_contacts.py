from flask.testing import FlaskClient


def channels(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def test_every_channel_is_there_with_its_hours_and_their_time_zone(busy: FlaskClient) -> None:
    page = channels(busy.get("/en/contact").text)
    assert 'href="tel:+49301234567"' in page
    assert "Mon to Fri, 9 to 17" in page
    assert "time of Berlin" in page
    assert 'href="mailto:small@busy.example"' in page
    assert page.index("Call us") < page.index("Ask about small things")


def test_a_topics_own_channel_comes_first_and_no_other_topics(busy: FlaskClient) -> None:
    page = channels(busy.get("/en/contact?topic=small").text)
    assert page.index("Ask about small things") < page.index("Call us")
    assert "Chat about large things" not in page
    assert "Small topic" in page


def test_a_topic_that_is_not_there_is_none(busy: FlaskClient) -> None:
    whole = channels(busy.get("/en/contact").text)
    for topic in ("nowhere", "hollow", "<script>", ""):
        assert channels(busy.get("/en/contact", query_string={"topic": topic}).text) == whole


def test_the_contact_page_is_there_in_every_language(busy: FlaskClient) -> None:
    assert busy.get("/de/contact").status_code == 200
    assert 'href="/de/contact"' in busy.get("/en/contact").text
    assert busy.get("/fr/contact").status_code == 404


def test_our_own_form_is_a_way_that_knows_its_topic(busy: FlaskClient) -> None:
    assert '<a href="/en/contact/form">Send a message</a>' in channels(busy.get("/en/contact").text)
    page = channels(busy.get("/en/contact?topic=small").text)
    assert '<a href="/en/contact/form?topic=small">Send a message</a>' in page
    assert "Small topic" in channels(busy.get("/en/contact/form?topic=small").text)


def test_who_opens_the_form_has_not_written_yet(busy: FlaskClient) -> None:
    page = channels(busy.get("/en/contact").text)
    assert 'data-channel="phone"' in page
    assert 'data-channel="form"' not in page


def test_the_form_names_the_other_ways(busy: FlaskClient) -> None:
    page = channels(busy.get("/en/contact/form").text)
    assert "Other ways to reach us" in page
    assert "Call us" in page
    assert "Send a message" not in page
