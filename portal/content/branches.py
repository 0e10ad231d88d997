"""Branches: where a draft stands in a repository, and how it gets to a remote. Nobody's commits are ever lost."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal import text
from portal.content.git import Repository
from portal.content.grafting import graft
from portal.errors import Conflict, PortalError

AUTHOR = "Signpost"
PUSH_SECONDS = 60
HEADS = "refs/heads/"
_PUSHED = "refs/signpost-pushed/"


@dataclass(frozen=True, slots=True)
class Tip:
    """A branch's newest commit."""

    commit: str
    is_new: bool = False
    is_taken_over: bool = False
    """Whether people have committed on the branch, so that it was left as it is."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One draft's branch: its ref, and who commits to it (what git calls GIT_AUTHOR_NAME and so on)."""

    repository: Repository
    ref: str
    who: Mapping[str, str]

    def put(self, files: Mapping[str, bytes | None], message: str, onto: str) -> Tip:
        """Make the branch say `onto` with these files, by paths from the repository's top.

        The same content is the same commit, whatever was published since. Raises Conflict, Invalid, GitFailed.
        """
        tip = value_of(self.repository, self.ref)
        if tip and not is_merged(self.repository, tip, onto):
            if not self._is_ours(tip, onto):
                return Tip(tip, is_taken_over=True)
            if graft(self.repository, f"{tip}^", files) == self._tree(tip):
                return Tip(tip)
        self._refuse_if_checked_out(tip)
        tree = graft(self.repository, onto, files)
        if tree == self._tree(onto):
            raise Conflict("The articles say this already, so there is nothing to draft.")
        made = write_commit(self.repository, tree, (onto,), message, self.who)
        self.repository.ask("update-ref", "-m", "portal draft", "--end-of-options", self.ref, made, tip or "")
        return Tip(made, is_new=True)

    def _tree(self, commit: str) -> str:
        return self.repository.line("rev-parse", "--verify", "--end-of-options", f"{commit}^{{tree}}")

    def _is_ours(self, tip: str, onto: str) -> bool:
        """Whether a branch is one commit by us on something that was published, and so ours to make anew."""
        said = self.repository.ask("show", "-s", "--format=%an/%cn%n%P", tip).decode("utf-8", "replace")
        names, _, parents = said.partition("\n")
        only = parents.split()
        return names == f"{AUTHOR}/{AUTHOR}" and len(only) == 1 and is_merged(self.repository, only[0], onto)

    def _refuse_if_checked_out(self, tip: str | None) -> None:
        """Leave a branch alone whose files somebody has on disk: they would seem to have changed them all."""
        listed = self.repository.ask("worktree", "list", "--porcelain").decode("utf-8", "replace") if tip else ""
        if f"branch {self.ref}" in listed.splitlines():
            branch = self.ref.removeprefix(HEADS)
            raise Conflict(f"{branch} is checked out, so it is left as it is. Check out another branch and try again.")


def write_commit(
    repository: Repository, tree: str, parents: tuple[str, ...], message: str, who: Mapping[str, str]
) -> str:
    """Write a commit and return its id. No branch knows of it yet."""
    after = [word for parent in parents for word in ("-p", parent)]
    said = repository.ask("commit-tree", tree, *after, "-F", "-", stdin=message.encode(), also=who)
    return said.decode("ascii").strip()


def value_of(repository: Repository, ref: str) -> str | None:
    """Return the commit that a ref names by its full name; None where there is no such ref."""
    return dict(refs_below(repository, ref)).get(ref)


def refs_below(repository: Repository, *places: str) -> list[tuple[str, str]]:
    """Return (ref, commit) of all refs in some places, by name."""
    listed = repository.ask("for-each-ref", "--format=%(objectname) %(refname)", *places)
    rows = [row.partition(" ") for row in listed.decode("utf-8", "surrogateescape").splitlines()]
    return [(ref, commit) for commit, _, ref in rows]


def is_merged(repository: Repository, commit: str, into: str) -> bool:
    """Whether a commit is part of another's history."""
    return not repository.ask("rev-list", "-n", "1", commit, f"^{into}", "--").strip()


def is_pushed(repository: Repository, branch: str, commit: str) -> bool:
    """Whether the remote has been given this commit; what became of it there is the remote's affair."""
    return value_of(repository, _PUSHED + branch) == commit


def push(repository: Repository, remote: str, branch: str, commit: str) -> str | None:
    """Push a branch, and remember that it went; return what went wrong, without passwords.

    What we pushed before may be replaced; what anybody else did there may not.
    """
    if is_pushed(repository, branch, commit):
        return None
    before = value_of(repository, _PUSHED + branch)
    leases = [(), (f"--force-with-lease={HEADS}{branch}:{before}",)] if before else [()]
    said = ""
    for lease in leases:
        try:
            argv = ("push", "-q", "--no-verify", *lease, "--end-of-options", remote, f"{commit}:{HEADS}{branch}")
            repository.ask(*argv, seconds=PUSH_SECONDS)
            repository.ask("update-ref", "--end-of-options", _PUSHED + branch, commit)
        except PortalError as error:
            said = text.cut(text.one_line(str(error)), 300)
        else:
            return None
    return f"{branch} could not be pushed, and will be tried again: {said}"
