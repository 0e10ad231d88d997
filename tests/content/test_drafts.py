import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.content.drafts import Draft, Drafted, branch_name, push_waiting, revision_named, write
from portal.content.git import Repository
from portal.content.mirror import Mirror
from portal.content.source import GitSource, Source, open_source
from portal.errors import Conflict, Invalid
from portal.settings import Settings
from tests.repositories import ContentRepository

AT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
NEW = {"en/billing/export-invoices.md": b"---\r\ntitle: Export\r\n---\r\nText\r\n"}
MESSAGE = "Export all invoices\n\n4 people did not find it.\n\nCloses-Gap: 12\n"


@pytest.fixture
def repository(tmp_path: Path) -> ContentRepository:
    repository = ContentRepository(tmp_path / "content")
    repository.commit({"en/a.md": "# A\n", "en/billing/b.md": "# B\n", "run.sh": "x\n"})
    return repository


def _settings(tmp_path: Path, content: object, **more: str | None) -> Settings:
    return Settings(content=str(content), data=tmp_path / "data", git_protocols="file", **more)  # type: ignore[arg-type]


def _draft(files: dict[str, bytes | None] | None = None, branch: str = "signpost/gap-12-export") -> Draft:
    return Draft(gap=12, branch=branch, files=files or dict(NEW), message=MESSAGE)


def _write(settings: Settings, draft: Draft | None = None) -> Drafted:
    return write(settings, open_source(settings), draft or _draft(), at=AT)


def _git_source(source: Source) -> GitSource:
    assert isinstance(source, GitSource)
    return source


def test_a_draft_is_one_commit_on_a_branch_and_the_checked_out_tree_is_as_it_was(
    repository: ContentRepository, tmp_path: Path
) -> None:
    repository.write({"en/a.md": "half written\n", "en/new.md": "untracked\n"})
    repository.git("add", "en/new.md")
    before = (repository.git("status", "--porcelain"), repository.git("rev-parse", "main"))
    done = _write(_settings(tmp_path, repository.folder))
    assert done.is_new
    assert (repository.git("status", "--porcelain"), repository.git("rev-parse", "main")) == before
    assert repository.git("rev-parse", "signpost/gap-12-export") == done.commit
    assert repository.git("diff", "--name-status", "main", done.commit or "") == "A\ten/billing/export-invoices.md"
    assert repository.git("rev-parse", f"{done.commit}^") == repository.git("rev-parse", "main")
    assert repository.git("log", "-1", "--format=%an <%ae> %aI %B", done.commit or "").startswith(
        "Signpost <help@localhost> 2026-11-22T14:00:00+00:00 Export all invoices"
    )
    raw = subprocess.run(
        ["git", "cat-file", "blob", f"{done.commit}:en/billing/export-invoices.md"],
        cwd=repository.folder,
        capture_output=True,
        check=True,
    )
    assert raw.stdout == NEW["en/billing/export-invoices.md"]


def test_the_same_draft_again_is_the_same_commit_whatever_was_published_since(
    repository: ContentRepository, tmp_path: Path
) -> None:
    settings = _settings(tmp_path, repository.folder)
    first = _write(settings)
    repository.commit({"en/c.md": "# C\n"})
    again = _write(settings)
    assert (again.commit, again.is_new) == (first.commit, False)


def test_another_proposal_takes_the_place_of_ours(repository: ContentRepository, tmp_path: Path) -> None:
    settings = _settings(tmp_path, repository.folder)
    _write(settings)
    done = _write(settings, _draft({"en/a.md": b"# A\n\nMore.\n", "en/billing/b.md": None}))
    assert done.is_new
    changed = repository.git("diff", "--name-status", "main", done.branch).split()
    assert changed == ["M", "en/a.md", "D", "en/billing/b.md"]


def test_a_branch_that_people_went_on_with_is_left_to_them(repository: ContentRepository, tmp_path: Path) -> None:
    settings = _settings(tmp_path, repository.folder)
    branch = _write(settings).branch
    repository.git("checkout", "-q", branch)
    theirs = repository.commit({"en/billing/export-invoices.md": "# Better\n"})
    repository.git("checkout", "-q", "main")
    done = _write(settings, _draft({"en/x.md": b"# X\n"}))
    assert (done.commit, done.is_new, done.is_taken_over) == (theirs, False, True)
    assert repository.git("rev-parse", branch) == theirs


