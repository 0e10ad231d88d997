"""`make pictures`: every picture of the manual and the README, taken of the manual itself as it is served.

Commits have fixed dates and the browser a fixed clock, so that a picture only changes where its page does.
"""

import hashlib
import sys
import tempfile
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import sync_playwright

from portal import clock
from portal.bootstrap import bootstrap
from portal.pipeline import refresh_overlay
from portal.settings import Settings
from tests.browser.chromium import ARGUMENTS, MISSING, find_chromium
from tests.browser.studio import HALF, NOW, PHONE, TABLET, WIDE, Scheme, Studio, around
from tests.journeys.serving import ROOT, Served, serve, until
from tests.repositories import ContentRepository

MANUAL = ROOT / "articles"
OURS, README = MANUAL / "images", ROOT / "docs" / "images"
DAYS = 40
"""Articles seem to have been edited on this many days before it."""
MOST_BYTES, MOST_BYTES_IN_ALL = 120_000, 1_200_000
HELPFUL = {"search": 5, "write-an-article": 5, "first-minute": 4, "markdown": 4, "link-in-reply": 3, "colours": 3}
ACME = {
    'name = "Signpost"': 'name = "Acme Help"\nlogo = "brand/logo.svg"',
    "How to read, write and run a help centre that lives in git": "Answers about your Acme account",
    "#0b6e63": "#7a3cff",
}
"""What the manual's `portal.toml` says, and what another company's would."""
NOTICE = """---
id: card-payments
title: Card payments may fail on Sunday morning
kind: notice
---
Between 6 and 11 o'clock, payments by card may be refused. Nothing is charged twice.
"""
LOGO = """<svg xmlns="http://www.w3.org/2000/svg" width="152" height="32" viewBox="0 0 152 32">
<path fill="#7a3cff" d="M16 2 30 28H2z"/><circle cx="16" cy="20" r="5" fill="#fff"/>
<text x="40" y="23" font-family="sans-serif" font-size="20" font-weight="700" fill="#1b1d21">Acme Help</text></svg>
"""


def main() -> None:
    """Take every picture and write it where it is shown. Stops without writing when one of them is too heavy."""
    chromium = find_chromium() or sys.exit(MISSING)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        repository = _copy_of_the_manual(Path(folder) / "content")
        with serve(repository.folder, Path(folder) / "portal") as served:
            _vote(served)
            browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
            pictures = take(Studio(browser, served, repository))
            browser.close()
    _write(pictures)


def take(studio: Studio) -> dict[Path, bytes]:
    """Return every picture by the file that it belongs into."""
    pictures = {**_whole_pages(studio), **_parts(studio), **_phones(studio)}
    pictures["brand-before-after"] = _before_and_after(studio)
    pictures["notice"] = _notice(studio)
    manual = {OURS / f"{name}.webp": picture for name, picture in pictures.items()}
    return manual | {README / f"{name}.webp": picture for name, picture in _for_the_readme(studio).items()}


def _whole_pages(studio: Studio) -> dict[str, bytes]:
    filtered = "/en/search?q=article&topic=writing"
    return {
        "home": studio.framed(studio.screen("/en/")),
        "article": studio.framed(studio.screen("/a/markdown")),
        "results-filters": studio.framed(studio.screen(filtered, (1040, 430))),
    }


def _parts(studio: Studio) -> dict[str, bytes]:
    with studio.page("/en/", TABLET) as page:
        page.locator(".welcome").evaluate("one => one.style.paddingBlockEnd = '20rem'")  # nothing else under the list
        page.locator("#q").press_sequentially("change a")
        page.locator("[role=option]").first.wait_for()
        suggestions = around(page, ".welcome .search-box", "#completions")
    with studio.page("/a/markdown", TABLET) as page:
        copy = around(page, ".article-links > :first-child", ".article-links > :last-child")
    with studio.page("/en/", WIDE) as page:
        page.locator(".menu-languages summary").click()
        language = around(page, ".menu-languages .menu-panel", ".theme-button")
    parts = {"suggestions": suggestions, "copy-link": copy, "language-menu": language}
    return {name: studio.framed(shot) for name, shot in parts.items()}


