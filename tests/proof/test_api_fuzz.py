"""Schemathesis, all its checks and phases, over a running server: 2,000 cases and more with a token and without one."""

from collections import Counter
from pathlib import Path

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from portal import clock
from portal.app import create_app
from portal.bootstrap import Portal, bootstrap
from portal.conversations import intake
from portal.conversations.intake import Received
from portal.conversations.models import Entry
from portal.db import transaction
from portal.people.models import Role
from portal.pipeline import publish
from portal.programs.tokens import Scope
from portal.settings import Settings
from tests.proof.conftest import Say
from tests.web.api_program import a_token
from tests.web.conftest import FILES
from tests.web.desk_gaps import a_gap
from tests.web.fuzzing import OwnKeys, config
from tests.web.served import served

CASES = 2_000
EXAMPLES = 25
"""Of each operation, besides those that Schemathesis draws up to cover what the document says."""


@pytest.fixture
def portal(tmp_path: Path) -> Portal:
    for path, text in FILES.items():
        file = tmp_path / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    site = tmp_path / "content" / "portal.toml"
    site.write_text(site.read_text().replace("[limits]", "[limits]\napi_calls_per_minute = 1000000"))
    (tmp_path / "data").mkdir()
    portal = bootstrap(
        Settings(content=str(tmp_path / "content"), data=tmp_path / "data", secret_key="of sixteen letters")
    )
    portal.database.upgrade()
    publish(portal, at=clock.now())
    with portal.database.session() as session, transaction(session):
        for n in range(1, 4):
            a_gap(session, title=f"Gap {n}", asked=((f"wording {n}", 3, "gave_up"),))
            intake.open_conversation(session, _received(n), at=clock.now())
    return portal


def _received(number: int) -> Received:
    return Received(
        uid=f"{number:032x}", entry=Entry.FORM, subject="Tea", text="White film.", lang="en", topic=None, name="Ada",
        address="ada@example.com", level="public", visitor=None, has_trail=False, search=None,
    )  # fmt: skip


@pytest.mark.parametrize("who", ["a token with every scope", "nobody"])
def test_the_api_keeps_its_document_s_word(portal: Portal, say: Say, who: str) -> None:
    token = "" if who == "nobody" else a_token(portal, list(Scope), role=Role.ADMIN)[0]
    statuses: Counter[int] = Counter()
    checks, failures, errors = 0, [], []
    with served(OwnKeys(create_app(portal))) as base:
        settled = SchemathesisConfig.from_dict(config(token, examples=EXAMPLES))
        schema = schemathesis.openapi.from_url(f"{base}/api/v1/openapi.json", config=settled)
        for event in from_schema(schema).execute():
            if isinstance(event, events.NonFatalError | events.FatalError):
                errors.append(str(event))
            if not isinstance(event, events.ScenarioFinished):
                continue
            met = [one.response for one in event.recorder.interactions.values() if one.response]
            statuses.update(one.status_code for one in met)
            made = [one for some in event.recorder.checks.values() for one in some]
            checks += len(made)
            failures += [
                f"{one.failure_info.failure}\n{one.failure_info.code_sample}" for one in made if one.failure_info
            ]
    portal.recorder.close()
    cases = sum(statuses.values())
    say(
        f"{who}: {cases:,} cases, {checks:,} checks, {len(failures)} broken, by status {dict(sorted(statuses.items()))}"
    )
    assert not errors
    assert not failures, "\n\n".join(failures[:10])
    assert not [one for one in statuses if one >= 500]
    assert cases >= CASES
