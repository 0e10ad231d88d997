"""Debian's Chromium: where it is, and how it is started. Playwright's own download is never used."""

import os
import shutil

MISSING = (
    "Chromium was not found (apt-get install chromium, or name it in CHROMIUM), so the browser's tests are left out."
)
ARGUMENTS = (
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