def _phones(studio: Studio) -> dict[str, bytes]:
    with studio.page("/a/voting", PHONE) as page:
        page.get_by_role("button", name="No", exact=True).click()
        page.locator(".vote-why").wait_for()
        page.evaluate("document.activeElement.blur()")
        why = around(page, "#vote-heading", ".vote-change")
    shots = {
        "home-dark-phone": studio.screen("/en/", PHONE, "dark"),
        "nothing-found": studio.screen("/en/search?q=zzyzx", PHONE),
        "contact": studio.screen("/en/contact?topic=running", (390, 560)),
        "vote-why": why,
    }
    return {name: studio.framed(shot) for name, shot in shots.items()}


def _before_and_after(studio: Studio) -> bytes:
    """Dress the manual as somebody else's help centre, and undress it again."""
    site = (MANUAL / "portal.toml").read_text("utf-8")
    dressed = site
    for ours, theirs in ACME.items():
        assert ours in site, ours
        dressed = dressed.replace(ours, theirs)
    before = studio.screen("/en/", HALF)
    studio.repository.commit({"portal.toml": dressed, "brand/logo.svg": LOGO})
    until(lambda: 'class="logo' in studio.served.get("/en/").text, 30, "the logo")
    after = studio.screen("/en/", HALF)
    studio.repository.commit({"portal.toml": site})
    until(lambda: 'class="logo' not in studio.served.get("/en/").text, 30, "the written name")
    return studio.framed(before, after)


def _notice(studio: Studio) -> bytes:
    studio.repository.commit({"en/notices/card-payments.md": NOTICE})
    until(lambda: "Card payments" in studio.served.get("/en/").text, 30, "the notice")
    with studio.page("/en/", TABLET) as page:
        shot = around(page, ".notice-strip", ".welcome-line")
    studio.repository.remove("en/notices/card-payments.md")
    until(lambda: "Card payments" not in studio.served.get("/en/").text, 30, "no notice")
    return studio.framed(shot)


def _for_the_readme(studio: Studio) -> dict[str, bytes]:
    """Return the home page for a desk and an article for a phone, each in light and dark."""
    schemes: tuple[Scheme, ...] = ("light", "dark")
    return {
        f"{name}-{scheme}": studio.framed(studio.screen(path, size, scheme), narrowest=0)
        for name, path, size in (("desktop", "/en/", WIDE), ("phone", "/a/search", PHONE))
        for scheme in schemes
    }


def _copy_of_the_manual(folder: Path) -> ContentRepository:
    """Commit the manual's files on days that depend on nothing but their paths; notices of today are left out."""
    days: dict[int, dict[str, bytes]] = defaultdict(dict)
    for file in MANUAL.rglob("*"):
        if file.is_file() and b"\nkind: notice\n" not in file.read_bytes().partition(b"\n---")[0]:
            path = file.relative_to(MANUAL).as_posix()
            days[int(hashlib.sha256(path.encode()).hexdigest(), 16) % DAYS][path] = file.read_bytes()
    repository = ContentRepository(folder)
    for ago in sorted(days, reverse=True):
        moment = (NOW - timedelta(days=ago, hours=1)).isoformat()
        repository.commit(days[ago], GIT_AUTHOR_DATE=moment, GIT_COMMITTER_DATE=moment)
    return repository


def _vote(served: Served) -> None:
    """Let readers find some articles helpful, and have it counted now rather than within a minute."""
    for article, votes in HELPFUL.items():
        for _ in range(votes):
            answer = served.post(f"/en/votes/{article}", "helpful=yes")
            assert answer.status < 400, (article, answer)
    refresh_overlay(bootstrap(Settings(data=served.data)), at=clock.now())
    until(lambda: "Most helpful" in served.get("/en/").text, 90, "the votes to be counted")


def _write(pictures: dict[Path, bytes]) -> None:
    heavy = [f"{file.name}: {len(picture):,} bytes" for file, picture in pictures.items() if len(picture) > MOST_BYTES]
    total = sum(map(len, pictures.values()))
    if heavy or total > MOST_BYTES_IN_ALL:
        sys.exit(f"Too heavy, nothing was written ({total:,} bytes in all). {', '.join(heavy)}")
    for file, picture in pictures.items():
        is_new = not file.exists() or file.read_bytes() != picture
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(picture)
        sys.stdout.write(f"{'made     ' if is_new else 'unchanged'} {len(picture):>8,} {file.relative_to(ROOT)}\n")
    sys.stdout.write(f"{total:,} bytes in all\n")


if __name__ == "__main__":
    main()
