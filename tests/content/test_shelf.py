"""What the pages read of a shelf: lists, places, facets, related articles, the company's own files."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.audience import Level
from portal.bootstrap import Portal, bootstrap
from portal.content.page import Facets, SiteFiles
from portal.content.problem import Severity
from portal.content.shelf import Shelf
from portal.pipeline import check, publish
from portal.search.level import SHELF
from portal.settings import Settings
from tests.repositories import ContentRepository

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (64).to_bytes(4) + (48).to_bytes(4) + b"\x08\x02\x00\x00\x00"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"/>'
SITE = """
name = "Acme"
languages = ["en", "de"]
logo = "brand/logo.svg"
logo_dark = "brand/logo-dark.png"
icon = "/brand/icon.png"
stylesheet = "brand/acme.css"

[[topics]]
slug = "billing"
name = "Billing"
summary = "Money"
summaries = { de = "Geld" }

[[topics]]
slug = "accounts"
name = "Accounts"
"""
CSS = """
@font-face { font-family: Acme; src: url(acme.woff2) }
body { background: url("../brand/paper.png?v=2"); list-style: url(https://example.com/dot.png) }
"""


def article(title: str, front: str = "", body: str = "Words.") -> str:
    return f"---\ntitle: {title}\n{front}---\n{body}\n"


FILES: dict[str, bytes] = {
    "portal.toml": SITE.encode(),
    "brand/logo.svg": SVG,
    "brand/logo-dark.png": PNG,
    "brand/icon.png": PNG + b"icon",
    "brand/acme.css": CSS.encode(),
    "brand/acme.woff2": b"wOF2 a font",
    "brand/paper.png": PNG + b"paper",
    "en/billing/pay.md": article(
        "Pay", "products: [Web, App]\nstage: during\n", "See [refunds](refund.md).\n\n![x](x.svg) ![y](y.png)"
    ).encode(),
    "en/billing/x.svg": SVG,
    "en/billing/y.png": PNG + b"y",
    "en/billing/refund.md": article("Refund", "products: [app]\nstage: before\n").encode(),
    "en/billing/secret.md": article("Secret", "audience: staff\nproducts: [Hush]\n", "[Pay](pay.md)").encode(),
    "en/accounts/sign-in.md": article("Sign in", "tags: [door]\n").encode(),
    "en/accounts/sign-up.md": article("Sign up", "tags: [door]\n").encode(),
    "en/accounts/leave.md": article("Leave").encode(),
    "en/loose.md": article("Loose").encode(),
    "en/outage.md": article("Outage", "kind: notice\ntags: [door]\n").encode(),
    "en/party.md": article("Party", "kind: notice\n").encode(),
    "de/billing/pay.md": article("Zahlen").encode(),
    "de/nur.md": article("Nur deutsch", "kind: notice\n").encode(),
}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    folder = tmp_path_factory.mktemp("shelf")
    repository = ContentRepository(folder / "content")
    repository.commit(
        {"en/party.md": FILES["en/party.md"]},
        GIT_AUTHOR_DATE="2026-01-01T00:00Z",
        GIT_COMMITTER_DATE="2026-01-01T00:00Z",
    )
    repository.commit(FILES)
    portal = bootstrap(Settings(content=str(repository.folder), data=folder / "data"))
    publish(portal, at=NOW)
    return portal


@pytest.fixture
def shelf(portal: Portal) -> Iterator[Shelf]:
    opened = Shelf(_file(portal, Level.PUBLIC))
    yield opened
    opened.close()


def _file(portal: Portal, level: Level) -> Path:
    live = portal.library.current()
    return live.folder / live.manifest.levels[level] / SHELF


def _related(shelf: Shelf, slug: str, lang: str = "en") -> list[str]:
    found = shelf.page(shelf.find(lang, slug) or "")
    assert found
    return [card.title for card in found.related]


def test_topics_are_in_the_company_s_order_and_in_the_reader_s_words(shelf: Shelf) -> None:
    assert [(topic.name, topic.summary, topic.count) for topic in shelf.topics("en")] == [
        ("Billing", "Money", 2), ("Accounts", "", 3), ("More articles", "", 1)
    ]  # fmt: skip
    assert [topic.summary for topic in shelf.topics("de")] == ["Geld"]
    assert shelf.topics("fr") == ()


def test_a_topic_can_be_read_in_parts(shelf: Shelf) -> None:
    titles = [card.title for card in shelf.in_topic("en", "accounts")]
    assert titles == ["Leave", "Sign in", "Sign up"]
    assert [card.title for card in shelf.in_topic("en", "accounts", offset=1, limit=1)] == ["Sign in"]
    assert [card.title for card in shelf.in_topic("en", "accounts", offset=2)] == ["Sign up"]
    assert shelf.in_topic("en", "accounts", offset=9, limit=5) == ()
    assert [card.title for card in shelf.in_topic("en", None)] == ["Loose"]


def test_notices_are_the_newest_first_and_no_articles(shelf: Shelf) -> None:
    assert [card.title for card in shelf.notices("en")] == ["Outage", "Party"]
    assert [card.title for card in shelf.notices("de")] == ["Nur deutsch"]
    assert {card.kind for card in shelf.recent("en", 99)} == {"article"}


def test_as_many_recent_articles_come_as_were_asked_for(shelf: Shelf) -> None:
    everything = shelf.recent("en", 99)
    assert [len(shelf.recent("en", limit)) for limit in (0, 2, 50, 60)] == [0, 2, 6, 6]
    assert shelf.recent("en", 2) == everything[:2]
    assert shelf.recent("fr", 5) == ()


def test_places_are_all_there_is_in_the_order_of_the_home_page(shelf: Shelf) -> None:
    places = shelf.places()
    assert [(place.lang, place.title) for place in places] == [
        ("en", "Pay"), ("en", "Refund"), ("en", "Leave"), ("en", "Sign in"), ("en", "Sign up"),
        ("en", "Loose"), ("en", "Outage"), ("en", "Party"), ("de", "Zahlen"), ("de", "Nur deutsch"),
    ]  # fmt: skip
    english, german = (next(place for place in places if place.title == title) for title in ("Pay", "Zahlen"))
    assert english.sibling == german.sibling
    assert (english.url, english.topic, english.kind) == ("/en/articles/billing/pay", "billing", "article")
    assert {place.title: place.kind for place in places}["Party"] == "notice"


def test_the_counterparts_of_an_address_are_those_of_other_languages(shelf: Shelf) -> None:
    assert [card.title for card in shelf.counterparts("billing/pay")] == ["Pay", "Zahlen"]
    assert [card.title for card in shelf.counterparts("billing/refund")] == ["Refund"]
    assert shelf.counterparts("billing/secret") == ()
    assert shelf.counterparts("nothing") == ()


def test_facets_are_what_this_level_may_see(portal: Portal, shelf: Shelf) -> None:
    assert shelf.facets("en") == Facets(products=("App", "Web"), stages=("before", "during"))
    assert shelf.facets("de") == shelf.facets("fr") == Facets()
    staff = Shelf(_file(portal, Level.STAFF))
    assert "Hush" in staff.facets("en").products
    staff.close()
    assert {card.title: card.stage for card in shelf.in_topic("en", "billing")} == {"Pay": "during", "Refund": "before"}


def test_related_articles_are_those_that_a_reader_may_see_and_never_notices(portal: Portal, shelf: Shelf) -> None:
    assert _related(shelf, "billing/refund") == ["Pay"]
    assert _related(shelf, "billing/pay") == ["Refund"]
    assert _related(shelf, "accounts/sign-in") == ["Sign up"]
    assert _related(shelf, "accounts/leave") == []
    assert _related(shelf, "outage") == []
    assert _related(shelf, "billing/pay", "de") == []
    staff = Shelf(_file(portal, Level.STAFF))
    assert set(_related(staff, "billing/pay")) == {"Refund", "Secret"}
    staff.close()


def test_the_preview_image_is_the_first_that_is_no_drawing(shelf: Shelf) -> None:
    page, other = (shelf.page(shelf.find("en", slug) or "") for slug in ("billing/pay", "billing/refund"))
    assert page
    assert other
    assert page.image.endswith("/y.png")
    assert shelf.asset(page.image.split("/")[2])
    assert other.image == ""


def test_the_company_s_own_files_are_on_every_level(portal: Portal) -> None:
    for level in Level:
        shelf = Shelf(_file(portal, level))
        files = shelf.site_files
        assert (files.logo.endswith("/logo.svg"), files.logo_size) == (True, (120, 40))
        kinds = {}
        for url in (files.logo, files.logo_dark, files.icon, *_addresses(files.stylesheet)):
            asset = shelf.asset(url.split("/")[2])
            assert asset, url
            kinds[asset.name] = (asset.media_type, asset.path.read_bytes())
        assert kinds["logo.svg"] == ("image/svg+xml", SVG)
        assert kinds["acme.woff2"] == ("font/woff2", b"wOF2 a font")
        assert kinds["paper.png"] == ("image/png", PNG + b"paper")
        assert "example.com" not in files.stylesheet
        shelf.close()


def _addresses(css: str) -> list[str]:
    return [part.split('"')[0] for part in css.split('url("')[1:] if part.startswith("/assets/")]


def test_what_a_stylesheet_can_t_have_is_reported_with_its_line(portal: Portal) -> None:
    found = [problem for problem in check(portal.settings, at=NOW).problems if problem.path == "brand/acme.css"]
    assert [(problem.line, problem.severity) for problem in found] == [(3, Severity.WARNING)]
    assert "https://example.com/dot.png" in found[0].what


def test_a_stylesheet_that_is_used_is_not_called_left_out(portal: Portal) -> None:
    base = check(portal.settings, at=NOW)
    assert [file.path for file in base.skipped] == []


def test_lists_are_worked_out_once_also_for_many_threads(portal: Portal) -> None:
    shelf = Shelf(_file(portal, Level.PUBLIC))
    seen: list[int] = []

    def ask() -> None:
        lists = (shelf.topics("en"), shelf.notices("en"), shelf.facets("en"))
        seen.extend(id(one) for one in lists)
        shelf.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(seen), len(set(seen))) == (24, 3)
    assert shelf.count("en") == 8
    assert shelf.count() == 10
    shelf.close()


def test_a_shelf_of_an_earlier_version_can_still_be_read(portal: Portal, tmp_path: Path) -> None:
    old = tmp_path / "levels" / "public" / SHELF
    old.parent.mkdir(parents=True)
    old.write_bytes(_file(portal, Level.PUBLIC).read_bytes())
    with closing(sqlite3.connect(old)) as db, db:
        db.execute("DROP TABLE related")
        db.execute("DELETE FROM meta WHERE key IN ('facets', 'site_files', 'related')")
        db.execute("UPDATE articles SET card = json_remove(card, '$.stage')")
        db.execute("UPDATE pages SET page = json_remove(page, '$.image')")
    shelf = Shelf(old)
    page = shelf.page(shelf.find("en", "billing/pay") or "")
    assert page
    assert (page.related, page.image, page.card.stage) == ((), "", None)
    assert (shelf.facets("en"), shelf.site_files) == (Facets(), SiteFiles())
    shelf.close()


BAD_LOOKS = {
    "a logo that is not there": ({"portal.toml": b'logo = "gone.svg"'}, "portal.toml", 1),
    "a logo above the content": ({"portal.toml": b'\nlogo = "../logo.svg"'}, "portal.toml", 2),
    "an icon of another kind": ({"portal.toml": b'icon = "icon.gif"', "icon.gif": b"GIF89a"}, "portal.toml", 1),
    "a stylesheet with an import": ({"portal.toml": b'stylesheet = "a.css"', "a.css": b"\n@import 'b';"}, "a.css", 2),
    "a stylesheet that never ends": ({"portal.toml": b'stylesheet = "a.css"', "a.css": b"\n\na { b: c"}, "a.css", 3),
    "a stylesheet from elsewhere": ({"portal.toml": b'stylesheet = "https://a.b/c.css"'}, "portal.toml", 1),
    "a stylesheet that is not text": ({"portal.toml": b'stylesheet = "a.css"', "a.css": b"a\n\xff"}, "a.css", 2),
    "a stylesheet beyond measure": ({"portal.toml": b'stylesheet = "a.css"', "a.css": b"a{}" * 99_999}, "a.css", 1),
    "a summary in no language": (
        {"portal.toml": b'[[topics]]\nname = "A"\nsummaries = { klingon = "x" }'}, "portal.toml", 3,
    ),
    "a title of 301 characters": ({"en/long.md": article("x" * 301).encode()}, "en/long.md", 2),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BAD_LOOKS))
def test_what_is_wrong_is_reported_where_it_stands_and_nothing_stops(name: str, tmp_path: Path) -> None:
    files, path, line = BAD_LOOKS[name]
    repository = ContentRepository(tmp_path / "content")
    repository.commit({"en/fine.md": b"---\ntitle: Fine\n---\nText.\n"} | files)
    portal = bootstrap(Settings(content=str(repository.folder), data=tmp_path / "data"))
    done = publish(portal, at=NOW)
    assert [(problem.path, problem.line) for problem in done.problems] == [(path, line)]
    assert done.problems[0].mend
    shelf = portal.library.current().level(Level.PUBLIC).shelf
    assert shelf.find("en", "fine")
    assert (shelf.site_files.logo, shelf.site_files.icon) == ("", "")


def test_a_title_of_300_characters_and_an_article_without_text_are_pages(tmp_path: Path) -> None:
    repository = ContentRepository(tmp_path / "content")
    repository.commit({"en/long.md": article("x" * 300), "en/empty.md": "---\ntitle: Nothing yet\n---\n"})
    portal = bootstrap(Settings(content=str(repository.folder), data=tmp_path / "data"))
    assert publish(portal, at=NOW).problems == ()
    shelf = portal.library.current().level(Level.PUBLIC).shelf
    pages = [shelf.page(shelf.find("en", slug) or "") for slug in ("long", "empty")]
    assert [len(page.card.title) for page in pages if page] == [300, 11]
    assert [(page.card.summary, page.image, page.related) for page in pages if page][1] == ("", "", ())


def test_a_word_changed_in_one_article_leaves_what_is_related_as_it_was(tmp_path: Path) -> None:
    repository = ContentRepository(tmp_path / "content")
    repository.commit(FILES)
    portal = bootstrap(Settings(content=str(repository.folder), data=tmp_path / "data"))
    publish(portal, at=NOW)
    before = _rows(portal)
    repository.commit({"en/billing/refund.md": FILES["en/billing/refund.md"] + b"One more.\n"})
    publish(portal, at=NOW)
    assert _rows(portal) == before
    repository.commit({"en/billing/refund.md": article("Refund", "audience: staff\n").encode()})
    publish(portal, at=NOW)
    shelf = portal.library.current().level(Level.PUBLIC).shelf
    assert _related(shelf, "billing/pay") == []
    assert not any("refund" in row for row in _rows_by_slug(portal))
    assert any("refund" in row for row in _rows_by_slug(portal, Level.STAFF))


def _rows_by_slug(portal: Portal, level: Level = Level.PUBLIC) -> list[str]:
    """Return what is related to what, by the words of staff's shelf, which knows all."""
    with closing(sqlite3.connect(_file(portal, Level.STAFF))) as db:
        slugs = dict(db.execute("SELECT id, slug FROM articles"))
    return [
        slugs[key] + "".join(slugs[other] for other in json.loads(row)) for key, row in _rows(portal, level).items()
    ]


def _rows(portal: Portal, level: Level = Level.PUBLIC) -> dict[str, str]:
    with closing(sqlite3.connect(_file(portal, level))) as db:
        return dict(db.execute("SELECT id, others FROM related"))
