"""The main job on real help centres that nobody here wrote: publish them, find things, edit, move."""

import os
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal import clock
from portal.audience import Level
from portal.bootstrap import Portal, bootstrap
from portal.pipeline import publish
from portal.publishing import Published
from portal.search.generation import read_report
from portal.search.hits import Query
from portal.settings import ROOT, Settings
from tests.repositories import ContentRepository

pytestmark = pytest.mark.collections
DATA_SETS = Path(os.environ.get("PORTAL_DATA_SETS") or ROOT.parent / "shared" / "data")

SEARCHES = {
    "arduino-help-center": {
        "board not showing up in port menu": "select-board-and-port-in-arduino-ide",
        "forgot my password": "reset-the-password-for-your-arduino-account",
        "avrdude not in sync": "error-avrdude-when-uploading",
        "return my order": "return-an-item",
        "install a library": "add-libraries-to-arduino-ide",
        "wi-fi firmware update uno r4": "update-the-connectivity-module-firmware-on-uno-r4-wifi",
        "delete my account": "how-to-delete-your-arduino-account",
        "cloud plan cancel subscription": "review-change-or-cancel-an-arduino-cloud-plan",
        "change email address account": "change-the-email-address-for-your-arduino-account",
        "where is my order tracking": "track-your-order",
    },
    "business-central": {
        "reverse a posted journal entry": "finance-how-reverse-journal-posting",
        "create a sales invoice": "sales-how-invoice-sales",
        "block a customer": "receivables-how-block-customers",
        "apply customer payments": "receivables-how-reconcile-customer-payments-list-unpaid-sales-documents",
        "exchange rates update": "finance-how-update-currencies",
        "shopify connect store": "get-started",
        "transfer items between locations": "inventory-how-transfer-between-locations",
        "close a fiscal year": "how-to-close-a-fiscal-year",
        "reconcile bank account": "bank-how-reconcile-bank-accounts-separately",
        "set up email": "admin-how-setup-email",
    },
    "business-central-de": {
        "Mehrwertsteuer einrichten": "finance-setup-vat",
        "Verkaufsrechnung erstellen": "sales-how-invoice-sales",
        "Wechselkurse aktualisieren": "finance-how-update-currencies",
        "Benutzer hinzufügen": "ui-how-users-permissions",
        "Anlagen abschreiben": "fa-how-depreciate-amortize",
        "Artikel umlagern": "inventory-how-transfer-between-locations",
        "Bankkonto abstimmen": "bank-how-reconcile-bank-accounts-separately",
        "Geschäftsjahr abschließen": "year-close-years-periods",
        "E-Mail einrichten": "admin-how-setup-email",
        "Inventur durchführen": "inventory-how-count-adjust-reclassify",
    },
}


@dataclass(frozen=True)
class Collection:
    """A help centre, unpacked, committed and published."""

    name: str
    lang: str
    repository: ContentRepository
    portal: Portal
    first: Published


@pytest.fixture(scope="module", params=sorted(SEARCHES))
def collection(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Collection:
    name = request.param
    archive = DATA_SETS / "articles" / f"{name}.tar.gz"
    if not archive.exists():
        pytest.skip(f"{name} is left out: there is no {archive.name} below PORTAL_DATA_SETS")
    folder = tmp_path_factory.mktemp(name)
    repository = ContentRepository(folder / "content")
    with tarfile.open(archive) as packed:
        # Python 3.11.4 and later can be told to unpack with care; Debian's 3.11.2 has no such word.
        packed.extraction_filter = getattr(tarfile, "data_filter", None)
        packed.extractall(repository.folder)  # noqa: S202 - our own archives
    repository.commit()
    portal = bootstrap(Settings(content=str(repository.folder), data=folder / "data"))
    first = publish(portal, at=clock.now())
    return Collection(name, "de" if name.endswith("-de") else "en", repository, portal, first)


def _search(collection: Collection, words: str) -> list[str]:
    reader = collection.portal.library.current().level(Level.PUBLIC)
    found = reader.search(Query(text=words, lang=collection.lang), offset=0, limit=3)
    return [hit.card.url for hit in found.hits]


def test_every_file_is_an_article_or_named_with_its_reason(collection: Collection) -> None:
    generation = collection.portal.library.current()
    shelf = generation.level(Level.STAFF).shelf
    pages = [shelf.page(key) for key in shelf.prints()]
    articles = {page.path for page in pages if page}
    report = read_report(generation.folder)
    named = {str(file["path"]) for file in report["skipped"]}
    named |= {str(problem["path"]) for problem in report["problems"] if problem["severity"] == "error"}
    files = set(collection.repository.git("ls-files", "-z").rstrip("\0").split("\0"))
    assert articles | named == files
    assert not articles & named


def test_ten_searches_find_the_right_article_in_the_first_three(collection: Collection) -> None:
    found = {words: _search(collection, words) for words in SEARCHES[collection.name]}
    assert {
        words: found[words]
        for words, slug in SEARCHES[collection.name].items()
        if not any(url.endswith(f"/{slug}") for url in found[words])
    } == {}


def test_one_edit_and_one_move_are_live_and_nothing_else_changes(collection: Collection) -> None:
    words, slug = next(iter(SEARCHES[collection.name].items()))
    shelf = collection.portal.library.current().level(Level.PUBLIC).shelf
    url = next(url for url in _search(collection, words) if url.endswith(f"/{slug}"))
    place = url.removeprefix(f"/{collection.lang}/articles/")
    key = shelf.find(collection.lang, place)
    assert key
    page = shelf.page(key)
    assert page
    file = collection.repository.folder / page.path
    file.write_text(file.read_text("utf-8") + "\n\nAltogether quokkawise.\n", "utf-8")
    collection.repository.commit()
    edited = publish(collection.portal, at=clock.now())
    assert edited.changed == {"added": 0, "removed": 0, "edited": 1}
    assert _search(collection, "quokkawise") == [url]

    moved = str(Path(page.path).with_name("moved elsewhere.md"))
    collection.repository.move(page.path, moved)
    publish(collection.portal, at=clock.now())
    shelf = collection.portal.library.current().level(Level.PUBLIC).shelf
    after = shelf.page(key)
    assert after
    assert after.path == moved
    assert shelf.redirect(collection.lang, place) == after.card.url != url
