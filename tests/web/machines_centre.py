"""A help centre with something for every machine: translations, a notice, images, poison, a company."""

import base64
from datetime import UTC, datetime
from pathlib import Path

from portal.bootstrap import Portal, bootstrap
from portal.pipeline import publish
from portal.settings import Settings

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
BASE = "https://help.acme.example"
POISONED_TITLE = """</script>]](x) "quoted" & <b>bold</b> {{7*7}} `tick` \\u0001\\u2028end"""
POISONED = '</script>]](x) "quoted" & <b>bold</b> {{7*7}} `tick`'
IMAGE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SITE = """
name = "Acme & Söhne help"
tagline = "Answers <for> everyone"
names = { de = "Acme & Söhne Hilfe" }
taglines = { de = "Antworten für alle" }
languages = ["en", "de", "pt-BR"]
logo = "brand/logo.png"

[security]
contact = ["security@acme.example", "https://acme.example/report"]
policy = "https://acme.example/policy"
acknowledgments = "https://acme.example/thanks"

[[topics]]
slug = "accounts"
name = "Accounts"
summary = "Signing in & details."
names = { de = "Konten" }
"""
FILES: dict[str, str | bytes] = {
    "portal.toml": SITE,
    "brand/logo.png": IMAGE,
    "en/accounts/form.png": IMAGE + b"\0",
    "en/accounts/reset.md": "---\nid: reset\ntitle: Reset your password\nsummary: When you forgot it.\n"
    "tags: [password]\n---\nAsk for a link.\n\n![A form](form.png)\n",
    "de/accounts/reset.md": "---\nid: reset-de\ntitle: Passwort zurücksetzen\n"
    "summary: Wenn Sie es vergessen haben.\n---\nÖffnen Sie den Link.\n",
    "pt-BR/accounts/reset.md": "---\nid: reset-pt\ntitle: Redefinir a senha\n---\nAbra o link.\n",
    "en/accounts/mail.md": "---\nid: mail\ntitle: Change your address\n---\nIn the settings.\n",
    "en/outage.md": "---\nid: outage\ntitle: Mail is slow today\nkind: notice\n---\nWe are on it.\n",
    "de/stau.md": "---\nid: stau\ntitle: Post kommt heute spät\nkind: notice\n---\nWir sind dran.\n",
    "en/loose/größe.md": "---\nid: loose\ntitle: Größe ändern\n---\nText.\n",
    "de/poison.md": f'---\nid: poison\ntitle: "{POISONED_TITLE.replace(chr(34), chr(92) + chr(34))}"\n'
    "summary: '</script><script>alert(1)</script> ]](x) {{7*7}}'\n---\nText.\n",
    "en/accounts/secret.md": "---\ntitle: Quokkacanary\naudience: staff\n---\nQuokkacanary.\n",
    **{f"en/many/article-{n:02}.md": f"---\ntitle: Article {n}\n---\nText {n}.\n" for n in range(60)},
}


def publish_files(folder: Path, files: dict[str, str | bytes]) -> Portal:
    """Publish files from a folder that is not in git, so that all of them were changed at AT."""
    for path, text in files.items():
        file = folder / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    portal = bootstrap(
        Settings(content=str(folder / "content"), data=folder / "data", secret_key="a secret of sixteen")
    )
    publish(portal, at=AT)
    return portal
