"""Reach: one https request to an address that somebody else chose, without being led into our own network.

The name is looked up once, every address it has must be a public one, and the connection goes to the address that was
looked at, so that a name that means another place a moment later leads nowhere. Redirects are not followed.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from portal.errors import Unavailable

SECONDS = 15.0
"""For all of it: a receiver that is slower would hold up every other message."""
MOST_BYTES = 256 * 1024
"""Of an answer that are read; a tracker's issue has a few thousand."""
_HTTPS = 443
_NAT64 = IPv6Network("64:ff9b::/96")

Resolve = Callable[[str, int], list[str]]
Connect = Callable[[str, int, float], socket.socket]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said."""

    status: int
    body: bytes

    @property
    def is_fine(self) -> bool:
        """Whether it took what it was sent."""
        return 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110


def resolve(host: str, port: int) -> list[str]:
    """Return every address of a name."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """Open a connection to an address."""
    return socket.create_connection((address, port), seconds)


@dataclass(frozen=True, slots=True)
class Reach:
    """The way out. Tests hand in a resolver and a connector of their own."""

    resolve: Resolve = resolve
    connect: Connect = connect
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = SECONDS

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send one request and return the answer, whatever its status. Raises Unavailable, in words."""
        parts = _parse(url)
        host, port = parts.hostname or "", parts.port or _HTTPS
        try:
            address = self._public_address(host, port)
            plain = self.connect(address, port, self.seconds)
        except OSError as error:
            raise Unavailable(f"{host} can't be reached: {_words(error)}.") from error
        try:
            return self._ask(plain, method, parts, headers, body)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unavailable(f"{host} did not answer as it should: {_words(error)}.") from error
        finally:
            plain.close()

    def _public_address(self, host: str, port: int) -> str:
        found = self.resolve(host, port)
        private = [address for address in found if not is_public(address)]
        if private or not found:
            raise Unavailable(
                f"{host} is not a public address, so nothing is sent there: "
                "messages must not reach into the network that this server stands in."
            )
        return found[0]

    def _ask(
        self, plain: socket.socket, method: str, parts: SplitResult, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        """Speak TLS for the name, then HTTP; cut the connection when all of it takes too long."""
        host = parts.hostname or ""
        plain.settimeout(self.seconds)
        with self.context.wrap_socket(plain, server_hostname=host) as secured:
            timer = threading.Timer(self.seconds, _cut, [secured])
            timer.daemon = True
            timer.start()
            try:
                connection = http.client.HTTPSConnection(host, parts.port or _HTTPS, timeout=self.seconds)
                connection.sock = secured
                target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                connection.request(method, target, body, {**headers, "Connection": "close"})
                answer = connection.getresponse()
                return Answer(answer.status, answer.read(MOST_BYTES))
            finally:
                timer.cancel()


def is_public(address: str) -> bool:
    """Whether an address is one of the whole world, also where it carries another one within itself."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _carried(ip) if isinstance(ip, IPv6Address) else None
    if inner is not None and (ip in _NAT64 or not is_public(str(inner))):
        return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


def _carried(ip: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for."""
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def _parse(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme == "https" and parts.hostname and (parts.port or _HTTPS)
    except ValueError:
        is_whole = False
    if not is_whole or any(not " " < letter < "\x7f" for letter in url):
        raise Unavailable("The address can't be used: give an https: address.")
    return parts


def _cut(secured: ssl.SSLSocket) -> None:
    """End a connection under the hands of whoever waits for it."""
    with suppress(OSError):
        socket.socket.shutdown(secured, socket.SHUT_RDWR)


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it took too long"
    return str(getattr(error, "strerror", None) or error or type(error).__name__)
