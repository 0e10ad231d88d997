"""A customer comes from the product: signed in by name, own product first, and everything cleared with one click."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.axe import faults, faults_of_colour
from tests.browser.conftest import Come
from tests.journeys.serving import Served, serve
from tests.repositories import ContentRepository
from tests.web.customers_centre import KEY, link

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 700}
BOARDS = ("Mega", "Nano", "Uno")
SITE = """
name = "Boards"
languages = ["en", "de"]

[customers]
sign_in_url = "https://app.acme.example/help?to={next}"
"""
HUSH = "---\nid: hush-1\ntitle: Prices for partners\naudience: customers\n---\nHalf of it.\n"
ASKED = "/en/search?q=upload+a+sketch"


@pytest.fixture(scope="module")
def boards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Three boards with the same article each, and one article for customers."""
    folder = tmp_path_factory.mktemp("boards")
    repository = ContentRepository(folder / "content")
    text = "---\nid: {0}-1\ntitle: Upload a sketch to the {0}\nproducts: [{0}]\n---\nPress the button twice.\n"
    articles = {f"en/boards/{name.lower()}.md": text.format(name) for name in BOARDS}
    repository.commit({"portal.toml": SITE, "en/boards/hush.md": HUSH, **articles})
    with serve(repository.folder, folder / "portal", PORTAL_CUSTOMER_SECRET=KEY, PORTAL_TRUSTED_PROXIES="1") as served:
        yield served
    assert "Traceback" not in served.said()


def both_schemes(page: Page) -> list[str]:
    page.emulate_media(color_scheme="light")
    in_light = faults(page)
    page.emulate_media(color_scheme="dark")
    return in_light + [f"dark: {fault}" for fault in faults_of_colour(page)]


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_customer_signs_in_reads_and_signs_out(boards: Served, arrive: Come, viewport: ViewportSize) -> None:
    visitor = arrive(boards.address, viewport=viewport, reduced_motion="reduce")
    page = visitor.page
    page.goto("/en/articles/boards/hush")
    expect(page.locator("main").get_by_role("link", name="Sign in to see more")).to_be_visible()
    assert both_schemes(page) == []
    page.goto("/en/customers/enter?token=x")
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not sign you in")
    visitor.forgive("403")
    assert both_schemes(page) == []
    page.goto(f"/en/customers/enter?token={link(email='ada@example.com')}&next=/en/articles/boards/hush")
    expect(page.get_by_role("heading", level=1)).to_have_text("Prices for partners")
    assert "token" not in page.url
    page.locator(".menu-customer summary").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert both_schemes(page) == []
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator(".menu-customer")).to_have_count(0)
    assert page.goto("/en/articles/boards/hush").status == 404  # type: ignore[union-attr]


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_reader_has_their_product_first_until_they_clear_it(
    boards: Served, arrive: Come, viewport: ViewportSize
) -> None:
    page = arrive(boards.address, viewport=viewport, reduced_motion="reduce").page
    page.goto(ASKED)
    titles = page.locator(".results-found h3")
    last = next(name for name in BOARDS if name in titles.last.inner_text())
    page.goto("/en/")
    page.get_by_label("Show me help for:").select_option(last)
    page.get_by_role("button", name="Choose").click()
    expect(page.get_by_label("Show me help for:")).to_have_value(last)
    assert both_schemes(page) == []
    page.goto(ASKED)
    expect(titles.first).to_contain_text(last)
    expect(page.get_by_text(f"Your product first: {last}")).to_be_visible()
    assert both_schemes(page) == []
    page.get_by_role("link", name="Show all alike").click()
    expect(titles.first).not_to_contain_text(last)
    page.get_by_role("link", name="What this site remembers").click()
    expect(page.get_by_label(last, exact=True)).to_be_checked()
    assert both_schemes(page) == []
    page.get_by_role("button", name="Clear what this site remembers about me").click()
    expect(page.locator("main [role=status]")).to_contain_text("Cleared.")
    assert both_schemes(page) == []
    assert page.evaluate("localStorage.getItem('recent-searches')") is None
    assert {one["name"] for one in page.context.cookies()} <= {"lang"}


def test_without_scripts_a_product_is_chosen_and_cleared_too(boards: Served, arrive: Come) -> None:
    page = arrive(boards.address, viewport=PHONE, java_script_enabled=False).page
    page.goto("/en/")
    page.get_by_label("Show me help for:").select_option("Nano")
    page.get_by_role("button", name="Choose").click()
    page.goto("/en/remembered")
    expect(page.get_by_label("Nano", exact=True)).to_be_checked()
    page.get_by_role("button", name="Clear what this site remembers about me").click()
    expect(page.get_by_label("Nano", exact=True)).not_to_be_checked()
