"""Light and dark: the system's, until somebody chooses; then the choice, on every page, without a flash."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Come
from tests.browser.pages import HOME, MANUAL_ARTICLE
from tests.browser.visitor import Visitor
from tests.journeys.serving import until

AT_FIRST = """new MutationObserver((_, watching) => {
  if (!document.body) return;
  window.atFirst = document.documentElement.dataset.theme ?? "none";
  watching.disconnect();
}).observe(document, { childList: true, subtree: true });"""
BRIGHTNESS = """() => {
  const colours = [document.documentElement, document.body].map(one => getComputedStyle(one).backgroundColor);
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  canvas.fillStyle = colours.find(one => one !== "rgba(0, 0, 0, 0)");
  canvas.fillRect(0, 0, 1, 1);
  return canvas.getImageData(0, 0, 1, 1).data.slice(0, 3).reduce((sum, one) => sum + one, 0) / 3;
}"""


def _is_dark(page: Page) -> bool:
    return float(page.evaluate(BRIGHTNESS)) < 64


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_system_decides_until_somebody_chooses(arrive: Come, scheme: str) -> None:
    page = arrive(color_scheme=scheme).page
    page.goto(HOME)
    assert _is_dark(page) == (scheme == "dark")
    expect(page.locator(".theme-button")).to_have_attribute("aria-pressed", str(scheme == "dark").lower())
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_choice_is_kept_on_every_page_and_over_a_reload(arrive: Come, scheme: str) -> None:
    page = arrive(color_scheme=scheme, viewport={"width": 1280, "height": 800}).page
    page.goto(HOME)
    page.locator(".theme-button").click()
    expect(page.locator(".theme-button")).to_have_attribute("aria-pressed", str(scheme == "light").lower())
    # A page hands the browser what it keeps a moment later; who leaves at once by the address bar may be before it.
    until(lambda: bool(page.context.storage_state()["origins"]), 30, "the choice to be kept")
    for path in (HOME, MANUAL_ARTICLE):
        page.goto(path)
        page.reload()
        assert _is_dark(page) == (scheme == "light"), path


def test_choosing_what_the_system_has_follows_the_system_again(visitor: Visitor) -> None:
    page = visitor.page
    page.emulate_media(color_scheme="light")
    page.goto(HOME)
    page.locator(".theme-button").click()
    page.locator(".theme-button").click()
    assert page.evaluate("localStorage.length") == 0
    page.emulate_media(color_scheme="dark")
    assert _is_dark(page)


def test_a_choice_outlives_the_systems_day_and_night(visitor: Visitor) -> None:
    page = visitor.page
    page.emulate_media(color_scheme="dark")
    page.goto(HOME)
    page.locator(".theme-button").click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator(".theme-button")).to_have_attribute("aria-pressed", "false")
        assert not _is_dark(page)
    assert page.evaluate("localStorage.theme") == "light"


def test_the_choice_is_there_before_anything_is_painted(visitor: Visitor) -> None:
    page, held = visitor.page, list[Route]()
    page.emulate_media(color_scheme="light")
    page.goto(HOME)
    page.locator(".theme-button").click()
    page.add_init_script(AT_FIRST)
    page.route("**/js/main.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    page.goto(MANUAL_ARTICLE, wait_until="commit")
    expect(page.locator("#vote")).to_be_attached()
    assert page.evaluate("window.atFirst") == "dark"
    assert _is_dark(page)
    for route in held:
        route.continue_()
    page.wait_for_load_state()


def test_without_storage_a_choice_lasts_as_long_as_the_page(visitor: Visitor) -> None:
    page = visitor.page
    page.emulate_media(color_scheme="light")
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('kept from us'); } });"
    )
    page.goto(HOME)
    page.locator(".theme-button").click()
    assert _is_dark(page)


def test_without_scripts_there_is_no_button_that_does_nothing(arrive: Come) -> None:
    for scheme in ("light", "dark"):
        page = arrive(java_script_enabled=False, color_scheme=scheme).page
        page.goto(HOME)
        expect(page.locator(".theme-button")).to_be_hidden()
