"""Finding: needs -> clusters -> gaps, with cause, evidence and proposal. Values in, values out.

Whoever calls reads needs, gaps and wordings first, and keeps what was found with `store.write`, part by part. Called
again with the same it finds that nothing has changed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from portal.content.loop import Gaps
from portal.gaps import states
from portal.gaps.alike import Encode, Helped
from portal.gaps.cluster import cluster
from portal.gaps.examining import Examined, Means, examine, fingerprint
from portal.gaps.found import Findings, Found
from portal.gaps.gathering import Clustering, Gathered, Group, Key, gather, groups, rows_for
from portal.gaps.models import Gap, State, Wording
from portal.gaps.probe import Probe
from portal.gaps.score import Score, read_trend, score
from portal.gaps.suggest import Evidence
from portal.gaps.unmet import Unmet

_JUDGED_ANEW = frozenset({State.SUGGESTED, State.ACCEPTED, State.ASSIGNED, State.DISMISSED})
"""States in which cause and proposal follow what people do; later ones are held to what was drafted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that is known: needs of the window, gaps but merged ones, and their wordings."""

    needs: Sequence[Unmet]
    gaps: Sequence[Gap]
    wordings: Sequence[Wording]
    helped: Sequence[Helped] = ()
    """asked_store.helped."""
    reasons: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """asked_store.reasons."""

    def by_number(self) -> dict[int, Gap]:
        """Return gaps by number."""
        return {gap.id: gap for gap in self.gaps}

    def homes(self) -> dict[Key, Wording]:
        """Return wordings by language and text."""
        return {(one.lang, one.text): one for one in self.wordings}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What finds out."""

    probe: Probe
    encode: Encode
    clustering: Clustering = cluster


def find(situation: Situation, tools: Tools, settings: Gaps, *, at: datetime) -> Findings:
    """Return all gaps that are new, and what has changed of the others.

    A cluster of fewer than `settings.least_people` different people, or of nothing but junk, is no gap. Known gaps
    keep their numbers, titles that people gave, and from drafting on their proposals. A suggested gap whose wordings
    have all gone to another is absorbed; one that nobody has had within the window fades.
    """
    gathered = gather(situation.needs, situation.gaps, situation.wordings)
    rows = rows_for(gathered, tools.encode)
    clustered = groups(situation.needs, gathered, tools.clustering(gathered.asked, rows, gathered.links))
    known, homes = situation.by_number(), situation.homes()
    real = [group for group in clustered if _is_gap(group, known, settings.least_people)]
    due = [group for group in real if _is_due(group, known, gathered, tools.probe.generation)]
    examined = examine(due, gathered, _means(situation, tools, settings, at))
    fresh = {id(group): new for group, new in zip(due, examined, strict=True)}
    window = timedelta(days=settings.window_days)
    found = [_found(group, known, homes, _score(group, window, at), fresh.get(id(group))) for group in real]
    return _with_the_rest([one for one in found if one], real, clustered, situation)


def _is_gap(group: Group, known: Mapping[int, Gap], least_people: int) -> bool:
    """Whether a cluster is worth a look: a known gap with needs, or enough people with a need that has words."""
    if group.gap in known:
        return bool(group.needs)
    return group.people >= least_people and not group.is_all_junk()


def _is_due(group: Group, known: Mapping[int, Gap], gathered: Gathered, generation: str) -> bool:
    gap = known.get(group.gap) if group.gap is not None else None
    if gap is None:
        return True
    if gap.state not in _JUDGED_ANEW:
        return False
    return Evidence.from_json(gap.evidence).seen != fingerprint(group, gathered, generation)


def _means(situation: Situation, tools: Tools, settings: Gaps, at: datetime) -> Means:
    return Means(
        probe=tools.probe,
        encode=tools.encode,
        helped=situation.helped,
        reasons=situation.reasons,
        least_people=settings.least_people,
        today=at.date(),
    )


def _score(group: Group, window: timedelta, at: datetime) -> Score:
    return score([(need.visitor, need.at, need.weight) for need in group.needs], at=at, window=window)


def _found(
    group: Group, known: Mapping[int, Gap], homes: Mapping[Key, Wording], total: Score, new: Examined | None
) -> Found | None:
    """Return what changes of a gap; None where nothing does."""
    gap = known.get(group.gap) if group.gap is not None else None
    number = gap.id if gap else None
    found = Found(
        gap=number,
        lang=gap.lang if gap else group.central[0],
        people=total.people,
        people_a_week=total.people_a_week,
        weight=total.weight,
        trend=total.trend,
        last_at=total.last_at,
        wordings=tuple(key for key in group.keys if number is None or _home(homes.get(key)) != number),
        needs=tuple(need.uid for need in group.needs if number is None or need.gap != number),
        is_back=_is_back(gap, total),
        is_fresh=new is not None,
    )
    if new is not None:
        return _with(found, new)
    is_changed = found.wordings or found.needs or found.is_back or gap is None or not _is_same(gap, total)
    return found if is_changed else None


def _with(found: Found, new: Examined) -> Found:
    return replace(
        found,
        title=new.title,
        cause=new.cause,
        topic=new.topic,
        article=new.article,
        evidence=new.evidence,
        proposal=new.proposal,
    )


def _is_back(gap: Gap | None, total: Score) -> bool:
    return gap is not None and gap.state is State.DISMISSED and states.is_back(total.people, gap.dismissed_people)


def _is_same(gap: Gap, total: Score) -> bool:
    figures = (gap.people, gap.people_a_week, gap.weight, read_trend(gap.trend), gap.last_at)
    return figures == (total.people, total.people_a_week, total.weight, total.trend, total.last_at)


def _home(placed: Wording | None) -> int | None:
    return placed.gap_id if placed else None


def _with_the_rest(
    found: Sequence[Found], real: Sequence[Group], clustered: Sequence[Group], situation: Situation
) -> Findings:
    """Add what lost its gap: wordings and needs of clusters that are none, gaps that were absorbed or have faded."""
    living = {group.gap for group in real if group.gap is not None}
    kept = {id(group) for group in real}
    loose = [group for group in clustered if id(group) not in kept]
    homes = situation.homes()
    absorbed = _absorbed(real, living, situation)
    gone = [gap for gap in situation.gaps if gap.state is State.SUGGESTED and gap.id not in living]
    return Findings(
        found=tuple(found),
        absorbed=tuple(absorbed.items()),
        faded=tuple(gap.id for gap in gone if gap.id not in absorbed),
        loose_wordings=tuple(sorted(homes[key].id for group in loose for key in group.keys if _home(homes.get(key)))),
        loose_needs=tuple(need.uid for group in loose for need in group.needs if need.gap is not None),
    )


def _absorbed(real: Sequence[Group], living: set[int], situation: Situation) -> dict[int, int]:
    """Return suggested gaps that live on nowhere -> the known gap to which most of their wordings went."""
    homes = situation.homes()
    went: dict[int, Counter[int]] = {}
    for group in real:
        for key in group.keys if group.gap is not None else ():
            before = _home(homes.get(key))
            if before is not None and before not in living and group.gap is not None:
                went.setdefault(before, Counter())[group.gap] += 1
    suggested = {gap.id for gap in situation.gaps if gap.state is State.SUGGESTED}
    return {
        gap: min(counts, key=lambda one: (-counts[one], one))
        for gap, counts in sorted(went.items())
        if gap in suggested
    }
