"""Drafting: a gap's proposal as a draft, whose commit tells the evidence to whoever reviews it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal import text
from portal.content.closes import TRAILER
from portal.content.drafts import Draft, branch_name
from portal.gaps.patch import Content, changes
from portal.gaps.suggest import Evidence, Kind, Proposal

MOST_WORDINGS = 15
MOST_OFFERED = 5
LONGEST_SUBJECT = 72
"""git's own advice for first lines."""
_SUBJECTS = {
    Kind.NEW_ARTICLE: "New article: ",
    Kind.SYNONYMS: "Synonyms: ",
    Kind.AKA: "Other names: ",
    Kind.TRANSLATE: "Translation: ",
    Kind.OPEN_UP: "Open to all: ",
    Kind.PUBLISH: "Publish: ",
    Kind.IMPROVE: "Improve: ",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A wording, and how many different people used it."""

    text: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A gap, as much as its draft needs."""

    gap: int
    title: str
    proposal: Proposal
    evidence: Evidence
    asked: Sequence[Asked] = ()
    branch: str | None = None
    """Where it was drafted before."""


def draft_of(case: Case, content: Content, *, least: int) -> Draft:
    """Return the draft that `content.drafts.write` takes. least: as in `message`. Raises Invalid and Conflict."""
    return Draft(
        gap=case.gap,
        branch=case.branch or branch_name(case.gap, case.title),
        files=changes(case.proposal, case.gap, content),
        message=message(case, least=least),
    )


def message(case: Case, *, least: int) -> str:
    """Return the commit's message: title, evidence, trailer.

    least: different people who must have used a wording before it is written into a repository for good.
    """
    proposal, evidence = case.proposal, case.evidence
    what = proposal.line if proposal.kind is Kind.SYNONYMS else case.title
    subject = text.cut(_SUBJECTS[proposal.kind] + text.one_line(what), LONGEST_SUBJECT)
    rows = [subject, "", f"{_people(evidence.people)} had this need and no answer."]
    rows += [*_wordings(case.asked, least), *_offered(evidence), "", f"{TRAILER}: {case.gap}"]
    return "\n".join(rows) + "\n"


def _wordings(asked: Sequence[Asked], least: int) -> Iterator[str]:
    known = sorted((one for one in asked if one.people >= least), key=lambda one: (-one.people, one.text))
    shown = known[:MOST_WORDINGS]
    if not asked:
        return
    yield from ("", "They asked:", "")
    yield from (f'- "{text.one_line(one.text)}" ({_people(one.people)})' for one in shown)
    if len(asked) > len(shown):
        more = len(asked) - len(shown)
        yield f"- {'and ' if shown else ''}{more} {'more ' if shown else ''}{'wording' if more == 1 else 'wordings'}"


def _offered(evidence: Evidence) -> Iterator[str]:
    if evidence.offered:
        yield from ("", "They were offered:", "")
    for one in evidence.offered[:MOST_OFFERED]:
        made_of_it = f"opened by {one.clicked}, helped {one.helped}" if one.clicked else "opened by nobody"
        yield f"- {text.one_line(one.article.title)} (seen by {_people(one.shown)}, {made_of_it})"


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"
