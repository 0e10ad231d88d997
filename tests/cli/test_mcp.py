"""`portal mcp` as assistants meet it: the SDK's own client lists and calls the tools of a process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shutil import copy
from threading import Timer
from typing import Any

import anyio
import httpx2
import pytest
from click.testing import CliRunner
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from portal import clock
from portal.cli.mcp import SERVER, mcp
from portal.db import Database, transaction
from portal.errors import Unavailable
from portal.events import log
from portal.events.kinds import Requested
from portal.feedback import requests
from portal.people.models import Role
from portal.programs import tokens
from portal.programs.tokens import Scope
from portal.settings import Settings
from tests.people.staff import a_user
from tests.repositories import CANARY_STATES, canary

PATIENCE_SECONDS = 60
TOOLS = ["match", "read", "report_missing", "search"]
HIDDEN = [canary("staff", "published"), *(canary("public", state) for state in CANARY_STATES if state != "published")]
Asking = Callable[[Client], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Stage:
    """The small help centre with a database of its own, and tokens in it."""

    environment: Mapping[str, str]
    database: Database
    tokens: Mapping[str, str]


@pytest.fixture(scope="module")
def stage(published: Settings, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    file = copy(migrated_file, tmp_path_factory.mktemp("mcp") / "portal.sqlite")
    database = Database(f"sqlite:///{file}")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    ours = {
        "PORTAL_CONTENT": published.content,
        "PORTAL_DATA": str(published.data),
        "PORTAL_DATABASE_URL": f"sqlite:///{file}",
        "PORTAL_ENCODER": "none",
        "PORTAL_SECRET_KEY": "a secret for tests alone",
        "PORTAL_BASE_URL": "https://help.acme.example",
    }
    yield Stage(kept | ours, database, _tokens(database))
    database.close()


def _tokens(database: Database) -> dict[str, str]:
    at = clock.now()
    wanted = {"staff": {Scope.ARTICLES_READ}, "public": {Scope.VOTES_WRITE}, "over": {Scope.ARTICLES_READ}}
    made = {}
    with database.session() as session, transaction(session):
        user = a_user(session, "ada@acme.example", Role.ADMIN)
        for name, scopes in wanted.items():
            token, made[name] = tokens.make(
                session, user=user, name=name, scopes=scopes, expires_at=at + timedelta(days=1), at=at
            )
            token.revoked_at = at if name == "over" else None
    return made


@pytest.fixture(scope="module")
def address(stage: Stage) -> Iterator[str]:
    """Where a server over HTTP answers, until the module's tests are over."""
    command = [sys.executable, "-m", "portal", "mcp", "--http", "127.0.0.1:0"]
    with subprocess.Popen(
        command, env=stage.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        watchdog = Timer(PATIENCE_SECONDS, process.kill)
        watchdog.start()
        try:
            assert process.stderr
            found = next(
                (port for line in process.stderr if (port := re.search(r"running on (http://\S+)", line))), None
            )
            assert found, "it ended before it answered"
            yield f"{found[1]}/mcp"
        finally:
            watchdog.cancel()
            process.terminate()
            printed, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert printed == ""


def over_stdio(stage: Stage, ask: Asking, *argv: str) -> None:
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "portal", "mcp", *argv], env=dict(stage.environment)
    )
    _run(lambda: Client(stdio_client(command)), ask)


def over_http(address: str, token: str, ask: Asking) -> None:
    @asynccontextmanager
    async def connect() -> AsyncIterator[Client]:
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http,
            Client(streamable_http_client(address, http_client=http)) as client,
        ):
            yield client

    _run(connect, ask)


def _run(connect: Callable[[], AbstractAsyncContextManager[Client]], ask: Asking) -> None:
    async def within_patience() -> None:
        with anyio.fail_after(PATIENCE_SECONDS):
            async with connect() as client:
                await ask(client)

    anyio.run(within_patience)


async def _said(client: Client, tool: str, **given: str) -> str:
    """Return what a tool says it can't do."""
    answer = await client.call_tool(tool, given)
    assert answer.is_error
    return str(answer.content[0].text)  # type: ignore[union-attr]


async def _found(client: Client, query: str) -> dict[str, Any]:
    answer = await client.call_tool("search", {"query": query})
    assert not answer.is_error, answer
    assert answer.structured_content
    return answer.structured_content


