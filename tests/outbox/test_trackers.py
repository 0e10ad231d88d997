import json
from datetime import UTC, datetime

import pytest

from portal.content.loop import Tracker
from portal.errors import Unavailable
from portal.outbox import trackers
from portal.outbox.models import Channel
from portal.outbox.parcel import Issue, Parcel
from portal.outbox.reach import Answer
from portal.outbox.tracker_kinds import KINDS, Tokens
from tests.outbox.test_deliver import Outside

AT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
URLS = {
    "github": "https://api.github.com/repos/a/b/issues",
    "gitlab": "https://gitlab.com/api/v4/projects/7/issues",
    "jira": "https://acme.atlassian.net/rest/api/2/issue",
    "zendesk": "https://acme.zendesk.com/api/v2/tickets.json",
}
JIRA = '{"fields": {"project": {"key": "HELP"}, "summary": "{title}", "description": "{body}"}}'


def _parcel(action: str = "open", issue: Issue | None = None, **fields: str) -> Parcel:
    payload = {"title": "T", "body": "B", "number": "12", "url": "https://h/12", "state": "accepted", "action": action}
    return Parcel(
        uid="gap-12-2", channel=Channel.TRACKER, target="forge", event="gap.accepted", gap=12,
        payload=json.dumps(payload | fields), attempt=1, created_at=AT, issue=issue,
    )  # fmt: skip


def _tracker(kind: str, **more: str) -> Tracker:
    return Tracker(**({"name": "forge", "kind": kind, "url": URLS.get(kind, "https://t.example.com/x")} | more))  # type: ignore[arg-type]


def _send(parcel: Parcel, tracker: Tracker, *answers: Answer, token: str | None = None) -> tuple[Issue | None, Outside]:
    outside = Outside(*answers)
    return trackers.send(parcel, tracker, outside, Tokens.read(token)), outside


@pytest.mark.parametrize(
    ("kind", "body", "answer", "issue"),
    [
        ("github", "", {"number": 7, "html_url": "https://github.com/7"}, Issue("7", "https://github.com/7")),
        ("gitlab", "", {"id": 900, "iid": 7, "web_url": "https://gitlab.com/7"}, Issue("7", "https://gitlab.com/7")),
        ("jira", JIRA, {"id": "1000", "key": "HELP-7", "self": "https://x"}, Issue("HELP-7")),
        ("zendesk", "", {"ticket": {"id": 7, "url": "https://x"}}, Issue("7")),
    ],
)
def test_each_kind_makes_an_issue_and_tells_its_id(
    kind: str, body: str, answer: dict[str, object], issue: Issue
) -> None:
    made, outside = _send(
        _parcel(), _tracker(kind, body=body), Answer(201, json.dumps(answer).encode()), token="secret"
    )
    assert made == issue
    [(method, url, headers, sent)] = outside.asked
    assert (method, url) == ("POST", URLS[kind])
    assert "T" in json.dumps(sent)
    assert any("secret" in value for value in headers.values())


@pytest.mark.parametrize(
    ("kind", "more", "method", "url"),
    [
        ("github", {}, "PATCH", "https://api.github.com/repos/a/b/issues/7"),
        ("gitlab", {}, "PUT", "https://gitlab.com/api/v4/projects/7/issues/7"),
        (
            "jira",
            {"close_body": '{"transition": {"id": "31"}}'},
            "POST",
            "https://acme.atlassian.net/rest/api/2/issue/7/transitions",
        ),
        ("zendesk", {}, "PUT", "https://acme.zendesk.com/api/v2/tickets/7"),
        (
            "other",
            {"close_body": '{"done": true}', "update_url": "https://t.example.com/x/{id}/state"},
            "PUT",
            "https://t.example.com/x/7/state",
        ),
    ],
)
def test_each_kind_closes_its_issue(kind: str, more: dict[str, str], method: str, url: str) -> None:
    issue, outside = _send(_parcel("close", Issue("7")), _tracker(kind, **more))
    assert issue == Issue("7")
    assert [one[:2] for one in outside.asked] == [(method, url)]


def test_an_issue_that_nothing_says_how_to_change_is_left_alone() -> None:
    assert _send(_parcel("close", Issue("7")), _tracker("other", body="{}"))[1].asked == []
    assert _send(_parcel("close"), _tracker("github"))[1].asked == []


def test_no_value_can_break_out_of_the_json_or_be_taken_for_a_place() -> None:
    title = 'a", "admin": true, "x": "{token} {body} \\ \n'
    _, outside = _send(_parcel(title=title), _tracker("github"), Answer(201, b'{"number": 1}'), token="secret")
    assert outside.asked[0][3] == {"title": title, "body": "B"}


def test_no_id_can_lead_elsewhere() -> None:
    _, outside = _send(_parcel(issue=Issue("../../users/1?x#y")), _tracker("github"))
    assert outside.asked[0][1] == "https://api.github.com/repos/a/b/issues/..%2F..%2Fusers%2F1%3Fx%23y"


def test_a_token_goes_to_its_own_host_alone() -> None:
    elsewhere = _tracker("github", url="https://evil.example.com/x")
    body = Answer(201, b'{"number": 1}')
    for token in ("secret", "api.github.com=secret"):
        _, outside = _send(_parcel(), elsewhere, body, token=token)
        assert "secret" not in str(outside.asked)
    _, outside = _send(_parcel(), elsewhere, body, token="secret evil.example.com=other")
    assert outside.asked[0][2]["Authorization"] == "Bearer other"
    own = Tracker(
        name="f", kind="other", url="https://t.example.com/x", body='{"t": "{token}"}', headers=("X-Key: {token}",)
    )
    _, outside = _send(_parcel(), own, Answer(201, b'{"id": 1}'), token="t.example.com=secret==")
    assert outside.asked[0][2]["X-Key"] == "secret=="
    assert outside.asked[0][3] == {"t": ""}


@pytest.mark.parametrize(
    ("tracker", "answer", "words"),
    [
        (_tracker("github"), Answer(401, b'{"message": "Bad credentials"}'), "forge answered 401: .*Bad credentials"),
        (_tracker("github"), Answer(302, b""), "answered 302: nothing"),
        (_tracker("github"), Answer(200, b"<html>"), "not JSON"),
        (_tracker("github"), Answer(200, b'{"id": 1}'), "no 'number'"),
        (_tracker("jira"), Answer(200, b"{}"), "needs a `body`"),
        (_tracker("other", body="{title}"), Answer(200, b"{}"), "is not JSON"),
    ],
)
def test_what_goes_wrong_is_said_in_words(tracker: Tracker, answer: Answer, words: str) -> None:
    with pytest.raises(Unavailable, match=words):
        _send(_parcel(), tracker, answer)


def test_an_address_of_an_issue_is_one_that_may_be_opened() -> None:
    answer = Answer(201, b'{"number": 1, "html_url": "javascript:alert(1)"}')
    assert _send(_parcel(), _tracker("github"), answer)[0] == Issue("1", "")


def test_every_template_of_ours_is_json() -> None:
    for kind in KINDS.values():
        for template in (kind.body, kind.close_body, kind.reopen_body):
            assert not template or json.loads(template)
