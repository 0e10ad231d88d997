"""Suggest: why a gap is one, and what would close it, as values that are kept as JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a proposal changes."""

    NEW_ARTICLE = "new_article"
    SYNONYMS = "synonyms"
    """One line for a synonyms file."""
    AKA = "aka"
    """Other names in an article's front matter."""
    TRANSLATE = "translate"
    OPEN_UP = "open_up"
    """An article that the askers may not see."""
    PUBLISH = "publish"
    """An article that waits as a draft."""
    IMPROVE = "improve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An article, as much as a list needs."""

    id: str
    title: str
    path: str = ""
    """The file in the content."""
    url: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What people were shown for this need, and what they made of it; all are numbers of different people."""

    article: Reference
    shown: int
    """Saw it among the first ten."""
    high: int = 0
    """Saw it among the first three."""
    clicked: int = 0
    helped: int = 0
    """Ended well on it, after other words or with these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """The gap's wordings searched in one other way: how many of them were answered so, and by what."""

    name: str
    """A key of `cause.VARIATIONS`."""
    answered: int
    of: int
    articles: tuple[Reference, ...] = ()
    """Those that answered, the one that answered most first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a gap is thought to be one, and why it has this cause. No wording stands here."""

    alike: tuple[str, ...] = ()
    """Why its wordings belong together, in plain English."""
    people: int = 0
    needs: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)
    """Outcome -> different people."""
    offered: tuple[Offered, ...] = ()
    variations: tuple[Variation, ...] = ()
    causes: Mapping[str, int] = field(default_factory=dict)
    """Cause -> people for whom it holds, where they differ."""
    nearest: tuple[Reference, ...] = ()
    """Articles that come nearest to what was asked."""
    generation: str = ""
    """The generation that was searched."""
    seen: str = ""
    """Fingerprint of all that the cause was worked out from; the same, and it need not be again."""

    def to_json(self) -> str:
        """Write it for `gaps.evidence`."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, raw: str) -> "Evidence":
        """Read what `to_json` wrote; what is missing is empty."""
        fields: dict[str, Any] = json.loads(raw or "{}")
        known = {name: value for name, value in fields.items() if name in cls.__slots__}
        return cls(
            **known
            | {
                "alike": tuple(fields.get("alike", ())),
                "offered": tuple(_offered(one) for one in fields.get("offered", ())),
                "variations": tuple(_variation(one) for one in fields.get("variations", ())),
                "nearest": tuple(Reference(**one) for one in fields.get("nearest", ())),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The smallest change of the content that would close a gap. `outline.skeleton` and drafts make files of it."""

    kind: Kind = Kind.NEW_ARTICLE
    path: str = ""
    """The file to be made or changed."""
    lang: str = ""
    title: str = ""
    """NEW_ARTICLE, TRANSLATE: the article's. Otherwise the title of the article that is changed."""
    topic: str | None = None
    article: Reference | None = None
    """The article to be changed, translated, opened up or published."""
    line: str = ""
    """SYNONYMS: the line to be added to `path`, without its line end."""
    aka: tuple[str, ...] = ()
    """AKA: names to be added. NEW_ARTICLE: the front matter's."""
    outline: tuple[str, ...] = ()
    """Headings: of the new article, or of what to add to the old one."""
    nearest: tuple[Reference, ...] = ()
    reasons: tuple[str, ...] = ()
    """IMPROVE: what readers said, as values of feedback's Reason, the most frequent first."""

    def to_json(self) -> str:
        """Write it for `gaps.proposal`."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, raw: str) -> "Proposal":
        """Read what `to_json` wrote; what is missing is empty."""
        fields: dict[str, Any] = json.loads(raw or "{}")
        known = {name: value for name, value in fields.items() if name in cls.__slots__}
        lists = {name: tuple(fields.get(name, ())) for name in ("aka", "outline", "reasons")}
        article = fields.get("article")
        return cls(
            **known
            | lists
            | {
                "kind": Kind(fields.get("kind", Kind.NEW_ARTICLE)),
                "article": Reference(**article) if article else None,
                "nearest": tuple(Reference(**one) for one in fields.get("nearest", ())),
            }
        )


def _offered(fields: dict[str, Any]) -> Offered:
    return Offered(**fields | {"article": Reference(**fields["article"])})


def _variation(fields: dict[str, Any]) -> Variation:
    return Variation(**fields | {"articles": tuple(Reference(**one) for one in fields["articles"])})
