from pathlib import Path

import pytest

from portal.content.git import Repository
from portal.content.history import KEPT_BLOBS, History, read_history
from tests.repositories import ContentRepository


@pytest.fixture
def repository(tmp_path: Path) -> ContentRepository:
    return ContentRepository(tmp_path / "content")


def _read(repository: ContentRepository, cache: Path | None = None, prefix: str = "") -> History:
    where = Repository(repository.folder)
    return read_history(where, where.commit("HEAD"), prefix, cache)


def test_a_file_remembers_where_it_first_stood_through_renames(repository: ContentRepository) -> None:
    repository.commit({"a.md": "One thing.\nTwo things.\nThree things.\n"})
    repository.move("a.md", "deep/b.md")
    repository.write({"deep/b.md": "One thing.\nTwo things.\nThree things!\n"})
    repository.move("deep/b.md", "c.md")
    past = _read(repository).pasts["c.md"]
    assert past.origin == "a.md"
    assert past.former_paths == ("deep/b.md", "a.md")


def test_a_mere_move_keeps_the_revision_and_an_edit_makes_a_new_one(repository: ContentRepository) -> None:
    first = repository.commit({"a.md": "text\n"})
    repository.move("a.md", "b.md")
    assert _read(repository).pasts["b.md"].revision == first
    second = repository.commit({"b.md": "other text\n"})
    assert _read(repository).pasts["b.md"].revision == second


def test_anothers_commit_changes_nothing_for_an_article(repository: ContentRepository) -> None:
    repository.commit({"a.md": "a\n"})
    before = _read(repository).pasts["a.md"]
    repository.commit({"b.md": "b\n"})
    assert _read(repository).pasts["a.md"] == before


def test_a_new_file_at_an_old_place_is_somebody_else(repository: ContentRepository) -> None:
    repository.commit({"a.md": "the first article, long enough\n"})
    repository.move("a.md", "b.md")
    commit = repository.commit({"a.md": "something quite different here\n"})
    pasts = _read(repository).pasts
    assert pasts["b.md"].origin == "a.md"
    assert pasts["a.md"].origin == f"a.md@{commit}"


def test_two_files_that_change_places_keep_their_identities(repository: ContentRepository) -> None:
    repository.commit({"a.md": "apples " * 40, "b.md": "bananas " * 40})
    repository.git("mv", "a.md", "x.md")
    repository.git("mv", "b.md", "a.md")
    repository.git("mv", "x.md", "b.md")
    repository.commit()
    assert set(_read(repository).pasts) == {"a.md", "b.md"}
    assert len({past.origin for past in _read(repository).pasts.values()}) == 2


def test_a_rename_on_a_merged_branch_is_followed_and_its_author_credited(repository: ContentRepository) -> None:
    repository.commit({"a.md": "text of the article\n"})
    repository.git("checkout", "-q", "-b", "side")
    repository.git("mv", "a.md", "b.md")
    repository.commit()
    edit = repository.commit({"b.md": "text of the article\nand more\n"}, GIT_AUTHOR_NAME="Bo")
    repository.git("checkout", "-q", "main")
    repository.commit({"z.md": "other\n"})
    repository.git("merge", "-q", "--no-ff", "--no-edit", "side")
    past = _read(repository).pasts["b.md"]
    assert (past.origin, past.revision, past.authors[0]) == ("a.md", edit, "Bo")


def test_authors_are_named_once_the_latest_first(repository: ContentRepository) -> None:
    repository.commit({"a.md": "1\n"}, GIT_AUTHOR_NAME="Ada")
    repository.commit({"a.md": "2\n"}, GIT_AUTHOR_NAME="Bo")
    repository.commit({"a.md": "3\n"}, GIT_AUTHOR_NAME="Ada")
    assert _read(repository).pasts["a.md"].authors == ("Ada", "Bo")


def test_reading_on_from_a_cache_says_the_same_as_reading_all(repository: ContentRepository, tmp_path: Path) -> None:
    cache = tmp_path / "cache.json"
    repository.commit({"a.md": "one\n", "b.md": "two\n"})
    _read(repository, cache)
    repository.move("a.md", "c.md")
    repository.remove("b.md")
    repository.commit({"b.md": "three\n"})
    assert _read(repository, cache) == _read(repository)


def test_a_rewritten_history_is_read_anew(repository: ContentRepository, tmp_path: Path) -> None:
    cache = tmp_path / "cache.json"
    repository.commit({"a.md": "one\n"})
    repository.commit({"a.md": "two\n"})
    _read(repository, cache)
    repository.git("reset", "-q", "--hard", "HEAD~1")
    repository.commit({"b.md": "three\n"})
    assert _read(repository, cache) == _read(repository)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": 1}', "\x00"])
def test_a_damaged_cache_costs_time_alone(repository: ContentRepository, tmp_path: Path, text: str) -> None:
    cache = tmp_path / "cache.json"
    cache.write_text(text)
    repository.commit({"a.md": "one\n"})
    assert set(_read(repository, cache).pasts) == {"a.md"}


def test_only_the_contents_folder_is_told_of(repository: ContentRepository) -> None:
    repository.commit({"docs/a.md": "one\n", "code.py": "x\n"})
    assert set(_read(repository, prefix="docs").pasts) == {"a.md"}


def test_names_of_any_kind_are_read(repository: ContentRepository) -> None:
    names = ["mit leer zeichen.md", "ümlaut.md", "-dash.md", "new\nline.md", "日本語.md", 'quo"te.md']
    repository.commit(dict.fromkeys(names, "text\n"))
    assert set(_read(repository).pasts) == set(names)


def test_earlier_bytes_are_known_with_their_commits_up_to_a_bound(repository: ContentRepository) -> None:
    commits = [repository.commit({"a.md": f"{number}\n"}) for number in range(KEPT_BLOBS + 3)]
    former = _read(repository).pasts["a.md"].former
    assert [earlier.revision for earlier in former] == commits[-2 : -KEPT_BLOBS - 2 : -1]


def test_a_shallow_clone_is_noticed(repository: ContentRepository, tmp_path: Path) -> None:
    repository.commit({"a.md": "1\n"})
    repository.commit({"a.md": "2\n"})
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", str(tmp_path / "shallow"))
    where = Repository(tmp_path / "shallow")
    assert not read_history(where, where.commit("HEAD"), "", None).is_whole
    assert _read(repository).is_whole
