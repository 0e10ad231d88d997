"""Weights: what a first visit to each kind of page carries, compressed, without pictures."""

import gzip
import http.client
import re

from benchmarks.figures import Figure
from benchmarks.questions import Questions
from benchmarks.servers import HOST, Server

_LINKED = re.compile(r'<(?:link rel="stylesheet" href|script [^>]*src)="(/static/[^"]+)"')
_MODULES = re.compile(r"""from\s+["']\./([\w-]+\.js)["']""")
_ICONS = re.compile(r'href="(/static/[^"#]+\.svg)')


def measure(server: Server, questions: Questions) -> list[Figure]:
    """Weigh each kind of page and all that it asks for by itself."""
    card = questions.articles[0]
    topic = next((one.topic for one in questions.articles if one.topic), "more")
    query = next(questions.queries(seed=3))
    kinds = {
        "home": f"/{questions.lang}/",
        "topic": f"/{questions.lang}/topics/{topic}",
        "search": questions.page_of(query),
        "article": card.url,
        "not found": f"/{questions.lang}/articles/there-is-none",
    }
    return [Figure(f"weight: {kind} page", _weigh(server.port, path)) for kind, path in kinds.items()]


def _weigh(port: int, path: str) -> str:
    page, sent = _get(port, path)
    text = page.decode()
    styles: dict[str, int] = {}
    scripts: dict[str, int] = {}
    waiting = sorted(set(_LINKED.findall(text)))
    while waiting:
        name = waiting.pop()
        body, size = _get(port, name)
        (styles if name.endswith(".css") else scripts)[name] = size
        folder = name.rpartition("/")[0]
        found = {f"{folder}/{module}" for module in _MODULES.findall(body.decode())} if name.endswith(".js") else set()
        waiting += sorted(found - scripts.keys() - set(waiting))
    icons = {name: _get(port, name)[1] for name in set(_ICONS.findall(text))}
    css, js, svg = (sum(part.values()) for part in (styles, scripts, icons))
    parts = f"html {_kb(sent)}, css {_kb(css)} ({len(styles)}), js {_kb(js)} ({len(scripts)}), icons {_kb(svg)}"
    return f"{_kb(sent + css + js + svg)} kB: {parts}"


def _get(port: int, path: str) -> tuple[bytes, int]:
    """Return the plain body, and the bytes of it that were sent."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
        is_packed = answer.headers.get("Content-Encoding") == "gzip"
        return gzip.decompress(body) if is_packed else body, len(body)
    finally:
        connection.close()


def _kb(size: int) -> str:
    return f"{size / 1000:.1f}"