def test_a_commit_of_ours_that_somebody_amended_is_theirs(repository: ContentRepository, tmp_path: Path) -> None:
    settings = _settings(tmp_path, repository.folder)
    branch = _write(settings).branch
    repository.git("checkout", "-q", branch)
    repository.git("commit", "-q", "--amend", "-m", "Mine now")
    repository.git("checkout", "-q", "main")
    assert _write(settings, _draft({"en/x.md": b"# X\n"})).is_taken_over


def test_a_merged_draft_leaves_nothing_to_do_and_its_branch_can_be_used_again(
    repository: ContentRepository, tmp_path: Path
) -> None:
    settings = _settings(tmp_path, repository.folder)
    done = _write(settings)
    repository.git("merge", "-q", "--no-ff", "-m", "Merge", done.branch)
    with pytest.raises(Conflict, match="say this already"):
        _write(settings)
    assert _write(settings, _draft({"en/x.md": b"# X\n"})).is_new


def test_a_branch_that_is_checked_out_is_not_moved_under_its_reader(
    repository: ContentRepository, tmp_path: Path
) -> None:
    settings = _settings(tmp_path, repository.folder, revision="main")
    branch = _write(settings).branch
    repository.git("checkout", "-q", branch)
    with pytest.raises(Conflict, match="is checked out"):
        _write(settings, _draft({"en/x.md": b"# X\n"}))
    assert repository.git("status", "--porcelain") == ""


def test_only_branches_of_drafts_are_written(repository: ContentRepository, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="begins with signpost/"):
        _write(_settings(tmp_path, repository.folder), _draft(branch="main"))


