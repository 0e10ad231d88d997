"""Machines' documents, read by parsers that are not ours."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit
from urllib.robotparser import RobotFileParser

import feedparser
import pytest
from flask.testing import FlaskClient
from llms_txt import parse_llms_file
from lxml import etree
from protego import Protego
from usp.tree import sitemap_from_str, sitemap_tree_for_homepage
from usp.web_client.abstract_client import (
    AbstractWebClient,
    AbstractWebClientResponse,
    AbstractWebClientSuccessResponse,
    WebClientErrorResponse,
)

from portal import clock
from portal.app import create_app
from portal.audience import Level
from portal.bootstrap import Portal, bootstrap
from portal.settings import Settings
from portal.web.help import sitemaps
from portal.web.help.sitemaps import Address
from tests.repositories import CANARY_AUDIENCES, CANARY_STATES, canary
from tests.web.machines_centre import AT, BASE, FILES, POISONED, SITE, publish_files

DOCUMENTS = ("/sitemap.xml", "/feed.xml", "/robots.txt", "/llms.txt", "/opensearch.xml", "/.well-known/security.txt")
WITH_LANGUAGE = ("/feed.xml", "/llms.txt", "/opensearch.xml")
LISTS = ("/sitemap.xml", "/feed.xml", "/llms.txt")
OPEN_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    return publish_files(tmp_path_factory.mktemp("machines"), FILES)


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    """A help centre that search engines are asked to stay away from, and that names nobody to tell of weaknesses."""
    site = 'name = "Inside"\nno_index = true\nlanguages = ["en"]\n'
    return publish_files(tmp_path_factory.mktemp("hidden"), {"portal.toml": site, "en/a/one.md": "# One\n\nText.\n"})


@pytest.fixture
def based(centre: Portal) -> FlaskClient:
    """A help centre that knows its own address."""
    return create_app(replace(centre, settings=replace(centre.settings, base_url=BASE))).test_client()


@pytest.fixture
def baseless(centre: Portal) -> FlaskClient:
    return create_app(centre).test_client()


class _OverFlask(AbstractWebClient):
    """Lets the sitemap parser fetch from a test client; another host's addresses are errors."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.asked: list[str] = []

    def set_max_response_data_length(self, max_response_data_length: int | None) -> None:
        pass

    def get(self, url: str) -> AbstractWebClientResponse:
        assert url.startswith(BASE), url
        self.asked.append(url.removeprefix(BASE))
        answer = self.client.get(url.removeprefix(BASE))
        if answer.status_code != 200:
            return WebClientErrorResponse(answer.status, retryable=False)
        return _Fetched(url, answer.data, dict(answer.headers))


class _Fetched(AbstractWebClientSuccessResponse):
    def __init__(self, url: str, data: bytes, headers: dict[str, str]) -> None:
        self._url, self._data, self._headers = url, data, headers

    def status_code(self) -> int:
        return 200

    def status_message(self) -> str:
        return "OK"

    def header(self, case_insensitive_name: str) -> str | None:
        return {name.lower(): value for name, value in self._headers.items()}.get(case_insensitive_name.lower())

    def raw_data(self) -> bytes:
        return self._data

    def url(self) -> str:
        return self._url


# Sitemap


def test_the_sitemap_has_every_home_page_topic_and_article(based: FlaskClient) -> None:
    pages = {page.url: page for page in sitemap_from_str(based.get("/sitemap.xml").text).all_pages()}
    paths = [url.removeprefix(BASE) for url in pages]
    assert {"/en/", "/de/", "/pt-BR/", "/en/topics/accounts", "/de/topics/accounts", "/en/topics/many"} <= set(paths)
    assert {"/en/articles/accounts/reset", "/de/articles/accounts/reset", "/en/articles/outage"} <= set(paths)
    assert quote("/en/articles/loose/grösse") in paths
    assert sum(path.startswith("/en/articles/many/") for path in paths) == 60
    for path in paths:
        assert based.get(path).status_code == 200, path
    assert {page.last_modified for page in pages.values()} == {AT}


def test_the_sitemap_names_every_translation_and_the_default(based: FlaskClient) -> None:
    pages = {page.url: page for page in sitemap_from_str(based.get("/sitemap.xml").text).all_pages()}
    for path in ("articles/accounts/reset", "topics/accounts", ""):
        wanted = [(lang, f"{BASE}/{lang}/{path}") for lang in ("en", "de", "pt-BR")]
        for _, url in wanted:
            assert pages[url].alternates == [*wanted, ("x-default", f"{BASE}/en/{path}")]
    assert pages[f"{BASE}/en/articles/accounts/mail"].alternates is None


