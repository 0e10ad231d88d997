"""The permission matrix: every route and method of the app, for every role, for every audience and state of an article.

`permissions.TABLE` says what each gets. Whether staff do see the hidden articles is asked first, so that nothing
passes because there is nothing to see.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from shutil import copy
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal import clock
from portal.app import create_app
from portal.audience import LEVELS, Level
from portal.bootstrap import Portal, redaction
from portal.conversations import attachments, intake, store
from portal.conversations.attachments import Upload
from portal.conversations.intake import Received
from portal.conversations.keys import key_of
from portal.conversations.models import Entry
from portal.db import Database, transaction
from portal.events.queue import Recorder
from portal.feedback import flags
from portal.feedback.flags import NewFlag
from portal.feedback.models import Fault
from portal.people import accounts
from portal.people.models import Role
from portal.programs import tokens
from portal.programs.tokens import Scope
from portal.search.generation import Library
from portal.search.overlay import OverlayFile
from portal.settings import Settings
from portal.web import context, customers
from portal.web.customers import Customer
from portal.web.limits import Limits
from tests.people.staff import a_user
from tests.repositories import CANARY_AUDIENCES, CANARY_STATES, canary
from tests.web.desk_visitors import cheap, signed_in
from tests.web.permissions import API, PROGRAMS, STAFF, TABLE, As, Gets, Who, level_of

UID = "0" * 31 + "1"
NOTHING = "0123456789ab"
"""The id of no article: what is asked for where nobody may see one."""
RANK = {"public": 0, "customers": 1, "staff": 2}
DOORS = ("/desk/sign-in", "/desk/picker/frame/sign-in")
CANARIES = tuple(product(CANARY_AUDIENCES, CANARY_STATES))
SEE_OTHER, CALM = 303, 500


@dataclass(frozen=True, slots=True)
class Asker:
    """A browser or a program in one role, and what it sends along."""

    client: FlaskClient
    headers: Mapping[str, str]
    csrf: str

    def ask(self, method: str, path: str, given: Mapping[str, str]) -> TestResponse:
        """Ask; what is given goes into the form, or into the document of a program."""
        if method == "GET":
            return self.client.get(path, headers=self.headers)
        if path.startswith(API):
            return self.client.open(path, method=method, headers=self.headers, json=dict(given))
        return self.client.open(path, method=method, headers=self.headers, data={"csrf": self.csrf, **given})


@dataclass(frozen=True, slots=True)
class Stage:
    """The app, with somebody in each role, and something behind each address."""

    app: Flask
    portal: Portal
    tokens: Mapping[str, str]
    """By the scope that they lack; the empty string lacks none."""
    values: Mapping[str, Any]
    """For the arguments of rules, and what some rules take instead."""

    def path(self, rule: Rule, who: Who, **changed: str) -> str:
        """Return an address of a rule."""
        names = {name: who.uses.get(name, name) for name in rule.arguments}
        missing = set(names.values()) - self.values.keys()
        assert not missing, f"{rule.rule} has a new argument: give {missing} a value in `_values`"
        wanted = {name: changed.get(name, self.values[value]) for name, value in names.items()}
        with self.app.test_request_context():
            return self.app.url_for(rule.endpoint, **wanted)

    def asker(self, role: As, who: Who) -> Asker:
        """Return somebody in a role, with a session of their own."""
        self.calm()
        client = self.app.test_client()
        if role in PROGRAMS:
            lacks = {As.TOKEN: "", As.REVOKED: "life"}.get(role, str(who.scope or ""))
            return Asker(client, {"Authorization": f"Bearer {self.tokens[lacks]}"}, "")
        if role is As.CUSTOMER:
            client.set_cookie(customers.COOKIE, _customer(self.app))
        if role in STAFF:
            somebody = signed_in(self.app, self.portal, Role(role.value), f"{role.value}@acme.example")
            return Asker(somebody.client, {}, somebody.csrf())
        return self._shut() if role is As.DISABLED else Asker(client, {}, "")

    def calm(self) -> None:
        """Forget how often anybody asked."""
        with self.app.app_context():
            context.put(self.app, Limits())

    def _shut(self) -> Asker:
        somebody = signed_in(self.app, self.portal, Role.ADMIN, f"{uuid4().hex}@acme.example")
        asker = Asker(somebody.client, {}, somebody.csrf())
        with self.portal.database.session() as session, transaction(session):
            accounts.disable(session, somebody.user.id, at=clock.now())
        return asker


@pytest.fixture(scope="module")
def stage(published: Settings, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("permissions")
    settings = replace(
        published,
        secret_key="a secret for tests alone",
        customer_secret="a customer's secret " * 2,
        mail_secret="a mail hook's secret",
    )
    database = Database(f"sqlite:///{copy(migrated_file, folder / 'portal.sqlite')}")
    library = Library(settings.data / "generations")
    recorder = Recorder(database, folder / "spill", redaction(library))
    portal = Portal(settings=settings, library=library, overlay=OverlayFile(folder / "overlay.json"),
                    database=database, recorder=recorder)  # fmt: skip
    yield Stage(cheap(create_app(portal)), portal, _tokens(portal), _values(portal))
    recorder.close()
    database.close()


def _tokens(portal: Portal) -> dict[str, str]:
    at, made = clock.now(), {}
    with portal.database.session() as session, transaction(session):
        owner = a_user(session, "owner@acme.example", Role.ADMIN)
        for lacking in ("", "life", *Scope):
            token, made[str(lacking)] = tokens.make(
                session, user=owner, name=f"All but {lacking}", scopes={one for one in Scope if one != lacking},
                expires_at=at + timedelta(days=1), at=at,
            )  # fmt: skip
            token.revoked_at = at if lacking == "life" else None
    return made


def _values(portal: Portal) -> dict[str, Any]:
    """Make what routes name, so that who is let in finds something, and who is not would have."""
    at, shelf = clock.now(), portal.library.current().level(Level.PUBLIC).shelf
    received = Received(uid=UID, entry=Entry.FORM, subject="Help", text="Please", lang="en", topic=None, name="Ada",
                        address="ada@example.com", level="public", visitor=None, has_trail=False, search=None,
                        files=(Upload("note.txt", b"A note"),))  # fmt: skip
    with portal.database.session() as session, transaction(session):
        conversation = intake.open_conversation(session, received, at=at)
        (first,) = store.messages(session, conversation.id)
        (file,) = attachments.of_messages(session, [first.id])[first.id]
        person = a_user(session, "victim@acme.example")
        new = NewFlag(uid=UID, article="x", revision="r", lang="en", title="X", topic="", owner="", fault=Fault.WRONG,
                      text="Wrong", user=person.id, by="Ada")  # fmt: skip
        flag = flags.add(session, new, at=at)
        return {
            "accent": "2563eb", "article_id": shelf.find("en", "accounts/reset-your-password"),
            "conversation_id": conversation.id, "file": file.uid, "file name": file.name, "flag": flag.uid, "gap_id": 1,
            "key": key_of(portal.settings.secret(), UID), "lang": "en", "measure": "self_service", "name": "js/main.js",
            "number": conversation.id, "saved_id": 1, "slug": "accounts/reset-your-password", "token": "aaaaaaaa",
            "token_id": 9999, "topic": "accounts", "uid": UID, "user_id": person.id, "version": "old", "voter": "ada",
        }  # fmt: skip


def _customer(app: Flask) -> str:
    who = Customer(subject="a" * 32, name="Ada", address="ada@example.com", level=Level.CUSTOMERS, products=(),
                   lang="en")  # fmt: skip
    with app.test_request_context():
        answer = customers.remember(who, Response(), until=clock.now() + timedelta(days=1))
    return answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]


def _got(answer: TestResponse) -> Gets:
    if answer.status_code == SEE_OTHER and (answer.location or "").startswith(DOORS):
        return Gets.SIGN_IN
    return {401: Gets.TOKEN_NEEDED, 403: Gets.REFUSED, 404: Gets.HIDDEN}.get(answer.status_code, Gets.IN)


def _rules(app: Flask) -> dict[str, Rule]:
    """Return each method of each route, as the table names it. HEAD is GET, and OPTIONS are werkzeug's own."""
    return {
        f"{method} {rule.rule}": rule
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def _may_see(level: Level, audience: str, state: str) -> bool:
    if audience not in RANK or RANK[audience] > LEVELS.index(level):
        return False
    return level is Level.STAFF or state == "published"


def _ids(portal: Portal) -> dict[str, str]:
    """Return every canary's id by its word; those that nobody sees under an id that nothing has."""
    shelf = portal.library.current().level(Level.STAFF).shelf
    words = [canary(*pair) for pair in CANARIES]
    return {word: shelf.find("en", f"canaries/{word}") or NOTHING for word in words}


def _naming(who: Who, word: str, article: str) -> tuple[dict[str, str], str, dict[str, str]]:
    """Return what names an article at a route: arguments of its rule, its query, fields of its form."""
    path = f"/en/articles/canaries/{word}"
    if who.names == "slug":
        return {"slug": f"canaries/{word}"}, "", {}
    if who.names == "?url":
        return {}, "?" + urlencode({"url": f"http://localhost{path}"}), {}
    kind, name = who.names[0], who.names[1:]
    if kind == "?":
        return {}, f"?{name}={article}", {}
    return ({}, "", {name: article}) if kind == "=" else ({who.names: article}, "", {})


def test_every_route_is_in_the_table_and_nothing_else_is(stage: Stage) -> None:
    rules = _rules(stage.app)
    assert sorted(rules.keys() - TABLE.keys()) == [], "say in tests/web/permissions.py who may"
    assert sorted(TABLE.keys() - rules.keys()) == []


def test_staff_do_see_what_is_hidden_from_others(stage: Stage) -> None:
    shown = stage.asker(As.ADMIN, Who(gets={}))
    seen = [pair for pair in CANARIES if _may_see(Level.STAFF, *pair)]
    assert len(seen) == 15
    for pair in seen:
        answer = shown.ask("GET", f"/en/articles/canaries/{canary(*pair)}", {})
        assert answer.status_code == 200
        assert f"Text with {canary(*pair)}" in answer.text


@pytest.mark.parametrize("line", sorted(TABLE))
def test_a_route_lets_in_whom_it_shall_and_nobody_else(line: str, stage: Stage) -> None:
    rule, who = _rules(stage.app).get(line), TABLE[line]
    assert rule, "see the test of the table"
    got = {}
    for role in As:
        answer = stage.asker(role, who).ask(line.partition(" ")[0], stage.path(rule, who), {})
        assert answer.status_code < CALM, (role, answer.text)
        got[role] = _got(answer)
        if got[role] is Gets.HIDDEN and who.gets[role] is Gets.IN and not who.forged:
            got[role] = Gets.IN  # there is nothing of this number, which only who was let in can know
    assert got == dict(who.gets)


@pytest.mark.parametrize("line", sorted(line for line, who in TABLE.items() if who.forged))
def test_a_link_that_is_nearly_right_opens_nothing(line: str, stage: Stage) -> None:
    rule, who = _rules(stage.app)[line], TABLE[line]
    key: str = stage.values[who.forged]
    for forged in (f"{key[:-1]}{'0' if key[-1] != '0' else '1'}", key[:32], key.replace("1-", "2-")):
        path = stage.path(rule, who, **{who.forged: forged})
        for role in As:
            answer = stage.asker(role, who).ask(line.partition(" ")[0], path, {})
            assert answer.status_code == 404, (role, forged)


@pytest.mark.parametrize("line", sorted(line for line, who in TABLE.items() if who.names))
def test_an_article_answers_to_who_may_see_it_alone(line: str, stage: Stage) -> None:
    rule, who, ids = _rules(stage.app)[line], TABLE[line], _ids(stage.portal)
    method, wrong = line.partition(" ")[0], []
    for role in As:
        asker, level = stage.asker(role, who), level_of(role, line, who)
        for pair in CANARIES:
            word = canary(*pair)
            arguments, query, given = _naming(who, word, ids[word])
            answer = asker.ask(method, stage.path(rule, who, **arguments) + query, given)
            may = _may_see(level, *pair)
            wanted = who.gets[role] if may or who.gets[role] is not Gets.IN else Gets.HIDDEN
            is_hollow = may and who.is_hollow and wanted is Gets.IN
            if _got(answer) is not wanted and not is_hollow:
                wrong.append((role.value, word, answer.status_code))
            if not may and wanted is Gets.HIDDEN and f"The {word} article" in answer.text:
                wrong.append((role.value, word, "is named"))
        stage.calm()
    assert wrong == []
