"""Tracker kinds: how issues are made, changed and closed where `portal.toml` says nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of tracker. Addresses and bodies are templates; {url} in an address is the tracker's own."""

    body: str = ""
    update_method: str = "PUT"
    update_url: str = ""
    close_method: str = ""
    """Empty for that of updates."""
    close_url: str = ""
    """Empty for that of updates."""
    close_body: str = ""
    reopen_body: str = ""
    headers: tuple[str, ...] = ()
    id_field: str = "id"
    link_field: str = ""
    hosts: tuple[str, ...] = ()
    """Where a token that names no host is sent; one that begins with a dot stands for all below it."""


KINDS: Mapping[str, Kind] = {
    "github": Kind(
        body='{"title": "{title}", "body": "{body}"}',
        update_method="PATCH",
        update_url="{url}/{id}",
        close_body='{"state": "closed", "state_reason": "completed"}',
        reopen_body='{"state": "open"}',
        headers=("Authorization: Bearer {token}", "Accept: application/vnd.github+json"),
        id_field="number",
        link_field="html_url",
        hosts=("api.github.com",),
    ),
    "gitlab": Kind(
        body='{"title": "{title}", "description": "{body}"}',
        update_url="{url}/{id}",
        close_body='{"state_event": "close"}',
        reopen_body='{"state_event": "reopen"}',
        headers=("PRIVATE-TOKEN: {token}",),
        id_field="iid",
        link_field="web_url",
        hosts=("gitlab.com",),
    ),
    "jira": Kind(
        update_url="{url}/{id}",
        close_method="POST",
        close_url="{url}/{id}/transitions",
        headers=("Authorization: Basic {token}",),
        id_field="key",
        hosts=(".atlassian.net",),
    ),
    "zendesk": Kind(
        body='{"ticket": {"subject": "{title}", "comment": {"body": "{body}", "public": false}}}',
        update_url="{url}/{id}",
        close_body='{"ticket": {"status": "solved"}}',
        reopen_body='{"ticket": {"status": "open"}}',
        headers=("Authorization: Basic {token}",),
        id_field="ticket.id",
        hosts=(".zendesk.com",),
    ),
    "other": Kind(headers=("Authorization: Bearer {token}",)),
}
"""Written after each tracker's manual of its REST interface; docs/trackers.md."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """PORTAL_TRACKER_TOKEN: one token, or HOST=TOKEN with blanks between.

    Who writes articles also writes `portal.toml`, and must not be able to have the token sent somewhere else.
    """

    by_host: Mapping[str, str] = field(default_factory=dict)
    bare: str = ""

    @classmethod
    def read(cls, setting: str | None) -> "Tokens":
        """Read the setting."""
        found: dict[str, str] = {}
        bare = ""
        for word in (setting or "").split():
            host, equals, token = word.partition("=")
            if equals and token.strip("=") and "." in host:
                found[host.lower()] = token
            else:
                bare = word
        return cls(found, bare)

    def for_host(self, host: str, kind: Kind) -> str | None:
        """Return the token that a host may have; None for one that may have none."""
        known = self.by_host.get(host.lower())
        is_usual = any(host == one or (one.startswith(".") and host.endswith(one)) for one in kind.hosts)
        return known or (self.bare if self.bare and is_usual else None)
