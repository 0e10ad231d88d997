"""What writers and readers get wrong, and what outsiders try: each page stays whole and says something useful."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from lxml import etree
from selectolax.lexbor import LexborHTMLParser, LexborNode
from werkzeug.test import TestResponse

from portal import clock
from portal.app import create_app
from portal.bootstrap import Portal, bootstrap
from portal.db import Database
from portal.pipeline import publish
from portal.settings import Settings
from tests.repositories import ContentRepository

POISON = "\"'><script>alert(1)</script><img src=x onerror=alert(1)></title>{{7*7}}"
LONG = ("How do I connect the measuring station in the cellar with the one on the roof, " * 4)[:299] + "?"
LONG_AGO = "2026-01-01T12:00:00Z"
"""When all but the poisoned article was written, so that it is among the latest."""
COLUMNS = 40
HTML, JSON, XML, TEXT = "text/html", "json", "xml", "text"


def poisoned(field: str) -> str:
    """Return what stands in a field: it names the field, so that a page can be asked for it."""
    return f"Zebra{field} {POISON}"


def quoted(field: str) -> str:
    """Return it as YAML, JSON and TOML write it."""
    return json.dumps(poisoned(field))


SITE = f"""
name = {quoted("name")}
tagline = {quoted("tagline")}
languages = ["en", "de"]

[limits]
searches_per_minute = 100000
completions_per_minute = 100000

[[topics]]
slug = "poison"
name = {quoted("topic")}
summary = {quoted("about")}

[[topics]]
slug = "plain"
name = "Plain things"

[[topics]]
slug = "empty"
name = "A topic that nobody has written for yet"

[[channels]]
kind = "phone"
label = {quoted("channel")}
value = "+49 30 1234567"
hours = {quoted("hours")}

[[footer]]
label = {quoted("footer")}
url = "https://acme.example/imprint"
"""
POISONED = f"""---
id: poisoned
title: {quoted("title")}
summary: {quoted("summary")}
tags: [{quoted("tag")}]
aka: [{quoted("aka")}]
products: [{quoted("product")}, Other]
---
Text about the zebra.

## Zebraheading \\<img src=x onerror=alert(1)>

More of it.

## Second

