"""Browsers as a server sees them: each with cookies and an address of its own, and scripts that tell what they see.

The server has to trust one proxy (PORTAL_TRUSTED_PROXIES=1), so that every browser can say where it comes from.
"""

import json
import re
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from urllib.parse import urlencode

from portal.gaps.crowd import Shown
from tests.journeys.serving import Answer

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
PATIENCE_SECONDS = 30
_NUMBERS = count(1)
_SEARCH = re.compile(r'data-search="([0-9a-f]{32})"')
_HIT = re.compile(r'<li class="hit" data-article="([^"]+)"')
_NEAREST = re.compile(r'<li data-article="([^"]+)"')


def address() -> str:
    """Return an address that nobody else of this run has."""
    number = next(_NUMBERS)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@dataclass(slots=True)
class Browser:
    """One person's browser, or a program that says `agent`. Not for two threads at once."""

    host: str
    agent: str = FIREFOX
    address: str = field(default_factory=address)
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: HTTPConnection | None = None

    def get(self, path: str, **asked: str) -> Answer:
        return self.ask("GET", f"{path}?{urlencode(asked)}" if asked else path)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form."""
        return self.ask("POST", path, urlencode(fields), "application/x-www-form-urlencoded")

    def tell(self, kind: str, **about: str | float) -> None:
        """Tell what a page's script saw."""
        told = json.dumps({"kind": kind, "lang": "en", **about})
        answer = self.ask("POST", "/events", told, "application/json")
        assert answer.status == 204, answer

    def ask(self, method: str, path: str, body: str | None = None, kind: str | None = None) -> Answer:
        """Ask over a connection that is kept; one that the server ended is opened anew for what is safe to repeat.

        Raises OSError or HTTPException where there is no answer.
        """
        is_new = self._connection is None
        try:
            return self._once(method, path, body, kind)
        except (OSError, HTTPException):
            self.close()
            if is_new or method != "GET":
                raise
            return self._once(method, path, body, kind)

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _once(self, method: str, path: str, body: str | None, kind: str | None) -> Answer:
        self._connection = self._connection or HTTPConnection(self.host, timeout=PATIENCE_SECONDS)
        headers = {"User-Agent": self.agent, "X-Forwarded-For": self.address, "Accept-Language": "en"}
        headers |= {"Content-Type": kind} if kind else {}
        headers |= {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} if self.cookies else {}
        self._connection.request(method, path, body.encode() if body else None, headers)
        response = self._connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        set_cookies = [line.partition(";")[0] for line in response.headers.get_all("Set-Cookie", [])]
        self.cookies |= dict(line.split("=", 1) for line in set_cookies)
        if response.will_close:
            self.close()
        return Answer(response.status, response.getheader("Location", ""), text, "; ".join(set_cookies))


def shown(answer: Answer) -> tuple[str, Shown]:
    """Read a page of results: the id of the search, empty where it was not recorded, and what the page shows."""
    assert answer.status == 200, answer
    found, hits = _SEARCH.search(answer.text), tuple(_HIT.findall(answer.text))
    return found[1] if found else "", Shown(hits or tuple(_NEAREST.findall(answer.text)), is_empty=not hits)
