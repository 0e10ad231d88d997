"""Printed pages: the same bytes as rendered ones, for everybody, never more than an unknown reader may see."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.app import create_app
from portal.audience import Level
from portal.bootstrap import Portal, bootstrap
from portal.pipeline import publish
from portal.settings import Settings
from portal.web.context import the
from portal.web.press import print_pages
from portal.web.printed import Press
from tests.repositories import ContentRepository

ARTICLE = "/en/articles/one"
PACKED = {"Accept-Encoding": "gzip"}
FILES = {
    "portal.toml": 'name = "Acme help"\nlanguages = ["en", "de"]\n',
    "en/one.md": "---\ntitle: One\nid: one\n---\nThe first sentence. See [two](two.md).\n" + "And many more. " * 200,
    "en/two.md": "---\ntitle: Two\nid: two\ntopic: accounts\n---\nThe second.\n",
    "en/secret.md": "---\ntitle: Canary\nid: secret\naudience: staff\n---\nQuokkacanary.\n",
    "de/one.md": "---\ntitle: Eins\n---\nDer erste Satz.\n",
}


@pytest.fixture
def repository(tmp_path: Path) -> ContentRepository:
    repository = ContentRepository(tmp_path / "content")
    repository.commit(FILES)
    return repository


@pytest.fixture
def portal(repository: ContentRepository, tmp_path: Path) -> Portal:
    portal = bootstrap(Settings(content=str(repository.folder), data=tmp_path / "data", secret_key="a secret of tests"))
    publish(portal, at=clock.now())
    return portal


@pytest.fixture
def app(portal: Portal) -> Flask:
    return create_app(portal)


def printed(app: Flask, portal: Portal) -> dict[str, bytes]:
    with app.app_context():
        path = the(Press).path(portal.library.current())
    with closing(sqlite3.connect(path)) as db:
        return dict(db.execute("SELECT path, body FROM pages"))


def test_a_printed_page_is_the_rendered_one(app: Flask, portal: Portal) -> None:
    client = app.test_client()
    rendered = {path: client.get(path, headers=PACKED) for path in (ARTICLE, "/en/topics/accounts", "/de/articles/one")}
    assert print_pages(app)
    for path, before in rendered.items():
        after = client.get(path, headers=PACKED)
        assert (after.data, sorted(after.headers.items())) == (before.data, sorted(before.headers.items()))
    assert printed(app, portal).keys() >= rendered.keys()


def test_a_printed_page_comes_from_the_file(app: Flask, portal: Portal) -> None:
    print_pages(app)
    with app.app_context():
        path = the(Press).path(portal.library.current())
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE pages SET body = 'from the file', is_gzip = 0 WHERE path = ?", (ARTICLE,))
        db.commit()
    assert app.test_client().get(ARTICLE).text == "from the file"


def test_what_only_some_may_read_is_never_printed_nor_served_from_print(app: Flask, portal: Portal) -> None:
    print_pages(app)
    pages = printed(app, portal)
    assert "/en/articles/secret" not in pages
    client = app.test_client()
    assert client.get("/en/articles/secret").status_code == 404
    app.config["READER_LEVEL"] = lambda: Level.STAFF
    assert "Quokkacanary" in client.get("/en/articles/secret").text
    assert "no-store" in client.get(ARTICLE).headers["Cache-Control"]


def test_a_client_that_takes_no_gzip_gets_the_page_too(app: Flask) -> None:
    print_pages(app)
    plain = app.test_client().get(ARTICLE)
    assert "Content-Encoding" not in plain.headers
    assert "The first sentence" in plain.text
    assert app.test_client().head(ARTICLE, headers=PACKED).data == b""


def test_a_browsers_copy_stays_good_until_the_page_changes(
    app: Flask, portal: Portal, repository: ContentRepository
) -> None:
    print_pages(app)
    client = app.test_client()
    tag = {"If-None-Match": client.get(ARTICLE).headers["ETag"]}
    repository.commit({"en/two.md": FILES["en/two.md"] + "More.\n"})
    publish(portal, at=clock.now())
    assert client.get(ARTICLE, headers=tag).status_code == 304
    assert print_pages(app)
    assert client.get(ARTICLE, headers=tag).status_code == 304
    repository.commit({"en/one.md": FILES["en/one.md"] + "More.\n"})
    publish(portal, at=clock.now())
    assert client.get(ARTICLE, headers=tag).status_code == 200
    assert "More." in client.get(ARTICLE).text


def test_pages_that_are_as_they_were_are_taken_over(app: Flask, portal: Portal, repository: ContentRepository) -> None:
    first = print_pages(app)
    assert first
    assert first.reused == 0
    assert print_pages(app) is None
    repository.commit({"en/two.md": FILES["en/two.md"] + "More.\n"})
    publish(portal, at=clock.now())
    second = print_pages(app)
    assert second
    assert second.pages == first.pages
    assert second.reused >= 1
    assert "More." in app.test_client().get("/en/articles/two").text


def test_a_page_that_names_a_changed_article_is_printed_anew(
    app: Flask, portal: Portal, repository: ContentRepository
) -> None:
    many = {f"en/many/{n:02}.md": f"---\ntitle: Number {n}\nid: n{n}\n---\nText.\n" for n in range(12)}
    repository.commit(many)
    publish(portal, at=clock.now())
    print_pages(app)
    repository.commit({"en/many/11.md": "---\ntitle: Another name\nid: n11\n---\nText.\n"})
    publish(portal, at=clock.now())
    assert print_pages(app)
    far = app.test_client().get("/en/articles/many/05").text
    assert "Another name" in far
    assert "Number 11" not in far


def test_a_changed_name_reprints_every_page(app: Flask, portal: Portal, repository: ContentRepository) -> None:
    print_pages(app)
    repository.commit({"portal.toml": FILES["portal.toml"].replace("Acme", "Emca")})
    publish(portal, at=clock.now())
    again = print_pages(app)
    assert again
    assert again.reused == 0
    assert "Emca help" in app.test_client().get(ARTICLE).text


def test_a_damaged_file_costs_no_page(app: Flask, portal: Portal) -> None:
    print_pages(app)
    with app.app_context():
        path = the(Press).path(portal.library.current())
    path.write_bytes(b"not a database " * 500)
    client = app.test_client()
    assert client.get(ARTICLE).status_code == 200
    assert not path.exists()
    assert print_pages(app)


def test_another_base_url_has_its_own_pages(app: Flask, portal: Portal) -> None:
    print_pages(app)
    elsewhere = create_app(replace(portal, settings=replace(portal.settings, base_url="https://help.acme.example")))
    assert 'href="https://help.acme.example/en/articles/one"' in elsewhere.test_client().get(ARTICLE).text
    assert "help.acme.example" not in app.test_client().get(ARTICLE).text


def test_files_of_generations_that_are_gone_are_removed(
    app: Flask, portal: Portal, repository: ContentRepository
) -> None:
    for turn in range(6):
        repository.commit({"en/two.md": f"---\ntitle: Two\nid: two\n---\nTurn {turn}.\n"})
        publish(portal, at=clock.now())
        print_pages(app)
    kept = {file.name.partition(".")[0] for file in (portal.settings.data / "printed").glob("*.sqlite")}
    assert kept <= {folder.name for folder in portal.library.folder.iterdir()}
    assert portal.library.current().name in kept


def test_a_query_or_a_fragment_is_never_answered_from_print(app: Flask) -> None:
    print_pages(app)
    client: FlaskClient = app.test_client()
    assert client.get(f"{ARTICLE}?q=hello").status_code == 200
    assert 'value="hello"' in client.get(f"{ARTICLE}?q=hello").text
