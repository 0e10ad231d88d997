"""Supervisor: one gunicorn, watched over, and a look at the content each second.

Publishing runs in short-lived processes forked from here: all code is loaded already, and their memory is
given back. This process has one thread, so that forking is safe.
"""

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from time import monotonic

import click

from portal.app import create_app
from portal.bootstrap import Portal, bootstrap
from portal.cli.children import Chore, child_for, die_with_parent
from portal.cli.jobs import run_due
from portal.cli.reports import counts_line
from portal.clock import now
from portal.content.source import GitSource, Source, open_source
from portal.errors import PortalError, Unavailable
from portal.pipeline import encode_waiting, is_due, publish, refresh_overlay, waiting_to_be_encoded
from portal.search.meaning.encoder import preload
from portal.settings import ROOT, Settings
from portal.web.press import print_pages

LOOK_SECONDS = 1.0
FETCH_SECONDS = 30.0
RETRY_SECONDS = 60.0
UPGRADE_SECONDS = 10.0
PRINT_SECONDS = 1.0
ENCODE_SECONDS = 1.0
JOB_SECONDS = 20.0
"""How often it is asked whether a job is due."""
CALM = 10
"""How far printing stands back behind serving, as `nice` counts."""
COUNT_SECONDS = 60.0
"""How old the live facts may grow (contracts.md: every minute)."""
WORKER = "portal.cli.patient_worker.PatientWorker"
STOP_SECONDS = 20
_log = logging.getLogger(__name__)


