"""Trackers: a gap as an issue in GitHub, GitLab, Jira, Zendesk or another, by templates; one there for one here."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from portal.content.loop import Tracker
from portal.errors import Unavailable
from portal.outbox.parcel import Issue, Parcel
from portal.outbox.reach import Answer, Reach
from portal.outbox.tracker_kinds import KINDS, Kind, Tokens

_PLACE = re.compile(r"\{(title|body|number|url|state|id|token)\}")
_MOST_SAID = 200


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    body: str


def send(parcel: Parcel, tracker: Tracker, reach: Reach, tokens: Tokens) -> Issue | None:
    """Make, change or close the issue of a gap; return it, None where there is nothing to do.

    Raises Unavailable, in words, where the tracker did not take it or the settings can't be used.
    """
    kind, fields = KINDS[tracker.kind], json.loads(parcel.payload)
    request = _request(tracker, kind, fields["action"], parcel.issue)
    if request is None:
        return parcel.issue
    values = {name: str(value) for name, value in fields.items()} | {"id": parcel.issue.id if parcel.issue else ""}
    answer = reach.send(
        request.method,
        _address(request.url, tracker, values),
        _headers(parcel, tracker, kind, tokens),
        _body(request.body, tracker, values),
    )
    if not answer.is_fine:
        raise Unavailable(f"{tracker.name} answered {answer.status}: {_said(answer)}")
    return parcel.issue or _issue(answer, tracker, kind)


def _request(tracker: Tracker, kind: Kind, action: str, issue: Issue | None) -> _Request | None:
    """Choose what to ask for. Without an issue there is one to be made, unless the gap is over."""
    body = tracker.body or kind.body
    if issue is None:
        return None if action == "close" else _Request("POST", tracker.url, body)
    update_url = tracker.update_url or kind.update_url
    if action == "close":
        close_body = tracker.close_body or kind.close_body
        url = kind.close_url or update_url
        return _Request(kind.close_method or kind.update_method, url, close_body) if close_body and url else None
    body = kind.reopen_body if action == "reopen" and kind.reopen_body else body
    return _Request(kind.update_method, update_url, body) if update_url else None


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put values into a text's places, once: what a value says is never taken for a place."""
    return _PLACE.sub(lambda found: values.get(found[1], ""), template)


def _address(template: str, tracker: Tracker, values: Mapping[str, str]) -> str:
    """Return where to ask. The tracker's id is one segment of it and can't lead elsewhere."""
    own = tracker.url.rstrip("/").removesuffix(".json")
    return fill(template, {"url": own, "id": quote(values["id"], safe=""), "number": values["number"]})


def _body(template: str, tracker: Tracker, values: Mapping[str, str]) -> bytes:
    """Return the JSON of a template: places stand within its texts, so that no value can break out of them."""
    if not template:
        raise Unavailable(f"{tracker.name} needs a `body` in portal.toml: this kind of tracker has none of its own.")
    try:
        document = json.loads(template)
    except ValueError as error:
        raise Unavailable(f"The body for {tracker.name} in portal.toml is not JSON: {error}.") from error
    return json.dumps(_filled(document, values), ensure_ascii=False).encode()


def _filled(part: object, values: Mapping[str, str]) -> object:
    if isinstance(part, str):
        return fill(part, {name: value for name, value in values.items() if name != "token"})
    if isinstance(part, list):
        return [_filled(one, values) for one in part]
    if isinstance(part, dict):
        return {key: _filled(value, values) for key, value in part.items()}
    return part


def _headers(parcel: Parcel, tracker: Tracker, kind: Kind, tokens: Tokens) -> dict[str, str]:
    found = {
        "Content-Type": "application/json",
        "User-Agent": "Signpost",
        "Idempotency-Key": parcel.uid,  # where it is understood, the same message twice makes one issue
    }
    token = tokens.for_host(urlsplit(tracker.url).hostname or "", kind)
    for line in (*kind.headers, *tracker.headers):
        name, _, value = line.partition(":")
        if "{token}" in value and token is None:
            continue
        found[name.strip().title()] = fill(value.strip(), {"token": token or ""})
    return found


def _issue(answer: Answer, tracker: Tracker, kind: Kind) -> Issue:
    """Read what the new issue is called there."""
    try:
        document = json.loads(answer.body)
    except ValueError as error:
        raise Unavailable(f"{tracker.name} answered with something that is not JSON.") from error
    where = tracker.id_field or kind.id_field
    known = _at(document, where)
    if known is None or not str(known).strip():
        raise Unavailable(f"{tracker.name} made an issue, but its answer has no {where!r}: mend `id_field`.")
    link = _at(document, tracker.link_field or kind.link_field)
    is_link = isinstance(link, str) and link.startswith("https://")
    return Issue(str(known), str(link) if is_link else "")


def _at(document: Any, path: str) -> str | int | None:  # noqa: ANN401 - what JSON holds
    """Return the text or number at a path of names with dots between."""
    for name in filter(None, path.split(".")):
        document = document.get(name) if isinstance(document, dict) else None
    return document if isinstance(document, str | int) and not isinstance(document, bool) else None


def _said(answer: Answer) -> str:
    return " ".join(answer.body[:_MOST_SAID].decode("utf-8", "replace").split()) or "nothing"
