"""Who comes to the desk's door: browsers without JavaScript that sign in, or are signed in already."""

import re
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import clock
from portal.bootstrap import Portal
from portal.db import transaction
from portal.people import accounts, sessions
from portal.people.models import Role, User
from portal.web import context
from portal.web.staff import COOKIE
from tests.people.staff import CHEAP, PASSWORD, a_user

_CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class Somebody:
    """A browser, and whose it is."""

    client: FlaskClient
    user: User

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, **form: str) -> TestResponse:
        """Send a form as the page does, with its token."""
        return self.client.post(path, data={"csrf": self.csrf()} | form)

    def csrf(self) -> str:
        found = _CSRF.search(self.client.get("/desk/account").text)
        return found[1] if found else ""

    def is_inside(self) -> bool:
        return self.client.get("/desk/account").status_code == 200


def cheap(app: Flask) -> Flask:
    """Let the app hash passwords at the least cost."""
    with app.app_context():
        context.put(app, CHEAP)
    return app


def make_user(
    portal: Portal, email: str = "bo@acme.example", role: Role = Role.AGENT, *, has_password: bool = True
) -> User:
    with portal.database.session() as session, transaction(session):
        return a_user(session, email, role, has_password=has_password)


def signed_in(app: Flask, portal: Portal, role: Role = Role.AGENT, email: str = "") -> Somebody:
    """Return a browser with a session of an account, made where it is missing, without going through the sign-in."""
    email = email or f"{role}@acme.example"
    with portal.database.session() as session:
        user = accounts.find(session, email)
    user = user or make_user(portal, email, role)
    with portal.database.session() as session, transaction(session):
        token = sessions.sign_in(session, user, at=clock.now(), is_complete=True).token
    client = app.test_client()
    client.set_cookie(COOKIE, token)
    return Somebody(client, user)


def sign_in(client: FlaskClient, email: str = "bo@acme.example", password: str = PASSWORD, **form: str) -> TestResponse:
    return client.post("/desk/sign-in", data={"email": email, "password": password} | form)
