"""What meaning brings to readers and agents, on a small help centre with the real encoder."""

from pathlib import Path

import pytest

from portal import clock
from portal.app import create_app
from portal.audience import Level
from portal.bootstrap import Portal, bootstrap
from portal.pipeline import publish
from portal.search.hits import Query
from portal.search.level import LevelReader
from portal.settings import Settings
from tests.repositories import ContentRepository

ARTICLES = {
    "en/account/reset.md": ("Reset your password", "Open the settings and choose a new one. We send a link."),
    "en/account/locked.md": ("Unlock an account", "After five wrong attempts to log in, it stays locked for an hour."),
    "en/account/delete.md": ("Close your account", "Everything that we keep about you is removed within thirty days."),
    "en/money/refund.md": ("Get a refund", "The money reaches your bank within five days. See [invoices](invoice.md)."),
    "en/money/invoice.md": ("Download an invoice", "Each bill is a PDF below your orders."),
    "en/money/tax.md": ("Add a tax number", "Companies may add the number that stands on each bill."),
    "en/devices/router.md": ("Restart the router", "Pull the plug, wait ten seconds, and put it back."),
    "de/konto/passwort.md": ("Passwort zurücksetzen", "Öffnen Sie die Einstellungen und wählen Sie ein neues."),
}


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    folder = tmp_path_factory.mktemp("meaning")
    repository = ContentRepository(folder / "content")
    repository.commit({path: f"---\ntitle: {title}\n---\n{text}\n" for path, (title, text) in ARTICLES.items()})
    settings = Settings(content=str(repository.folder), data=Path(folder) / "data", encoder="use", secret_key="x" * 40)
    portal = bootstrap(settings)
    publish(portal, at=clock.now())
    return portal


@pytest.fixture(scope="module")
def reader(centre: Portal) -> LevelReader:
    return centre.library.current().level(Level.PUBLIC)


def titles(reader: LevelReader, text: str, lang: str = "en") -> list[str]:
    return [hit.card.title for hit in reader.search(Query(text=text, lang=lang), offset=0, limit=3).hits]


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("forgot my passcode", "Reset your password"),
        ("wifi box does not work any more", "Restart the router"),
        ("modem is broken", "Restart the router"),
        ("delete my profile", "Close your account"),
    ],
)
def test_other_words_find_what_is_meant(reader: LevelReader, asked: str, title: str) -> None:
    assert titles(reader, asked)[0] == title


def test_what_is_far_away_from_all_articles_finds_none(reader: LevelReader) -> None:
    assert titles(reader, "how do I bake bread") == []


def test_a_question_finds_its_answer_in_another_language(reader: LevelReader) -> None:
    page = reader.search(Query(text="how do I reset my password", lang="de"), offset=0, limit=3)
    assert "Passwort zurücksetzen" in [hit.card.title for hit in (*page.hits, *page.nearest)]
    assert "Reset your password" in [hit.card.title for hit in page.elsewhere]


def test_related_articles_are_first_those_that_the_writer_linked_then_the_nearest(reader: LevelReader) -> None:
    id_of = reader.shelf.find("en", "money/refund")
    assert id_of
    page = reader.shelf.page(id_of)
    assert page
    found = [card.title for card in reader.related(page)]
    assert found[0] == "Download an invoice"
    assert len(found) == 4
    assert "Get a refund" not in found
    assert {card.lang for card in reader.related(page)} == {"en"}


def test_related_articles_are_on_the_page(centre: Portal) -> None:
    shown = create_app(centre).test_client().get("/en/articles/account/reset").text
    assert "Unlock an account" in shown[shown.index("related-heading") :]


def test_a_whole_message_meets_the_articles_that_it_is_about_with_the_words_that_told(reader: LevelReader) -> None:
    message = (
        "Hello there, I hope you are well. Yesterday I tried to log in five times, from my phone and from the office, "
        "and now it says that my account is locked. My colleague Anna can still work. Kind regards, Tom"
    )
    first, *_ = reader.match(message, "en", 3)
    assert first.hit.card.title == "Unlock an account"
    assert 1 <= len(first.because) <= 3
    assert set(first.because) <= set(message.replace(",", " ").replace(".", " ").split())


@pytest.mark.parametrize("message", ["", "   ", "?!", "\x00", "the of and", "x" * 20_000, "<script>" * 500])
def test_any_message_is_answered_calmly(reader: LevelReader, message: str) -> None:
    assert len(reader.match(message, "en", 3)) <= 3
    assert reader.match(message, "xx", 3) == ()
