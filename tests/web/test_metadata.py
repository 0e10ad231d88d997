"""What the head of a page tells, read by parsers that are not ours."""

import re
from dataclasses import replace
from typing import Any

import extruct
import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from portal.app import create_app
from portal.bootstrap import Portal
from portal.settings import ROOT
from portal.web import metadata
from portal.web.metadata import alternates
from tests.web.machines_centre import AT, BASE, FILES, POISONED, publish_files

HOME, TOPIC, ARTICLE = "/en/", "/en/topics/accounts", "/en/articles/accounts/reset"
MAIL, POISON = "/en/articles/accounts/mail", "/de/articles/poison"
EVERY = (HOME, TOPIC, ARTICLE, MAIL, POISON, "/de/", "/en/contact", "/en/notices", "/en/search?q=x", "/en/nowhere")
FOUND = (HOME, TOPIC, ARTICLE, MAIL, POISON, "/de/", "/en/contact", "/en/notices")


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    return publish_files(tmp_path_factory.mktemp("metadata"), FILES)


@pytest.fixture
def based(centre: Portal) -> FlaskClient:
    """A help centre that knows its own address."""
    return create_app(replace(centre, settings=replace(centre.settings, base_url=BASE))).test_client()


@pytest.fixture
def baseless(centre: Portal) -> FlaskClient:
    return create_app(centre).test_client()


def _head(client: FlaskClient, path: str) -> LexborHTMLParser:
    return LexborHTMLParser(client.get(path).text.partition("</head>")[0])


def _links(client: FlaskClient, path: str, rel: str) -> list[str]:
    return [node.attributes["href"] or "" for node in _head(client, path).css(f'link[rel="{rel}"]')]


def _alternates(client: FlaskClient, path: str) -> list[tuple[str | None, str | None]]:
    nodes = _head(client, path).css("link[hreflang]")
    assert {node.attributes["rel"] for node in nodes} <= {"alternate"}
    return [(node.attributes["hreflang"], node.attributes["href"]) for node in nodes]


def _things(client: FlaskClient, path: str) -> dict[str, Any]:
    read = extruct.extract(client.get(path).text, syntaxes=["json-ld"], errors="strict")["json-ld"]
    assert {one["@context"] for one in read} <= {"https://schema.org"}
    return {thing["@type"]: thing for one in read for thing in one["@graph"]}


def _open_graph(client: FlaskClient, path: str) -> dict[str, str]:
    read = extruct.extract(client.get(path).text, syntaxes=["opengraph"], errors="strict")["opengraph"]
    return {name: value for one in read for name, value in one["properties"]}


@pytest.mark.parametrize("path", EVERY)
def test_every_page_has_one_title_and_one_description(based: FlaskClient, path: str) -> None:
    head = _head(based, path)
    for selector in ("title", 'meta[name="description"]', "link[rel=icon]", 'link[rel="search"]'):
        assert len(head.css(selector)) == 1, selector
    assert head.css('meta[name="description"]')[0].attributes["content"]
    assert "Acme & Söhne" in head.css("title")[0].text()


def test_titles_and_descriptions_say_what_the_page_is(based: FlaskClient) -> None:
    def said(path: str) -> tuple[str, str | None]:
        head = _head(based, path)
        return head.css("title")[0].text(), head.css('meta[name="description"]')[0].attributes["content"]

    assert said("/de/") == ("Acme & Söhne Hilfe", "Antworten für alle")
    assert said(ARTICLE) == ("Reset your password · Acme & Söhne help", "When you forgot it.")
    assert said(TOPIC) == ("Accounts · Acme & Söhne help", "Signing in & details.")
    title, description = said("/en/topics/many?page=2")
    assert title == "Many, page 2 · Acme & Söhne help"
    assert description == "Many. From Acme & Söhne help."


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        (HOME, HOME),
        (ARTICLE, ARTICLE),
        (ARTICLE + "?via=mail", ARTICLE),
        (TOPIC, TOPIC),
        (TOPIC + "?page=1&utm_source=x", TOPIC),
        ("/en/topics/many?page=2", "/en/topics/many?page=2"),
        ("/en/topics/many?page=99", "/en/topics/many?page=2"),
        ("/en/articles/loose/gr%C3%B6sse", "/en/articles/loose/gr%C3%B6sse"),
    ],
)
def test_a_page_has_one_address(based: FlaskClient, baseless: FlaskClient, path: str, canonical: str) -> None:
    assert based.get(canonical).status_code == 200
    assert _links(based, path, "canonical") == [BASE + canonical]
    assert _links(baseless, path, "canonical") == [canonical]


