"""The way out, held against a real TLS server on this machine that stands for a public one."""

import http.server
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from portal.errors import Unavailable
from portal.outbox.reach import MOST_BYTES, Answer, Reach, is_public
from tests.outbox.certificates import write_certificate

PUBLIC = "93.184.216.34"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        said = self.headers.get("Host", "").encode() + b" " + self.rfile.read(length)
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "https://169.254.169.254/")
            said = b""
        elif self.path == "/huge":
            self.send_response(200)
            said = b"x" * (MOST_BYTES * 3)
        elif self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
            return
        else:
            self.send_response(201)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what some tests want."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_certificate(tmp_path_factory.mktemp("tls") / "receiver.pem", "receiver.test")


@pytest.fixture(scope="module")
def port(certificate: Path) -> Iterator[int]:
    server = _Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def _known_as(*addresses: str) -> Callable[[str, int], list[str]]:
    """Stand for a name server that says the same of every name."""
    return lambda *_: list(addresses)


@pytest.fixture
def reach(certificate: Path, port: int) -> Callable[..., Reach]:
    def make(*addresses: str, seconds: float = 5.0) -> Reach:
        def connect(address: str, _: int, limit: float) -> socket.socket:
            assert address == PUBLIC
            return socket.create_connection(("127.0.0.1", port), limit)

        context = ssl.create_default_context(cafile=str(certificate))
        return Reach(_known_as(*(addresses or (PUBLIC,))), connect, context, seconds)

    return make


def _post(reach: Reach, path: str = "/", host: str = "receiver.test") -> Answer:
    return reach.send("POST", f"https://{host}{path}", {"Content-Type": "text/plain"}, b"hello")


def test_a_message_arrives_with_the_name_it_was_sent_to(reach: Callable[..., Reach]) -> None:
    answer = _post(reach())
    assert (answer.status, answer.body, answer.is_fine) == (201, b"receiver.test hello", True)


def test_a_redirect_is_not_followed(reach: Callable[..., Reach]) -> None:
    answer = _post(reach(), "/elsewhere")
    assert (answer.status, answer.is_fine) == (302, False)


def test_no_more_is_read_than_anybody_needs(reach: Callable[..., Reach]) -> None:
    assert len(_post(reach(), "/huge").body) == MOST_BYTES


def test_a_receiver_that_drips_is_cut_off(reach: Callable[..., Reach]) -> None:
    began = time.monotonic()
    read = 0
    with suppress(Unavailable):
        read = len(_post(reach(seconds=0.3), "/slow").body)
    assert read < 50
    assert time.monotonic() - began < 2


def test_a_certificate_for_another_name_is_refused(reach: Callable[..., Reach]) -> None:
    with pytest.raises(Unavailable, match="certificate"):
        _post(reach(), host="other.test")


@pytest.mark.parametrize(
    "addresses", [("127.0.0.1",), ("10.0.0.7",), (PUBLIC, "192.168.1.1"), ("::1",), ("fe80::1%eth0",), ()]
)
def test_a_name_that_has_any_address_in_our_own_network_is_not_asked(
    addresses: tuple[str, ...],
) -> None:
    asked = []

    def connect(*where: object) -> socket.socket:
        asked.append(where)
        raise OSError

    reach = Reach(_known_as(*addresses), connect)
    with pytest.raises(Unavailable, match="not a public address"):
        _post(reach)
    assert asked == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("64:ff9b::5db8:d822", True),
        ("127.0.0.1", False), ("0.0.0.0", False),  # noqa: S104
        ("10.1.2.3", False), ("172.16.0.1", False), ("169.254.169.254", False),
        ("100.64.0.1", False), ("192.0.2.1", False), ("224.0.0.1", False), ("255.255.255.255", False), ("::", False),
        ("::ffff:127.0.0.1", False), ("::ffff:10.0.0.1", False), ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False),
        ("fc00::1", False), ("fe80::1", False), ("ff02::1", False), ("2001:db8::1", False), ("localhost", False),
    ],
)  # fmt: skip
def test_an_address_is_public_only_if_all_of_it_is(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url", ["http://receiver.test/", "https:///x", "https://a:99999/", "file:///etc/passwd", "https://a/\r\nX: y", ""]
)
def test_what_is_no_https_address_is_refused(url: str, reach: Callable[..., Reach]) -> None:
    with pytest.raises(Unavailable, match="give an https: address"):
        reach().send("POST", url, {}, b"")


def test_who_is_away_is_told_in_words() -> None:
    def nobody(*_: object) -> socket.socket:
        raise ConnectionRefusedError(111, "Connection refused")

    with pytest.raises(Unavailable, match=r"receiver\.test can't be reached: Connection refused"):
        _post(Reach(_known_as(PUBLIC), nobody))


def test_a_header_can_not_be_broken_out_of(reach: Callable[..., Reach]) -> None:
    with pytest.raises(Unavailable):
        reach().send("POST", "https://receiver.test/", {"X": "a\r\nHost: evil"}, b"")
