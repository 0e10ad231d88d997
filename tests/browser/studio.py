"""A browser that takes pictures of a served help centre: whole screens, parts of pages, and frames around them."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from playwright.sync_api import Browser, Page

from tests.journeys.serving import Served
from tests.repositories import ContentRepository

Scheme = Literal["light", "dark"]
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
"""What the browser takes for the present moment."""
WIDE, DESKTOP, TABLET, HALF, PHONE = (1280, 800), (1080, 650), (800, 620), (480, 346), (390, 844)
QUALITY = 82
COLUMN = 528
"""Pictures are shown as wide as an article's text, so that smaller ones get clear ground beside them."""
EDGE = 20
"""Pixels of ground around a part of a page."""
FRAME = """<!doctype html><style>
body { margin: 0; background: none }
main { display: flex; justify-content: center; gap: 16px; min-width: MINpx; width: max-content }
img { display: block; box-sizing: border-box; border: 1px solid #8a93a066; border-radius: 10px }
</style><main>IMAGES</main>"""


@dataclass(frozen=True, slots=True)
class Studio:
    """A browser before a served copy of the manual."""

    browser: Browser
    served: Served
    repository: ContentRepository

    @contextmanager
    def page(self, path: str, size: tuple[int, int] = DESKTOP, scheme: Scheme = "light") -> Iterator[Page]:
        """Open a page on a screen of this size, with every pixel doubled and the clock at NOW."""
        width, height = size
        context = self.browser.new_context(
            base_url=self.served.address, viewport={"width": width, "height": height}, device_scale_factor=2,
            color_scheme=scheme, reduced_motion="reduce", locale="en-GB", timezone_id="UTC",
        )  # fmt: skip
        context.clock.set_fixed_time(NOW)
        page = context.new_page()
        page.goto(path, wait_until="networkidle")
        yield page
        context.close()

    def screen(self, path: str, size: tuple[int, int] = DESKTOP, scheme: Scheme = "light") -> bytes:
        """Return what a page shows first."""
        with self.page(path, size, scheme) as page:
            return _shot(page)

    def framed(self, *shots: bytes, narrowest: int = COLUMN) -> bytes:
        """Return the shots side by side, each with a hairline around it and clear ground beside it, as WebP."""
        images = "".join(f'<img src="data:image/png;base64,{b64encode(shot).decode()}">' for shot in shots)
        context = self.browser.new_context(device_scale_factor=2, viewport={"width": 2800, "height": 1000})
        page = context.new_page()
        page.set_content(FRAME.replace("MIN", str(narrowest)).replace("IMAGES", images))
        page.evaluate("for (const one of document.images) one.width = one.naturalWidth / 2")
        picture = page.locator("main").screenshot(type="webp", quality=QUALITY, omit_background=True)
        context.close()
        return picture


def around(page: Page, *selectors: str) -> bytes:
    """Return the part of a page that holds all of these, with some ground around it."""
    boxes = [box for one in selectors if (box := page.locator(one).first.bounding_box())]
    assert len(boxes) == len(selectors), selectors
    scrolled = float(page.evaluate("scrollY"))
    left, top = min(box["x"] for box in boxes) - EDGE, min(box["y"] for box in boxes) - EDGE + scrolled
    right = max(box["x"] + box["width"] for box in boxes) + EDGE
    bottom = max(box["y"] + box["height"] for box in boxes) + EDGE + scrolled
    left, right = max(left, 0), min(right, page.viewport_size["width"]) if page.viewport_size else right
    clip = {"x": left, "y": max(top, 0), "width": right - left, "height": bottom - max(top, 0)}
    return _shot(page, clip=clip, full_page=True)


def _shot(page: Page, **what: object) -> bytes:
    return page.screenshot(animations="disabled", caret="hide", **what)  # type: ignore[arg-type]