@pytest.mark.parametrize("path", ["/en/search?q=reset", "/en/search", "/en/votes/reset", "/en/nowhere"])
def test_what_is_not_to_be_found_has_no_address_and_says_so(based: FlaskClient, path: str) -> None:
    assert _links(based, path, "canonical") == []
    assert _alternates(based, path) == []
    assert [node.attributes["content"] for node in _head(based, path).css("meta[name=robots]")] == ["noindex"]
    assert (_things(based, path), _open_graph(based, path)) == ({}, {})


@pytest.mark.parametrize("path", FOUND)
def test_what_is_to_be_found_forbids_nothing(based: FlaskClient, path: str) -> None:
    assert _head(based, path).css("meta[name=robots]") == []


def test_an_article_that_only_some_may_read_is_never_to_be_found(centre: Portal) -> None:
    app = create_app(centre)
    app.config["READER_LEVEL"] = lambda: "staff"
    head = _head(app.test_client(), "/en/articles/accounts/secret")
    assert [node.attributes["content"] for node in head.css("meta[name=robots]")] == ["noindex"]


@pytest.mark.parametrize("rest", ["articles/accounts/reset", "topics/accounts", "", "contact", "notices"])
def test_translations_name_each_other_themselves_and_the_default(
    based: FlaskClient, baseless: FlaskClient, rest: str
) -> None:
    for client, base in ((based, BASE), (baseless, "")):
        wanted = [(lang, f"{base}/{lang}/{rest}") for lang in ("en", "de", "pt-BR")]
        for lang in ("en", "de", "pt-BR"):
            assert _alternates(client, f"/{lang}/{rest}") == [*wanted, ("x-default", f"{base}/en/{rest}")]


@pytest.mark.parametrize("path", [MAIL, POISON, "/en/topics/many", "/en/topics/many?page=2"])
def test_a_page_of_one_language_names_no_others(based: FlaskClient, path: str) -> None:
    assert _alternates(based, path) == []


def test_the_first_language_that_has_the_page_is_the_default() -> None:
    there = {"de": "/de/x", "fr": "/fr/x"}
    assert alternates(there, ("en", "de", "fr")) == (("de", "/de/x"), ("fr", "/fr/x"), ("x-default", "/de/x"))
    assert alternates({"de": "/de/x"}, ("en", "de")) == ()


def test_a_preview_of_an_article_has_all_it_shows(based: FlaskClient) -> None:
    said = _open_graph(based, ARTICLE)
    assert said.pop("og:image").startswith(f"{BASE}/assets/")
    assert said == {
        "og:title": "Reset your password",
        "og:description": "When you forgot it.",
        "og:type": "article",
        "og:url": BASE + ARTICLE,
        "og:site_name": "Acme & Söhne help",
        "og:locale": "en_US",
        "og:locale:alternate": "pt_BR",
        "article:published_time": AT.isoformat(),
        "article:modified_time": AT.isoformat(),
        "article:section": "Accounts",
    }
    assert _open_graph(based, "/de/")["og:type"] == "website"


def test_the_picture_of_a_preview_is_the_article_s_else_the_logo(based: FlaskClient) -> None:
    own, logo = (_open_graph(based, path)["og:image"] for path in (ARTICLE, MAIL))
    for url, file in ((own, "en/accounts/form.png"), (logo, "brand/logo.png")):
        with based.get(url.removeprefix(BASE)) as answer:
            assert answer.data == FILES[file]
    cards = [_head(based, path).css('meta[name="twitter:card"]')[0].attributes["content"] for path in (ARTICLE, MAIL)]
    assert cards == ["summary_large_image", "summary"]


def test_without_a_base_url_what_must_be_whole_is_left_out(baseless: FlaskClient) -> None:
    for path in FOUND:
        text = baseless.get(path, base_url="http://evil.example").text
        assert "evil.example" not in text
        assert not {"og:url", "og:image"} & _open_graph(baseless, path).keys()


def test_the_home_page_tells_how_to_search_here(based: FlaskClient) -> None:
    thing = _things(based, "/de/")["WebSite"]
    assert (thing["name"], thing["url"], thing["inLanguage"]) == ("Acme & Söhne Hilfe", f"{BASE}/de/", "de")
    target = thing["potentialAction"]["target"]["urlTemplate"]
    assert target == f"{BASE}/de/search?q={{search_term_string}}"
    assert thing["potentialAction"]["query-input"] == "required name=search_term_string"
    assert thing["publisher"]["logo"]["url"].endswith("/logo.png")


