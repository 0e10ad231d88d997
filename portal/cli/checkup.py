"""Checkup: what `portal doctor` looks at, one function for each part, each with its findings. Nothing is changed."""

import importlib.metadata
import json
import platform
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from portal.bootstrap import Portal
from portal.cli.checkup_desk import accounts_of, jobs_of, mail_of, outbox_of, sign_in_of, spill_of
from portal.cli.findings import Finding, Verdict, age
from portal.content.git import is_url, run
from portal.content.source import GitSource, open_source
from portal.db import Database, Session, unavailable_when_away
from portal.errors import PortalError
from portal.search import manifest as manifests
from portal.search.manifest import Damaged
from portal.search.meaning.encoder import EncoderState, state
from portal.search.meaning.threads import pin_threads, product_threads
from portal.settings import Settings

PACKAGES = ("numpy", "rapidfuzz", "whoosh3", "pystemmer")
"""What search by words runs on; encoders have findings of their own."""
SCARCE_MEGABYTES, TOO_FEW_MEGABYTES = 1_000, 100
"""Free disk: a generation of 2,640 articles takes about 150 MB, and is built beside the live one."""
ANSWER_SECONDS = 20
MEANING = "meaning.json"
"""What an index says of its vectors: `encoder`, `vectors`, `missing`."""
INSTALL = "Run: pip install -r requirements.lock"


def examine(portal: Portal, *, at: datetime) -> Iterator[Finding]:
    """Look at one part after the other; one that can't even be looked at is a failure, and the rest goes on."""
    checks: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("Python", _python),
        ("packages", _packages),
        ("meaning", lambda: _encoders(portal.settings.encoder)),
        ("threads", _threads),
        ("articles", lambda: _articles(portal.settings)),
        ("data folder", lambda: _data_folder(portal.settings.data)),
        ("database", lambda: _database(portal.settings, portal.database)),
        ("live state", lambda: _live_state(portal, at)),
        ("events", lambda: spill_of(portal.settings)),
        ("sign-in", lambda: sign_in_of(portal.settings)),
    )
    kept: tuple[tuple[str, Callable[[Session], Iterator[Finding]]], ...] = (
        ("accounts", accounts_of),
        ("jobs", lambda session: jobs_of(session, at)),
        ("outbox", outbox_of),
        ("mail", lambda session: mail_of(session, portal.settings)),
    )
    for what, check in checks:
        try:
            yield from check()
        except (PortalError, OSError, ValueError, sqlite3.Error) as error:
            yield Finding(what, Verdict.FAIL, str(error))
    if not _can_be_read(portal):
        return
    for what, look in kept:
        try:
            with unavailable_when_away(), portal.database.session() as session:
                yield from look(session)
        except PortalError as error:
            yield Finding(what, Verdict.FAIL, str(error))


def _can_be_read(portal: Portal) -> bool:
    """Whether there is a database with this program's tables; where not, a finding has said so."""
    is_made = portal.settings.database_url is not None or (portal.settings.data / "portal.sqlite").exists()
    try:
        return is_made and portal.database.ping() and portal.database.is_current()
    except PortalError:
        return False


def _python() -> Iterator[Finding]:
    yield Finding("Python", Verdict.OK, platform.python_version())


