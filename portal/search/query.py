"""From what was typed to what is asked of an index. Whatever is typed, the answer is calm: never an error.

Words are joined by OR. Who knows more may write "a phrase", -without, title:word, tag:"a tag", topic:slug,
begin* and OR; anything else, and anything that doesn't parse, is plain words.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from whoosh.fields import Schema
from whoosh.lang.stopwords import stoplists
from whoosh.qparser import (
    FieldsPlugin,
    OperatorsPlugin,
    OrGroup,
    PhrasePlugin,
    Plugin,
    PlusMinusPlugin,
    PrefixPlugin,
    QueryParser,
    syntax,
)
from whoosh.query import And, AndMaybe, AndNot, NullQuery, Or, Phrase, Prefix, Query, Term

from portal.search.schema import TEXT_FIELDS, exact_tag
from portal.search.words.languages import Word, bare, words
from portal.search.words.stop_words import stop_words
from portal.text import one_line

LONGEST = 2000
"""Characters of a query that are read."""
MOST_WORDS = 400
"""Different words of a query that are read; the first ones. `understanding.telling` keeps the best of many."""
LONGEST_SYNTAX = 500
"""Characters up to which anything but plain words is looked for."""
_EXACT = re.compile(r'"[^"]*\w[^"]*"|(?<!\S)\w{2,40}\*(?!\S)|(?<!\S)-[\w"]|(?<!\S)(?:title|tag|topic):\S')
_SYNTAX = re.compile(rf"{_EXACT.pattern}|\sOR\s")
_ANYWHERE = "body"
"""The parser's default field; it can't be named in a query, so it stands for all text fields."""
_MOST_APART = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """`words` are looked for and ranked, as are words that begin with `prefixes`; `weak` ones are only ranked.

    Every article must meet the condition as well, with all its sections together.
    """

    words: tuple[str, ...]
    weak: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    condition: Query | None = None
    is_exact: bool = False
    """Whether a phrase, a field, a sign or a star says what is a hit; an OR alone does not."""
    said: tuple[Word, ...] = ()
    """All words as they were typed, in order, where that is all; with a condition there are none."""


def read(text: str) -> str:
    """Make what was typed safe to keep, show and parse: NFC, one line, no controls, at most LONGEST characters."""
    return one_line(unicodedata.normalize("NFC", one_line(text[: 2 * LONGEST])))[:LONGEST]


def parse(text: str, schema: Schema, lang: str) -> Asked:
    """Understand a query that `read` made safe. Never raises; without a single word nothing is asked."""
    if len(text) <= LONGEST_SYNTAX and _SYNTAX.search(text):
        condition = _condition(text, schema, lang)
        if condition is not None:
            leaves = _wanted(condition)
            found = [word for leaf in leaves for word in _said(leaf)]
            prefixes = tuple(dict.fromkeys(leaf.text for leaf in leaves if isinstance(leaf, Prefix)))
            return replace(_asked(found, lang, prefixes, condition), is_exact=bool(_EXACT.search(text)))
    said = tuple(words(text, lang))
    return replace(_asked([word.text for word in said], lang), said=said)


def articles_meeting(condition: Query, having: Callable[[Query], frozenset[int]]) -> frozenset[int]:
    """Return the articles that meet a condition. having: the articles with a term, phrase or prefix."""
    if isinstance(condition, AndNot):
        return articles_meeting(condition.a, having) - articles_meeting(condition.b, having)
    if isinstance(condition, AndMaybe):
        return articles_meeting(condition.a if _wanted(condition.a) else condition.b, having)
    if isinstance(condition, (And, Or)):
        met = [articles_meeting(part, having) for part in condition.subqueries if part is not NullQuery]
        joined = frozenset.intersection if isinstance(condition, And) else frozenset.union
        return joined(*met) if met else frozenset()
    return having(condition) if isinstance(condition, (Term, Phrase, Prefix)) else frozenset()


def _condition(text: str, schema: Schema, lang: str) -> Query | None:
    """Return Whoosh's reading of the text; None where it has none, or would only leave things out."""
    try:
        found = _Parser(schema, lang).parse(text, normalize=False)
    except Exception:  # noqa: BLE001 - whatever the parser finds impossible is plain words
        return None
    return found if _wanted(found) else None


def _wanted(query: Query) -> list[Query]:
    """Return the terms, phrases and prefixes of a query that are to be there."""
    if isinstance(query, AndNot):
        return _wanted(query.a)
    if isinstance(query, AndMaybe):
        return _wanted(query.a) + _wanted(query.b)
    if isinstance(query, (And, Or)):
        return [leaf for part in query.subqueries for leaf in _wanted(part)]
    return [query] if isinstance(query, (Term, Phrase, Prefix)) else []