def test_an_article_tells_what_it_is_and_where(based: FlaskClient) -> None:
    things = _things(based, ARTICLE)
    thing = things["TechArticle"]
    assert thing["headline"] == "Reset your password"
    assert (thing["url"], thing["inLanguage"]) == (BASE + ARTICLE, "en")
    assert thing["datePublished"] == thing["dateModified"] == AT.isoformat()
    assert thing["author"]["@type"] == thing["publisher"]["@type"] == "Organization"
    assert thing["image"].startswith(f"{BASE}/assets/")
    assert (thing["keywords"], thing["articleSection"]) == (["password"], "Accounts")
    way = [(step["position"], step["name"], step["item"]) for step in things["BreadcrumbList"]["itemListElement"]]
    assert way == [
        (1, "Home", f"{BASE}/en/"),
        (2, "Accounts", BASE + TOPIC),
        (3, "Reset your password", BASE + ARTICLE),
    ]


def test_a_topic_tells_that_it_is_a_collection(based: FlaskClient, baseless: FlaskClient) -> None:
    for client, base in ((based, BASE), (baseless, "")):
        things = _things(client, TOPIC)
        assert things["CollectionPage"]["name"] == "Accounts"
        assert things["CollectionPage"]["url"] == base + TOPIC
        assert [step["item"] for step in things["BreadcrumbList"]["itemListElement"]] == [f"{base}/en/", base + TOPIC]


def test_poisoned_words_stay_words_in_the_head(based: FlaskClient) -> None:
    text = based.get(POISON).text
    head = _head(based, POISON)
    assert head.css("title")[0].text().startswith(POISONED)
    assert _open_graph(based, POISON)["og:title"].startswith(POISONED)
    assert "</script><script>alert(1)" in _open_graph(based, POISON)["og:description"]
    things = _things(based, POISON)
    assert things["TechArticle"]["headline"].startswith(POISONED)
    assert things["TechArticle"]["description"].startswith("</script><script>alert(1)")
    raw = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert len(raw) == 1
    assert not set("<>&\u2028\u2029") & set(raw[0])
    assert "alert(1)" not in [node.text() for node in head.css("script")]


def test_a_headline_is_no_longer_than_search_engines_show(tmp_path_factory: pytest.TempPathFactory) -> None:
    long = "A very long title " * 17
    portal = publish_files(tmp_path_factory.mktemp("long"), {"en/a/x.md": f"---\ntitle: {long}\n---\nText.\n"})
    headline = _things(create_app(portal).test_client(), "/en/articles/a/x")["TechArticle"]["headline"]
    assert len(headline) <= 110
    assert headline.endswith("…")


def test_machines_are_led_to_the_documents_of_the_page_s_language(based: FlaskClient) -> None:
    for path, query in ((ARTICLE, ""), ("/de/", "?lang=de")):
        nodes = _head(based, path).css('link[type="application/atom+xml"], link[rel="search"]')
        links = [node.attributes["href"] for node in nodes]
        assert links == [f"/feed.xml{query}", f"/opensearch.xml{query}"]
        assert [based.get(link).status_code for link in links if link] == [200, 200]


def test_an_article_and_its_markdown_name_each_other(based: FlaskClient, baseless: FlaskClient) -> None:
    assert _head(based, ARTICLE).css('link[type="text/markdown"]')[0].attributes["href"] == f"{BASE}{ARTICLE}.md"
    assert based.get(ARTICLE + ".md").headers["Link"] == f'<{BASE}{ARTICLE}>; rel="canonical"'
    odd = "/en/articles/loose/gr%C3%B6sse"
    assert baseless.get(odd + ".md").headers["Link"] == f'<{odd}>; rel="canonical"'


def test_the_colours_around_a_page_are_those_of_its_ground() -> None:
    for file, colour in (("tokens.css", metadata.LIGHT), ("dark.css", metadata.DARK)):
        assert re.findall(r"--ground: (#\w+);", (ROOT / "static" / "css" / file).read_text("utf-8")) == [colour]


def test_a_language_is_written_as_previews_write_it(based: FlaskClient) -> None:
    assert [_open_graph(based, f"/{lang}/")["og:locale"] for lang in ("en", "de", "pt-BR")] == [
        "en_US",
        "de_DE",
        "pt_BR",
    ]
    assert [metadata.locale(lang) for lang in ("zh-Hant", "tlh", "nb")] == ["zh_TW", "tlh", "nb_NO"]


def test_before_the_first_publishing_a_head_leads_nowhere(unpublished: FlaskClient) -> None:
    head = _head(unpublished, "/en/")
    assert head.css("title")[0].text()
    assert head.css('link[rel="search"], link[rel="canonical"], link[hreflang]') == []
