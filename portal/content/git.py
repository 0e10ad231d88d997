"""The `git` program, asked by fixed argument lists. No other module starts it.

Only the object store is read and, for drafts, added to: no work tree, no index, so that a killed process leaves
nothing half done.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from portal.errors import Invalid, Unavailable

_KEPT = ("GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO", "GIT_TRACE")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://|[\w.-]+@[\w.-]+:", re.IGNORECASE)
_SECRET = re.compile(r"(?<=://)[^/@\s]+@")


class GitFailed(Unavailable):
    """git said no, or did not answer in time; carries its words without passwords."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository on disk, bare or not."""

    folder: Path
    protocols: str = "https:ssh"

    def ask(self, *argv: str, seconds: float = 120, stdin: bytes = b"", also: Mapping[str, str] | None = None) -> bytes:
        """Return what `git ARGV` prints. also: variables, such as who commits. Raises GitFailed."""
        return run(*argv, folder=self.folder, protocols=self.protocols, seconds=seconds, stdin=stdin, also=also)

    def line(self, *argv: str) -> str:
        """Return the first line of what `git ARGV` prints, without its end."""
        return self.ask(*argv).decode("utf-8", "replace").split("\n", 1)[0].strip()

    def commit(self, revision: str) -> str:
        """Return the full id of the commit that `revision` names. Raises Invalid, saying what to do."""
        try:
            return self.line("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        except GitFailed as error:
            message = f"{self.folder} has no revision {revision!r}: commit something or name another one."
            raise Invalid(message) from error

    def is_shallow(self) -> bool:
        """Whether the history was cut when it was cloned."""
        return self.line("rev-parse", "--is-shallow-repository") == "true"

    def reader(self) -> "BlobReader":
        """Return a reader of blobs; a context manager that holds one git process."""
        return BlobReader(self)


class BlobReader:
    """One `git cat-file --batch`, asked for one object after the other."""

    def __init__(self, repository: Repository) -> None:
        """Start the process; it ends when the reader is left."""
        self._process = subprocess.Popen(
            _argv(repository.folder, "cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(repository.protocols),
        )

    def read(self, oid: str) -> bytes:
        """Return the bytes of the blob `oid`. Raises GitFailed where the repository lacks it."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:  # pragma: no cover - Popen was given both
            raise GitFailed("git cat-file has no pipes.")
        try:
            stdin.write(f"{oid}\n".encode("ascii"))
            stdin.flush()
            answer = stdout.readline().split()
            if len(answer) != 3:  # noqa: PLR2004 - "<oid> <type> <size>", else "<oid> missing"
                raise GitFailed(f"The repository lacks the object {oid}.")
            data = stdout.read(int(answer[2]) + 1)[:-1]
        except OSError as error:
            raise GitFailed(f"git stopped while it read {oid}: {error}.") from error
        if len(data) != int(answer[2]):
            raise GitFailed(f"git stopped while it read {oid}.")
        return data

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        if self._process.stdout:
            self._process.stdout.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:  # pragma: no cover - git ends at the end of its input
            self._process.kill()
            self._process.wait()


def is_url(location: str) -> bool:
    """Whether `location` is to be fetched: `scheme://…` or `user@host:path`."""
    return bool(_URL.match(location)) and not Path(location).exists()


def run(
    *argv: str,
    folder: Path | None,
    protocols: str,
    seconds: float = 120,
    stdin: bytes = b"",
    also: Mapping[str, str] | None = None,
) -> bytes:
    """Return what `git ARGV` prints. Raises GitFailed with its words, or Unavailable where there is no git."""
    try:
        done = subprocess.run(
            _argv(folder, *argv),
            input=stdin,
            capture_output=True,
            check=False,
            timeout=seconds,
            env=_environment(protocols) | dict(also or {}),
        )
    except subprocess.TimeoutExpired as error:
        raise GitFailed(f"git {argv[0]} took longer than {seconds:g} seconds.") from error
    except FileNotFoundError as error:
        raise Unavailable("There is no git program: install git.") from error
    if done.returncode:
        said = _SECRET.sub("", done.stderr.decode("utf-8", "replace")).strip()
        raise GitFailed(f"git {argv[0]} failed: {said or f'exit code {done.returncode}'}")
    return done.stdout


def _argv(folder: Path | None, *argv: str) -> list[str]:
    where = ["-C", str(folder)] if folder else []
    return ["git", *where, "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", *argv]


def _environment(protocols: str) -> dict[str, str]:
    """Pass the caller's environment on, without what git would take for its own (a hook's GIT_DIR, say)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT}
    return kept | {
        "GIT_ALLOW_PROTOCOL": protocols,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C.UTF-8",
    }
