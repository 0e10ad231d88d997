"""A help centre with customers: who they are, and the links that their company's product makes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.bootstrap import Portal
from portal.content.contact import Customers

KEY = "a key of thirty-two characters or more, which portal and product share"
PRODUCT = "https://app.acme.example/help?to={next}"


def with_key(portal: Portal, key: str | None = KEY) -> Portal:
    return replace(portal, settings=replace(portal.settings, customer_secret=key))


@contextmanager
def signing_in_at(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, url: str = PRODUCT, days: int = 30
) -> Iterator[None]:
    """Have portal.toml name a page of the product."""
    live = portal.library.current()
    with monkeypatch.context() as patch:
        patch.setattr(live, "site", replace(live.site, customers=Customers(sign_in_url=url, days=days)))
        yield


def link(key: str = KEY, algorithm: str = "HS256", **claims: object) -> str:
    """A token as the product makes it now; a claim of None is left out."""
    now = datetime.now(tz=UTC)
    said = {"sub": "42", "iat": now, "exp": now + timedelta(minutes=5), "name": "Ada Lovelace"} | claims
    plain = {name: value.timestamp() if isinstance(value, datetime) else value for name, value in said.items()}
    return jwt.encode({name: value for name, value in plain.items() if value is not None}, key, algorithm)


def enter(client: FlaskClient, token: str = "", wanted: str = "/en/") -> TestResponse:
    return client.get("/en/customers/enter", query_string={"token": token or link(), "next": wanted})
