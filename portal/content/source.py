"""Source: where the articles come from, as `PORTAL_CONTENT` says it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from portal.content.git import GitFailed, Repository, is_url, run
from portal.content.mirror import Mirror
from portal.content.tree import FolderTree, GitTree, Tree, fingerprint
from portal.errors import Invalid
from portal.settings import Settings


@dataclass(frozen=True, slots=True)
class GitSource:
    """A folder of a repository, at the newest commit of one branch (or at a tag or commit)."""

    repository: Repository
    prefix: str
    wanted: str
    mirror: Mirror | None = None

    def newest(self) -> str:
        """Return the id of the commit to publish. Raises Invalid when there is none."""
        return self.repository.commit(self.wanted)

    def tree(self, revision: str) -> Tree:
        """List the files at `revision`."""
        return GitTree.at(self.repository, revision, self.prefix)

    def refresh(self) -> None:
        """Fetch a mirrored URL; nothing where the repository is here. Raises GitFailed."""
        if self.mirror:
            self.mirror.fetch()


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A plain folder: previews, and help centres without git."""

    folder: Path

    def newest(self) -> str:
        """Return the folder's fingerprint."""
        return fingerprint(self.folder)

    def tree(self, revision: str) -> Tree:  # noqa: ARG002 - a folder has no other state than today's
        """Read the folder as it is."""
        return FolderTree.at(self.folder)

    def refresh(self) -> None:
        """Nothing to fetch."""


Source = GitSource | FolderSource


def open_source(settings: Settings, *, working_folder: bool = False) -> Source:
    """Find out what `settings.content` is: a URL, a repository, a folder in one, or a plain folder.

    `#folder` behind a URL or a repository names a folder within it.
    working_folder: read files as they lie on disk, committed or not.
    Raises Invalid with what to do, or GitFailed.
    """
    location, _, inside = settings.content.partition("#")
    if is_url(location):
        mirror = Mirror(location, settings.data / "mirrors" / _name(location), settings.git_protocols)
        mirror.prepare()
        return GitSource(mirror.repository, inside.strip("/"), settings.revision or "HEAD", mirror)
    folder = Path(location).expanduser().absolute()
    if not folder.is_dir():
        raise Invalid(f"PORTAL_CONTENT: {folder} is no folder. Name the folder with the articles, or a git repository.")
    found = _repository(folder, settings.git_protocols)
    if found is None or (working_folder and not found.is_bare):
        return FolderSource(folder / inside)
    repository, prefix = found.repository, found.prefix
    source = GitSource(repository, "/".join(filter(None, (prefix, inside.strip("/")))), settings.revision or "HEAD")
    return source if _has_content(source, is_pinned=settings.revision is not None) else FolderSource(folder / inside)


def _has_content(source: GitSource, *, is_pinned: bool) -> bool:
    """Whether git knows anything of the folder; one that was never committed is read as it lies there."""
    if is_pinned or not source.prefix:
        source.newest()
        return True
    try:
        tree = source.tree(source.newest())
    except (Invalid, GitFailed):
        return False
    return bool(tree.blobs or tree.skipped)


@dataclass(frozen=True, slots=True)
class _Found:
    repository: Repository
    prefix: str
    is_bare: bool


def _repository(folder: Path, protocols: str) -> _Found | None:
    """Return the repository that holds `folder` and the folder's place in it; None outside of any."""
    try:
        said = run("rev-parse", "--is-bare-repository", "--show-prefix", folder=folder, protocols=protocols)
    except GitFailed as error:
        if "not a git repository" in str(error):
            return None
        raise
    is_bare, _, prefix = said.decode("utf-8", "surrogateescape").partition("\n")
    if is_bare.strip() == "true":
        return _Found(Repository(folder, protocols), "", is_bare=True)
    top = run("rev-parse", "--show-toplevel", folder=folder, protocols=protocols)
    repository = Repository(Path(top.decode("utf-8", "surrogateescape").strip()), protocols)
    return _Found(repository, prefix.strip().strip("/"), is_bare=False)


def _name(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:16] + ".git"