def test_a_crawler_finds_the_parts_of_a_long_sitemap_by_itself(
    based: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = {page.url for page in sitemap_from_str(based.get("/sitemap.xml").text).all_pages()}
    # 45,000 articles would be published for this otherwise.
    monkeypatch.setattr(sitemaps.parts, "__kwdefaults__", {"most_addresses": 30, "most_bytes": sitemaps.MOST_BYTES})
    client = _OverFlask(create_app(_portal_of(based)).test_client())
    tree = sitemap_tree_for_homepage(BASE + "/", web_client=client, use_known_paths=False)
    assert {page.url for page in tree.all_pages()} == whole
    assert [path for path in client.asked if "part" in path] == [f"/sitemap.xml?part={n}" for n in (1, 2, 3)]
    assert client.client.get("/sitemap.xml?part=4").status_code == 404


def test_no_part_of_a_sitemap_is_too_large() -> None:
    many = [Address(f"/en/articles/{n}", AT) for n in range(90_001)]
    assert [len(part) for part in sitemaps.parts(many, BASE)] == [45_000, 45_000, 1]
    wide = [Address("/" + "x" * 900, AT, tuple((f"l{n}", "/" + "x" * 900) for n in range(30))) for _ in range(2_500)]
    parts = sitemaps.parts(wide, BASE)
    assert [sum(one.size(BASE) for one in part) <= sitemaps.MOST_BYTES for part in parts] == [True] * len(parts)
    assert len(parts) == 2
    assert sum(map(len, parts)) == 2_500
    assert sitemaps.parts([], BASE) == [[]]


def test_what_a_sitemap_is_thought_to_weigh_is_not_less_than_it_does(based: FlaskClient) -> None:
    text = based.get("/sitemap.xml").text
    shelf = _portal_of(based).library.current().level(Level.PUBLIC).shelf
    assert sum(one.size(BASE) for one in sitemaps.addresses(shelf)) + 200 >= len(text.encode())


# Feed


def test_the_feed_has_the_latest_articles_and_notices(based: FlaskClient) -> None:
    answer = based.get("/feed.xml")
    assert answer.mimetype == "application/atom+xml"
    feed = feedparser.parse(answer.data)
    assert (feed.bozo, feed.version, feed.feed.language) == (False, "atom10", "en")
    assert feed.feed.title == "Acme & Söhne help"
    assert feed.feed.author == "Acme & Söhne help"
    links = {link.rel: link.href for link in feed.feed.links}
    assert links == {"self": f"{BASE}/feed.xml", "alternate": f"{BASE}/en/"}
    assert len(feed.entries) == 50
    entries = {entry.id: entry for entry in feed.entries}
    assert len(entries) == 50
    assert [entry.title for entry in feed.entries if not entry.title.startswith("Article")] == []
    assert feed.feed.updated == AT.isoformat() == max(entry.updated for entry in feed.entries)


def test_an_entry_tells_what_a_list_tells(based: FlaskClient) -> None:
    feed = feedparser.parse(based.get("/feed.xml?lang=de").data)
    entries = {entry.id: entry for entry in feed.entries}
    notice, reset = entries[f"{BASE}/a/stau"], entries[f"{BASE}/a/reset-de"]
    assert (reset.title, reset.summary) == ("Passwort zurücksetzen", "Wenn Sie es vergessen haben.")
    assert (reset.updated, reset.tags[0].label) == (AT.isoformat(), "Konten")
    assert reset.link == f"{BASE}/de/articles/accounts/reset"
    assert [tag.term for tag in notice.tags] == ["notice"]


def test_the_feed_of_a_language_has_its_articles_and_words(based: FlaskClient) -> None:
    feed = feedparser.parse(based.get("/feed.xml?lang=de").data)
    assert (feed.feed.language, feed.feed.title) == ("de", "Acme & Söhne Hilfe")
    assert "Passwort zurücksetzen" in [entry.title for entry in feed.entries]
    assert feed.feed.id == f"{BASE}/feed.xml?lang=de"


def test_the_id_of_an_entry_is_the_short_link_which_outlives_every_move(based: FlaskClient) -> None:
    key = feedparser.parse(based.get("/feed.xml?lang=pt-BR").data).entries[0].id
    assert based.get(key.removeprefix(BASE)).headers["Location"] == "/pt-BR/articles/accounts/reset"


# Robots


@pytest.mark.parametrize("read", ["protego", "urllib"])
def test_robots_keep_out_of_searches_votes_and_the_api_alone(based: FlaskClient, read: str) -> None:
    text = based.get("/robots.txt").text
    may = _reader(read, text)
    for path in ("/en/", "/de/articles/accounts/reset", "/en/articles/search/x.md", "/feed.xml", "/static/1/site.css"):
        assert may(path), path
    for path in ("/en/search?q=x", "/pt-BR/search", "/de/votes/reset", "/en/suggestions?q=x", "/api/v1/articles"):
        assert not may(path), path
    assert list(Protego.parse(text).sitemaps) == [f"{BASE}/sitemap.xml"]


def test_a_help_centre_not_to_be_found_says_so_on_every_answer_and_has_no_sitemap(hidden: Portal) -> None:
    client = create_app(hidden).test_client()
    text = client.get("/robots.txt").text
    assert list(Protego.parse(text).sitemaps) == []
    assert Protego.parse(text).can_fetch("http://localhost/en/articles/a/one", "any")
    assert client.get("/sitemap.xml").status_code == 404
    paths = ("/", "/en/", "/en/articles/a/one", "/en/articles/a/one.md", "/feed.xml", "/llms.txt", "/robots.txt")
    for path in (*paths, "/nowhere", "/healthz"):
        assert client.get(path).headers["X-Robots-Tag"] == "noindex", path
    assert '<meta name="robots" content="noindex">' in client.get("/en/").text


def test_searches_votes_errors_and_fragments_are_never_found(based: FlaskClient) -> None:
    for path in ("/en/search?q=reset", "/en/votes/reset", "/en/nowhere", "/api/v1/articles", "/en/suggestions?q=r"):
        assert based.get(path).headers["X-Robots-Tag"] == "noindex", path
    for path in ("/en/search", "/en/votes/reset", "/en/nowhere"):
        assert '<meta name="robots" content="noindex">' in based.get(path).text, path
    assert based.get("/en/", headers={"X-Fragment": "1"}).headers["X-Robots-Tag"] == "noindex"
    for path in ("/en/", "/en/articles/accounts/reset", "/en/topics/accounts", *DOCUMENTS):
        assert "X-Robots-Tag" not in based.get(path).headers, path


# llms.txt


def test_assistants_get_every_article_as_markdown_by_topic(based: FlaskClient) -> None:
    read = parse_llms_file(based.get("/llms.txt").text)
    assert (read.title, read.summary) == ("Acme &amp; Söhne help", "Answers &lt;for&gt; everyone")
    assert {"Accounts", "Notices", "Other languages"} <= set(read.sections)
    reset, mail = read.sections["Accounts"][1], read.sections["Accounts"][0]
    assert dict(mail)["url"] == f"{BASE}/en/articles/accounts/mail.md"
    assert dict(reset) == {
        "title": "Reset your password",
        "url": f"{BASE}/en/articles/accounts/reset.md",
        "desc": "When you forgot it.",
    }
    assert [one.title for one in read.sections["Notices"]] == ["Mail is slow today"]
    links = [link.url.removeprefix(BASE) for section in read.sections.values() for link in section]
    assert sum(link.endswith(".md") for link in links) == 64
    assert [link for link in links if based.get(link).status_code != 200] == []


def test_assistants_get_another_language_where_they_ask_for_it(based: FlaskClient) -> None:
    read = parse_llms_file(based.get("/llms.txt?lang=de").text)
    assert read.title == "Acme &amp; Söhne Hilfe"
    assert [one.url for one in read.sections["Konten"]] == [f"{BASE}/de/articles/accounts/reset.md"]


# OpenSearch


def test_a_browser_learns_to_search_here(based: FlaskClient) -> None:
    answer = based.get("/opensearch.xml?lang=de")
    assert answer.mimetype == "application/opensearchdescription+xml"
    root = etree.fromstring(answer.data)
    assert root.tag == OPEN_SEARCH + "OpenSearchDescription"
    said = {child.tag.removeprefix(OPEN_SEARCH): child.text for child in root}
    assert len(said["ShortName"]) <= 16
    assert (said["LongName"], said["Description"]) == ("Acme & Söhne Hilfe", "Antworten für alle")
    assert (said["Language"], said["InputEncoding"]) == ("de", "UTF-8")
    urls = {url.get("type"): url for url in root.iter(OPEN_SEARCH + "Url")}
    search = urls["text/html"].get("template")
    assert search == f"{BASE}/de/search?q={{searchTerms}}"
    assert "Passwort" in based.get(search.removeprefix(BASE).replace("{searchTerms}", "Passwort")).text
    suggestions = urls["application/x-suggestions+json"]
    assert suggestions.get("rel") == "suggestions"
    answer = based.get(suggestions.get("template").removeprefix(BASE).replace("{searchTerms}", "passw"))
    assert answer.mimetype == "application/x-suggestions+json"
    url = f"{BASE}/de/articles/accounts/reset"
    assert json.loads(answer.data) == ["passw", ["Passwort zurücksetzen"], ["Passwort zurücksetzen"], [url]]
    assert answer.headers["Cache-Control"] == "no-store"
    assert based.get(urlsplit(said["Image"]).path).status_code == 200


def test_suggestions_of_a_browser_are_limited_as_completions_are(tmp_path: Path) -> None:
    site = "[limits]\ncompletions_per_minute = 2\n"
    client = create_app(publish_files(tmp_path, {"portal.toml": site, "en/a/one.md": "# One\n"})).test_client()
    assert [client.get("/en/suggestions?q=o").status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/fr/suggestions?q=o").status_code == 404


# security.txt


def test_finders_of_weaknesses_are_told_whom_to_tell(based: FlaskClient) -> None:
    answer = based.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    said = re.findall(r"^([\w-]+): (.+)$", answer.text, re.MULTILINE)
    assert len(said) == len(answer.text.splitlines())
    assert [value for name, value in said if name == "Contact"] == [
        "mailto:security@acme.example",
        "https://acme.example/report",
    ]
    rest = dict(said)
    assert (rest["Policy"], rest["Acknowledgments"]) == ("https://acme.example/policy", "https://acme.example/thanks")
    assert rest["Preferred-Languages"] == "en, de, pt-BR"
    assert rest["Canonical"] == f"{BASE}/.well-known/security.txt"
    expires = datetime.fromisoformat(rest["Expires"])
    assert expires.time() == datetime.min.time()
    assert timedelta(days=89) <= expires - clock.now() <= timedelta(days=90)


def test_without_anybody_to_tell_there_is_no_security_txt(hidden: Portal) -> None:
    assert create_app(hidden).test_client().get("/.well-known/security.txt").status_code == 404


# All of them


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_is_304_the_second_time_packed_and_the_same_to_head(based: FlaskClient, path: str) -> None:
    first = based.get(path)
    assert "Set-Cookie" not in first.headers
    assert "public" in first.headers["Cache-Control"]
    again = based.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = based.head(path)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])
    packed = based.get(path, headers={"Accept-Encoding": "gzip"})
    assert len(packed.data) <= len(first.data)
    assert (packed.headers.get("Content-Encoding") == "gzip") is (len(first.data) > 500)


