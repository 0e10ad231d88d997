"""axe-core on every kind of page, light and dark, wide and narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

ARTICLE = "/en/articles/accounts/reset-your-password"
PATHS = (
    "/en/",
    "/de/",
    "/en/topics/accounts",
    "/en/search",
    "/en/search?q=invoice",
    "/en/search?q=password&topic=accounts",
    "/en/search?q=Passwort",
    "/en/search?q=zzyzx",
    ARTICLE,
    "/en/votes/pw-1",
)
EVERY_LOOK = pytest.mark.parametrize(
    "page",
    [
        pytest.param({"color_scheme": scheme, "viewport": {"width": width, "height": 800}}, id=f"{scheme}-{width}")
        for scheme in ("light", "dark")
        for width in (390, 1280)
    ],
    indirect=True,
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found]


@EVERY_LOOK
def test_every_page_can_be_used_by_everybody(page: Page) -> None:
    for path in PATHS:
        page.goto(path)
        assert violations(page) == [], path


@EVERY_LOOK
def test_what_opens_can_be_used_by_everybody(page: Page) -> None:
    page.goto("/en/")
    page.focus("#q")
    page.keyboard.type("invoice")
    page.wait_for_selector("#completions [role=option]")
    page.keyboard.press("ArrowDown")
    assert violations(page) == []
    page.goto(ARTICLE)
    page.click(".vote-answers button[value=no]")
    page.wait_for_selector(".vote-why")
    assert violations(page) == []
