"""The demo's own copy of the articles: a small git repository in the data folder, where drafts and answers land."""

import shutil
from datetime import datetime
from pathlib import Path

from portal.content.git import run
from portal.errors import Invalid
from portal.settings import Settings

BRANCH = "main"


def copy_articles(articles: Path, settings: Settings, *, at: datetime) -> bool:
    """Copy articles to where `settings.content` says, and commit them; return False where something is there already.

    Raises Invalid where that is outside of the data folder: it would be somebody's own repository.
    """
    content = Path(settings.content)
    if settings.data not in content.absolute().parents:
        raise Invalid(
            f"PORTAL_CONTENT is {content}, which is not inside the data folder {settings.data}. The demo commits to "
            f"the copy, so it takes none but its own: set PORTAL_CONTENT={settings.data / 'content'}."
        )
    if content.is_dir() and any(content.iterdir()):
        return False
    shutil.copytree(articles, content, ignore=shutil.ignore_patterns(".git"), dirs_exist_ok=True)
    _git(content, "init", "-q", "-b", BRANCH)
    _commit(content, "The manual", by="Ada", at=at)
    return True


def merge_answer(settings: Settings, branch: str, path: str, text: str, *, by: str, at: datetime) -> None:
    """Merge a draft's branch as a writer does who has filled it in: `path` gets the text, and all is committed."""
    content = Path(settings.content)
    _git(content, *_as(by), "merge", "-q", "--no-ff", "--no-commit", branch)
    (content / path).write_text(text, "utf-8")
    _commit(content, f"Merge {branch}", by=by, at=at)


def _commit(content: Path, message: str, *, by: str, at: datetime) -> None:
    moment = f"{int(at.timestamp())} +0000"
    _git(content, "add", "-A")
    dates = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    _git(content, *_as(by), "commit", "-q", "--no-gpg-sign", "--no-verify", "-m", message, **dates)


def _as(name: str) -> tuple[str, ...]:
    return ("-c", f"user.name={name}", "-c", f"user.email={name.lower()}@example.com", "-c", "core.autocrlf=false")


def _git(content: Path, *argv: str, **also: str) -> None:
    run(*argv, folder=content, protocols="file", also=also)