@pytest.mark.parametrize("path", DOCUMENTS)
def test_without_a_base_url_addresses_are_those_of_the_host_that_was_asked(baseless: FlaskClient, path: str) -> None:
    pages = {host: baseless.get(path, base_url=f"http://{host}").text for host in ("one.example", "two.example:8000")}
    assert BASE not in pages["one.example"]
    if "security" in path:
        assert "Canonical" not in pages["one.example"]
        return
    for host, page in pages.items():
        assert f"http://{host}/" in page
    assert pages["one.example"].replace("one.example", "two.example:8000") == pages["two.example:8000"]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_with_a_base_url_no_host_gets_into_a_document(based: FlaskClient, path: str) -> None:
    assert based.get(path, base_url="http://evil.example").data == based.get(path).data


def test_a_request_without_a_usable_host_is_told_so(baseless: FlaskClient) -> None:
    answer = baseless.get("/feed.xml", headers={"Host": "a b<c"})
    assert answer.status_code == 422
    assert "Host" in answer.text


@pytest.mark.parametrize("path", WITH_LANGUAGE)
def test_a_language_that_is_not_here_is_not_found(based: FlaskClient, path: str) -> None:
    for lang in ("fr", "xx", "e", "../de", "%00"):
        assert based.get(f"{path}?lang={lang}").status_code == 404, lang


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("/feed.xml?lang=DE", "/feed.xml?lang=de"),
        ("/feed.xml?lang=en", "/feed.xml"),
        ("/feed.xml?lang=de&lang=en&x=1", "/feed.xml?lang=de"),
        ("/llms.txt?utm_source=x", "/llms.txt"),
        ("/sitemap.xml?x=1", "/sitemap.xml"),
        ("/sitemap.xml?part=x", "/sitemap.xml"),
        ("/robots.txt?a", "/robots.txt"),
        ("/opensearch.xml?lang=pt-br", "/opensearch.xml?lang=pt-BR"),
    ],
)
def test_a_document_is_kept_under_one_address_alone(based: FlaskClient, given: str, wanted: str) -> None:
    answer = based.get(given)
    assert (answer.status_code, answer.headers["Location"]) == (302, wanted)
    assert based.get(wanted).status_code == 200


