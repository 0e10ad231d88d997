"""Propose: the smallest change of the content that would close a gap, for each cause."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from portal.gaps.junk import is_junk
from portal.gaps.models import Cause
from portal.gaps.outline import outline
from portal.gaps.probe import Known
from portal.gaps.suggest import Kind, Proposal, Reference
from portal.gaps.title import clean
from portal.gaps.word_pairs import Pair, synonyms_line
from portal.text import slugify

MOST_AKA = 5
_KINDS = {
    Cause.MISSING: Kind.NEW_ARTICLE,
    Cause.OTHER_WORDS: Kind.AKA,
    Cause.OTHER_LANGUAGE: Kind.TRANSLATE,
    Cause.NOT_VISIBLE: Kind.OPEN_UP,
    Cause.DRAFT: Kind.PUBLISH,
    Cause.BADLY_RANKED: Kind.AKA,
    Cause.UNHELPFUL: Kind.IMPROVE,
    Cause.OUT_OF_DATE: Kind.IMPROVE,
}
_SUFFIX = re.compile(r"\.[^./]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a proposal is made from."""

    lang: str
    cause: Cause
    title: str
    said: Sequence[tuple[str, int]]
    """Wordings as typed, with the different people behind each, the most used first."""
    central: str
    least_people: int
    article: Known | None = None
    """What would help, or did not."""
    text: str = ""
    """Its title and text."""
    nearest: Sequence[Known] = ()
    pairs: Sequence[Pair] = ()
    reasons: Sequence[str] = ()


def propose(brief: Brief) -> Proposal:
    """Return what is to be changed. Where the article that a cause needs is gone, a new one."""
    kind = _KINDS[brief.cause] if brief.article else Kind.NEW_ARTICLE
    if kind is Kind.NEW_ARTICLE or brief.article is None:
        return _new_article(brief)
    if brief.cause is Cause.OTHER_WORDS:
        line = synonyms_line(brief.pairs, brief.text, lang=brief.lang)
        if line:
            return _about(brief, brief.article, Kind.SYNONYMS, line=line, path="")
    if kind is Kind.AKA:
        return _about(brief, brief.article, kind, aka=_other_names(brief, besides=brief.article.article.title))
    if kind is Kind.TRANSLATE:
        return _translation(brief, brief.article)
    if kind is Kind.IMPROVE:
        headings = outline(brief.said, brief.article.article.title, lang=brief.lang)
        return _about(brief, brief.article, kind, outline=headings, reasons=tuple(brief.reasons))
    return _about(brief, brief.article, kind)


def topic_of(nearest: Sequence[Known], article: Known | None) -> str | None:
    """Return the topic of the article, or the one that most of the three nearest have."""
    if article is not None:
        return article.topic
    topics = Counter(known.topic for known in nearest[:3] if known.topic)
    return min(topics, key=lambda topic: (-topics[topic], topic), default=None)


def _new_article(brief: Brief) -> Proposal:
    return Proposal(
        kind=Kind.NEW_ARTICLE,
        path=_beside(brief),
        lang=brief.lang,
        title=brief.title,
        topic=topic_of(brief.nearest, None),
        aka=tuple(text for text, people in _names(brief, besides=brief.title) if people >= brief.least_people)[
            :MOST_AKA
        ],
        outline=outline(brief.said, brief.title, lang=brief.lang),
        nearest=tuple(known.article for known in brief.nearest),
    )


def _about(brief: Brief, known: Known, kind: Kind, **fields: object) -> Proposal:
    """Return a proposal that changes an article which is there."""
    plain: dict[str, object] = {"path": known.article.path, **fields}
    return Proposal(
        kind=kind,
        lang=brief.lang,
        title=known.article.title,
        topic=known.topic,
        article=known.article,
        nearest=tuple(one.article for one in brief.nearest if one.article.id != known.article.id),
        **plain,  # type: ignore[arg-type] # the callers above name fields of Proposal
    )


def _other_names(brief: Brief, *, besides: str) -> tuple[str, ...]:
    """Return wordings that enough people used; where there is none, the one that speaks for all."""
    names = _names(brief, besides=besides)
    often = tuple(text for text, people in names if people >= brief.least_people)
    central = clean(brief.central).casefold()
    return often[:MOST_AKA] or tuple(text for text, _ in sorted(names, key=lambda one: one[0] != central))[:1]


def _names(brief: Brief, *, besides: str) -> list[tuple[str, int]]:
    found: Counter[str] = Counter()
    for text, people in brief.said:
        name = clean(text).casefold()
        if name and name != besides.casefold() and not is_junk(name, brief.lang):
            found[name] += people
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def _translation(brief: Brief, known: Known) -> Proposal:
    """Return a new article beside the one in the other language, or rather in the same place of this language."""
    old = known.article
    folder, slash, name = old.path.partition("/")
    path = f"{brief.lang}{slash}{name}" if folder == old.lang else old.path.replace(f".{old.lang}.", f".{brief.lang}.")
    return Proposal(
        kind=Kind.TRANSLATE,
        path=path if path != old.path else "",
        lang=brief.lang,
        title=brief.title,
        topic=known.topic,
        article=old,
        nearest=tuple(one.article for one in brief.nearest),
    )


def _beside(brief: Brief) -> str:
    """Return a file beside the nearest article of this language, named after the title; drafts see that it is new."""
    near: Reference | None = next((one.article for one in brief.nearest if one.article.lang == brief.lang), None)
    if near is None:
        return ""
    folder, slash, name = near.path.rpartition("/")
    by_language = f".{brief.lang}" if _SUFFIX.sub("", name).endswith(f".{brief.lang}") else ""
    taken = {one.article.path for one in brief.nearest}
    path = f"{folder}{slash}{slugify(brief.title)}{by_language}.md"
    return path if path not in taken else f"{folder}{slash}{slugify(brief.title)}-2{by_language}.md"
