"""People who vote and say what they were looking for, all the while that the server's workers are killed."""

import secrets
import signal
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from os import kill
from pathlib import Path
from random import Random
from time import monotonic, sleep

from portal.web.visitors import COOKIE as VISIT
from portal.web.voters import COOKIE as VOTER
from portal.web.voters import VoterKeys
from tests.journeys.browsing import Browser, address, shown
from tests.journeys.serving import Served

AT_ONCE = 12
MOST_TRIES = 50
RETRY_SECONDS, WAIT_SECONDS = 0.1, 60.0


@dataclass(slots=True)
class Given:
    """What was acknowledged: the voters' keys and the requests' ids; and how the rest went."""

    votes: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    unanswered: int = 0
    """Sent, and the connection broke: nobody was thanked, so it may be there or not."""
    again: int = 0
    """Requests that were acknowledged only when they were sent again."""
    refused: Counter[int] = field(default_factory=Counter)
    """Statuses of answers that say no."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Kept:
    """What is in the database."""

    voters: list[str]
    requests: list[str]
    voted: int
    requested: int
    """Events that go with them."""


def give(served: Served, *, many: int, a_second: float) -> Given:
    """Let people give so many things, votes and requests by turns, each sent by a connection of its own.

    a_second: so many at most; a machine that has other things to do takes longer.
    """
    given, is_here = Given(), threading.Barrier(AT_ONCE + 1)

    def stand_there(number: int) -> None:
        with closing(Browser(served.host)) as browser:
            article, visit = _come(browser), browser.cookies[VISIT]
        is_here.wait(WAIT_SECONDS)
        began = monotonic()
        for turn in range(number, many, AT_ONCE):
            sleep(max(0.0, began + turn / a_second - monotonic()))
            with closing(Browser(served.host, address=address(), cookies={VISIT: visit})) as browser:
                _vote(browser, article, given) if turn // AT_ONCE % 2 else _request(browser, given)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        coming = [pool.submit(stand_there, number) for number in range(AT_ONCE)]
        is_here.wait(WAIT_SECONDS)
        began = monotonic()
        for one in coming:
            one.result()
    given.seconds = monotonic() - began
    return given


@contextmanager
def killing(served: Served, chance: Random, least: float, most: float) -> Iterator[list[int]]:
    """Kill one worker after the other, with so many seconds between; gives the list of those that were."""
    killed: list[int] = []
    is_over = threading.Event()

    def work() -> None:
        while not is_over.wait(chance.uniform(least, most)):
            there = workers(served)
            if there:
                with suppress(ProcessLookupError):
                    kill(one := chance.choice(there), signal.SIGKILL)
                    killed.append(one)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield killed
    finally:
        is_over.set()
        thread.join()


def workers(served: Served) -> list[int]:
    """Return the processes that answer: children of the one gunicorn that the served process started."""
    masters = {pid for pid in served.processes() if _parent(pid) == served.process.pid and _is_gunicorn(pid)}
    return [pid for pid in served.processes() if _parent(pid) in masters]


def kept(served: Served) -> Kept:
    """Read what is in the database."""
    with closing(sqlite3.connect(f"file:{served.data / 'portal.sqlite'}?mode=ro", uri=True)) as database:

        def column(asked: str) -> list[str]:
            return [str(row[0]) for row in database.execute(asked)]

        return Kept(
            voters=column("SELECT voter FROM votes"),
            requests=column("SELECT uid FROM requests"),
            voted=len(column("SELECT uid FROM events WHERE kind = 'voted'")),
            requested=len(column("SELECT uid FROM events WHERE kind = 'requested'")),
        )


def voters_of(served: Served, given: Given) -> set[str]:
    """Return what is stored in place of the keys that voters were handed."""
    keys = VoterKeys(Path(served.data / "secret").read_text("ascii").strip().encode())
    return {keys.name(key) for key in given.votes}


def _come(browser: Browser) -> str:
    """Search once, for a key to be known by, and return an article's id."""
    for _ in range(MOST_TRIES):
        with suppress(OSError, HTTPException):
            _, found = shown(browser.get("/en/search", q="password"))
            return found.articles[0]
        sleep(RETRY_SECONDS)
    raise AssertionError("no worker answers any more")


def _vote(browser: Browser, article: str, given: Given) -> None:
    """Vote once. Who is not answered does not vote again: without a key they would be somebody else."""
    try:
        answer = browser.post(f"/en/votes/{article}", helpful="yes")
    except (OSError, HTTPException):
        given.unanswered += 1
        return
    if answer.status == 303:
        given.votes.append(browser.cookies[VOTER])
    else:
        given.refused[answer.status] += 1


def _request(browser: Browser, given: Given) -> None:
    """Say what was missing; who is not answered sends the same form again, as browsers offer."""
    uid = secrets.token_hex(16)
    for number in range(MOST_TRIES):
        try:
            answer = browser.post("/en/requests", uid=uid, text="How do I fold a paper boat?")
        except (OSError, HTTPException):
            given.unanswered += 1
            sleep(RETRY_SECONDS)
            continue
        if answer.status == 303:
            given.requests.append(uid)
            given.again += number > 0
        else:
            given.refused[answer.status] += 1
        return


def _parent(pid: int) -> int:
    """Return who started a process; 0 where it is gone."""
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(") ")[2].split()[1])
    return 0


def _is_gunicorn(pid: int) -> bool:
    with suppress(OSError):
        return b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return False