def test_a_reader_of_another_language_gets_the_same_document(based: FlaskClient) -> None:
    for path in WITH_LANGUAGE:
        based.set_cookie("lang", "de")
        answer = based.get(path, headers={"Accept-Language": "de"})
        based.delete_cookie("lang")
        fresh = create_app(_portal_of(based)).test_client()
        assert fresh.get(path, headers={"Accept-Language": "en"}).data == answer.data, path


def test_poisoned_titles_are_text_in_every_document(based: FlaskClient) -> None:
    feed = feedparser.parse(based.get("/feed.xml?lang=de").data, sanitize_html=False)
    titles = [entry.title for entry in feed.entries]
    listed = parse_llms_file(based.get("/llms.txt?lang=de").text)
    written = [dict(link) for section in listed.sections.values() for link in section]
    poisoned = next(link for link in written if link["url"].endswith("/de/articles/poison.md"))
    assert poisoned["title"].startswith('&lt;/script&gt;&#93;&#93;(x) "quoted" &amp; &lt;b&gt;bold&lt;/b&gt; {{7')
    assert "&lt;script&gt;alert(1)" in poisoned["desc"]
    assert "49" not in poisoned["title"]
    for path in LISTS:
        text = based.get(path).text
        assert "<script" not in text
        assert "\x01" not in text
    assert any(title.startswith(POISONED) for title in titles)