async def a_whole_conversation(client: Client) -> None:
    """What an assistant does: look round, search, read, match; and it is told what it did wrong, in words."""
    listed = (await client.list_tools()).tools
    assert sorted(tool.name for tool in listed) == TOOLS
    assert all(tool.description and tool.output_schema for tool in listed)
    found = await _found(client, "forgotten password")
    best = found["articles"][0]
    assert best["title"] == "Reset your password"
    assert best["url"].startswith("https://help.acme.example/en/articles/accounts/reset-your-password")
    read = await client.call_tool("read", {"article_id": best["id"]})
    text = read.content[0].text  # type: ignore[union-attr]
    assert text.startswith("# Reset your password\n\nYou can choose a new password at any time.")
    assert "(updated 2" in text
    matched = await client.call_tool("match", {"message": "Hello,\nI never got the mail for my new password. Ada"})
    assert matched.structured_content
    assert matched.structured_content["result"][0]["article"]["title"] == "Reset your password"
    german = await client.call_tool("search", {"query": "Passwort", "lang": "DE"})
    assert german.structured_content
    assert german.structured_content["articles"][0]["title"] == "Passwort zurücksetzen"
    assert "give one of en, de" in await _said(client, "search", query="password", lang="xx")
    assert "write what to search for" in await _said(client, "search", query="  ")
    assert "there is no such article" in await _said(client, "read", article_id="nothing")
    assert "give the whole message" in await _said(client, "match", message="\n")


async def sees_what_is_public_alone(client: Client) -> None:
    seen = await _found(client, canary("public", "published"))
    assert seen["articles"][0]["title"] == f"The {canary('public', 'published')} article"
    for word in HIDDEN:
        assert word not in str(await client.call_tool("search", {"query": word, "lang": "en"})).replace(word, "", 2)
        assert word not in str((await _found(client, f"title:{word}"))["articles"])


async def sees_what_staff_see(client: Client) -> None:
    for word in HIDDEN:
        found = await _found(client, word)
        assert found["articles"][0]["title"] == f"The {word} article"
        read = await client.call_tool("read", {"article_id": found["articles"][0]["id"]})
        assert word in str(read.content)


async def reports(client: Client) -> None:
    for _ in range(2):
        told = await client.call_tool(
            "report_missing", {"text": "Delete the account of ada.l@example.com", "lang": "en"}
        )
        assert told.structured_content, told
        assert "ada.l" not in told.structured_content["text"]
    assert "Write in a few words" in await _said(client, "report_missing", text=" ")


async def may_not_report(client: Client) -> None:
    assert "scope votes:write" in await _said(client, "report_missing", text="Delete my account")


def test_an_assistant_works_over_standard_streams_and_reads_what_is_public(stage: Stage) -> None:
    async def ask(client: Client) -> None:
        await a_whole_conversation(client)
        await sees_what_is_public_alone(client)

    over_stdio(stage, ask)


def test_whoever_starts_it_may_let_it_read_as_staff_do(stage: Stage) -> None:
    over_stdio(stage, sees_what_staff_see, "--level", "staff")


def test_an_assistant_works_over_http_with_a_token(stage: Stage, address: str) -> None:
    over_http(address, stage.tokens["public"], a_whole_conversation)


def test_a_token_reads_what_its_scopes_say(stage: Stage, address: str) -> None:
    over_http(address, stage.tokens["public"], sees_what_is_public_alone)
    over_http(address, stage.tokens["staff"], sees_what_staff_see)


def test_a_report_becomes_a_request_once_without_personal_data(stage: Stage, address: str) -> None:
    over_http(address, stage.tokens["public"], reports)
    with stage.database.session() as session:
        (event,) = [one for one in log.read(session, since=clock.now() - timedelta(hours=1))
                    if isinstance(one, Requested)]  # fmt: skip
        (kept,) = requests.of_visitor(session, event.visitor)
    assert (kept.uid, kept.text, kept.lang, kept.user) == (event.request, event.text, "en", None)
    assert "Delete the account of" in kept.text
    assert "ada.l" not in kept.text


def test_only_a_token_that_was_made_for_it_reports(stage: Stage, address: str) -> None:
    over_http(address, stage.tokens["staff"], may_not_report)


@pytest.mark.parametrize("token", ["", "nonsense", "sp_" + "0" * 40, "over"])
def test_nobody_is_answered_over_http_without_a_token_that_lives(stage: Stage, address: str, token: str) -> None:
    shown = stage.tokens.get(token, token)
    headers = {"Authorization": f"Bearer {shown}"} if shown else {}
    asking = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    answer = httpx2.post(address, json=asking, headers=headers | {"Accept": "application/json, text/event-stream"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "tools" not in answer.text


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
def test_no_page_reaches_it_from_another_host_or_origin(stage: Stage, address: str, headers: dict[str, str]) -> None:
    asking = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    ours = {"Authorization": f"Bearer {stage.tokens['staff']}", "Accept": "application/json, text/event-stream"}
    assert httpx2.post(address, json=asking, headers=ours | headers).status_code in {403, 421}


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("--http", "8100"), "give an address and a port"),
        (("--http", "127.0.0.1:8100", "--level", "staff"), "each token says what it may read"),
        (("--level", "nobody"), "'nobody' is not one of"),
    ],
)
def test_what_can_not_be_started_says_why(argv: tuple[str, ...], words: str) -> None:
    done = CliRunner().invoke(mcp, argv)
    assert done.exit_code == 2
    assert words in done.output


def test_who_lacks_the_packages_is_told_what_installs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, SERVER, None)
    with pytest.raises(Unavailable, match=re.escape('pip install "signpost-portal[mcp]"')):
        mcp.main([], standalone_mode=False)
