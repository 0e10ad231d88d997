"""The short link: the reader's language, the section that was meant, and what is counted of it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import clock
from portal.app import create_app
from portal.bootstrap import Portal, bootstrap
from portal.db import Database, transaction
from portal.links import store
from portal.links.models import Origin, SentLink
from portal.pipeline import publish
from portal.settings import Settings
from tests.repositories import ContentRepository
from tests.web.desk_visitors import signed_in

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}
GERMAN = BROWSER | {"Accept-Language": "de-CH, de;q=0.9, en;q=0.5"}
FILES = {
    "portal.toml": 'languages = ["en", "de"]\n',
    "en/keys.md": "---\nid: keys\ntitle: Keys\n---\nA.\n\n## Make a key\n\nB.\n\n## Lose a key\n\nC.\n",
    "de/keys.md": "---\nid: keys-de\ntitle: Schlüssel\n---\nA.\n\n## Schlüssel machen\n\nB.\n\n## Verlieren\n\nC.\n",
    "en/locks.md": "---\nid: locks\ntitle: Locks\n---\nA.\n\n## Open a lock\n\nB.\n",
    "de/locks.md": "---\nid: locks-de\ntitle: Schlösser\n---\nA.\n",
    "en/alone.md": "---\nid: alone\ntitle: Alone\n---\nA.\n",
}


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Articles in two languages, one of them moved since."""
    folder = tmp_path_factory.mktemp("moved")
    repository = ContentRepository(folder / "content")
    repository.commit(dict(FILES))
    repository.move("en/keys.md", "en/security/all-about-keys.md")
    repository.move("de/keys.md", "de/security/all-about-keys.md")
    settings = Settings(content=str(repository.folder), data=folder / "data", secret_key="a secret of sixteen")
    publish(bootstrap(settings), at=clock.now())
    return settings


@pytest.fixture
def portal(moved: Settings, sqlite_database: Database) -> Iterator[Portal]:
    portal = bootstrap(moved)
    yield replace(portal, database=sqlite_database)
    portal.recorder.close()


@pytest.fixture
def reader(portal: Portal) -> FlaskClient:
    return create_app(portal).test_client()


def a_link(portal: Portal, article: str = "keys", anchor: str = "") -> str:
    with portal.database.session() as session, transaction(session):
        return store.make(
            session, article=article, anchor=anchor, lang="en", origin=Origin.PICKER, user=None, at=clock.now()
        ).token


def link(portal: Portal, token: str) -> SentLink:
    with portal.database.session() as session:
        found = store.find(session, token)
    assert found
    return found


def place(answer: TestResponse) -> str:
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_it_opens_where_the_article_is_today_in_the_reader_s_language(reader: FlaskClient) -> None:
    assert place(reader.get("/a/keys")) == "/en/articles/security/all-about-keys"
    assert place(reader.get("/a/keys", headers=GERMAN)) == "/de/articles/security/all-about-keys"


def test_a_language_that_was_chosen_goes_before_the_browser_s(reader: FlaskClient) -> None:
    reader.set_cookie("lang", "en")
    assert place(reader.get("/a/keys-de", headers=GERMAN)).startswith("/en/")


def test_the_article_itself_opens_where_no_translation_is(reader: FlaskClient) -> None:
    assert place(reader.get("/a/alone", headers=GERMAN)) == "/en/articles/alone"
    assert place(reader.get("/a/keys-de", headers={"Accept-Language": "fr"})).startswith("/de/")


@pytest.mark.parametrize(
    ("address", "headers", "lands"),
    [
        ("/a/keys?section=lose-a-key", {}, "#lose-a-key"),
        ("/a/keys?section=lose-a-key", GERMAN, "#verlieren"),
        ("/a/keys?section=verlieren", GERMAN, "#verlieren"),
        ("/a/keys?section=loose-a-key", {}, "#lose-a-key"),
        ("/a/keys?section=zzzz", {}, ""),
        ("/a/locks?section=open-a-lock", GERMAN, ""),
    ],
    ids=["its own", "same place in a translation", "the translation's", "renamed", "gone", "fewer headings"],
)
def test_it_opens_at_the_section_that_was_meant(
    reader: FlaskClient, address: str, headers: dict[str, str], lands: str
) -> None:
    path, _, anchor = place(reader.get(address, headers=headers)).partition("#")
    assert (f"#{anchor}" if anchor else "") == lands
    assert "?" not in path