def _packages() -> Iterator[Finding]:
    known: dict[str, str] = {}
    for package in PACKAGES:
        try:
            known[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            yield Finding("packages", Verdict.FAIL, f"{package} is missing.", INSTALL)
    yield Finding("packages", Verdict.OK, ", ".join(f"{name} {version}" for name, version in known.items()))


def _encoders(choice: str) -> Iterator[Finding]:
    found = state(choice)
    yield from (_encoder(one, is_asked_for=choice != "auto") for one in found)
    if not found:
        yield Finding("meaning", Verdict.OK, "switched off by PORTAL_ENCODER=none, so words alone are searched.")
    elif all(one.trouble for one in found):
        yield Finding("meaning", Verdict.WARN, "no encoder works, so words alone are searched.")


def _encoder(found: EncoderState, *, is_asked_for: bool) -> Finding:
    """Judge one encoder: one that somebody asked for by name is missed, another is only pointed out."""
    if found.trouble:
        verdict = Verdict.FAIL if is_asked_for else Verdict.WARN
        return Finding("meaning", verdict, f"{found.name} is not used.", found.trouble)
    languages = " ".join(sorted(found.languages)) if found.languages else "any language"
    said = f"{found.name}, {found.milliseconds:.1f} ms a query, vectors of {found.dims}, for {languages}"
    return Finding("meaning", Verdict.OK, said)


def _threads() -> Iterator[Finding]:
    pin_threads()
    threads = product_threads()
    if threads == 1:
        yield Finding("threads", Verdict.OK, "NumPy's products run on the thread that asks for them.")
    else:
        said = "NumPy's products can't be kept to one thread, so processes may fight for cores."
        yield Finding("threads", Verdict.WARN, said, "Set OPENBLAS_NUM_THREADS=1 for the portal.")


def _articles(settings: Settings) -> Iterator[Finding]:
    location = settings.content.partition("#")[0]
    if is_url(location):
        ask = ("ls-remote", "--end-of-options", location, "HEAD")
        run(*ask, folder=None, protocols=settings.git_protocols, seconds=ANSWER_SECONDS)
        yield Finding("articles", Verdict.OK, "the repository of PORTAL_CONTENT answers.")
        return
    source = open_source(settings)
    kind = f"revision {source.newest()[:12]}" if isinstance(source, GitSource) else "a folder that is not in git"
    yield Finding("articles", Verdict.OK, f"{settings.content}, {kind}")


def _data_folder(folder: Path) -> Iterator[Finding]:
    """Write a file without a name where the folder is, or where it will be made."""
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"written by portal doctor")
    except OSError as error:
        mend = "Let the portal's user write there, or name another folder with PORTAL_DATA."
        yield Finding("data folder", Verdict.FAIL, f"{place} can't be written to: {error.strerror}.", mend)
        return
    free = shutil.disk_usage(place).free // 1_000_000
    verdict = Verdict.FAIL if free < TOO_FEW_MEGABYTES else Verdict.WARN if free < SCARCE_MEGABYTES else Verdict.OK
    said = f"{folder}{'' if folder.exists() else ' (made when it is needed)'}, {free:,} MB free"
    yield Finding("data folder", verdict, said, "" if verdict is Verdict.OK else "Make room.")


def _database(settings: Settings, database: Database) -> Iterator[Finding]:
    if settings.database_url is None and not (settings.data / "portal.sqlite").exists():
        said = "there is none yet, so votes can't be kept."
        yield Finding("database", Verdict.WARN, said, "`portal serve` makes it when it starts.")
    elif not database.ping():
        mend = "Start it, or correct PORTAL_DATABASE_URL. Until then votes are refused, and reading goes on."
        yield Finding("database", Verdict.FAIL, f"{database!r} can't be reached.", mend)
    elif not database.is_current():
        said = "its schema is not this program's, so votes may be refused."
        yield Finding("database", Verdict.WARN, said, "Start `portal serve` anew: it brings an older one up to date.")
    else:
        yield Finding("database", Verdict.OK, "it answers, and its schema is this program's.")


def _live_state(portal: Portal, at: datetime) -> Iterator[Finding]:
    name = portal.library.pointed()
    if not name:
        yield Finding("live state", Verdict.WARN, "nothing has been published yet.", "Run `portal publish`.")
        return
    folder = portal.library.folder / name
    try:
        manifest = manifests.read_manifest(folder)
        manifests.check(folder, manifest, thoroughly=True)
    except Damaged as error:
        said = f"it is damaged ({error}), and readers see the one before it, if there is one."
        yield Finding("live state", Verdict.FAIL, said, "Run `portal publish`.")
        return
    counts = ", ".join(f"{number:,} {what.replace('_', ' ')}" for what, number in manifest.counts.items())
    said = f"revision {manifest.revision[:12]}, {age(at, manifest.made_at)} old, whole: {counts}"
    yield Finding("live state", Verdict.OK, f"{said}; {_meaning(folder, manifest)}")
    if trouble := portal.library.trouble():
        yield Finding("live state", Verdict.WARN, trouble)


def _meaning(folder: Path, manifest: manifests.Manifest) -> str:
    """Add up what a generation's indexes say of their vectors; one from before there were vectors says nothing."""
    told = [json.loads((folder / path).read_text("utf-8")) for path in manifest.files if Path(path).name == MEANING]
    if not told:
        return "meaning: unknown"
    encoders = sorted({str(one.get("encoder", "")) for one in told} - {""})
    vectors, missing = (sum(int(one.get(part, 0)) for one in told) for part in ("vectors", "missing"))
    waiting = f", {missing:,} still to be made" if missing else ""
    return f"meaning: {vectors:,} vectors by {' and '.join(encoders) or 'no encoder'}{waiting}"
