"""Where and how the portal runs: `PORTAL_*` from the environment, read once, at an edge.

What the help centre *is* (names, colours, topics, limits) stands in `portal.toml` beside the articles.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from portal import setting_values as values_of
from portal.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "PORTAL_"
_READ_ELSEWHERE = frozenset({"PORTAL_DATA_SETS"})
_SECRETS = (
    "customer_oidc_client_secret", "customer_secret", "imap_url", "mail_secret", "oidc_client_secret", "secret_key",
    "smtp_url", "tracker_token", "webhook_secret",
)  # fmt: skip
"""Settings that can be read from a file, by the same name and `_FILE`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, with its default; the name in the environment is `PORTAL_` and the field in capitals."""

    content: str = str(ROOT / "articles")
    """Where the articles are: a folder in a git repository, a bare repository, a URL to mirror, or a plain folder."""

    revision: str | None = None
    """Branch, tag or commit to publish. Default: the branch that is checked out, else HEAD."""

    data: Path = ROOT / "data"
    """Folder for all that the portal keeps: generations, caches, the SQLite database, the secret."""

    bind: str = "127.0.0.1:8000"
    """Address and port to listen on."""

    base_url: str | None = None
    """The address people use, such as https://help.example.com; needed for absolute links."""

    trusted_hosts: tuple[str, ...] = ()
    """Host names to answer to, with commas between; empty answers to any."""

    trusted_proxies: int = 0
    """How many reverse proxies stand in front and set X-Forwarded-For, -Proto and -Host."""

    database_url: str | None = None
    """SQLAlchemy URL of the database. Default: SQLite in the data folder."""

    secret_key: str | None = field(default=None, repr=False)
    """Key that signs and derives. Default: made once and kept in the data folder; `_FILE` reads it from a file."""

    workers: int = 2
    """Server processes."""

    threads: int = 8
    """Threads in each server process."""

    git_protocols: str = "https:ssh"
    """Protocols that git may use for a mirrored URL, in the form of GIT_ALLOW_PROTOCOL."""

    render_seconds: float = 5.0
    """Time one article may take to render before its process is killed."""

    render_megabytes: int = 768
    """Memory one rendering process may take before it is killed."""

    encoder: str = "auto"
    """Whose vectors search uses for meaning: `auto`, `none`, `use`, `wordllama`, or `transformer:` and a folder."""

    smtp_url: str | None = field(default=None, repr=False)
    """Mail server: `smtp://USER:PASSWORD@HOST:587` (STARTTLS), `smtps://…:465`; none, and no mail is sent."""

    mail_from: str = "Help centre <help@localhost>"
    """Sender of mails."""

    push_remote: str | None = field(default=None, repr=False)
    """URL or name of the git remote that drafts are pushed to; none, and a draft stays a branch or a patch file."""

    webhook_url: str | None = None
    """https address that is told of every change of a gap."""

    webhook_secret: str | None = field(default=None, repr=False)
    """Key of the HMAC that signs what the webhook is sent."""

    tracker_token: str | None = field(default=None, repr=False)
    """Stands for {token} in the headers of the trackers of `portal.toml`."""

    oidc_issuer: str | None = None
    """Issuer of OpenID Connect, such as https://login.example.com; none, and staff sign in by password."""

    oidc_client_id: str | None = None
    """What the issuer knows this portal as."""

    oidc_client_secret: str | None = field(default=None, repr=False)
    """The secret that goes with it."""

    imap_url: str | None = field(default=None, repr=False)
    """Mailbox that customers answer to: `imaps://USER:PASSWORD@HOST/INBOX`; `portal mail fetch` reads it."""

    mail_secret: str | None = field(default=None, repr=False)
    """Key of the HMAC that signs mails handed in at `/hooks/mail`; none, and that address takes nothing."""

    customer_secret: str | None = field(default=None, repr=False)
    """Key that the company's own product signs its customers' links with; none, and no such link is taken."""

    customer_oidc_issuer: str | None = None
    """Issuer of OpenID Connect for customers; none, and customers sign in by signed links alone."""

    customer_oidc_client_id: str | None = None
    """What that issuer knows this portal as."""

    customer_oidc_client_secret: str | None = field(default=None, repr=False)
    """The secret that goes with it."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings. Raises SettingsError on an unknown name or a value that can't be used."""
        known = {PREFIX + f.name.upper(): f.name for f in fields(cls)}
        values: dict[str, Any] = {}
        for name, text in sorted(environ.items()):
            if not name.startswith(PREFIX) or name in _READ_ELSEWHERE:
                continue
            if secret := _in_file(name):
                values[secret] = _secret_from(secret, Path(text), name)
            elif name not in known:
                message = f"{name} is not a setting. Known: {', '.join(sorted(known))}."
                raise SettingsError(message)
            elif text.strip():
                values[known[name]] = _parse(known[name], text.strip(), name)
        return cls(**values)

    def database(self) -> str:
        """Return the SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.data / 'portal.sqlite'}"

    def secret(self) -> bytes:
        """Return the secret; the first call makes the file `secret` in the data folder (0600) where none was given."""
        if self.secret_key:
            return self.secret_key.encode()
        path = self.data / "secret"
        if not path.exists():
            self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write_once(path, secrets.token_hex(32))
        return path.read_text("ascii").strip().encode()


def _parse(field_name: str, text: str, name: str) -> object:
    parsers: dict[str, Callable[[str], object]] = {
        "data": lambda value: Path(value).expanduser().absolute(),
        "trusted_hosts": lambda value: tuple(host.strip() for host in value.split(",") if host.strip()),
        "trusted_proxies": lambda value: values_of.whole(value, 0, 10),
        "workers": lambda value: values_of.whole(value, 1, 64),
        "threads": lambda value: values_of.whole(value, 1, 256),
        "render_megabytes": lambda value: values_of.whole(value, 128, 65536),
        "render_seconds": values_of.seconds,
        "encoder": values_of.encoder,
        "base_url": values_of.base_url,
        "bind": values_of.bind,
        "secret_key": values_of.long_enough,
        "webhook_secret": values_of.long_enough,
        "mail_secret": values_of.long_enough,
        "customer_secret": values_of.signing_key,
        "imap_url": values_of.imap_url,
        "smtp_url": values_of.smtp_url,
        "webhook_url": values_of.https_url,
        "oidc_issuer": values_of.https_url,
        "customer_oidc_issuer": values_of.https_url,
    }
    try:
        return parsers.get(field_name, str)(text)
    except ValueError as error:
        shown = "the value" if field_name in _SECRETS else repr(text)
        message = f"{name}: {shown} can't be used: {error}."
        raise SettingsError(message) from error


def _in_file(name: str) -> str | None:
    """Return the secret whose file this setting names."""
    secret = name.removeprefix(PREFIX).removesuffix("_FILE").lower()
    return secret if name.endswith("_FILE") and secret in _SECRETS else None


def _secret_from(secret: str, path: Path, name: str) -> object:
    try:
        return _parse(secret, path.read_text("utf-8").strip(), name)
    except (OSError, ValueError) as error:
        message = f"{name}: {path} can't be used: {error}."
        raise SettingsError(message) from error


def _write_once(path: Path, text: str) -> None:
    """Create `path` readable by its owner only; when two processes race, the first one's text stays."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    beside.touch(mode=0o600)
    beside.write_text(text, "ascii")
    try:
        path.hardlink_to(beside)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
