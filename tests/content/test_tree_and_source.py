import os
from pathlib import Path

import pytest

from portal.content.git import GitFailed, Repository
from portal.content.source import FolderSource, GitSource, open_source
from portal.content.tree import MAX_MARKDOWN_BYTES, FolderTree, GitTree, blob_id
from portal.errors import Invalid
from portal.settings import Settings
from tests.repositories import ContentRepository


@pytest.fixture
def repository(tmp_path: Path) -> ContentRepository:
    return ContentRepository(tmp_path / "content")


def _tree(repository: ContentRepository, prefix: str = "") -> GitTree:
    where = Repository(repository.folder)
    return GitTree.at(where, where.commit("HEAD"), prefix)


def _settings(tmp_path: Path, content: object, **more: str) -> Settings:
    return Settings(content=str(content), data=tmp_path / "data", git_protocols="file", **more)  # type: ignore[arg-type]


def test_what_is_committed_is_read_not_what_lies_on_disk(repository: ContentRepository) -> None:
    repository.commit({"a.md": "committed\n"})
    repository.write({"a.md": "changed\n", "b.md": "new\n"})
    tree = _tree(repository)
    with tree.reading() as reading:
        assert {path: reading.read(blob) for path, blob in tree.blobs.items()} == {"a.md": b"committed\n"}


def test_links_submodules_and_giants_are_left_out_with_their_reasons(
    repository: ContentRepository, tmp_path: Path
) -> None:
    other = ContentRepository(tmp_path / "other")
    other.commit({"x.md": "x\n"})
    repository.write({"good.md": "good\n", "big.md": "x" * (MAX_MARKDOWN_BYTES + 1)})
    (repository.folder / "passwd.md").symlink_to("/etc/passwd")
    (repository.folder / "folder").symlink_to("/etc")
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.folder), "module")
    repository.commit()
    tree = _tree(repository)
    assert "good.md" in tree.blobs
    reasons = {skipped.path: skipped.reason for skipped in tree.skipped}
    assert set(reasons) == {"passwd.md", "folder", "module", "big.md"}
    assert "symbolic link" in reasons["passwd.md"]
    assert "submodule" in reasons["module"]
    assert "2 MB" in reasons["big.md"]


def test_a_name_that_is_not_utf8_is_left_out(repository: ContentRepository) -> None:
    repository.commit({"a.md": "a\n"})
    (repository.folder / os.fsdecode(b"latin-\xe9.md")).write_text("x\n")
    repository.commit()
    tree = _tree(repository)
    assert list(tree.blobs) == ["a.md"]
    assert "not UTF-8" in tree.skipped[0].reason


def test_a_reader_answers_for_many_blobs_and_says_when_one_is_missing(repository: ContentRepository) -> None:
    repository.commit({f"{number}.md": f"text {number}\n" * number for number in range(50)})
    tree = _tree(repository)
    with Repository(repository.folder).reader() as reader:
        for path, blob in tree.blobs.items():
            assert blob_id(reader.read(blob.oid)) == blob.oid, path
        with pytest.raises(GitFailed, match="lacks the object"):
            reader.read("0" * 40)
        assert reader.read(tree.blobs["1.md"].oid) == b"text 1\n"


def test_a_folder_is_read_as_git_would_name_it(repository: ContentRepository) -> None:
    repository.commit({"a.md": "one\n", "deep/b.md": "two\n"})
    (repository.folder / "passwd.md").symlink_to("/etc/passwd")
    folder = FolderTree.at(repository.folder)
    assert dict(folder.blobs) == dict(_tree(repository).blobs)
    assert [skipped.path for skipped in folder.skipped] == ["passwd.md"]


def test_a_folder_in_a_repository_is_content_by_itself(repository: ContentRepository, tmp_path: Path) -> None:
    repository.commit({"docs/en/a.md": "a\n", "code.py": "x\n"})
    source = open_source(_settings(tmp_path, repository.folder / "docs"))
    assert list(source.tree(source.newest()).blobs) == ["en/a.md"]


def test_a_bare_repository_and_a_folder_in_it_are_content(repository: ContentRepository, tmp_path: Path) -> None:
    repository.commit({"docs/a.md": "a\n"})
    repository.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    for content, paths in ((tmp_path / "bare.git", ["docs/a.md"]), (f"{tmp_path / 'bare.git'}#docs", ["a.md"])):
        source = open_source(_settings(tmp_path, content))
        assert isinstance(source, GitSource)
        assert list(source.tree(source.newest()).blobs) == paths


def test_a_revision_names_another_branch(repository: ContentRepository, tmp_path: Path) -> None:
    repository.commit({"a.md": "a\n"})
    repository.git("checkout", "-q", "-b", "draft")
    repository.commit({"b.md": "b\n"})
    repository.git("checkout", "-q", "main")
    source = open_source(_settings(tmp_path, repository.folder, revision="draft"))
    assert list(source.tree(source.newest()).blobs) == ["a.md", "b.md"]


def test_a_url_is_mirrored_and_followed_and_heals_after_a_killed_fetch(
    repository: ContentRepository, tmp_path: Path
) -> None:
    repository.commit({"a.md": "a\n"})
    source = open_source(_settings(tmp_path, f"file://{repository.folder}"))
    assert isinstance(source, GitSource)
    first = source.newest()
    assert list(source.tree(first).blobs) == ["a.md"]
    second = repository.commit({"b.md": "b\n"})
    assert source.mirror is not None
    (source.mirror.folder / "refs" / "heads").mkdir(parents=True, exist_ok=True)
    (source.mirror.folder / "refs" / "heads" / "main.lock").touch()
    source.refresh()
    assert source.newest() == second != first


def test_a_protocol_that_is_not_allowed_is_not_used(repository: ContentRepository, tmp_path: Path) -> None:
    repository.commit({"a.md": "a\n"})
    settings = Settings(content=f"file://{repository.folder}", data=tmp_path / "data")
    with pytest.raises(GitFailed, match="not allowed"):
        open_source(settings)


def test_a_plain_folder_and_one_that_was_never_committed_are_read_as_they_lie(
    repository: ContentRepository, tmp_path: Path
) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "a.md").write_text("a\n")
    assert isinstance(open_source(_settings(tmp_path, plain)), FolderSource)
    repository.commit({"x.md": "x\n"})
    repository.write({"fresh/a.md": "a\n"})
    assert isinstance(open_source(_settings(tmp_path, repository.folder / "fresh")), FolderSource)


@pytest.mark.parametrize(("content", "words"), [("nowhere", "no folder"), ("empty", "has no revision")])
def test_what_can_not_be_content_is_refused_with_what_to_do(tmp_path: Path, content: str, words: str) -> None:
    ContentRepository(tmp_path / "empty")
    with pytest.raises(Invalid, match=words):
        open_source(_settings(tmp_path, tmp_path / content))


def test_a_revision_that_looks_like_an_option_is_no_option(repository: ContentRepository, tmp_path: Path) -> None:
    repository.commit({"a.md": "a\n"})
    with pytest.raises(Invalid, match="has no revision"):
        open_source(_settings(tmp_path, repository.folder, revision="--output=/tmp/owned"))


def test_a_hooks_environment_does_not_lead_elsewhere(
    repository: ContentRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"a.md": "a\n"})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    source = open_source(_settings(tmp_path, repository.folder))
    assert list(source.tree(source.newest()).blobs) == ["a.md"]
