"""A client that is generated from the document runs the whole loop, against a server of its own."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from flask import Flask
from openapi_python_client.cli import app as generator
from typer.testing import CliRunner

from portal import clock, pipeline
from portal.bootstrap import Portal
from portal.people.models import Role
from portal.programs.tokens import Scope
from tests.web.api_program import AGENT, a_token
from tests.web.conftest import PASSWORD
from tests.web.served import served

WANTED = "export all invoices of a year as a spreadsheet"


@contextmanager
def generated(document: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Generate a client and import it."""
    (folder / "openapi.json").write_text(document)
    (folder / "config.yml").write_text(yaml.safe_dump({"post_hooks": [], "package_name_override": "signpost_client"}))
    asked = ["generate", "--path", str(folder / "openapi.json"), "--output-path", str(folder / "made"),
             "--config", str(folder / "config.yml")]  # fmt: skip
    result = CliRunner().invoke(generator, asked)
    assert result.exit_code == 0, result.output
    assert "warning" not in result.output.lower(), result.output
    monkeypatch.syspath_prepend(str(folder / "made"))
    yield importlib.import_module("signpost_client")
    for name in [one for one in sys.modules if one.startswith("signpost_client")]:
        del sys.modules[name]


def operation(tag: str, name: str) -> Any:  # noqa: ANN401 - made while the test runs
    return importlib.import_module(f"signpost_client.api.{tag}.{name}")


def shape(name: str) -> Any:  # noqa: ANN401 - made while the test runs
    return getattr(importlib.import_module("signpost_client.models"), name)


def test_a_generated_client_runs_the_whole_loop(
    app: Flask, portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = a_token(portal, list(Scope), role=Role.ADMIN)
    with served(app) as base, generated(httpx.get(f"{base}/api/v1/openapi.json").text, tmp_path, monkeypatch) as made:
        client = made.AuthenticatedClient(base_url=base, token=token, headers={"User-Agent": AGENT})
        with client:
            _runs(client, portal)


def _runs(client: Any, portal: Portal) -> None:  # noqa: ANN401 - made while the test runs
    found = operation("search", "search").sync(client=client, q="zzyzx theodolite tripod")
    assert found.total == 0
    for visitor in ("v-1", "v-2", "v-3", "v-4", "v-5", "v-6"):
        body = shape("NewRequest")(text=WANTED, visitor=visitor)
        kept = operation("votes_and_requests", "add_request").sync(client=client, body=body)
        assert kept.text == WANTED
    assert portal.recorder.flush()
    pipeline.find_gaps(portal, at=clock.now() + timedelta(hours=1))
    [gap] = operation("gaps", "list_gaps").sync(client=client).gaps
    assert gap.people == 6
    accepted = operation("gaps", "accept_gap").sync(gap.id, client=client, body=shape("Change")(version=gap.version))
    assert accepted.state.value == "accepted"
    new = shape("NewTalk")(text="I forgot my password and the link is gone.", address="ada@example.com", name="Ada")
    talk = operation("conversations", "create_conversation").sync(client=client, body=new, idempotency_key="chat-7")
    again = operation("conversations", "create_conversation").sync(client=client, body=new, idempotency_key="chat-7")
    assert talk.id == again.id
    offered = operation("search", "match").sync(client=client, body=shape("Message")(text=talk.messages[0].text))
    assert offered.suggestions[0].article == PASSWORD
    link = operation("links", "make_link").sync(
        client=client, body=shape("NewLink")(article=PASSWORD, conversation=talk.id)
    )
    reply = operation("conversations", "reply").sync(
        talk.id, client=client, body=shape("NewReply")(text=f"This helps: {link.url}", version=talk.version)
    )
    assert reply.kind.value == "reply"
    sent = operation("links", "read_link").sync(link.token, client=client)
    assert sent.sent_at == reply.send_at
    late = operation("conversations", "reply").sync(
        talk.id, client=client, body=shape("NewReply")(text="Late.", version=talk.version)
    )
    assert (type(late).__name__, late.status) == ("Problem", 409)
