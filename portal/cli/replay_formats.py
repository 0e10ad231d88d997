"""Replay formats: a replay and a search diff as text, and as GitHub Actions reads them."""

from collections.abc import Iterator

from portal.cli.github import annotation, table
from portal.gaps.replay import Answered, Replayed, Worse
from portal.gaps.search_diff import Diff, Difference
from portal.text import one_line

MOST_SHOWN = 30
"""Lines of one kind that are printed; the rest is counted."""


def replay_headline(done: Replayed) -> str:
    """Say it in one line: now answers 41 of 57; 3 that worked get worse."""
    worse = f"{len(done.worse)} of {done.worked} that worked get worse" if done.worked else "none worked before"
    return (
        f"Gap {done.gap} at {done.revision}: now answers {done.answered} of {len(done.wordings)} wordings, "
        f"{done.answered_before} before; {worse}."
    )


def replay_lines(done: Replayed) -> Iterator[str]:
    """Give a line for each wording that is not answered, then for each that got worse, then for those answered."""
    yield replay_headline(done)
    open_ones = [one for one in done.wordings if not one.after.is_answered]
    fine = [one for one in done.wordings if one.after.is_answered]
    yield from _part("Not answered", [_wording(one) for one in open_ones])
    yield from _part("Worked, and get worse", [_worse(one) for one in done.worse])
    yield from _part("Answered", [_wording(one) for one in fine])


def replay_annotations(done: Replayed, least: int) -> Iterator[str]:
    """Give annotations. Wordings of fewer than `least` people are counted, not named: who reads them is not known."""
    file = done.files[0] if done.files else ""
    failing = [one for one in done.wordings if not one.after.is_answered]
    for one in [one for one in failing if one.people >= least][:MOST_SHOWN]:
        yield annotation("error", f"{_quoted(one.text)} is not answered", file=file, title=f"Gap {done.gap}")
    hidden = sum(one.people < least for one in failing)
    if hidden:
        said = f"{hidden} further {'wording is' if hidden == 1 else 'wordings are'} not answered"
        yield annotation("error", said, file=file, title=f"Gap {done.gap}")
    for worse in [one for one in done.worse if one.people >= least][:MOST_SHOWN]:
        yield annotation("warning", _worse(worse), file=file, title="Worked, and gets worse")
    yield annotation("notice", replay_headline(done), file=file, title=f"Gap {done.gap}")


def replay_summary(done: Replayed, least: int) -> str:
    """Return the page of the step."""
    rows = [
        (one.text, one.lang, str(one.people), _rank(one.before.rank), _rank(one.after.rank))
        for one in done.wordings
        if one.people >= least
    ]
    heads = ("Wording", "Language", "People", "Place before", "Place after")
    return f"### Gap {done.gap}\n\n{replay_headline(done)}\n\n{table(heads, rows)}"


def diff_headline(diff: Diff) -> str:
    """Say it in one line."""
    return (
        f"{diff.before} to {diff.after}: {len(diff.differences)} of {diff.queries} queries have other first hits; "
        f"{diff.worse} lost their first, {diff.unanswered} find nothing any more, {diff.answered} find something now."
    )


def diff_lines(diff: Diff) -> Iterator[str]:
    """Give three lines for each query that differs, the worse ones first."""
    yield diff_headline(diff)
    for one in sorted(diff.differences, key=lambda one: one.lost is None)[:MOST_SHOWN]:
        yield f"  {_quoted(one.text)} ({one.lang}, {_people(one.people)}){_lost(one)}"
        yield f"    before: {_titles(one.before)}"
        yield f"    after:  {_titles(one.after)}"
    if len(diff.differences) > MOST_SHOWN:
        yield f"  and {len(diff.differences) - MOST_SHOWN} more"


def diff_annotations(diff: Diff, least: int) -> Iterator[str]:
    """Give annotations; as for a replay."""
    for one in [one for one in diff.differences if one.lost and one.people >= least][:MOST_SHOWN]:
        said = f"{_quoted(one.text)}: {one.lost} was first; now {_titles(one.after)}"
        yield annotation("warning", said, title="Lost its first hit")
    yield annotation("notice", diff_headline(diff), title="Search")


def diff_summary(diff: Diff, least: int) -> str:
    """Return the page of the step."""
    rows = [
        (one.text, one.lang, str(one.people), _titles(one.before), _titles(one.after))
        for one in diff.differences
        if one.people >= least
    ]
    heads = ("Query", "Language", "People", "Before", "After")
    return f"### Search\n\n{diff_headline(diff)}\n\n{table(heads, rows)}"


def _part(heading: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"{heading}:"
    yield from (f"  {line}" for line in lines[:MOST_SHOWN])
    if len(lines) > MOST_SHOWN:
        yield f"  and {len(lines) - MOST_SHOWN} more"


def _wording(one: Answered) -> str:
    before, after = _rank(one.before.rank), _rank(one.after.rank)
    first = "" if one.after.is_answered else f"; first: {_titles(one.after.first)}"
    return f"{_quoted(one.text)} ({one.lang}, {_people(one.people)}): place {before} before, {after} after{first}"


def _worse(one: Worse) -> str:
    return (
        f"{_quoted(one.text)} ({one.lang}, {_people(one.people)}): place {one.before} before, {_rank(one.after)} after"
    )


def _rank(rank: int | None) -> str:
    return "none" if rank is None else str(rank)


def _lost(one: Difference) -> str:
    return f": lost {one_line(one.lost)}" if one.lost else ""


def _titles(titles: tuple[str, ...]) -> str:
    return " | ".join(one_line(title) for title in titles) or "nothing"


def _quoted(text: str) -> str:
    return f"\u201c{one_line(text)}\u201d"


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"
