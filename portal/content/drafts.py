"""Drafts: a proposed change as a commit on a branch of its own, by plumbing; never on the published branch.

Neither the checked-out tree nor the index is touched. Where the articles are in nobody's repository here, the draft
goes to a remote, or becomes a patch file in the data folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path

from portal import text
from portal.content import branches
from portal.content.branches import AUTHOR, HEADS, Branch, Tip
from portal.content.git import Repository
from portal.content.patch_file import patch_for_folder, patch_of, patch_path, save_patch
from portal.content.source import FolderSource, GitSource, Source
from portal.errors import Invalid
from portal.settings import Settings

PLACE = "signpost/"
"""What the names of all drafts' branches begin with."""
_OWN = "refs/"
"""In a mirror drafts stand beside the branches, which belong to the remote: fetching would take ours away."""
_SLUG = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A change to be looked at. `files` are by path from the content root; None deletes."""

    gap: int
    branch: str
    files: Mapping[str, bytes | None]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What became of a draft."""

    gap: int
    branch: str
    commit: str | None
    """None where there is no repository, but a patch."""
    is_new: bool
    """False where the branch said the same already, or is left to the people who went on with it."""
    is_taken_over: bool = False
    """Whether people have committed on the branch, so that it was left as it is."""
    patch: Path | None = None
    is_pushed: bool = False
    problem: str | None = None
    """Why it could not be pushed; `push_waiting` tries again."""
    paths: tuple[str, ...] = ()
    """The files it changes, from the content root."""


def branch_name(gap: int, title: str) -> str:
    """Return the name of a gap's branch, such as signpost/gap-12-export-invoices. Keep it: titles change."""
    slug = text.slugify(title, limit=_SLUG)
    return f"{PLACE}gap-{gap}" + ("" if slug == "untitled" else f"-{slug}")


def write(settings: Settings, source: Source, draft: Draft, *, at: datetime) -> Drafted:
    """Write a draft where it belongs. Safe to be killed, and to be repeated: the same content is the same branch.

    A repository here: a branch, pushed as well where `settings.push_remote` is set. A mirror: pushed, else a patch.
    A plain folder: a patch. Raises Invalid, Conflict where there is nothing left to change, GitFailed.
    """
    if not draft.branch.startswith(PLACE):
        raise Invalid(f"A draft's branch begins with {PLACE}, so that it is never mistaken for a published one.")
    who = _who(settings, at)
    if isinstance(source, FolderSource):
        patch = patch_for_folder(settings.data, source, draft.files, draft.message, who)
        return _drafted(draft, None, patch_path(settings.data, draft.gap), patch)
    tip = _taken_over_at_remote(source, draft) or _put(source, draft, who)
    problem = None
    if settings.push_remote and not tip.is_taken_over:
        problem = branches.push(source.repository, settings.push_remote, draft.branch, tip.commit)
    is_pushed = bool(settings.push_remote) and not problem and not tip.is_taken_over
    if source.mirror and not is_pushed and not tip.is_taken_over:
        patch = patch_of(source.repository, tip.commit)
        return _drafted(draft, tip, patch_path(settings.data, draft.gap), patch, problem)
    return _drafted(draft, tip, problem=problem, is_pushed=is_pushed)


def commit(repository: Repository, draft: Draft, onto: str, who: Mapping[str, str]) -> str:
    """Commit a draft onto the commit `onto`, on its branch below refs/heads, and return the branch's commit.

    who: what git calls GIT_AUTHOR_NAME and so on. draft: with paths from the repository's top.
    """
    return Branch(repository, HEADS + draft.branch, who).put(draft.files, draft.message, onto).commit


def revision_named(source: Source, name: str) -> str:
    """Return the commit of a branch, tag or id, drafts among them; people's branches go first.

    Raises Invalid where there is none, with what to do.
    """
    if isinstance(source, FolderSource):
        raise Invalid(
            f"{source.folder} is a plain folder, which has no revision {name!r}. "
            "Put the articles into a git repository to try revisions out."
        )
    for full in (HEADS + name, name):
        try:
            return source.repository.commit(full)
        except Invalid:
            continue
    drafts = branches.refs_below(source.repository, HEADS + PLACE, _OWN + PLACE)
    known = sorted({ref.removeprefix(_OWN).removeprefix("heads/") for ref, _ in drafts})
    advice = f"Drafts there: {', '.join(known[:10])}." if known else "`portal draft` makes one."
    raise Invalid(f"There is no revision {name!r} in the articles' repository. {advice}")


def push_waiting(settings: Settings, source: Source) -> tuple[int, tuple[str, ...]]:
    """Push every draft that has not been at the remote yet; return how many went, and what went wrong."""
    if not settings.push_remote or isinstance(source, FolderSource):
        return 0, ()
    repository, root, live = source.repository, _root(source), source.newest()
    went, problems = 0, []
    for ref, tip in branches.refs_below(repository, root + PLACE):
        branch = ref.removeprefix(root)
        if branches.is_pushed(repository, branch, tip) or branches.is_merged(repository, tip, live):
            continue
        problem = branches.push(repository, settings.push_remote, branch, tip)
        if problem:
            problems.append(problem)
        else:
            went += 1
    return went, tuple(problems)


def _put(source: GitSource, draft: Draft, who: Mapping[str, str]) -> Tip:
    files = {"/".join(filter(None, (source.prefix, path))): data for path, data in draft.files.items()}
    branch = Branch(source.repository, _root(source) + draft.branch, who)
    return branch.put(files, draft.message, source.newest())


def _root(source: GitSource) -> str:
    return _OWN if source.mirror else HEADS


def _taken_over_at_remote(source: GitSource, draft: Draft) -> Tip | None:
    """Return the branch as the mirror fetched it, where people went on with it there."""
    there = branches.value_of(source.repository, HEADS + draft.branch) if source.mirror else None
    if there is None or branches.is_merged(source.repository, there, source.newest()):
        return None
    is_as_we_left_it = branches.is_pushed(source.repository, draft.branch, there)
    return None if is_as_we_left_it else Tip(there, is_taken_over=True)


def _drafted(  # noqa: PLR0913 - what a draft came to
    draft: Draft,
    tip: Tip | None,
    path: Path | None = None,
    patch: bytes = b"",
    problem: str | None = None,
    *,
    is_pushed: bool = False,
) -> Drafted:
    is_patch_new = save_patch(path, patch) if path else False
    return Drafted(
        gap=draft.gap,
        branch=draft.branch,
        commit=tip.commit if tip else None,
        is_new=tip.is_new if tip else is_patch_new,
        is_taken_over=tip.is_taken_over if tip else False,
        patch=path,
        is_pushed=is_pushed,
        problem=problem,
        paths=tuple(sorted(draft.files)),
    )


def _who(settings: Settings, at: datetime) -> dict[str, str]:
    """Name the portal as author and committer, by the address that its mails come from."""
    address = parseaddr(settings.mail_from)[1] or "signpost@localhost"
    said = (("NAME", AUTHOR), ("EMAIL", address), ("DATE", f"{int(at.timestamp())} +0000"))
    return {f"GIT_{role}_{what}": words for role in ("AUTHOR", "COMMITTER") for what, words in said}
