"""A program that uses the API, for tests: its token, and what it sends."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction
from portal.people import accounts
from portal.people.models import Role, User
from portal.programs import tokens
from portal.programs.scopes import Scope, within
from tests.web.desk_visitors import make_user

AGENT = "Help desk (acme-desk/1.0)"
"""What a program says of itself; nothing that sounds like a robot, which would not be recorded."""


@dataclass(frozen=True, slots=True)
class Program:
    """Somebody's program with a token, or without one."""

    client: FlaskClient
    token: str = ""
    user: User | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.send("GET", path, None, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> TestResponse:
        return self.send("POST", path, {} if body is None else body, **headers)

    def upload(self, content: bytes, name: str = "kettle.png", **headers: str) -> TestResponse:
        """Send a file ahead."""
        return self.send("POST", f"/uploads?{urlencode({'name': name})}", content, **headers)

    def send(self, method: str, path: str, body: object = None, **headers: str) -> TestResponse:
        """Send a body as JSON, or bytes as they are."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"User-Agent": AGENT} | self.headers | named
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if isinstance(body, bytes):
            sent.setdefault("Content-Type", "application/octet-stream")
            return self.client.open(f"/api/v1{path}", method=method, headers=sent, data=body)
        return self.client.open(f"/api/v1{path}", method=method, headers=sent, json=body)


def a_program(
    app: Flask,
    portal: Portal,
    *scopes: Scope,
    role: Role = Role.WRITER,
    email: str = "",
    lives: timedelta = timedelta(days=1),
) -> Program:
    """Return a program with a token of these scopes, by default all that the role may have."""
    text, user = a_token(portal, scopes or within(Scope, role), role=role, email=email, lives=lives)
    return Program(app.test_client(use_cookies=False), text, user)


def a_token(
    portal: Portal,
    scopes: Collection[Scope],
    *,
    role: Role = Role.WRITER,
    email: str = "",
    lives: timedelta = timedelta(days=1),
) -> tuple[str, User]:
    """Return the text of a new token, and its account, made where it is missing. lives: negative for an expired one."""
    email = email or f"{role}@acme.example"
    with portal.database.session() as session:
        user = accounts.find(session, email)
    user = user or make_user(portal, email, role)
    at = clock.now() if lives > timedelta(0) else clock.now() - timedelta(days=30)
    ends = at + abs(lives)
    with portal.database.session() as session, transaction(session):
        _, text = tokens.make(session, user=user, name="Help desk", scopes=scopes, expires_at=ends, at=at)
    return text, user