@pytest.mark.parametrize(
    "path", ["../out.md", "/etc/x.md", "en//x.md", ".git/config", "en/.GIT/x", "a\nb.md", "en/a.md/b.md", "en"]
)
def test_a_path_that_leads_elsewhere_is_refused(path: str, repository: ContentRepository, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        _write(_settings(tmp_path, repository.folder), _draft({path: b"x"}))


def test_content_in_a_folder_of_its_repository_is_drafted_there(tmp_path: Path) -> None:
    repository = ContentRepository(tmp_path / "content")
    repository.commit({"docs/en/a.md": "# A\n", "code.py": "x\n"})
    done = _write(_settings(tmp_path, repository.folder / "docs"), _draft({"en/b.md": b"# B\n"}))
    assert repository.git("diff", "--name-only", "main", done.branch) == "docs/en/b.md"


def test_a_draft_is_pushed_where_a_remote_is_set_and_people_s_commits_are_never_pushed_away(
    repository: ContentRepository, tmp_path: Path
) -> None:
    forge = tmp_path / "forge.git"
    repository.git("init", "-q", "--bare", str(forge))
    settings = _settings(tmp_path, repository.folder, push_remote=f"file://{forge}")
    first = _write(settings)
    assert first.is_pushed
    second = _write(settings, _draft({"en/x.md": b"# X\n"}))
    assert (second.is_pushed, second.problem) == (True, None)
    there = repository.git("--git-dir", str(forge), "rev-parse", "signpost/gap-12-export")
    assert there == second.commit
    repository.git("checkout", "-q", "-b", "theirs")
    theirs = repository.commit({"en/theirs.md": "# Theirs\n"})
    repository.git("checkout", "-q", "main")
    repository.git("push", "-q", "-f", str(forge), f"{theirs}:refs/heads/signpost/gap-12-export")
    third = _write(settings, _draft({"en/y.md": b"# Y\n"}))
    assert third.is_pushed is False
    assert "could not be pushed" in (third.problem or "")
    assert repository.git("--git-dir", str(forge), "rev-parse", "signpost/gap-12-export") == theirs


def test_a_forge_that_is_down_is_told_and_tried_again(repository: ContentRepository, tmp_path: Path) -> None:
    forge = tmp_path / "forge.git"
    settings = _settings(tmp_path, repository.folder, push_remote=f"file://{forge}")
    done = _write(settings)
    assert done.is_new
    assert "will be tried again" in (done.problem or "")
    source = open_source(settings)
    went, problems = push_waiting(settings, source)
    assert (went, len(problems)) == (0, 1)
    repository.git("init", "-q", "--bare", str(forge))
    assert push_waiting(settings, source) == (1, ())
    assert push_waiting(settings, source) == (0, ())


def test_a_password_of_the_remote_is_in_no_message(repository: ContentRepository, tmp_path: Path) -> None:
    settings = _settings(tmp_path, repository.folder, push_remote="https://bot:hunter22@forge.invalid/x.git")
    problem = _write(settings).problem or ""
    assert "not allowed" in problem
    assert "hunter22" not in problem


def test_a_mirror_without_a_remote_gets_a_patch_that_git_takes(repository: ContentRepository, tmp_path: Path) -> None:
    settings = _settings(tmp_path, f"file://{repository.folder}")
    done = _write(settings)
    assert done.patch is not None
    repository.git("am", "-q", "--keep-cr", str(done.patch))
    assert (repository.folder / "en/billing/export-invoices.md").read_bytes() == NEW["en/billing/export-invoices.md"]


def test_a_draft_in_a_mirror_outlives_the_next_fetch_and_can_be_named(
    repository: ContentRepository, tmp_path: Path
) -> None:
    settings = _settings(tmp_path, f"file://{repository.folder}")
    done = _write(settings)
    source = open_source(settings)
    repository.commit({"en/c.md": "# C\n"})
    source.refresh()
    assert revision_named(source, done.branch) == done.commit
    assert _write(settings).is_new is False


def test_in_a_mirror_people_s_commits_at_the_forge_are_the_branch(
    repository: ContentRepository, tmp_path: Path
) -> None:
    url = f"file://{repository.folder}"
    settings = _settings(tmp_path, url, push_remote=url)
    done = _write(settings)
    assert done.is_pushed
    repository.git("checkout", "-q", done.branch)
    theirs = repository.commit({"en/more.md": "# More\n"})
    repository.git("checkout", "-q", "main")
    source = open_source(settings)
    source.refresh()
    assert revision_named(source, done.branch) == theirs
    again = _write(settings, _draft({"en/x.md": b"# X\n"}))
    assert (again.commit, again.is_taken_over) == (theirs, True)
    assert isinstance(_git_source(source).mirror, Mirror)


def test_a_plain_folder_gets_a_patch_and_is_not_touched(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    (folder / "en").mkdir(parents=True)
    (folder / "en" / "a.md").write_bytes(b"# A\nOld.\n")
    settings = _settings(tmp_path, folder)
    draft = _draft({"en/a.md": b"# A\nNew.\n", "en/b.md": b"# B\n"})
    done = _write(settings, draft)
    assert (done.commit, done.is_new) == (None, True)
    assert (folder / "en" / "a.md").read_bytes() == b"# A\nOld.\n"
    subprocess.run(["git", "apply", str(done.patch)], cwd=folder, check=True)
    assert (folder / "en" / "a.md").read_bytes() == b"# A\nNew.\n"
    assert [path.name for path in settings.data.iterdir()] == ["drafts"]
    (folder / "en" / "a.md").write_bytes(b"# A\nOld.\n")
    (folder / "en" / "b.md").unlink()
    assert _write(settings, draft).is_new is False
    with pytest.raises(Invalid, match="plain folder"):
        revision_named(open_source(settings), "main")


def test_a_branch_that_does_not_exist_is_told_with_those_that_do(repository: ContentRepository, tmp_path: Path) -> None:
    settings = _settings(tmp_path, repository.folder)
    source = open_source(settings)
    with pytest.raises(Invalid, match="`portal draft` makes one"):
        revision_named(source, "signpost/gap-12")
    _write(settings)
    with pytest.raises(Invalid, match="signpost/gap-12-export"):
        revision_named(source, "signpost/gap-12")
    with pytest.raises(Invalid):
        revision_named(source, "--output=x")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Export all invoices", "signpost/gap-7-export-all-invoices"),
        ("???", "signpost/gap-7"),
        ("Passwort zurücksetzen..lock", "signpost/gap-7-passwort-zurücksetzen-lock"),
    ],
)
def test_a_branch_is_named_after_its_gap_and_git_takes_the_name(
    title: str, name: str, repository: ContentRepository
) -> None:
    assert branch_name(7, title) == name
    Repository(repository.folder).ask("check-ref-format", "--branch", name)