def test_a_link_that_was_sent_knows_its_section_and_keeps_its_token(reader: FlaskClient, portal: Portal) -> None:
    token = a_link(portal, anchor="lose-a-key")
    there = place(reader.get(f"/a/keys?via={token}", headers=BROWSER))
    assert there == f"/en/articles/security/all-about-keys?via={token}#lose-a-key"


def test_a_reader_s_opening_is_counted(reader: FlaskClient, portal: Portal) -> None:
    token = a_link(portal)
    answer = reader.get(f"/a/keys?via={token}", headers=GERMAN)
    assert answer.headers["Cache-Control"] == "no-store"
    assert link(portal, token).opened == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"},
        {"User-Agent": ""},
        BROWSER | {"Sec-Purpose": "prefetch;prerender"},
        BROWSER | {"Purpose": "prefetch"},
        BROWSER | {"DNT": "1"},
    ],
    ids=["robot", "program", "ahead", "ahead, as it once was said", "not to be followed"],
)
def test_what_no_reader_opens_is_not_counted(reader: FlaskClient, portal: Portal, headers: dict[str, str]) -> None:
    token = a_link(portal)
    assert reader.get(f"/a/keys?via={token}", headers=headers).status_code == 302
    assert reader.head(f"/a/keys?via={token}", headers=BROWSER).status_code == 302
    assert link(portal, token).opened == 0


def test_what_staff_open_is_not_counted(portal: Portal) -> None:
    bo, token = signed_in(create_app(portal), portal), a_link(portal)
    bo.client.get(f"/a/keys?via={token}", headers=BROWSER)
    assert link(portal, token).opened == 0


def test_a_token_of_another_article_counts_nothing(reader: FlaskClient, portal: Portal) -> None:
    token = a_link(portal, "locks", "open-a-lock")
    assert "#" not in place(reader.get(f"/a/keys?via={token}", headers=BROWSER))
    assert link(portal, token).opened == 0


@pytest.mark.parametrize("via", ["nobody123X", "7", "%00", "'--", "x" * 900])
def test_a_token_that_nobody_made_opens_the_article_all_the_same(reader: FlaskClient, via: str) -> None:
    assert reader.get(f"/a/keys?via={via}", headers=BROWSER).status_code == 302


def test_it_opens_while_the_database_is_away(reader: FlaskClient, portal: Portal, tmp_path: object) -> None:
    token = a_link(portal)
    away = create_app(replace(portal, database=Database(f"sqlite:///{tmp_path}/gone/x.sqlite"))).test_client()
    assert place(away.get(f"/a/keys?via={token}", headers=BROWSER)).startswith("/en/articles/")


def test_an_answer_is_kept_for_readers_alike_alone(reader: FlaskClient) -> None:
    assert {"Accept-Language", "Cookie"} <= set(reader.get("/a/keys").vary.as_set(preserve_casing=True))


def test_a_vote_of_somebody_who_came_by_a_link_counts_for_it(reader: FlaskClient, portal: Portal) -> None:
    token = a_link(portal)
    came = BROWSER | {"Referer": f"http://localhost/en/articles/security/all-about-keys?via={token}"}
    reader.post("/en/votes/keys", data={"helpful": "no"}, headers=came)
    assert link(portal, token).is_helpful is False
    reader.post("/en/votes/keys/withdrawal", headers=came)
    assert link(portal, token).is_helpful is None


def test_a_vote_from_another_site_s_page_counts_for_no_link(reader: FlaskClient, portal: Portal) -> None:
    token = a_link(portal)
    came = BROWSER | {"Referer": f"http://evil.example/en/articles/security/all-about-keys?via={token}"}
    reader.post("/en/votes/keys", data={"helpful": "no"}, headers=came)
    assert link(portal, token).is_helpful is None


def test_a_page_that_is_no_address_is_no_page(reader: FlaskClient) -> None:
    assert reader.get("/en/contact", headers=BROWSER | {"Referer": "http://[::1"}).status_code == 200


def test_turning_to_a_person_from_the_article_counts_as_coming_back(reader: FlaskClient, portal: Portal) -> None:
    token = a_link(portal)
    reader.get("/en/contact", headers=BROWSER)
    assert link(portal, token).came_back_at is None
    came = BROWSER | {"Referer": f"http://localhost/en/articles/security/all-about-keys?via={token}"}
    assert reader.get("/en/contact", headers=came).status_code == 200
    assert link(portal, token).came_back_at
