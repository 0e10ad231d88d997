"""Who comes to no page: what the address still says is used, and nothing that the reader may not see is told."""

from flask.testing import FlaskClient

from tests.web.help import conftest as help_centre

published_busy, busy_portal, busy = help_centre.published_busy, help_centre.busy_portal, help_centre.busy


def main(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 404
    return answer.text.partition("<main")[2].partition("</main>")[0]


def test_the_words_of_the_address_stand_in_the_search_box(busy: FlaskClient) -> None:
    assert 'value="reset my password"' in main(busy, "/en/articles/accounts/reset-my-password.md")
    assert 'value=""' in main(busy, "/en/votes/alone-and-lost")


def test_an_article_that_is_not_translated_is_offered_as_it_is(busy: FlaskClient) -> None:
    page = main(busy, "/de/articles/small/english-alone")
    assert 'href="/en/articles/small/english-alone" hreflang="en"' in page
    assert "Nobody translated it." in page


def test_a_language_that_is_not_there_names_those_that_are(busy: FlaskClient) -> None:
    page = main(busy, "/fr/articles/small/two-languages")
    assert "“fr”" in page
    assert 'href="/en/articles/small/two-languages" hreflang="en"' in page
    assert 'href="/de/articles/small/two-languages" hreflang="de"' in page
    for lang in ("en", "de"):
        assert f'href="/{lang}/" lang="{lang}"' in main(busy, "/fr/")


def test_what_the_reader_may_not_see_is_not_offered_in_another_language(busy: FlaskClient) -> None:
    assert "Canary" not in main(busy, "/de/articles/small/secret")
    assert "Canary" not in main(busy, "/fr/articles/small/secret")


def test_the_topics_are_named(busy: FlaskClient) -> None:
    assert 'href="/en/topics/large"' in main(busy, "/en/articles/no/where")
