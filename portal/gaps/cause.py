"""Cause: why people were not helped, found out by asking the help centre for the same in other ways.

The order in which causes are tried, and the thresholds, are those of docs/gaps.md. An article counts as the answer
when people say so: those who came to it by other words, those who asked the very same or nearly the same and were
helped by it. It does not because it is offered: what is offered high and never taken up is refused.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.gaps.alike import Vote
from portal.gaps.models import Cause
from portal.gaps.offers import HIGH, Shown, shown
from portal.gaps.probe import Known, Look, Probe
from portal.gaps.suggest import Reference, Variation
from portal.gaps.unmet import Unmet
from portal.gaps.unseen import SURE, elsewhere, hidden, new, why_hidden
from portal.visits.outcome import Outcome

HALF = 0.5
"""Share of people for whom something must hold, so that it is the gap's cause."""
REFINED_SHARE = 1 / 3
"""Share of people who came to one article by other words, from which it is the answer: others gave up before."""
PASSED_OVER = 1 / 3
"""An article that helped others who asked nearly the same is the answer only if those are at least such a share of the
people here who passed it over: two who were content with a near miss don't speak for thirty who were not."""
CLOSE = 2
"""Of the five nearest neighbours, so many helped by an article that stands high make it the answer."""
MOST = 3
"""The same where it does not stand high: more than half."""
AS_TYPED, OTHER_WORDS, NEARLY, VERBATIM, HIDDEN, LANGUAGES = (
    "as_typed",
    "other_words",
    "alike",
    "verbatim",
    "as_staff",
    "other_languages",
)
VARIATIONS = (AS_TYPED, OTHER_WORDS, NEARLY, VERBATIM, HIDDEN, LANGUAGES)
"""Ways that are tried: as visitors search; what people came to by other words; what helped those who asked alike;
without correcting words; among all that staff see; in other languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One gap's needs, and the wordings that are tried: those that most people used."""

    lang: str
    needs: Sequence[Unmet]
    texts: Mapping[str, int]
    """Wording -> different people, the most used first."""
    votes: Mapping[str, Vote]
    looks: Mapping[str, Look]
    """What each wording finds as visitors search."""
    today: date


@dataclass(frozen=True, slots=True)
class Judgement:
    """The cause, with what speaks for it."""

    cause: Cause
    article: str | None
    """The article that would help, or that did not."""
    variations: tuple[Variation, ...]
    causes: Mapping[str, int]
    """Cause -> people, by the wordings they used."""


def judge(case: Case, probe: Probe) -> Judgement:
    """Return why the people of a case were not helped. Probes further only where what is known does not tell."""
    offers = shown(case.needs)
    tried = _Tried(case, probe)
    tried.add(AS_TYPED, lambda text: _good(case.looks[text], offers))
    answer = _answer(case, offers, tried)
    disliked = _disliked(case, offers)
    if disliked is not None and answer in (None, disliked):
        return tried.judged({_stale(disliked, probe, case.today): tried.people}, disliked)
    if answer is not None:
        return tried.judged(_by_place(case, answer), answer)
    return _unseen(case, offers, probe, tried)


class _Tried:
    """The variations so far."""

    def __init__(self, case: Case, probe: Probe) -> None:
        self.people = sum(case.texts.values())
        self._case = case
        self._probe = probe
        self._found: list[tuple[str, int, Counter[str]]] = []

    def add(self, name: str, find: Callable[[str], str | None]) -> str | None:
        """Try one way for each wording; return the article that answers at least half of the people so."""
        found = {text: find(text) for text in self._case.texts}
        articles = self._counted(found)
        self._found.append((name, sum(articles.values()), articles))
        return self.most(found)

    def most(self, found: Mapping[str, str | None]) -> str | None:
        """Return the article that stands by the wordings of at least half of the people."""
        articles = self._counted(found)
        best = _most(articles)
        return best if best is not None and articles[best] >= HALF * self.people else None

    def _counted(self, found: Mapping[str, str | None]) -> Counter[str]:
        articles: Counter[str] = Counter()
        for text, article in found.items():
            if article is not None:
                articles[article] += self._case.texts[text]
        return articles

    def judged(self, causes: Mapping[Cause, int], article: str | None) -> Judgement:
        """Return the cause that holds for most people, the first of `Cause` where two hold for as many."""
        cause = min(causes, key=lambda one: (-causes[one], list(Cause).index(one)))
        known = self._probe.known({one for _, _, articles in self._found for one in articles})
        variations = tuple(
            Variation(name=name, answered=people, of=self.people, articles=_references(articles, known))
            for name, people, articles in self._found
        )
        return Judgement(cause, article, variations, {one.value: people for one, people in causes.items()})


