"""What a first visit to each kind of page carries, as the browser loads it, without pictures."""

import pytest
from playwright.sync_api import Request

from benchmarks.audit_kinds import of_the_manual
from tests.browser.conftest import Come
from tests.browser.pages import PAGES

MOST_BYTES = 60_000
"""Compressed; this and the next are the customer's."""
MOST_SCRIPT_BYTES = 15_000
ASKS_ONCE = ("document", "stylesheet")


@pytest.mark.parametrize("path", [kind.path for kind in of_the_manual()], ids=[kind.name for kind in of_the_manual()])
def test_a_page_is_light(arrive: Come, path: str) -> None:
    page, loaded = arrive().page, list[Request]()
    page.on("requestfinished", lambda request: loaded.append(request))  # noqa: PLW0108 - Playwright marks its handlers
    page.goto(path, wait_until="networkidle")
    sizes = {
        request.url.partition("/static/")[2] or request.url: _sent(request) for request in loaded if _counts(request)
    }
    kinds = [request.resource_type for request in loaded]
    assert [kinds.count(kind) for kind in ASKS_ONCE] == [1, 1], "one stylesheet"
    assert sum(sizes.values()) <= MOST_BYTES, sizes
    scripts = sum(_sent(request) for request in loaded if request.resource_type == "script")
    assert 0 < scripts <= MOST_SCRIPT_BYTES, sizes


def test_text_is_sent_compressed(arrive: Come) -> None:
    page, loaded = arrive().page, list[Request]()
    page.on("requestfinished", lambda request: loaded.append(request))  # noqa: PLW0108 - as above
    for path in (PAGES["home"], PAGES["article"], PAGES["search: hits"], PAGES["not found"]):
        page.goto(path, wait_until="networkidle")
    plain = [one.url for one in loaded if _counts(one) and _sent(one) > 1000 and not _is_packed(one)]
    assert plain == []


def _sent(request: Request) -> int:
    return request.sizes()["responseBodySize"]


def _counts(request: Request) -> bool:
    return "/assets/" not in request.url


def _is_packed(request: Request) -> bool:
    answer = request.response()
    return bool(answer) and answer.headers.get("content-encoding") in {"gzip", "br", "zstd"}
