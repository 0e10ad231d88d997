"""`portal users`: accounts of staff from the command line, for the first one and for when nobody can sign in."""

import os

import click

from portal.bootstrap import Portal, bootstrap
from portal.cli.links import link_of
from portal.clock import now
from portal.db import transaction, unavailable_when_away
from portal.errors import Invalid, PortalError
from portal.letterbox import language_of, site_of
from portal.outbox.key_letters import KeyLetter, key_letter
from portal.outbox.mail import Mailer
from portal.people import accounts, keys, passwords
from portal.people.models import KeyKind, Role, User
from portal.people.passwords import Passwords
from portal.settings import Settings
from portal.web.speech import Catalogues


@click.group()
def users() -> None:
    """Accounts of staff: who may sign in to the desk, and as what."""


@users.command("add")
@click.argument("email")
@click.option("--name", help="As colleagues know them; without it, what stands before the @.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="agent", show_default=True)
@click.option("--lang", help="What the desk speaks to them, and mails: en or de. Without it, as their browser says.")
@click.option("--print", "is_printed", is_flag=True, help="Print the link even where there is a mail server.")
def add(email: str, *, name: str | None, role: str, lang: str | None, is_printed: bool) -> None:
    """Invite somebody: make an account, and mail or print the link that opens it."""
    spoken = sorted(Catalogues().languages)
    if lang is not None and lang not in spoken:
        raise Invalid(f"The desk speaks no {lang}. Write one of {', '.join(spoken)}.")
    portal, at = _portal(), now()
    with portal.database.session() as session, transaction(session):
        user = accounts.add(session, email=email, name=name or email.partition("@")[0], role=Role(role), at=at)
        accounts.set_language(session, user.id, lang)
        token = keys.make_key(session, kind=KeyKind.INVITATION, user_id=user.id, at=at)
    click.echo(f"Made an account for {user.email}, {user.role}.", err=True)
    _deliver(portal, user, KeyKind.INVITATION, token, is_printed=is_printed)


@users.command("list")
def list_all() -> None:
    """Print every account: address, role, state, name, language (- for none chosen), with tabs between."""
    with unavailable_when_away(), _portal().database.session() as session:
        everybody = accounts.everybody(session)
    for user in everybody:
        click.echo(f"{user.email}\t{user.role}\t{_state(user)}\t{user.name}\t{user.lang or '-'}")
    click.echo(f"{len(everybody)} {'account' if len(everybody) == 1 else 'accounts'}.", err=True)


@users.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Shut an account; its sessions and links end at once."""
    with _portal().database.session() as session, transaction(session):
        user = accounts.disable(session, accounts.named(session, email).id, at=now())
    click.echo(f"{user.email} is shut.", err=True)


@users.command("enable")
@click.argument("email")
def enable(email: str) -> None:
    """Open a shut account again."""
    with _portal().database.session() as session, transaction(session):
        user = accounts.enable(session, accounts.named(session, email).id)
    click.echo(f"{user.email} is open.", err=True)


@users.command("password")
@click.argument("email")
@click.option("--ask", is_flag=True, help="Type the new password here, in place of a link.")
@click.option("--print", "is_printed", is_flag=True, help="Print the link even where there is a mail server.")
def password(email: str, *, ask: bool, is_printed: bool) -> None:
    """Mail or print a link to choose a new password, or set one here."""
    portal = _portal()
    if ask:
        _set_password(portal, email)
        return
    with portal.database.session() as session, transaction(session):
        user = accounts.named(session, email)
        kind = KeyKind.INVITATION if user.is_awaited else KeyKind.RESET
        token = keys.make_key(session, kind=kind, user_id=user.id, at=now())
    _deliver(portal, user, kind, token, is_printed=is_printed)


def _set_password(portal: Portal, email: str) -> None:
    with unavailable_when_away(), portal.database.session() as session:
        user = accounts.named(session, email)
    typed = click.prompt("New password", hide_input=True, confirmation_prompt=True, err=True)
    hashed = Passwords().hash(passwords.check(typed, email=user.email, name=user.name))
    with portal.database.session() as session, transaction(session):
        accounts.set_password(session, user.id, hashed)
    click.echo(f"{user.email} has a new password, and is signed out everywhere.", err=True)


def _deliver(portal: Portal, user: User, kind: KeyKind, token: str, *, is_printed: bool) -> None:
    """Mail the link where there is a mail server; print it where there is none, or where it takes no mail."""
    mailer, link = Mailer(portal.settings), link_of(portal, token)
    if mailer.is_on and not is_printed:
        letter = _letter(portal, user, kind)
        try:
            mailer.send(user.email, letter.subject, letter.text(link))
        except PortalError as error:
            click.echo(f"The mail was not taken, so here is the link: {error}", err=True)
        else:
            click.echo(f"Mailed a link to {user.email}.", err=True)
            return
    click.echo(link)


def _letter(portal: Portal, user: User, kind: KeyKind) -> KeyLetter:
    """Return what is written around a link, in the language of the account, else in the help centre's first one."""
    with unavailable_when_away(), portal.database.session() as session:
        lang = language_of(session, portal, user.email)
    return key_letter(lang, name=site_of(portal).name_in(lang), is_invitation=kind is not KeyKind.RESET)


def _state(user: User) -> str:
    if user.is_disabled:
        return "disabled"
    return "invited" if user.is_awaited else "active"


def _portal() -> Portal:
    """Return the portal, with its database at today's schema: accounts may be made before the first `portal serve`."""
    portal = bootstrap(Settings.from_env(os.environ))
    portal.database.upgrade()
    return portal
