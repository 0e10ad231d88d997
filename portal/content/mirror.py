"""Mirror: a bare copy of a repository elsewhere, fetched again and again, safe to be killed at any moment."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from portal.content.git import GitFailed, Repository, run

FETCH_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Mirror:
    """`folder` is a bare repository of our own; nobody else writes there."""

    url: str
    folder: Path
    protocols: str

    @property
    def repository(self) -> Repository:
        """The bare copy."""
        return Repository(self.folder, self.protocols)

    def prepare(self) -> None:
        """Make the copy where there is none; an existing one is taken as it is. Raises GitFailed."""
        if (self.folder / "HEAD").exists() and self._has_commits():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        run("init", "-q", "--bare", "--end-of-options", str(self.folder), folder=None, protocols=self.protocols)
        self.fetch()

    def fetch(self) -> None:
        """Bring all branches and tags, and what HEAD is there. The old state stays whole if this fails."""
        self._sweep()
        try:
            self._fetch()
        except GitFailed as error:
            if ".lock" not in str(error) and "cannot lock ref" not in str(error):
                raise
            self._unlock()
            self._fetch()
        self._follow_head()

    def _fetch(self) -> None:
        self.repository.ask(
            "fetch",
            "-q",
            "--prune",
            "--no-write-fetch-head",
            "--no-auto-gc",
            "--end-of-options",
            self.url,
            "+refs/heads/*:refs/heads/*",
            "+refs/tags/*:refs/tags/*",
            seconds=FETCH_SECONDS,
        )

    def _follow_head(self) -> None:
        said = self.repository.ask("ls-remote", "--symref", "--end-of-options", self.url, "HEAD", seconds=60)
        for line in said.decode("utf-8", "replace").splitlines():
            kind, _, rest = line.partition(" ")
            branch = rest.split("\t", 1)[0]
            if kind == "ref:" and branch.startswith("refs/heads/"):
                self.repository.ask("symbolic-ref", "HEAD", branch)

    def _sweep(self) -> None:
        """Remove the halves of packs that killed fetches left."""
        for left in (self.folder / "objects").glob("*/tmp_*"):
            left.unlink(missing_ok=True)

    def _unlock(self) -> None:
        """Remove the lock files of a fetch that was killed: only the holder of the publishing lock fetches.

        Its git may still be at it, and move a branch before we do; asked again, both agree.
        """
        for lock in (*self.folder.glob("*.lock"), *self.folder.glob("refs/**/*.lock")):
            lock.unlink(missing_ok=True)

    def _has_commits(self) -> bool:
        try:
            return bool(self.repository.ask("for-each-ref", "--count=1"))
        except GitFailed:
            return False