![Zebraalt "><img src=x onerror=alert(1)>](gone.png)
"""
NOTICE = f"---\ntitle: {quoted('notice')}\nsummary: {quoted('news')}\nkind: notice\n---\nNews.\n"
TABLE = "\n".join(
    f"| {' | '.join(cells)} |"
    for cells in (
        [f"Column {n}" for n in range(1, COLUMNS + 1)],
        ["---"] * COLUMNS,
        [f"Value {n}" for n in range(1, COLUMNS + 1)],
    )
)
FILES = {
    "portal.toml": SITE,
    "en/poison/one.md": POISONED,
    "en/poison/two.md": "---\ntitle: A neighbour of the zebra\nproducts: [Other]\n---\nText about the zebra.\n",
    "de/poison/one.md": f"---\ntitle: {quoted('titel')}\n---\nVom Zebra.\n",
    "en/notices/poison.md": NOTICE,
    "en/plain/long.md": f"---\ntitle: {LONG}\n---\nIt is short.\n\n## First\n\nText.\n\n## Second\n\nText.\n",
    "en/plain/empty.md": "---\ntitle: An article without text\n---\n",
    "en/plain/wide.md": f"---\ntitle: A wide table\n---\n{TABLE}\n",
    "en/plain/picture.md": "---\ntitle: A picture\n---\n![The settings window](gone.png)\n\nText.\n",
    "en/plain/first.md": "---\ntitle: It was moved often\n---\nText.\n",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere that words of others appear."""

    path: str
    fields: tuple[str, ...] = ()
    """What must be there, as text."""
    kind: str = HTML
    status: int = 200


EVERYWHERE = ("name", "channel", "footer", "topic")
PLACES = {
    "home": Place("/en/", (*EVERYWHERE, "notice", "tagline", "about", "title")),
    "topic": Place("/en/topics/poison", (*EVERYWHERE, "about", "title", "summary")),
    "article": Place("/en/articles/poison/one", (*EVERYWHERE, "title", "summary", "tag")),
    "neighbours": Place("/en/articles/poison/two", ("title", "topic")),
    "translation": Place("/de/articles/poison/one", ("titel",)),
    "vote": Place("/en/votes/poisoned", ("title",)),
    "notices": Place("/en/notices", ("notice", "news")),
    "notice": Place("/en/articles/notices/poison", ("notice",)),
    "contact": Place("/en/contact", ("channel", "hours")),
    "contact about a topic": Place("/en/contact?topic=poison", ("channel",)),
    "search": Place("/en/search", EVERYWHERE),
    "hits": Place("/en/search?q=zebra", ("title", "topic", "product")),
    "hits in another language": Place("/en/search?q=vom", ("titel",)),
    "query": Place(f"/en/search?q={quote(POISON)}", ("",)),
    "filters": Place(f"/en/search?q=zebra&tag={quote(POISON)}&topic={quote(POISON)}&product={quote(POISON)}", ("",)),
    "not found": Place("/en/articles/poison/onee", ("title", *EVERYWHERE), status=404),
    "not translated": Place("/de/articles/plain/long", status=404),
    "no such topic": Place("/en/topics/nowhere", ("topic",), status=404),
    "no such language": Place("/xx/articles/poison/one", ("title",), status=404),
    "poisoned address": Place(f"/en/articles/{quote(POISON, safe='')}", status=404),
    "poisoned topic": Place(f"/en/topics/{quote(POISON, safe='')}", status=404),
    "poisoned language": Place(f"/{quote(POISON, safe='')}/", status=404),
    "poisoned id": Place(f"/a/{quote(POISON, safe='')}", status=404),
    "search for programs": Place("/api/v1/search?lang=en&q=zebra", ("title",), JSON),
    "query for programs": Place(f"/api/v1/search?lang=en&q={quote(POISON)}", (), JSON),
    "completions": Place("/api/v1/complete?lang=en&q=zebrati", ("title",), JSON),
    "articles for programs": Place("/api/v1/articles?lang=en", ("title",), JSON),
    "article for programs": Place("/api/v1/articles/poisoned", ("title", "summary", "tag"), JSON),
    "Markdown": Place("/en/articles/poison/one.md", ("title",), TEXT),
    "feed": Place("/feed.xml", ("name", "tagline", "title", "summary", "topic"), XML),
    "sitemap": Place("/sitemap.xml", (), XML),
    "OpenSearch": Place("/opensearch.xml", ("tagline",), XML),
    "suggestions of a browser": Place("/en/suggestions?q=zebrati", ("title",), JSON),
    "llms.txt": Place("/llms.txt", ("name", "tagline", "topic", "title", "summary"), TEXT),
}


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    """Everything above, published once, after one article had moved three times."""
    folder = tmp_path_factory.mktemp("awkward")
    repository = ContentRepository(folder / "content")
    repository.commit({path: text for path, text in FILES.items() if text != POISONED}, GIT_COMMITTER_DATE=LONG_AGO)
    repository.commit({path: text for path, text in FILES.items() if text == POISONED})
    for old, new in (("plain/first", "plain/second"), ("plain/second", "third"), ("third", "plain/today")):
        repository.move(f"en/{old}.md", f"en/{new}.md")
    portal = bootstrap(Settings(content=str(repository.folder), data=folder / "data", secret_key="a secret of sixteen"))
    publish(portal, at=clock.now())
    return portal


@pytest.fixture
def client(awkward: Portal, sqlite_database: Database) -> FlaskClient:
    return create_app(replace(awkward, database=sqlite_database)).test_client()


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_poisoned_words_are_text_wherever_they_appear(client: FlaskClient, place: Place) -> None:
    answer = client.get(place.path)
    assert answer.status_code == place.status
    assert place.kind in answer.headers["Content-Type"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    shown = list(READ[place.kind](answer))
    for field in place.fields:
        wanted = poisoned(field) if field else POISON
        assert any(wanted in words for words in shown), f"{field} is not there"


def test_a_title_of_300_characters_is_shown_whole(client: FlaskClient) -> None:
    page = _whole(client.get("/en/articles/plain/long"))
    assert len(LONG) == 300
    assert _words(page, "h1") == LONG
    assert LONG in _words(_whole(client.get("/en/topics/plain")), "main")
    assert LONG in _words(_whole(client.get("/en/search?q=measuring+station")), "main")


@pytest.mark.parametrize("slug", ["empty", "nowhere", "more"])
def test_a_topic_without_articles_is_not_found_and_offers_the_others(client: FlaskClient, slug: str) -> None:
    page = _whole(client.get(f"/en/topics/{slug}"), status=404)
    offered = [link.attributes["href"] for link in page.css("main a")]
    assert {"/en/topics/poison", "/en/topics/plain"} <= set(offered)
    assert "/en/topics/empty" not in offered


def test_an_article_without_text_says_so_and_can_be_voted_on(client: FlaskClient) -> None:
    page = _whole(client.get("/en/articles/plain/empty"))
    assert _words(page, "h1") == "An article without text"
    assert "no text here yet" in _words(page, "main")
    assert page.css("#vote form")
    assert not page.css("nav.contents, .contents a"), "there is nothing to list"


def test_a_table_of_40_columns_scrolls_by_itself(client: FlaskClient) -> None:
    page = _whole(client.get("/en/articles/plain/wide"))
    assert len(page.css(".table-scroll > table th")) == COLUMNS
    (box,) = page.css(".table-scroll")
    assert box.attributes["tabindex"] == "0", "the keyboard can't scroll it"
    assert box.attributes["role"] == "region"
    assert box.attributes.get("aria-label") or box.attributes.get("aria-labelledby")


def test_an_image_that_is_not_there_gives_way_to_its_words(client: FlaskClient) -> None:
    page = _whole(client.get("/en/articles/plain/picture"))
    assert "The settings window" in _words(page, ".prose")
    assert not page.css(".prose img")


@pytest.mark.parametrize(
    "path", ["/fr/", "/fr/search?q=x", "/xx/articles/plain/wide", "/fr-CA/topics/plain", "/zz/contact"]
)
def test_a_language_that_does_not_exist_is_no_page_and_names_those_that_do(client: FlaskClient, path: str) -> None:
    page = _whole(client.get(path), status=404)
    links = {link.attributes["href"] for link in page.css("a")}
    assert {"/en/", "/de/"} <= links
    assert page.css("main search input[name=q]")


def test_an_article_in_a_language_that_does_not_exist_is_offered_in_one_that_does(client: FlaskClient) -> None:
    page = _whole(client.get("/xx/articles/plain/wide"), status=404)
    assert "/en/articles/plain/wide" in {link.attributes["href"] for link in page.css("main a")}


def test_an_article_that_is_not_translated_is_offered_in_the_language_it_has(client: FlaskClient) -> None:
    page = _whole(client.get("/de/articles/plain/wide"), status=404)
    (link,) = page.css("main a[href='/en/articles/plain/wide']")
    assert link.attributes["hreflang"] == "en"


@pytest.mark.parametrize("old", ["plain/first", "plain/second", "third"])
@pytest.mark.parametrize("suffix", ["", ".md", "?from=mail"])
def test_an_address_from_three_renames_ago_leads_to_todays(client: FlaskClient, old: str, suffix: str) -> None:
    answer = client.get(f"/en/articles/{old}{suffix}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/en/articles/plain/today{suffix}")
    assert client.get(answer.headers["Location"]).status_code == 200


def _whole(answer: TestResponse, *, status: int = 200) -> LexborHTMLParser:
    """Read a page that has all its parts, once, and nothing that runs but our own files."""
    assert answer.status_code == status
    page = LexborHTMLParser(answer.text)
    assert [len(page.css(part)) for part in ("html[lang]", "head > title", "body > header", "main", "h1")] == [1] * 5
    assert answer.text.rstrip().endswith("</html>")
    assert [node.html for node in page.css("*") if _is_foreign(node)] == []
    return page


def _is_foreign(node: LexborNode) -> bool:
    if node.tag == "script":
        is_data = node.attributes.get("type") == "application/ld+json"
        return not is_data and not (node.attributes.get("src") or "").startswith("/static/")
    is_picture = node.tag == "img" and node.attributes.get("src") == "x"
    return is_picture or node.tag == "style" or any(name.startswith(("on", "style")) for name in node.attributes)


def _words(page: LexborHTMLParser, selector: str) -> str:
    return " ".join(" ".join(node.text().split()) for node in page.css(selector))


def _of_html(answer: TestResponse) -> Iterator[str]:
    """Yield every text and every attribute, and what JSON-LD says."""
    page = _whole(answer, status=answer.status_code)
    for node in page.css("*"):
        if node.tag == "script":
            yield from _strings(json.loads(node.text() or "null"))
        else:
            yield node.text(deep=True)
            yield from (value for value in node.attributes.values() if value)


def _of_json(answer: TestResponse) -> Iterator[str]:
    """Yield every string; those that are markup must have been escaped."""
    said = json.loads(answer.text)
    for words in _strings(said, only="_html"):
        assert not [node.html for node in LexborHTMLParser(words).css("*") if _is_foreign(node)]
    yield from _strings(said)


def _strings(value: object, *, only: str = "", name: str = "") -> Iterator[str]:
    """Yield the strings of a JSON value; only: of keys that end so."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _strings(one, only=only, name=str(key))
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one, only=only, name=name)
    elif isinstance(value, str) and name.endswith(only):
        yield value


def _of_xml(answer: TestResponse) -> Iterator[str]:
    """Yield every text and every attribute; markup in a text must have been escaped for a reader that shows it."""
    root = etree.fromstring(answer.data)
    for element in root.iter():
        assert etree.QName(element).localname not in {"script", "img"}
        yield element.text or ""
        yield from element.attrib.values()


def _of_text(answer: TestResponse) -> Iterator[str]:
    """Yield the whole text, as a program has it and as a reader of Markdown shows it."""
    assert "html" not in answer.headers["Content-Type"]
    yield answer.text
    yield unescape(answer.text)


READ = {HTML: _of_html, JSON: _of_json, XML: _of_xml, TEXT: _of_text}
