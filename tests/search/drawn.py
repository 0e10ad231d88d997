"""Articles as chance has them: words in common, words that are odd, and sections with next to nothing in them."""

from collections.abc import Iterable, Mapping

from hypothesis import strategies as st

from portal.search.document import IndexDocument
from tests.search.documents import a_section

PLAIN = ("red", "blue", "green", "printer", "printers", "ink")
ODD = ("Wi-Fi", "E-1042", "c++", "東京都", "Straße", "naïve", "x" * 70, "\ud800", "\x01tag\x1fred", "red*", "…")
Articles = Mapping[str, tuple[IndexDocument, ...]]
"""Sections by the id of their article."""

words = st.sampled_from(PLAIN + ODD)
texts = st.lists(words, max_size=6).map(" ".join)
_IDS = ("a", "b", "c", "d", "e", "f")
_tags = st.lists(words, max_size=2).map(tuple)


@st.composite
def an_article(draw: st.DrawFn, article: str) -> tuple[IndexDocument, ...]:
    title, aka, summary, tags, stage = draw(texts), draw(texts), draw(texts), draw(_tags), draw(st.sampled_from("ab"))
    return tuple(
        a_section(
            draw(texts),
            article=article,
            anchor=f"s{number}",
            title=title,
            aka=aka.replace(" ", "\n"),
            headings=draw(texts),
            tags=tags,
            topic=draw(st.just("inks")),
            summary=summary,
            products=tags[:1],
            stage=stage,
        )
        for number in range(draw(st.integers(1, 3)))
    )


@st.composite
def articles(draw: st.DrawFn) -> Articles:
    chosen = draw(st.lists(st.sampled_from(_IDS), max_size=4, unique=True))
    return {article: draw(an_article(article)) for article in chosen}


removals = st.sets(st.sampled_from(_IDS), max_size=3)
changes = st.lists(st.tuples(removals, articles()), min_size=1, max_size=3)
"""What goes and what comes, several times in a row. Who comes and is there is replaced."""


def sections(some: Articles) -> list[IndexDocument]:
    return [section for own in some.values() for section in own]


def changed(some: Articles, gone: Iterable[str], come: Articles) -> Articles:
    """Return the articles after a change, those that came behind the others."""
    return {article: own for article, own in some.items() if article not in {*gone, *come}} | dict(come)
