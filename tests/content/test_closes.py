from pathlib import Path

import pytest

from portal.content.closes import closing_paths, closings, numbers_in
from portal.content.source import Source, open_source
from portal.settings import Settings
from tests.repositories import ContentRepository


@pytest.fixture
def repository(tmp_path: Path) -> ContentRepository:
    repository = ContentRepository(tmp_path / "content")
    repository.commit({"en/a.md": "# A\n"})
    return repository


def _source(repository: ContentRepository, inside: str = "") -> Source:
    return open_source(Settings(content=str(repository.folder / inside), data=repository.folder.parent / "data"))


def _say(repository: ContentRepository, message: str) -> str:
    repository.git("commit", "-q", "--allow-empty", "-m", message)
    return repository.git("rev-parse", "HEAD")


@pytest.mark.parametrize(
    ("message", "numbers"),
    [
        ("Title\n\nCloses-Gap: 12\n", (12,)),
        ("Title\n\nCloses-Gap: 12, 14\nSigned-off-by: Cleo\n", (12, 14)),
        ("closes-gap:   #12 #14", (12, 14)),
        ("Squashed (#3)\n\n* Draft\n\nCloses-Gap: 7\n\n* Better words\n", (7,)),
        ("Title\r\n\r\nCloses-Gap: 12\r\n", (12,)),
        ("Closes-Gap: 0", ()),
        ("Closes-Gap: 99999999999999", ()),
        ("Closes-Gap: the small one", ()),
        ("This says Closes-Gap: 12 in passing", ()),
        ("", ()),
    ],
)
def test_a_trailer_names_gaps_wherever_it_stands(message: str, numbers: tuple[int, ...]) -> None:
    assert numbers_in(message) == numbers


def test_trailers_between_two_revisions_count_those_of_merged_branches_too(repository: ContentRepository) -> None:
    before = _say(repository, "Old\n\nCloses-Gap: 1")
    repository.git("checkout", "-q", "-b", "draft")
    drafted = _say(repository, "New\n\nCloses-Gap: 12")
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "-m", "Merge", "draft")
    after = repository.git("rev-parse", "HEAD")
    assert closings(_source(repository), before, after) == {12: drafted}
    assert closings(_source(repository), after, after) == {}


def test_front_matter_of_articles_that_changed_counts(repository: ContentRepository) -> None:
    repository.commit({"en/old.md": "---\ncloses: [1]\n---\n# Old\n"})
    before = repository.git("rev-parse", "HEAD")
    said = repository.commit({"en/new.md": "---\nCloses: 12, 14\n---\n# New\n"})
    after = repository.commit({"en/other.md": "# Other\n"})
    assert closings(_source(repository), before, after) == {12: said, 14: said}
    assert closings(_source(repository), None, after).keys() == {1, 12, 14}
    assert closing_paths(_source(repository), after) == {1: ("en/old.md",), 12: ("en/new.md",), 14: ("en/new.md",)}


def test_drafts_and_articles_that_can_not_be_published_close_nothing(repository: ContentRepository) -> None:
    before = repository.git("rev-parse", "HEAD")
    after = repository.commit(
        {
            "en/draft.md": "---\ncloses: 12\ndraft: true\n---\n# D\n",
            "en/bad.md": "---\ncloses: soon\n---\n# B\n",
            "en/shown.md": "# S\n\n`closes: [13]` in the text is text.\n",
        }
    )
    assert closings(_source(repository), before, after) == {}


def test_a_revision_that_the_history_has_lost_asks_the_articles_alone(repository: ContentRepository) -> None:
    after = repository.commit({"en/new.md": "---\ncloses: [12]\n---\n# New\n"})
    assert closings(_source(repository), "0" * 40, after) == {12: after}
    assert closings(_source(repository), "folder-abc", after) == {12: after}


def test_a_folder_of_a_repository_reads_its_own_articles(repository: ContentRepository) -> None:
    before = repository.git("rev-parse", "HEAD")
    after = repository.commit(
        {"docs/[a].md": "---\ncloses: [12]\n---\n# New\n", "elsewhere/b.md": "---\ncloses: [13]\n---\n# B\n"}
    )
    assert closings(_source(repository, "docs"), before, after) == {12: after}


def test_a_plain_folder_closes_by_front_matter(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "a.md").write_text("---\ncloses: [12]\n---\n# A\n")
    source = open_source(Settings(content=str(tmp_path / "plain"), data=tmp_path / "data"))
    first = closings(source, None, source.newest())
    (tmp_path / "plain" / "b.md").write_text("# B\n")
    assert closings(source, None, source.newest()) == first
    (tmp_path / "plain" / "a.md").write_text("---\ncloses: [12]\n---\n# Better\n")
    again = closings(source, None, source.newest())
    assert first.keys() == again.keys() == {12}
    assert first != again
