import hashlib
import sqlite3
from pathlib import Path

import pytest

from portal.audience import Audience, Status
from portal.content.knowledge_base import KnowledgeBase
from portal.content.problem import Severity
from tests.content.compiling import compiled, knowledge_base
from tests.repositories import HELP_CENTRE, ContentRepository

GOOD = "---\ntitle: Fine\n---\nText.\n"


@pytest.fixture
def repository(tmp_path: Path) -> ContentRepository:
    repository = ContentRepository(tmp_path / "content")
    repository.commit({"en/good.md": GOOD})
    return repository


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def _errors(base: KnowledgeBase) -> dict[str, str]:
    return {found.path: found.what for found in base.problems if found.severity is Severity.ERROR}


def test_every_file_is_an_article_or_named_with_its_reason(repository: ContentRepository, cache: Path) -> None:
    repository.commit({**HELP_CENTRE, "en/includes/part.md": "part\n", "en/notes.txt": "x", "en/broken.md": b"\xff"})
    base = knowledge_base(repository, cache)
    named = {*base.entries, *(file.path for file in base.skipped), *base.held_back, "portal.toml"}
    assert named == set(repository.git("ls-files").splitlines())


BAD_FILES = {
    "broken YAML": b"---\ntitle: [never closed\n---\nText\n",
    "latin-1": "---\ntitle: Größe\n---\nText\n".encode("latin-1"),
    "NUL": b"---\ntitle: A\n---\nText\x00\n",
    "empty": b"",
    "bad date": b"---\ntitle: A\npublish_at: soon\n---\nText\n",
    "deep nesting": b"---\ntitle: " + b"[" * 3000 + b"\n---\nText\n",
    "huge front matter": b"---\ntitle: A\nx: " + b"y" * 20000 + b"\n---\nText\n",
}


@pytest.mark.parametrize("name", sorted(BAD_FILES))
def test_a_bad_file_is_reported_and_all_others_are_articles(
    name: str, repository: ContentRepository, cache: Path
) -> None:
    repository.commit({"en/bad.md": BAD_FILES[name]})
    base = knowledge_base(repository, cache)
    assert list(base.entries) == ["en/good.md"]
    problem = next(found for found in base.problems if found.path == "en/bad.md")
    assert problem.line >= 1
    assert problem.what
    assert problem.mend


@pytest.mark.parametrize("name", sorted(BAD_FILES))
def test_a_file_that_went_bad_keeps_its_last_good_revision(
    name: str, repository: ContentRepository, cache: Path
) -> None:
    good = repository.commit({"en/page.md": "---\ntitle: As it was\n---\nText.\n"})
    repository.commit({"en/page.md": BAD_FILES[name]})
    base = knowledge_base(repository, cache)
    entry = base.entries["en/page.md"]
    assert (entry.article.title, entry.is_last_good, entry.past.revision) == ("As it was", True, good)
    assert "en/page.md" in _errors(base)
    assert base.held_back == {"en/page.md"}


def test_the_last_good_revision_may_lie_several_commits_back(repository: ContentRepository, cache: Path) -> None:
    repository.commit({"en/page.md": "---\ntitle: As it was\n---\nText.\n"})
    for number in range(3):
        repository.commit({"en/page.md": f"---\ntitle: [{number}\n---\n"})
    assert knowledge_base(repository, cache).entries["en/page.md"].article.title == "As it was"


@pytest.mark.parametrize("line", ["audience: staff", "audience: stfaf", "status: draft", "draft: true"])
def test_a_held_back_revision_that_hides_an_article_hides_it_all_the_same(
    line: str, repository: ContentRepository, cache: Path
) -> None:
    repository.commit({"en/page.md": "---\ntitle: Public\n---\nText.\n"})
    repository.commit({"en/page.md": f"---\ntitle: [broken\n{line}\n---\nText.\n"})
    seen = knowledge_base(repository, cache).entries["en/page.md"].visibility
    assert (seen.audience, seen.status) != (Audience.PUBLIC, Status.PUBLISHED)


def test_an_id_is_a_hash_of_where_the_file_first_stood(repository: ContentRepository, cache: Path) -> None:
    before = knowledge_base(repository, cache).entries["en/good.md"].id
    assert before == hashlib.sha256(b"en/good.md").hexdigest()[:12]
    repository.move("en/good.md", "en/deep/better.md")
    base = knowledge_base(repository, cache)
    assert base.entries["en/deep/better.md"].id == before
    assert base.redirects == {("en", "good"): before}


