"""A help centre for tests of what is made of its answers: it finds what it is told to find."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from portal.gaps.alike import Floats
from portal.gaps.probe import Known, Look
from portal.gaps.suggest import Reference


@dataclass
class ToldProbe:
    """Finds for each text what stands in its tables; otherwise nothing."""

    public: dict[str, Look] = field(default_factory=dict)
    staff: dict[str, Look] | None = None
    abroad: dict[str, dict[str, Look]] = field(default_factory=dict)
    plain: dict[str, Look] = field(default_factory=dict)
    articles: dict[str, Known] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    generation: str = "today"
    asked: int = 0

    def typed(self, text: str, lang: str) -> Look:  # noqa: ARG002 - one language
        self.asked += 1
        return self.public.get(text, Look())

    def verbatim(self, text: str, lang: str) -> Look:  # noqa: ARG002 - one language
        return self.plain.get(text, Look())

    def hidden(self, text: str, lang: str) -> Look | None:  # noqa: ARG002 - one language
        return None if self.staff is None else self.staff.get(text, Look())

    def elsewhere(self, text: str, lang: str) -> Mapping[str, Look]:  # noqa: ARG002 - one language
        return self.abroad.get(text, {})

    def known(self, articles: Collection[str]) -> dict[str, Known]:
        return {one: self.articles.get(one, an_article(one)) for one in articles}

    def text(self, article: str) -> str:
        return self.texts.get(article, article)


def an_article(name: str, **fields: object) -> Known:
    reference = Reference(id=name, title=name.capitalize(), path=f"en/{name}.md", url=f"/en/articles/{name}", lang="en")
    return Known(article=reference, **fields)  # type: ignore[arg-type] # fields of Known


def hits(*articles: str, confidence: float = 0.5) -> Look:
    return Look(articles, confidence, is_answered=True)


def no_vectors(lang: str, texts: Sequence[str]) -> Floats | None:
    return None
