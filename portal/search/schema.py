"""How sections lie in a Whoosh index: its fields, and the bridge from `languages` to Whoosh's analysers."""

from collections.abc import Iterable, Iterator
from typing import Any

from whoosh.analysis import Analyzer, Token
from whoosh.columns import VarBytesColumn
from whoosh.fields import COLUMN, ID, KEYWORD, STORED, TEXT, Schema

from portal.search.document import IndexDocument
from portal.search.words.analysed import analysed
from portal.text import fold, without_controls

ARTICLE_FIELDS = ("title", "aka", "tags", "summary")
"""Texts that speak for a whole article: indexed once, with its first section, so that postings stay short."""
SECTION_FIELDS = ("headings", "body")
TEXT_FIELDS = ARTICLE_FIELDS + SECTION_FIELDS
_FOLDED = frozenset({"tag", "product"})
_ALWAYS = frozenset({"article", "anchor", "heading", "text"})


class WordAnalyser(Analyzer):  # type: ignore[misc] # Whoosh's class isn't typed
    """Whoosh's view of `languages.words`; holds a language tag alone, so that it pickles and threads may share it."""

    def __init__(self, lang: str) -> None:
        """lang: BCP 47 tag."""
        self.lang = lang

    def __call__(self, value: str, *, mode: str = "", **wanted: Any) -> Iterator[Token]:  # noqa: ANN401, ARG002 - Whoosh's
        """Yield every form while indexing, and the main ones alone for a query, as phrases need them."""
        token = Token(positions=True, chars=True, mode=mode, stopped=False, boost=1.0)
        for word in analysed(value, self.lang):
            if word.is_main or mode != "query":
                token.text = token.original = word.text
                token.pos, token.startchar, token.endchar = word.place, word.start, word.end
                token.boost, token.stopped = 1.0, False
                yield token


def schema_for(lang: str) -> Schema:
    """Return the fields of an index in one language; `body` is kept as written too, zipped, for snippets.

    `place` is a section's anchor and heading once more, to be read without unzipping its text.
    """
    texts = {name: TEXT(analyzer=WordAnalyser(lang), phrase=True) for name in TEXT_FIELDS}
    return Schema(
        article=ID(stored=True, sortable=True),
        anchor=STORED(),
        heading=STORED(),
        text=STORED(),
        place=COLUMN(VarBytesColumn()),
        topic=ID(),
        tag=KEYWORD(commas=True),
        product=KEYWORD(commas=True),
        stage=ID(),
        **texts,
    )


def exact_tag(tag: str) -> str:
    """Return a tag or product as its field keeps it; two that differ in case or accents alone are one."""
    return fold(tag).replace(",", " ")


def exact(field: str, value: str) -> str:
    """Return what a filter's value is compared as. field: topic, tag, product or stage."""
    return exact_tag(value) if field in _FOLDED else without_controls(value)


def fields_of(document: IndexDocument, *, is_first: bool) -> dict[str, str | bytes]:
    """Return a section as the index takes it. is_first: whether it is its article's first section."""
    heading = document.headings.rpartition("\n")[2]
    fields: dict[str, str | bytes] = {
        "article": document.article,
        "anchor": document.anchor,
        "heading": heading,
        "place": f"{document.anchor}\n{heading}".encode("utf-8", "replace"),
        "text": document.body,
        "headings": document.headings,
        "body": document.body,
        "topic": document.topic,
    }
    if is_first:
        fields |= {"title": document.title, "aka": document.aka, "summary": document.summary}
        fields |= {"tags": "\n".join(document.tags), "tag": _joined(document.tags)}
        fields |= {"product": _joined(document.products), "stage": document.stage}
    return {name: value for name, value in fields.items() if value or name in _ALWAYS}


def _joined(values: Iterable[str]) -> str:
    return ",".join(exact_tag(value) for value in values)