def _said(leaf: Query) -> list[str]:
    if leaf.fieldname not in TEXT_FIELDS or isinstance(leaf, Prefix):
        return []
    return list(leaf.words) if isinstance(leaf, Phrase) else [leaf.text]


def _asked(found: list[str], lang: str, prefixes: tuple[str, ...] = (), condition: Query | None = None) -> Asked:
    distinct = tuple(dict.fromkeys(found))
    strong = tuple(word for word in distinct if word not in words_that_say_little(lang))
    if not strong and not prefixes:
        return Asked(distinct[:MOST_WORDS], condition=condition)
    weak = tuple(word for word in distinct if word in words_that_say_little(lang))
    return Asked(strong[:MOST_WORDS], weak[:MOST_WORDS], prefixes, condition)


@lru_cache(maxsize=64)
def words_that_say_little(lang: str) -> frozenset[str]:
    """Return the words that say little, as `words` writes them: Whoosh's list, or ours where it has none."""
    listed = stoplists.get(lang.partition("-")[0].lower()) or stop_words(lang)
    return frozenset(word.text for entry in listed for word in words(entry, lang))


class _BoundedPrefix(PrefixPlugin):  # type: ignore[misc] # Whoosh's plugins aren't typed
    """`begin*`, at least two letters and no other sign, so that neither parsing nor searching can run long."""

    expr = r"(?:(?<!\S)|(?<=:))(?P<text>\w{2,40})\*(?!\S)"


class _Requirements(Plugin):  # type: ignore[misc] # Whoosh's plugins aren't typed
    """Makes phrases and `field:` required, unless an OR stands beside them."""

    def filters(self, parser: QueryParser) -> list[tuple[Any, int]]:  # noqa: ARG002 - Whoosh's
        """Run after fields are given to their words (100) and before signs are obeyed (510)."""
        return [(self._require, 500)]

    @staticmethod
    def _require(_: QueryParser, group: Any) -> Any:  # noqa: ANN401 - Whoosh's nodes
        nodes = list(group)
        required = group.empty_copy()
        for i, node in enumerate(nodes):
            beside = nodes[max(i - 1, 0) : i + 2]
            is_free = any(isinstance(one, (syntax.Operator, PlusMinusPlugin.Minus)) for one in beside)
            if (isinstance(node, PhrasePlugin.PhraseNode) or getattr(node, "fieldname", None)) and not is_free:
                required.append(PlusMinusPlugin.Plus())
            required.append(node)
        return required


class _Parser(QueryParser):  # type: ignore[misc] # Whoosh's parser is half typed
    """Whoosh's parser with the syntax named above alone; a bare word stands for its forms in all text fields."""

    def __init__(self, schema: Schema, lang: str) -> None:
        operators = OperatorsPlugin(And=None, AndNot=None, AndMaybe=None, Not=None, Require=None)
        fields = FieldsPlugin(expr=r"(?<![^\s-])(?P<text>title|tag|topic):(?=\S)")
        signs = PlusMinusPlugin(plusexpr=r"(?!)", minusexpr=r'(?<!\S)-(?=[\w"])')
        plugins = [PhrasePlugin(), fields, _BoundedPrefix(), operators, _Requirements(), signs]
        super().__init__(_ANYWHERE, schema, plugins=plugins, phraseclass=self._phrase, group=OrGroup)
        self._lang = lang

    def term_query(self, fieldname: str, text: str, termclass: Any, boost: float = 1.0, **_: Any) -> Query | None:  # noqa: ANN401, ARG002 - Whoosh's
        """Return what one word asks: all its parts, or them joined."""
        if fieldname in {"tag", "topic"}:
            return _exact(fieldname, text)
        found = list(words(text, self._lang))
        parts = [_anywhere(fieldname, Term, word.text) for word in found if word.is_main]
        whole = [_anywhere(fieldname, Term, word.text) for word in found if not word.is_main]
        begun = [_anywhere(fieldname, Prefix, bare(text))] if termclass is Prefix else []
        return Or([And(parts), *whole, *begun]) if parts else None

    def _phrase(self, fieldname: str, said: list[str], *, slop: int = 1, **_: Any) -> Query:  # noqa: ANN401 - Whoosh's
        if not said:
            return NullQuery
        if fieldname in {"tag", "topic"}:
            return _exact(fieldname, " ".join(said))
        if len(said) == 1:
            return _anywhere(fieldname, Term, said[0])
        return _anywhere(fieldname, Phrase, said, slop=min(slop, _MOST_APART))


def _exact(fieldname: str, text: str) -> Query:
    return Term(fieldname, exact_tag(text) if fieldname == "tag" else text)


def _anywhere(fieldname: str, kind: Any, said: str | list[str], **how: int) -> Query:  # noqa: ANN401 - a class of Whoosh's
    return Or([kind(field, said, **how) for field in (TEXT_FIELDS if fieldname == _ANYWHERE else (fieldname,))])