def _answer(case: Case, offers: Mapping[str, Shown], tried: _Tried) -> str | None:
    """Return the article that people say is the answer."""
    everybody = {need.visitor for need in case.needs}
    ended: defaultdict[str, set[str]] = defaultdict(set)
    for need in case.needs:
        if need.ended_on:
            ended[need.ended_on].add(need.visitor)
    refined = {
        article: len(people)
        for article, people in ended.items()
        if len(people) >= REFINED_SHARE * len(everybody) and len(people) >= offers[article].refused
    }
    by_words = _most(refined)
    tried.add(OTHER_WORDS, lambda _: by_words)
    refused = {article: made.refused for article, made in offers.items()}
    by_others = tried.add(NEARLY, lambda text: _voted(case.votes[text], case.looks[text], case.texts[text], refused))
    return by_words or by_others


def _voted(vote: Vote, look: Look, unhelped: int, refused: Mapping[str, int]) -> str | None:
    """Return the article that helped others who asked the same, or nearly so, and enough of them."""
    same = _most(vote.same)
    if same is not None and vote.same[same] >= unhelped:
        return same
    high = look.articles[:HIGH]
    good = {one: n for one, n in vote.alike.items() if n >= min(CLOSE if one in high else MOST, vote.of)}
    return _most({one: n for one, n in good.items() if vote.near[one] >= PASSED_OVER * refused.get(one, 0)})


def _disliked(case: Case, offers: Mapping[str, Shown]) -> str | None:
    """Return the article that at least half of the people, and two, opened, and then said no or wrote to a person."""
    unhappy: defaultdict[str, set[str]] = defaultdict(set)
    for need in case.needs:
        if need.outcome in {Outcome.DOWNVOTED, Outcome.CONTACTED} and need.clicked:
            unhappy[need.clicked[-1][0]].add(need.visitor)
    back = _opened_by_most(case, offers)
    everybody = len({need.visitor for need in case.needs})
    counts = {article: len(people) for article, people in unhappy.items()}
    best = _most({one: n for one, n in counts.items() if n >= max(2, HALF * everybody)})
    return best or back


def _opened_by_most(case: Case, offers: Mapping[str, Shown]) -> str | None:
    """Return the article that two in three opened and left, if it is surely what their words mean."""
    everybody = len({need.visitor for need in case.needs})
    first = Counter(look.articles[0] for look in case.looks.values() if look.articles and look.confidence >= SURE)
    opened = {one: offers[one].clicked for one in first if one in offers and not offers[one].helped}
    return _most({one: n for one, n in opened.items() if n >= 3 and n * 3 >= everybody * 2})  # noqa: PLR2004 - 2 in 3


def _stale(article: str, probe: Probe, today: date) -> Cause:
    known = probe.known([article]).get(article)
    is_old = known is not None and known.review_by is not None and known.review_by < today
    return Cause.OUT_OF_DATE if is_old else Cause.UNHELPFUL


def _by_place(case: Case, answer: str) -> Mapping[Cause, int]:
    """Say why each wording did not lead to an answer that is there: not found by it, or found and not seen."""
    causes: Counter[Cause] = Counter()
    for text, people in case.texts.items():
        is_listed = answer in case.looks[text].articles and case.looks[text].is_answered
        causes[Cause.BADLY_RANKED if is_listed else Cause.OTHER_WORDS] += people
    return causes


def _unseen(case: Case, offers: Mapping[str, Shown], probe: Probe, tried: _Tried) -> Judgement:
    """Look where visitors may not, or do not: other spellings, other audiences, drafts, other languages."""
    looks = case.looks
    latest = tried.most({text: new(looks[text], offers) for text in looks if all(need.offered for need in case.needs)})
    if any(look.corrected for look in looks.values()):
        plain = {text: probe.verbatim(text, case.lang) for text, look in looks.items() if look.corrected}
        as_written = tried.add(VERBATIM, lambda text: new(plain[text], offers) if text in plain else None)
        latest = latest or as_written
    inside = tried.add(HIDDEN, lambda text: hidden(text, case.lang, looks[text], probe))
    if inside is not None:
        return tried.judged({why_hidden(probe.known([inside])[inside]): tried.people}, inside)
    abroad = tried.add(LANGUAGES, lambda text: elsewhere(text, case.lang, looks[text], probe))
    if abroad is not None:
        return tried.judged({Cause.OTHER_LANGUAGE: tried.people}, abroad)
    if latest is not None:
        return tried.judged({Cause.BADLY_RANKED: tried.people}, latest)
    return tried.judged({Cause.MISSING: tried.people}, None)


def _good(look: Look, offers: Mapping[str, Shown]) -> str | None:
    """Return the first article of a page that nobody has refused yet."""
    high = look.articles[:HIGH] if look.is_answered else ()
    return next((one for one in high if one not in offers or not offers[one].is_refused), None)


def _references(articles: Counter[str], known: Mapping[str, Known]) -> tuple[Reference, ...]:
    ranked = sorted(articles, key=lambda one: (-articles[one], one))
    return tuple(known[one].article for one in ranked if one in known)


def _most(counts: Mapping[str, int]) -> str | None:
    return min(counts, key=lambda one: (-counts[one], one), default=None)
