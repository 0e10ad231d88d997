"""A writer commits, a reader reads: `portal serve` follows the repository by itself."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.journeys.serving import Served, serve, until
from tests.repositories import HELP_CENTRE, ContentRepository

RESET = "/en/articles/accounts/reset-your-password"
REFUNDS = "/en/articles/billing/refunds"
LIVE_SECONDS = 3.0
END_SECONDS = 25.0
"""More than the ten seconds that gunicorn gives requests under way, with room for a busy machine."""
ASKED_OFTEN = 12
"""Enough questions for each of the server's two processes to answer some."""
COUNT = count(1)


@dataclass(frozen=True, slots=True)
class Stage:
    """A repository that a writer commits to, and the server that follows it."""

    repository: ContentRepository
    served: Served

    def await_words(self, path: str, words: str) -> float:
        """Wait until `path` shows `words`, and see that it stays so, whichever process answers."""
        took = until(lambda: self.shows(path, words), LIVE_SECONDS, f"{words!r} on {path}")
        assert [self.shows(path, words) for _ in range(ASKED_OFTEN)] == [True] * ASKED_OFTEN
        return took

    def shows(self, path: str, words: str) -> bool:
        answer = self.served.get(path)
        return answer.status == 200 and words in answer.text

    def await_log(self, words: str) -> None:
        until(lambda: words in self.served.said(), LIVE_SECONDS, f"{words!r} in the log:\n{self.served.said()}")

    def votes(self) -> list[tuple[str, int]]:
        """Every vote in the database: article, and whether it was helpful."""
        with closing(sqlite3.connect(f"file:{self.served.data / 'portal.sqlite'}?mode=ro", uri=True)) as database:
            return database.execute("SELECT article_id, is_helpful FROM votes").fetchall()

    def article_id(self, path: str) -> str:
        return self.served.get(path).text.partition('action="/en/votes/')[2].partition('"')[0]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("live")
    repository = ContentRepository(folder / "content")
    repository.commit(HELP_CENTRE)
    with serve(repository.folder, folder / "portal") as served:
        yield Stage(repository, served)
    assert "Traceback" not in served.said()


@pytest.fixture
def stage(running: Stage) -> Stage:
    """The same server for each test, with the articles as they were at first."""
    words = f"Test number {next(COUNT)}."
    running.repository.git("rm", "-rqf", "--ignore-unmatch", "en", "de")
    running.repository.commit(HELP_CENTRE | {"en/marker.md": f"---\ntitle: Marker\n---\n{words}\n"})
    running.await_words("/en/articles/marker", words)
    return running


def test_a_word_that_is_edited_is_live_without_a_restart(stage: Stage) -> None:
    before = stage.served.get(REFUNDS).text
    assert "30 days" in before
    stage.repository.commit({"en/billing/refunds.md": HELP_CENTRE["en/billing/refunds.md"].replace("30", "fourteen")})
    stage.await_words(REFUNDS, "fourteen days")
    stage.await_words("/en/search?q=fourteen", "Get a refund")
    assert "30 days" not in stage.served.get(REFUNDS).text


def test_a_moved_article_keeps_its_id_its_vote_and_its_old_address(stage: Stage) -> None:
    key = stage.article_id(RESET)
    voted = stage.served.post(f"/en/votes/{key}", "helpful=yes")
    assert (voted.status, stage.votes()) == (303, [(key, 1)])
    stage.repository.move("en/accounts/reset-your-password.md", "en/sign-in/new-password.md")
    moved = "/en/articles/sign-in/new-password"
    stage.await_words(moved, "Reset your password")
    assert stage.article_id(moved) == key
    assert stage.votes() == [(key, 1)]
    assert "You said that this article helped" in stage.served.get(f"/en/votes/{key}", Cookie=voted.cookie).text
    old = stage.served.get(RESET)
    assert (old.status, old.location) == (301, moved)
    assert stage.served.get(f"/a/{key}").location == moved


def test_a_broken_article_keeps_its_last_good_page_and_stops_nothing_else(stage: Stage) -> None:
    stage.repository.commit(
        {
            "en/billing/refunds.md": "---\ntitle: [broken\n---\nNothing.\n",
            "en/billing/new.md": "---\ntitle: A new one\n---\nIt came with a broken neighbour.\n",
        }
    )
    stage.await_words("/en/articles/billing/new", "broken neighbour")
    assert "30 days" in stage.served.get(REFUNDS).text
    assert "Get a refund" in stage.served.get("/en/search?q=parcel").text


def test_more_than_half_of_the_articles_gone_is_taken_for_a_mistake(stage: Stage) -> None:
    gone = ("en/accounts/reset-your-password.md", "en/accounts/change-your-email.md", "en/billing/refunds.md")
    stage.repository.remove(*gone, "de/accounts/reset-your-password.md")
    stage.await_log("Only 2 of 6 articles would remain")
    assert stage.served.get(REFUNDS).status == 200
    assert stage.served.get("/de/articles/accounts/reset-your-password").status == 200


def test_told_to_end_it_ends_with_all_its_processes(tmp_path: Path) -> None:
    with _own_server(tmp_path) as served:
        assert len(served.processes()) >= 3, "the supervisor, gunicorn and a worker"
        served.process.send_signal(signal.SIGTERM)
        until(lambda: not served.processes(), END_SECONDS, "every process to end")
        assert served.process.wait() == 0
        assert "Traceback" not in served.said()


def test_killed_outright_it_leaves_no_process(tmp_path: Path) -> None:
    with _own_server(tmp_path) as served:
        assert len(served.processes()) >= 3
        served.process.kill()
        until(lambda: not served.processes() - {served.process.pid}, END_SECONDS, "every process to end")


def test_killed_outright_while_it_publishes_it_leaves_no_process_and_starts_again(tmp_path: Path) -> None:
    repository = ContentRepository(tmp_path / "content")
    repository.commit(HELP_CENTRE)
    with serve(repository.folder, tmp_path / "portal") as served:
        idle = len(served.processes())
        repository.commit({f"en/many/{n}.md": f"---\ntitle: Number {n}\n---\nText {n}.\n" for n in range(150)})
        until(lambda: len(served.processes()) > idle, LIVE_SECONDS, "the publishing to begin")
        os.kill(served.process.pid, signal.SIGKILL)
        until(lambda: not served.processes() - {served.process.pid}, END_SECONDS, "every process to end")
    with serve(repository.folder, tmp_path / "portal") as served:
        until(lambda: served.get("/en/articles/many/149").status == 200, END_SECONDS, "the new articles")


def _own_server(folder: Path) -> AbstractContextManager[Served]:
    repository = ContentRepository(folder / "content")
    repository.commit(HELP_CENTRE)
    return serve(repository.folder, folder / "portal")
