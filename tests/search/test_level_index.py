from dataclasses import replace
from pathlib import Path

import pytest

from portal import clock
from portal.audience import Level
from portal.bootstrap import bootstrap
from portal.pipeline import publish
from portal.search.hits import STAGES, Query
from portal.search.index_files import COUNTS, IMPACTS, SPELLING, SYNONYMS, WORDINGS, count_sections
from portal.search.level import COMPLETIONS, LevelReader
from portal.search.meaning.indexing import STATE
from portal.search.whoosh_index import needs_rebuild
from portal.settings import Settings
from tests.repositories import ContentRepository
from tests.search.documents import checksums

FILES = {
    "clean.md": "---\ntitle: Clean it\nproducts: [Kettle Pro, Toaster]\nstage: during\n---\nUse water.\n",
    "buy.md": "---\ntitle: Choose one\nproducts: [Kettle]\nstage: before\n---\nWater is not included.\n",
    "other.md": "---\ntitle: Something else\n---\nOf water and of wine.\n",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    repository = ContentRepository(tmp_path / "content")
    repository.commit({path: text.encode() for path, text in FILES.items()})
    return Settings(content=str(repository.folder), data=tmp_path / "data", render_seconds=5)


def folder_of(settings: Settings) -> Path:
    """Publish as a fresh process would; return the folder of the public's English words."""
    portal = bootstrap(settings)
    publish(portal, at=clock.now())
    return portal.library.current().folder / "public" / "en"


def linked(folder: Path) -> set[str]:
    """Name the files that an older generation has as well."""
    return {file.name for file in folder.iterdir() if file.stat().st_nlink > 1}


def test_products_and_stage_of_an_article_narrow_a_search(settings: Settings) -> None:
    folder_of(settings)
    reader = bootstrap(settings).library.current().level(Level.PUBLIC)
    everything = Query(text="water", lang="en")

    def titles(query: Query) -> list[str]:
        return sorted(hit.card.title for hit in reader.search(query, offset=0, limit=9).hits)

    assert len(titles(everything)) == len(FILES)
    assert titles(replace(everything, product="kettle pro")) == ["Clean it"]
    assert titles(replace(everything, product="kettle")) == ["Choose one"]
    assert [titles(replace(everything, stage=stage)) for stage in STAGES] == [["Choose one"], ["Clean it"], []]
    reader.close()


def test_an_index_of_another_version_is_written_anew(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert linked(folder_of(settings)) == set()
    monkeypatch.setattr("portal.publishing.INDEX_VERSION", "a mere republishing")
    assert len(linked(folder_of(settings))) > 1, "else the next line says nothing"
    for name in ("portal.publishing.INDEX_VERSION", "portal.search.level_index.INDEX_VERSION"):
        monkeypatch.setattr(name, "another")
    assert linked(folder_of(settings)) == set()


def test_where_most_articles_changed_the_index_holds_nothing_of_the_old_ones(settings: Settings) -> None:
    folder_of(settings)
    ContentRepository(Path(settings.content)).commit({path: f"{text}More.\n".encode() for path, text in FILES.items()})
    folder = folder_of(settings)
    assert (count_sections(folder), needs_rebuild(folder), linked(folder)) == (len(FILES), False, set())


def test_where_few_articles_changed_the_rest_is_linked(settings: Settings) -> None:
    repository = ContentRepository(Path(settings.content))
    repository.commit({f"n{n}.md": f"---\ntitle: Number {n}\n---\nOld words.\n".encode() for n in range(9)})
    folder_of(settings)
    repository.commit({"n4.md": b"---\ntitle: Number 4\n---\nNewest words.\n"})
    folder = folder_of(settings)
    assert linked(folder)
    assert count_sections(folder) == len(FILES) + 9


def test_an_index_that_names_no_version_is_written_anew(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(settings)
    (folder / "version.txt").write_text("")
    monkeypatch.setattr("portal.publishing.INDEX_VERSION", "a mere republishing")
    assert linked(folder_of(settings)) == set()


def test_other_synonyms_alone_reach_searches_and_leave_the_generation_before_as_it_was(settings: Settings) -> None:
    repository = ContentRepository(Path(settings.content))
    repository.commit({"synonyms.txt": b"aqua, water\n"})
    before = folder_of(settings)
    older, files = bootstrap(settings).library.current().level(Level.PUBLIC), checksums(before)
    seen = []
    for rule in (b"liquid => water\n", b""):
        repository.commit({"synonyms.txt": rule})
        folder = folder_of(settings)
        assert {file.name for file in folder.iterdir()} - linked(folder) == {SYNONYMS, STATE}
        reader = bootstrap(settings).library.current().level(Level.PUBLIC)
        seen.append([_total(reader, word) for word in ("aqua", "liquid", "water")])
        reader.close()
    assert seen == [[0, len(FILES), len(FILES)], [0, 0, len(FILES)]]
    assert checksums(before) == files
    assert [_total(older, word) for word in ("aqua", "liquid")] == [len(FILES), 0]
    older.close()


def test_synonyms_of_one_language_are_in_its_index_alone(settings: Settings) -> None:
    german = {"de/tee.md": b"---\ntitle: Tee\n---\nMit Wasser.\n", "portal.toml": b'languages = ["en", "de"]\n'}
    english = {f"en/{path}": text.encode() for path, text in FILES.items()}
    repository = ContentRepository(Path(settings.content))
    repository.remove(*FILES)
    repository.commit(german | english | {"synonyms.de.txt": b"nass, wasser\n"})
    folder = folder_of(settings)
    assert b"wass" in (folder.parent / "de" / SYNONYMS).read_bytes()
    assert b"wass" not in (folder / SYNONYMS).read_bytes()


def test_words_that_an_edit_took_out_are_in_nothing_that_searches_read(settings: Settings) -> None:
    repository = ContentRepository(Path(settings.content))
    texts = {f"n{n}.md": f"---\ntitle: Number {n}\n---\nPlain words.\n".encode() for n in range(9)}
    repository.commit(
        texts | {"n4.md": b"---\ntitle: Quokkatitle\naka: [Quokkaname]\ntags: [quokkatag]\n---\nQuokkas.\n"}
    )
    folder_of(settings)
    repository.commit({"n4.md": texts["n4.md"]})
    folder = folder_of(settings)
    assert linked(folder), "else it was written anew"
    told = {name: (folder / name).read_bytes().lower() for name in (COUNTS, IMPACTS, WORDINGS, SPELLING, COMPLETIONS)}
    assert [name for name, held in told.items() if b"quokka" in held] == []


def _total(reader: LevelReader, word: str) -> int:
    return reader.search(Query(text=word, lang="en", is_verbatim=True), offset=0, limit=9).total