class Supervisor:
    """Serves one portal until it is told to stop."""

    def __init__(self, portal: Portal, *, is_dev: bool) -> None:
        """is_dev: read files as they lie on disk; reload code when it changes."""
        self._portal = portal
        self._is_dev = is_dev
        self._stopping = threading.Event()
        self._next_fetch = monotonic() + FETCH_SECONDS
        self._failed = ("", 0.0)
        self._complaint = ""
        self._source: Source | None = None
        self._is_database_ready = False
        self._next_upgrade = 0.0
        self._counting = Chore(lambda is_news: _count_votes(portal.settings, is_news=is_news), COUNT_SECONDS)
        self._printing = Chore(lambda _: _print(portal.settings), PRINT_SECONDS, is_due=self._is_to_be_printed)
        self._encoding = Chore(lambda _: _encode(portal.settings), ENCODE_SECONDS, is_due=self._is_to_be_encoded)
        self._working = Chore(lambda _: _run_jobs(portal.settings), JOB_SECONDS, is_due=lambda: self._is_database_ready)
        self._chores = (self._printing, self._counting, self._encoding, self._working)
        self._printed = ""

    def upgrade_database(self) -> None:
        """Bring the database up to date; while it is away, reading goes on, and this is tried again."""
        if self._is_database_ready:
            return
        try:
            self._portal.database.upgrade()
            self._is_database_ready = True
        except Unavailable as error:
            _log.warning("The database is away, so votes are refused for now: %s", error)

    def run(self) -> int:
        """Serve; return gunicorn's exit code, 0 when stopped by a signal."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        server = subprocess.Popen(self._gunicorn(), preexec_fn=die_with_parent)  # noqa: PLW1509 - no threads here
        preload(self._portal.settings.encoder)  # here, so that every child shares it: loading takes a second
        click.echo(f"Serving on {self._portal.settings.base_url or f'http://{self._portal.settings.bind}'}", err=True)
        try:
            while not self._stopping.wait(LOOK_SECONDS):
                if server.poll() is not None:
                    return server.returncode or 1
                self._look()
                self._look_after_database()
                for chore in self._chores:
                    chore.look()
        finally:
            for chore in self._chores:  # first, for the server may take a while to answer what it was asked
                chore.stop()
            _stop(server)
        return 0

    def in_child(self, work: Callable[[], None]) -> int:
        """Do some work in a process forked for it; return its exit code."""
        child = child_for(work)
        while child.is_alive() and not self._stopping.is_set():
            child.join(LOOK_SECONDS)
        if child.is_alive():
            child.terminate()
        child.join()
        return child.exitcode or 0

    def _look(self) -> None:
        """Publish when there is something new; a revision that failed is tried again after a while."""
        try:
            source = self._open()
            if isinstance(source, GitSource) and source.mirror:
                is_new = monotonic() >= self._next_fetch
                self._next_fetch = monotonic() + FETCH_SECONDS if is_new else self._next_fetch
            else:
                is_new = is_due(self._portal, source, now())
            failed, when = self._failed
            if is_new and (monotonic() - when > RETRY_SECONDS or source.newest() != failed):
                settings, is_dev = self._portal.settings, self._is_dev
                code = self.in_child(lambda: _publish_once(settings, is_dev=is_dev))
                self._failed = (source.newest(), monotonic()) if code else ("", 0.0)
            self._complaint = ""
        except (PortalError, OSError) as error:
            if str(error) != self._complaint:
                _log.error("The content can't be looked at, so what is live stays: %s", error)
            self._source, self._complaint = None, str(error)

    def _is_to_be_printed(self) -> bool:
        """Whether another generation is live than when this was asked last; while code changes, nothing is printed."""
        before, self._printed = self._printed, self._portal.library.pointed()
        return self._printed != before and not self._is_dev

    def _is_to_be_encoded(self) -> bool:
        """Whether the live generation lacks vectors that somebody has to work out."""
        try:
            live = self._portal.library.newest()
            return bool(live and live.counts.get("unencoded") and waiting_to_be_encoded(self._portal.settings))
        except (PortalError, OSError, sqlite3.Error):
            return False

    def _look_after_database(self) -> None:
        if not self._is_database_ready and monotonic() >= self._next_upgrade:
            self._next_upgrade = monotonic() + UPGRADE_SECONDS
            self.upgrade_database()

    def _open(self) -> Source:
        if self._source is None:
            self._source = open_source(self._portal.settings, working_folder=self._is_dev)
        return self._source

    def _gunicorn(self) -> list[str]:
        settings = self._portal.settings
        return [
            *(sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", settings.bind, "--worker-class", WORKER),
            *("--workers", str(settings.workers), "--threads", str(settings.threads), "--log-level", "warning"),
            *("--keep-alive", "5", "--timeout", "30", "--graceful-timeout", "10", "--no-control-socket"),
            *("--pythonpath", str(ROOT)),  # and not its working folder, for settings may hold relative paths
            *(_reloading() if self._is_dev else ("--preload",)),
        ]


def _reloading() -> list[str]:
    """Begin anew when code changes, and when a template or style does: the app reads those once."""
    watched = [file for folder in ("templates", "static") for file in sorted((ROOT / folder).rglob("*.*"))]
    return ["--reload", *(f"--reload-extra-file={file}" for file in watched)]


def _publish_once(settings: Settings, *, is_dev: bool) -> None:
    try:
        done = publish(bootstrap(settings), at=now(), working_folder=is_dev)
    except PortalError as error:
        _log.error("Publishing failed: %s", error)
        raise SystemExit(1) from error
    if done.is_new:
        _log.info("%s", counts_line(done))


def _print(settings: Settings) -> None:
    """Print the pages of what is live, out of the way of those who read."""
    os.nice(CALM)
    printed = print_pages(create_app(bootstrap(settings)))
    if printed:
        _log.info("Printed %d pages, %d of them unchanged, in %.1f s", printed.pages, printed.reused, printed.seconds)


def _encode(settings: Settings) -> None:
    """Work out vectors, out of the way of those who read; they join with the next look at the content."""
    os.nice(CALM)
    began = monotonic()
    if done := encode_waiting(settings):
        _log.info("Meaning of %d passages and headings worked out in %.0f s", done, monotonic() - began)


def _count_votes(settings: Settings, *, is_news: bool) -> None:
    """Renew the live facts. is_news: whether a failure is worth a line, for the last time went well."""
    try:
        refresh_overlay(bootstrap(settings), at=now())
    except Unavailable as error:
        if is_news:
            _log.warning("Votes can't be counted, so the lists made of them stay as they are: %s", error)
        raise SystemExit(1) from error


def _run_jobs(settings: Settings) -> None:
    """Do what is due, out of the way of those who read."""
    os.nice(CALM)
    try:
        run_due(bootstrap(settings))
    except Unavailable as error:
        raise SystemExit(1) from error  # the counting of votes says that the database is away


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
