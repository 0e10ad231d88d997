"""A visitor: one page in a browser profile of its own, watched for whatever should not happen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

PATIENCE_MS = 15000
ADDRESSES = count(1)
"""Each visitor comes from an address of its own, so that none uses up another's votes."""
WISHES = {"doNotTrack": ("DNT", "'1'"), "globalPrivacyControl": ("Sec-GPC", "true")}
"""What scripts see of a wish not to be followed, and the header that goes with it."""
HARMLESS = ("Failed to load resource: the server responded with a status of 404",)
"""Chromium reports the status of a page that was asked for as an error of its own."""


@dataclass(slots=True)
class Visitor:
    """`complaints`: errors on the console, violations of the policy, dialogs, and requests to other hosts."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    def forgive(self, words: str) -> None:
        """Drop the complaints that a test brought about on purpose; at least one must be there."""
        kept = [one for one in self.complaints if words not in one]
        assert len(kept) < len(self.complaints), f"nothing said {words!r}: {self.complaints}"
        self.complaints[:] = kept

    def ask_not_to_be_followed(self, wish: str) -> None:
        """Say so as browsers do, in a header and to scripts."""
        header, value = WISHES[wish]
        self.context.set_extra_http_headers({header: "1"})
        self.page.add_init_script(f"Object.defineProperty(Navigator.prototype, '{wish}', {{ get: () => {value} }});")

    def keep(self, folder: Path, name: str) -> None:
        """Leave a screenshot and what the console said."""
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.log").write_text("\n".join([self.page.url, *self.console, *self.complaints, ""]), "utf-8")
        self.page.screenshot(path=folder / f"{name}.png")


def come(browser: Browser, address: str, **options: Any) -> Visitor:  # noqa: ANN401 - whatever a context takes
    """Open a browser profile without history. options: those of Playwright's `new_context`."""
    number = next(ADDRESSES)
    whence = {"X-Forwarded-For": f"198.18.{number >> 8}.{number & 255}"}
    context = browser.new_context(base_url=address, extra_http_headers=whence, **options)
    visitor = Visitor(context, context.new_page())
    visitor.page.set_default_timeout(PATIENCE_MS)
    _watch(visitor, address)
    return visitor


def _watch(visitor: Visitor, address: str) -> None:
    page, complain = visitor.page, visitor.complaints.append

    def hear(kind: str, words: str) -> None:
        visitor.console.append(f"{kind}: {words}")
        if kind == "error" and not words.startswith(HARMLESS):
            complain(words)

    def see(url: str) -> None:
        if not url.startswith((f"{address}/", "data:", "about:")):
            complain(f"asked another host: {url}")

    page.on("console", lambda said: hear(said.type, said.text))
    page.on("pageerror", lambda error: complain(f"uncaught: {error}"))
    page.on("dialog", _refuse(complain))
    visitor.context.on("request", lambda request: see(request.url))


def _refuse(complain: Callable[[str], None]) -> Callable[[Any], None]:
    def refuse(dialog: Any) -> None:  # noqa: ANN401 - Playwright's Dialog
        complain(f"dialog: {dialog.message}")
        dialog.dismiss()

    return refuse
