"""Examining: groups of needs that are new or have changed -> cause, evidence, title and proposal of each."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log2

from portal.gaps.alike import Encode, Helped, Vote, votes
from portal.gaps.cause import Case, Judgement, judge
from portal.gaps.gathering import Gathered, Group, Key
from portal.gaps.junk import is_junk
from portal.gaps.models import Cause
from portal.gaps.offers import shown, told
from portal.gaps.probe import Known, Look, Probe
from portal.gaps.propose import Brief, propose, topic_of
from portal.gaps.suggest import Evidence, Kind, Proposal
from portal.gaps.title import title_of
from portal.gaps.word_pairs import Pair

MOST_TRIED = 4
"""Wordings of a gap that are searched again, those of most people first; a search takes some milliseconds."""
MOST_NEAREST = 5
_STEPS = 3
"""Steps in which a gap's people double, each of which makes it worth a new look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What examining works with."""

    probe: Probe
    encode: Encode
    helped: Sequence[Helped]
    reasons: Mapping[str, Sequence[str]]
    """Article -> what its readers said, the most frequent first."""
    least_people: int
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What was found out about one group."""

    cause: Cause
    title: str
    topic: str | None
    article: str | None
    evidence: Evidence
    proposal: Proposal


def examine(some: Sequence[Group], gathered: Gathered, means: Means) -> list[Examined]:
    """Return what is to be said of each group."""
    tried = [_tried(group, gathered) for group in some]
    probe = means.probe
    looks = {key: probe.typed(key[1], key[0]) for keys in tried for key in keys}
    voted = _votes(looks, gathered, means)
    return [_examined(group, keys, looks, voted, gathered, means) for group, keys in zip(some, tried, strict=True)]


def fingerprint(group: Group, gathered: Gathered, generation: str) -> str:
    """Return a text that stays as long as a new look at a group would hardly tell anything new.

    It changes with the help centre, with the wordings that are tried, with what helped in the end, and whenever there
    are about a quarter more people.
    """
    ended = Counter(need.ended_on for need in group.needs if need.ended_on)
    outcomes = Counter(need.outcome for need in group.needs)
    parts = (
        generation,
        sorted(_tried(group, gathered)),
        _size(group.people),
        _size(len(group.keys)),
        sorted((article, _size(count)) for article, count in ended.items()),
        sorted((outcome, _size(count)) for outcome, count in outcomes.items()),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]


def _examined(  # noqa: PLR0913, PLR0917 - what is known of all groups, and of this one
    group: Group,
    tried: Sequence[Key],
    looks: Mapping[Key, Look],
    voted: Mapping[Key, Vote],
    gathered: Gathered,
    means: Means,
) -> Examined:
    lang = tried[0][0]
    case = Case(
        lang=lang,
        needs=group.needs,
        texts={key[1]: len(gathered.people[key]) for key in tried},
        votes={key[1]: voted[key] for key in tried},
        looks={key[1]: looks[key] for key in tried},
        today=means.today,
    )
    judgement = judge(case, means.probe)
    nearest = _nearest(case, means.probe)
    said = _said(group, gathered)
    title = title_of(
        said, gathered.typed[group.central], group.cluster.because, lang=lang, least_people=means.least_people
    )
    known = means.probe.known([judgement.article]).get(judgement.article) if judgement.article else None
    brief = Brief(
        lang=lang,
        cause=judgement.cause,
        title=title,
        said=said,
        central=gathered.typed[group.central],
        least_people=means.least_people,
        article=known,
        text=means.probe.text(judgement.article) if judgement.article else "",
        nearest=nearest,
        pairs=_pairs(group, voted, gathered, judgement.article, means.helped),
        reasons=means.reasons.get(judgement.article or "", ()),
    )
    proposal = propose(brief)
    return Examined(
        cause=judgement.cause if known or proposal.kind is Kind.NEW_ARTICLE else Cause.MISSING,
        title=title,
        topic=topic_of(nearest, known),
        article=judgement.article if known else None,
        evidence=_evidence(group, gathered, judgement, nearest, means.probe),
        proposal=proposal,
    )


def _tried(group: Group, gathered: Gathered) -> list[Key]:
    """Return the wordings that are searched again, those of most people first, all of the group's main language."""
    langs = Counter(need.lang for need in group.needs)
    lang = min(langs, key=lambda one: (-langs[one], one))
    fit = [key for key in group.keys if key[0] == lang and not is_junk(key[1], lang)]
    fit = fit or [key for key in group.keys if key[0] == lang] or [group.central]
    return sorted(fit, key=lambda key: (-len(gathered.people[key]), key))[:MOST_TRIED]


def _votes(looks: Collection[Key], gathered: Gathered, means: Means) -> dict[Key, Vote]:
    by_language: defaultdict[str, list[str]] = defaultdict(list)
    for lang, text in looks:
        by_language[lang].append(text)
    found: dict[Key, Vote] = {}
    for lang, texts in by_language.items():
        unhelped = [text for other, text in gathered.keys if other == lang]
        told_so = votes(lang, texts, unhelped, means.helped, means.encode)
        found |= {(lang, text): vote for text, vote in told_so.items()}
    return found


def _said(group: Group, gathered: Gathered) -> list[tuple[str, int]]:
    """Return the wordings as typed, with the people behind each, the most used first."""
    said = [(gathered.typed[key], len(gathered.people[key])) for key in group.keys]
    return sorted(said, key=lambda one: (-one[1], one[0]))


def _pairs(
    group: Group, voted: Mapping[Key, Vote], gathered: Gathered, article: str | None, helped: Sequence[Helped]
) -> list[Pair]:
    """Return which words failed and which helped: of the same people, or else of others whom the article helped."""
    if article is None:
        return []
    people: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for need in group.needs:
        if need.ended_on == article and need.ended_with:
            for text in need.wordings:
                people[text, need.ended_with].add(need.visitor)
    if people:
        return [Pair(failed, good, len(who)) for (failed, good), who in people.items()]
    others = [one for one in helped if one.article == article][:MOST_TRIED]
    texts = [key for key in group.keys if key in voted]
    return [Pair(gathered.typed[key], one.text, len(gathered.people[key])) for key in texts for one in others]


def _nearest(case: Case, probe: Probe) -> list[Known]:
    """Return the articles that come nearest to what was asked: each place counts by its rank, and by people."""
    near: Counter[str] = Counter()
    for text, people in case.texts.items():
        for place, article in enumerate(case.looks[text].articles):
            near[article] += people * (len(case.looks[text].articles) - place)
    ranked = sorted(near, key=lambda one: (-near[one], one))[:MOST_NEAREST]
    known = probe.known(ranked)
    return [known[one] for one in ranked if one in known]


def _evidence(
    group: Group, gathered: Gathered, judgement: Judgement, nearest: Sequence[Known], probe: Probe
) -> Evidence:
    offers = shown(group.needs)
    outcomes: defaultdict[str, set[str]] = defaultdict(set)
    for need in group.needs:
        outcomes[need.outcome].add(need.visitor)
    return Evidence(
        alike=group.cluster.because,
        people=group.people,
        needs=len(group.needs),
        outcomes={outcome: len(people) for outcome, people in sorted(outcomes.items())},
        offered=told(offers, probe.known),
        variations=judgement.variations,
        causes=judgement.causes,
        nearest=tuple(known.article for known in nearest),
        generation=probe.generation,
        seen=fingerprint(group, gathered, probe.generation),
    )


def _size(count: int) -> int:
    return round(log2(count) * _STEPS) if count else -1
