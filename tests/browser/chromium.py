"""Debian's Chromium: where it is, and how it is started. Playwright's own download is never used."""

import os
import shutil

MISSING = (
    "Chromium was not found (apt-get install chromium, or name it in CHROMIUM), so the browser's tests are left out."
)
PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"
"""A browser's name of somebody who reads. Without a head, Chromium calls itself one that only robots have; what a page
sends while it is left keeps that name whatever Playwright is told, so the whole browser is started with this one."""
ARGUMENTS = (
    f"--user-agent={PERSON}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """What CHROMIUM names, else the first browser of this kind on PATH."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if name and (found := shutil.which(name))), None)
