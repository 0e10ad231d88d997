"""Whatever is sent, the API answers as its document says; some 300 cases here, thousands in `make proof`."""

import json
from collections import Counter
from dataclasses import replace

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig

from portal.app import create_app
from portal.bootstrap import Portal
from portal.people.models import Role
from portal.web.api.operations import OPERATIONS
from tests.web.api_program import a_program
from tests.web.fuzzing import OwnKeys, config

EACH = 4
"""Cases of an operation, with a token and without one."""


@pytest.fixture
def generous(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """Let one client ask as often as it likes."""
    limits = replace(portal.library.current().site.limits, api_calls_per_minute=1_000_000)
    monkeypatch.setattr("portal.web.programs.site", lambda: replace(portal.library.current().site, limits=limits))
    return portal


@pytest.mark.parametrize("has_token", [True, False])
def test_every_answer_is_as_the_document_says(generous: Portal, has_token: bool) -> None:
    app = create_app(generous)
    token = a_program(app, generous, role=Role.ADMIN).token if has_token else ""
    settled = SchemathesisConfig.from_dict(config(token, examples=EACH))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", OwnKeys(app), config=settled)
    statuses: Counter[int] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]

        @settings(max_examples=EACH, database=None, derandomize=True, phases=[Phase.generate], deadline=None,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=operation.as_strategy())
        def try_it(case: schemathesis.Case) -> None:  # type: ignore[type-arg]
            response = case.call_and_validate()
            statuses[response.status_code] += 1

        try_it()
    assert sum(statuses.values()) >= len(OPERATIONS) * EACH * 0.8
    assert not [one for one in statuses if one >= 500]
    assert statuses[200]
    assert has_token or statuses[401]


def test_the_document_names_scopes_problems_and_examples(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/openapi.json")
    made = json.loads(answer.data)
    assert (answer.mimetype, made["openapi"]) == ("application/json", "3.1.0")
    assert made["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    reply = made["paths"]["/api/v1/conversations/{number}/replies"]["post"]
    assert reply["security"] == [{"token": ["conversations:write"]}]
    assert {"201", "400", "401", "403", "404", "409", "412", "413", "415", "422", "429", "500", "503"} == set(
        reply["responses"]
    )
    assert list(reply["responses"]["422"]["content"]) == ["application/problem+json"]
    assert {"Idempotency-Key", "If-Match", "number"} == {one["name"] for one in reply["parameters"]}
    assert made["paths"]["/api/v1/search"]["get"]["security"] == [{}, {"token": ["articles:read"]}]
    assert made["components"]["schemas"]["NewTalk"]["properties"]["text"]["examples"]


def test_the_document_is_304_the_second_time(app: Flask) -> None:
    client = app.test_client()
    first = client.get("/api/v1/openapi.json")
    again = client.get("/api/v1/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_no_page_of_the_documents_maker_is_served(app: Flask) -> None:
    assert not [rule.rule for rule in app.url_map.iter_rules() if "apidoc" in rule.rule]


def test_the_readable_page_shows_every_operation_and_asks_nobody_else(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/docs", headers={"Accept-Language": "de"})
    assert answer.status_code == 200
    assert "Search the articles" in answer.text  # what is around it speaks its language, whatever the browser's is
    for name in OPERATIONS:
        assert f'id="{name}"' in answer.text
    assert "curl -X POST" in answer.text
    assert "https://unpkg" not in answer.text
    assert "cdn" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert "'self'" in answer.headers["Content-Security-Policy"]
