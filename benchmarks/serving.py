"""Serving: what the portal answers per second, turn by turn with an empty view on the same kind of server."""

import http.client
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from statistics import median

from benchmarks import machine
from benchmarks.client import Answers, drive
from benchmarks.figures import Figure, megabytes, milliseconds
from benchmarks.questions import REPEATED, Questions
from benchmarks.servers import HOST, Server
from benchmarks.size import Size

PACE = 100.0
"""Requests per second at which search is to stay fast (the design's figure)."""
_WARM_UP_SECONDS = 1.0
_OK, _NOT_MODIFIED = 200, 304


@dataclass(slots=True)
class Load:
    """One kind of request, and what the turns of it and of the empty view beside it came to."""

    what: str
    requests: Iterator[bytes]
    expected: int = _OK
    per_second: float | None = None
    turns: list[Answers] = field(default_factory=list)
    peer_turns: list[Answers] = field(default_factory=list)

    def figure(self) -> Figure:
        """Say rate, share of the empty view's rate in the same round, and latencies; for a fixed pace only these."""
        own = _latencies(self.turns)
        if self.per_second:
            peer = milliseconds(_latencies(self.peer_turns), 0.5, 0.99)
            return Figure(self.what, f"{milliseconds(own, 0.5, 0.99)} (empty view {peer})")
        shares = [mine.rate / its.rate for mine, its in zip(self.turns, self.peer_turns, strict=True)]
        rate = median(turn.rate for turn in self.turns)
        return Figure(self.what, f"{rate:,.0f}/s = {median(shares):.2f}; {milliseconds(own, 0.5, 0.99)}")


def measure(server: Server, empty: Server, questions: Questions, size: Size) -> list[Figure]:
    """Give each load its turns, the empty view's next to each, first the one and then the other."""
    loads = _loads(server, questions)
    nothing = cycle([_request("/")])
    drive(empty.port, nothing, expected=_OK, seconds=_WARM_UP_SECONDS)
    for load in loads:
        drive(server.port, load.requests, expected=load.expected, seconds=_WARM_UP_SECONDS)
    for number in range(size.rounds):
        for load in loads:
            _take_turns(load, (server.port, empty.port), nothing, size.slice_seconds, is_odd=number % 2 == 1)
    return _figures(loads, server, empty)


def _take_turns(load: Load, ports: tuple[int, int], nothing: Iterator[bytes], seconds: float, *, is_odd: bool) -> None:
    """Let the portal and its peer answer one after the other; in odd rounds the portal begins."""

    def own() -> None:
        answers = drive(ports[0], load.requests, expected=load.expected, seconds=seconds, per_second=load.per_second)
        load.turns.append(answers)

    def peer() -> None:
        load.peer_turns.append(drive(ports[1], nothing, expected=_OK, seconds=seconds, per_second=load.per_second))

    for turn in (own, peer) if is_odd else (peer, own):
        turn()


def _loads(server: Server, questions: Questions) -> list[Load]:
    articles = [card.url for card in questions.articles]
    known = [_request(path, f"If-None-Match: {_etag(server.port, path)}\r\n") for path in articles]
    new = questions.queries(seed=1)
    old = list(islice(questions.queries(seed=2), REPEATED))
    return [
        Load("article page", _forever(articles)),
        Load("article, 304", cycle(known), expected=_NOT_MODIFIED),
        Load("home", _forever([f"/{questions.lang}/"])),
        Load("search page, new queries", (_request(questions.page_of(query)) for query in new)),
        Load("API search, new queries", (_request(questions.answer_to(query)) for query in new)),
        Load("API search, repeated queries", _forever(questions.answer_to(query) for query in old)),
        Load("completion", _forever(questions.completion_of(text) for text in questions.beginnings())),
        Load(
            f"API search, new queries, at {PACE:.0f}/s",
            (_request(questions.answer_to(query)) for query in new),
            per_second=PACE,
        ),
    ]


def _figures(loads: list[Load], server: Server, empty: Server) -> list[Figure]:
    peers = [turn for load in loads if not load.per_second for turn in load.peer_turns]
    every = [turn for load in loads for turn in (*load.turns, *load.peer_turns)]
    wrong = sum((turn.wrong for turn in every), Counter[int]())
    asked = sum(len(turn.latencies) for turn in every)
    said = f"none of {asked:,}" if not wrong else f"ERRORS of {asked:,}: {dict(wrong)}"
    rate = median(turn.rate for turn in peers)
    return [
        Figure("empty view", f"{rate:,.0f}/s = 1; {milliseconds(_latencies(peers), 0.5, 0.99)}"),
        *(load.figure() for load in loads),
        Figure("answers with an unexpected status", said),
        Figure("the client's share of a core, at most", f"{max(turn.client_share for turn in every):.2f}"),
        Figure("worker after the load: private / shared", _memory(server)),
        Figure("worker of the empty view: private / shared", _memory(empty)),
        Figure("all processes of the portal together", megabytes(_together(server))),
        Figure("from start to the first answer 200 (empty view)", _started(server, empty)),
    ]


def _latencies(turns: Iterable[Answers]) -> list[float]:
    return [latency for turn in turns for latency in turn.latencies]


def _memory(server: Server) -> str:
    largest = max((machine.memory(pid) for pid in server.workers()), key=lambda held: held.private_bytes)
    return f"{megabytes(largest.private_bytes)} / {megabytes(largest.shared_bytes)}"


def _together(server: Server) -> int:
    return sum(machine.memory(pid).share_bytes for pid in server.processes())


def _started(server: Server, empty: Server) -> str:
    return f"{server.start_seconds:.2f} s ({empty.start_seconds:.2f} s)"


def _forever(paths: Iterable[str]) -> Iterator[bytes]:
    return cycle([_request(path) for path in paths])


def _request(path: str, header: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\n{header}\r\n".encode("ascii")


def _etag(port: int, path: str) -> str:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.headers["ETag"]
    finally:
        connection.close()