def test_of_two_files_with_one_id_the_older_keeps_it(repository: ContentRepository, cache: Path) -> None:
    repository.commit(
        {"en/old.md": "---\ntitle: Old\nid: same\n---\nText.\n"}, GIT_COMMITTER_DATE="2020-01-01T00:00:00Z"
    )
    repository.commit({"en/a-new.md": "---\ntitle: New\nid: same\n---\nText.\n"})
    base = knowledge_base(repository, cache)
    assert [entry.article.path for entry in base.entries.values() if entry.id == "same"] == ["en/old.md"]
    assert "en/old.md" in _errors(base)["en/a-new.md"]


def test_who_takes_anothers_id_falls_back_to_the_own_one(repository: ContentRepository, cache: Path) -> None:
    repository.commit({"en/a.md": "---\ntitle: A\nid: a\n---\nText.\n"}, GIT_COMMITTER_DATE="2020-01-01T00:00:00Z")
    repository.commit({"en/b.md": "---\ntitle: B\nid: b\n---\nText.\n"})
    repository.commit({"en/b.md": "---\ntitle: B2\nid: a\n---\nText.\n"})
    base = knowledge_base(repository, cache)
    assert (base.entries["en/b.md"].id, base.entries["en/b.md"].article.title) == ("b", "B")


def test_two_files_with_one_address_are_told_apart(repository: ContentRepository, cache: Path) -> None:
    repository.commit({"en/My Page.md": GOOD, "en/my-page.md": GOOD.replace("Fine", "Other")})
    base = knowledge_base(repository, cache)
    assert len(base.entries) == 2
    assert len(_errors(base)) == 1


def test_an_include_that_is_mended_elsewhere_mends_the_article(repository: ContentRepository, cache: Path) -> None:
    repository.commit(
        {
            "en/page.md": "---\ntitle: A\n---\n[!INCLUDE [x](includes/one.md)]\n",
            "en/includes/one.md": "[!INCLUDE [x](two.md)]\n",
            "en/includes/two.md": "[!INCLUDE [x](one.md)]\n",
        }
    )
    assert "en/page.md" in _errors(knowledge_base(repository, cache))
    repository.commit({"en/includes/two.md": "mended words\n"})
    with compiled(repository, cache) as (base, store, _):
        entry = base.entries["en/page.md"]
        assert "mended words" in store.rendered("en/page.md", entry.article.blob).html


def test_a_changed_include_changes_every_article_that_has_it(repository: ContentRepository, cache: Path) -> None:
    page = "---\ntitle: A\n---\nBefore [!INCLUDE [x](includes/name.md)] after.\n"
    repository.commit({"en/page.md": page, "en/includes/name.md": "apples"})
    knowledge_base(repository, cache)
    repository.commit({"en/includes/name.md": "bananas"})
    with compiled(repository, cache) as (base, store, _):
        assert "bananas" in store.rendered("en/page.md", base.entries["en/page.md"].article.blob).html


def test_what_was_compiled_before_is_not_compiled_again(repository: ContentRepository, cache: Path) -> None:
    repository.commit(HELP_CENTRE)
    first = knowledge_base(repository, cache)
    kept = sqlite3.connect(cache / "compiled.sqlite")
    kept.execute("UPDATE compiled SET article = replace(article, 'Get a refund', 'Out of the cache')")
    kept.commit()
    kept.close()
    again = knowledge_base(repository, cache)
    assert again.entries.keys() == first.entries.keys()
    assert again.entries["en/billing/refunds.md"].article.title == "Out of the cache"


@pytest.mark.parametrize("damage", [b"", b"not a database at all, but long enough to be read as one" * 50])
def test_a_damaged_cache_costs_time_alone(damage: bytes, repository: ContentRepository, cache: Path) -> None:
    first = knowledge_base(repository, cache)
    (cache / "compiled.sqlite").write_bytes(damage)
    assert knowledge_base(repository, cache) == first


def test_a_link_that_leads_nowhere_is_reported_with_its_line(repository: ContentRepository, cache: Path) -> None:
    repository.commit({"en/page.md": "---\ntitle: A\n---\nText.\n\nSee [this](nowhere.md) and [that](good.md).\n"})
    problems = knowledge_base(repository, cache).problems
    assert [(found.path, found.line, found.severity) for found in problems] == [("en/page.md", 6, Severity.WARNING)]


def test_an_article_that_takes_too_long_is_held_back_alone(repository: ContentRepository, cache: Path) -> None:
    repository.commit({"en/slow.md": "---\ntitle: Slow\n---\n" + "[" * 50000})
    base = knowledge_base(repository, cache)
    assert "en/good.md" in base.entries
    assert "en/slow.md" in base.entries or "en/slow.md" in _errors(base)
