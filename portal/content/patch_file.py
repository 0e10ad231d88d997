"""Patch files: a draft as a mail that `git am` and `patch -p1` take, where there is no place to commit it."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from portal.content.branches import write_commit
from portal.content.git import Repository, run
from portal.content.grafting import graft
from portal.content.source import FolderSource
from portal.errors import Conflict

_ARGV = ("format-patch", "--stdout", "-1", "--no-signature", "--no-color", "--no-ext-diff", "--no-renames")


def patch_path(data: Path, gap: int) -> Path:
    """Return where a gap's patch is kept."""
    return data / "drafts" / f"gap-{gap}.patch"


def patch_of(repository: Repository, commit: str) -> bytes:
    """Return a commit as a patch."""
    return repository.ask(*_ARGV, "--full-index", "--binary", "--end-of-options", commit)


def patch_for_folder(
    data: Path, source: FolderSource, files: Mapping[str, bytes | None], message: str, who: Mapping[str, str]
) -> bytes:
    """Return the patch of a plain folder, by way of a repository that lasts as long as this takes.

    Raises Conflict where the folder says so already.
    """
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    tree = source.tree(source.newest())
    with TemporaryDirectory(dir=data) as scratch, tree.reading() as reading:
        run("init", "-q", "--bare", "--end-of-options", scratch, folder=None, protocols="none")
        repository = Repository(Path(scratch), "none")
        now: dict[str, bytes | None] = {path: reading.read(tree.blobs[path]) for path in files if path in tree.blobs}
        before = graft(repository, _nothing(repository), now)
        after = graft(repository, before, files)
        if before == after:
            raise Conflict("The articles say this already, so there is nothing to draft.")
        start = write_commit(repository, before, (), "As it is\n", who)
        return patch_of(repository, write_commit(repository, after, (start,), message, who))


def save_patch(path: Path, patch: bytes) -> bool:
    """Keep a patch; return whether its change is new. Dates and ids of commits differ from one time to the next."""
    if path.exists() and _change_in(path.read_bytes()) == _change_in(patch):
        return False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_suffix(".new")
    beside.write_bytes(patch)
    beside.replace(path)
    return True


def _change_in(patch: bytes) -> bytes:
    return patch.partition(b"\ndiff --git ")[2]


def _nothing(repository: Repository) -> str:
    return repository.ask("mktree", stdin=b"").decode("ascii").strip()