def test_characters_that_xml_forbids_reach_no_document(tmp_path: Path) -> None:
    evil = "\x01\x0b\ufffe\uffff\u202e".encode("utf-8", "surrogatepass").decode("utf-8")
    files: dict[str, str | bytes] = {
        "portal.toml": 'name = "A\\u0001B"\nlanguages = ["en"]\n',
        "en/a/one.md": f"---\ntitle: One\n---\nText {evil}with]]> them &#1; &#xFFFE; end.\n",
    }
    client = create_app(publish_files(tmp_path, files)).test_client()
    for path in ("/sitemap.xml", "/feed.xml", "/opensearch.xml"):
        etree.fromstring(client.get(path).data)
    assert "with]]> them" in feedparser.parse(client.get("/feed.xml").data).entries[0].summary


@pytest.mark.parametrize("level", [Level.PUBLIC, Level.CUSTOMERS])
def test_no_document_names_what_its_reader_may_not_see(published: Settings, level: Level) -> None:
    app = create_app(bootstrap(replace(published, secret_key="a secret of sixteen")))
    app.config["READER_LEVEL"] = lambda: level
    client = app.test_client()
    may = {"public"} if level is Level.PUBLIC else {"public", "customers"}
    for path in LISTS:
        answer = client.get(path)
        for audience in CANARY_AUDIENCES:
            for state in CANARY_STATES:
                is_seen = audience in may and state == "published"
                assert (canary(audience, state) in answer.text) is is_seen, (path, audience, state)
        assert ("no-store" in answer.headers["Cache-Control"]) is (level is not Level.PUBLIC)


def test_a_help_centre_without_articles_has_whole_documents(tmp_path: Path) -> None:
    client = create_app(publish_files(tmp_path, {"portal.toml": SITE, "en/a/x.md": "---\nstatus: draft\n---\n# X\n"}))
    reader = client.test_client()
    feed = feedparser.parse(reader.get("/feed.xml").data)
    assert (feed.bozo, feed.entries) == (False, [])
    assert feed.feed.updated
    assert [page.url for page in sitemap_from_str(reader.get("/sitemap.xml").text).all_pages()]
    assert parse_llms_file(reader.get("/llms.txt").text).title == "Acme &amp; Söhne help"


def test_before_the_first_publishing_documents_are_away_for_the_moment(unpublished: FlaskClient) -> None:
    for path in ("/feed.xml", "/robots.txt", "/llms.txt", "/opensearch.xml", "/sitemap.xml"):
        assert unpublished.get(path).status_code == 503, path


def _reader(name: str, text: str) -> Callable[[str], bool]:
    if name == "protego":
        rules = Protego.parse(text)
        return lambda path: bool(rules.can_fetch(BASE + path, "Googlebot"))
    parser = RobotFileParser()
    parser.parse(text.splitlines())
    return lambda path: parser.can_fetch("Googlebot", BASE + path)


def _portal_of(client: FlaskClient) -> Portal:
    found = client.application.extensions["portal.bootstrap.Portal"]
    assert isinstance(found, Portal)
    return found
