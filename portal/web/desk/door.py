"""The desk's door: every page that lets people in, out, and others in."""

from flask import Flask

from portal.people.passwords import Passwords
from portal.settings import Settings
from portal.web.context import put
from portal.web.desk import account, oidc, people, second_factor, set_up, sign_in, tokens

BLUEPRINTS = (sign_in.bp, sign_in.leaving, set_up.bp, second_factor.bp, account.bp, people.bp, tokens.bp, oidc.bp)


def install(app: Flask, settings: Settings, passwords: Passwords | None = None) -> None:
    """Give the app its door. passwords: what hashes and compares; a test puts a cheap one."""
    put(app, passwords or Passwords())
    oidc.install(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
