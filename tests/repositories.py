"""Real git repositories for tests, and the small help centre that most tests read."""

import os
import subprocess
from pathlib import Path

CANARY_AUDIENCES = ("public", "customers", "staff", "stfaf")
CANARY_STATES = {
    "published": "status: published",
    "draft": "status: draft",
    "archived": "status: archived",
    "scheduled": "publish_at: 2999-01-01",
    "over": "until: 2001-01-01",
}

SITE = """
name = "Acme help"
languages = ["en", "de"]

[[topics]]
slug = "accounts"
name = "Accounts"
summary = "Signing in and your details."
names = { de = "Konten" }

[[topics]]
slug = "billing"
name = "Billing"
"""

RESET = """---
title: Reset your password
summary: What to do when you can't sign in.
aka: [forgotten password, locked out]
tags: [password, sign-in]
order: 1
---
You can choose a new password at any time.

## Ask for the mail

Open the sign-in page and choose **Forgot password**. We send a mail within a minute.

## When no mail arrives

Look in the spam folder, or [ask us](change-your-email.md#the-old-address). Error `E-1042` means a full mailbox.
"""

HELP_CENTRE = {
    "portal.toml": SITE,
    "en/accounts/reset-your-password.md": RESET,
    "en/accounts/change-your-email.md": (
        "---\ntitle: Change your e-mail address\ntags: [sign-in]\n---\n"
        "Open **Settings** and type the new address.\n\n## The old address\n\nIt keeps working for a week.\n"
    ),
    "en/billing/read-your-invoice.md": (
        "---\ntitle: Read your invoice\nid: invoice\n---\nEach line is one order.\n\n"
        "## Taxes\n\nValue added tax stands at the end, see [accounts](../accounts/reset-your-password.md).\n"
    ),
    "en/billing/refunds.md": "---\ntitle: Get a refund\n---\nSend the parcel back within 30 days.\n",
    "de/accounts/reset-your-password.md": (
        "---\ntitle: Passwort zurücksetzen\n---\nSie können jederzeit ein neues Passwort wählen.\n\n"
        "## Keine Nachricht\n\nSehen Sie im Spam-Ordner nach.\n"
    ),
    "README.md": "# About this repository\n",
}


def canary(audience: str, state: str) -> str:
    """Return a word that stands in no other article."""
    return f"zebra{audience}{state}"


def canaries() -> dict[str, str]:
    """Return one article for each audience and state; title, summary, tags and text all carry its own word."""
    files = {}
    for audience in CANARY_AUDIENCES:
        for state, line in CANARY_STATES.items():
            word = canary(audience, state)
            files[f"en/canaries/{word}.md"] = (
                f"---\ntitle: The {word} article\nsummary: About {word}.\ntags: [{word}]\naka: [{word}aka]\n"
                f"audience: {audience}\n{line}\n---\nText with {word} in it.\n\n## Heading {word}\n\nMore.\n"
            )
    return files


class ContentRepository:
    """A git repository with a work tree, driven as a writer would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *argv: str, **environment: str) -> str:
        who = {
            "GIT_AUTHOR_NAME": "Cleo",
            "GIT_AUTHOR_EMAIL": "cleo@example.com",
            "GIT_COMMITTER_NAME": "Cleo",
            "GIT_COMMITTER_EMAIL": "cleo@example.com",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        done = subprocess.run(
            ["git", *argv], cwd=self.folder, env=kept | who | environment, check=True, capture_output=True
        )
        return done.stdout.decode("utf-8", "replace").strip()

    def write(self, files: dict[str, str] | dict[str, bytes]) -> "ContentRepository":
        for path, text in files.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self

    def commit(self, files: dict[str, str] | dict[str, bytes] | None = None, **environment: str) -> str:
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "A change", **environment)
        return self.git("rev-parse", "HEAD")

    def move(self, old: str, new: str) -> str:
        (self.folder / new).parent.mkdir(parents=True, exist_ok=True)
        self.git("mv", old, new)
        return self.commit()

    def remove(self, *paths: str) -> str:
        self.git("rm", "-q", "--", *paths)
        return self.commit()
