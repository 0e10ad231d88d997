"""The load: one process, one thread, a few kept-alive connections, HTTP/1.1 as far as our own answers need it."""

import re
import socket
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from selectors import EVENT_READ, DefaultSelector
from time import perf_counter, process_time

from benchmarks.servers import HOST

CONNECTIONS = 8
_ANSWER_SECONDS = 30
_RECEIVED_AT_ONCE = 256 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_NO_BODY = 304
CLOSED = 0
"""Stands for a status where the server closed a connection without an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a slice of load came to. `latencies` are seconds; `wrong` counts statuses not expected, CLOSED too."""

    seconds: float
    latencies: tuple[float, ...]
    wrong: Counter[int]
    client_share: float
    """Share of one core that this client took (0-1)."""

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds


@dataclass(slots=True)
class _Link:
    """One kept-alive connection with at most one request under way."""

    socket: socket.socket
    intended: float = 0.0
    received: bytearray = field(default_factory=bytearray)

    def ask(self, request: bytes, intended: float) -> None:
        self.intended = intended
        self.socket.sendall(request)

    def status(self) -> int | None:
        """Read what is there; return the answer's status once it is whole, CLOSED where none will come."""
        try:
            chunk = self.socket.recv(_RECEIVED_AT_ONCE)
        except ConnectionResetError:
            chunk = b""
        if not chunk:
            return CLOSED
        self.received += chunk
        head = self.received.find(b"\r\n\r\n")
        if head < 0:
            return None
        status = int(self.received[9:12])
        length = _LENGTH.search(self.received, 0, head + 2)
        if length is None and status != _NO_BODY:
            raise ConnectionError("An answer came without Content-Length.")
        if len(self.received) < head + 4 + (int(length[1]) if length and status != _NO_BODY else 0):
            return None
        self.received.clear()
        return status


def drive(
    port: int, requests: Iterator[bytes], *, expected: int, seconds: float, per_second: float | None = None
) -> Answers:
    """Send requests for so long, and wait for the last answers.

    per_second: None keeps every connection busy, which measures how much the server can do. A number sends at fixed
    times, answered or not, and counts each latency from the moment at which its request was due.
    """
    latencies: list[float] = []
    wrong: Counter[int] = Counter()
    with ExitStack() as opened, DefaultSelector() as selector:
        free = deque(_Link(opened.enter_context(_connect(port))) for _ in range(CONNECTIONS))
        for link in free:
            selector.register(link.socket, EVENT_READ, link)
        used, began = process_time(), perf_counter()
        now, sent, due = began, 0, began
        while now < began + seconds or len(free) < CONNECTIONS:
            while free and due <= now < began + seconds:
                free.popleft().ask(next(requests), due if per_second else now)
                sent += 1
                due = began + sent / per_second if per_second else now
            # A pause ends with an answer, with the next request that is due, or with the slice.
            pause = max(0.0, due - now) if free and now < began + seconds else _ANSWER_SECONDS
            for key, _ in selector.select(pause):
                asked: _Link = key.data
                status = asked.status()
                if status == CLOSED:
                    selector.unregister(asked.socket)
                    asked = _Link(opened.enter_context(_connect(port)), asked.intended)
                    selector.register(asked.socket, EVENT_READ, asked)
                if status is not None:
                    latencies.append(perf_counter() - asked.intended)
                    wrong.update([status] if status != expected else [])
                    free.append(asked)
            now = _checked(perf_counter(), began + seconds + _ANSWER_SECONDS)
        taken = now - began
        share = (process_time() - used) / taken
    return Answers(seconds=taken, latencies=tuple(latencies), wrong=wrong, client_share=share)


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection((HOST, port), timeout=_ANSWER_SECONDS)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _checked(now: float, deadline: float) -> float:
    if now > deadline:
        raise TimeoutError(f"The server did not answer within {_ANSWER_SECONDS} seconds.")
    return now
