"""What stands in the head for machines is data to a browser: no policy is broken and nothing of it runs."""

import pytest

from tests.browser.conftest import Come
from tests.browser.hostile import PAYLOADS
from tests.browser.pages import HOME, MANUAL_ARTICLE

READ = """() => JSON.parse(document.querySelector("script[type='application/ld+json']").text)["@graph"]"""


@pytest.mark.parametrize("bypass_csp", [False, True], ids=["with-the-policy", "without-the-policy"])
def test_what_a_page_is_stands_in_it_as_data_alone(arrive: Come, *, bypass_csp: bool) -> None:
    visitor = arrive(bypass_csp=bypass_csp)
    page = visitor.page
    for path in (HOME, MANUAL_ARTICLE, *(f"/en/articles/hostile/{name}" for name in list(PAYLOADS)[:5])):
        page.goto(path)
        thing = page.evaluate(READ)[0]
        assert thing["@type"] in {"WebSite", "TechArticle"}
        assert (thing["headline"] if path != HOME else thing["name"]) in page.title()
        assert page.evaluate("window.__x ?? null") is None
        assert page.evaluate("document.querySelectorAll('head title').length") == 1
    assert visitor.complaints == []
