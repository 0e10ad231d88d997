"""Clients that connect and say nothing, or say it slowly, keep nobody else from reading."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.journeys.serving import Served, serve
from tests.repositories import HELP_CENTRE, ContentRepository

MANY = 100
"""Far more than the server has threads."""
HALF_A_HEAD = b"GET /en/ HTTP/1.1\r\nHost: help.example.com\r\nX-Slow: "


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("slow")
    repository = ContentRepository(folder / "content")
    repository.commit(HELP_CENTRE)
    with serve(repository.folder, folder) as served:
        yield served


def _connect(served: Served, stack: ExitStack) -> socket.socket:
    host, _, port = served.address.removeprefix("http://").partition(":")
    return stack.enter_context(socket.create_connection((host, int(port)), timeout=10))


@pytest.mark.parametrize("said", [b"", b"G", HALF_A_HEAD], ids=["nothing", "a letter", "half a head"])
def test_readers_are_served_while_many_others_hold_their_connections(said: bytes, served: Served) -> None:
    with ExitStack() as stack:
        for _ in range(MANY):
            _connect(served, stack).sendall(said)
        assert [served.get("/en/").status for _ in range(20)] == [200] * 20


def test_a_head_that_comes_byte_by_byte_is_answered_in_the_end(served: Served) -> None:
    with ExitStack() as stack:
        slow = _connect(served, stack)
        slow.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(len(head := HALF_A_HEAD + b"yes\r\n\r\n")):
            slow.sendall(head[number : number + 1])
        assert slow.recv(12) == b"HTTP/1.1 200"
