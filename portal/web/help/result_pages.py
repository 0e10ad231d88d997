"""SearchPage: what the results page is told, with every filter as a link."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask_babel import gettext, lazy_gettext

from portal.content.shelf import Shelf
from portal.search.hits import Answer, Hit, Query, ResultPage
from portal.web.frame import AnyPage
from portal.web.help.request_pages import RequestForm

ALIKE = "alike"
"""Parameter that asks for hits as they are ranked for everybody."""
STAGES = {
    "before": lazy_gettext("Before purchase"),
    "during": lazy_gettext("During purchase"),
    "after": lazy_gettext("After purchase"),
}


@dataclass(frozen=True, slots=True)
class FilterLink:
    """A filter that a click sets or, where it is set, takes away."""

    label: str
    url: str
    is_set: bool
    is_ours: bool = False
    """Whether the label is a word of ours, and not of the articles."""


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """Filters of one kind."""

    label: str
    links: tuple[FilterLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """What a reader's own products did to a page of hits."""

    products: tuple[str, ...] = ()
    """Those that are put first; empty where that changes nothing."""
    is_alike: bool = False
    """Whether the reader asked for all alike."""


UNSHAPED = Shaped()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage(AnyPage):
    """help/search.html and its fragment."""

    query: Query
    total: int = 0
    first: int = 0
    hits: tuple[Hit, ...] = ()
    elsewhere: tuple[Hit, ...] = ()
    nearest: tuple[Hit, ...] = ()
    """What is offered apart, where nothing is a result."""
    corrected: str | None = None
    """What was searched for instead of what was typed."""
    answer: Answer | None = None
    filters: tuple[FilterGroup, ...] = ()
    start: str = ""
    unfiltered: str = ""
    verbatim: str = ""
    """The same search for the words as they were typed."""
    earlier: str = ""
    later: str = ""
    is_cut: bool = False
    search_id: str = ""
    """Names this search to the clicks that follow; empty where it is not recorded."""
    shaped: Shaped = UNSHAPED
    reshaped: str = ""
    """The same page the other way: all alike, or the reader's products first."""
    form: RequestForm | None = None
    """Asks what they were looking for: large where nothing fits, as a quiet line under hits."""

    @property
    def count_of_filters(self) -> int:
        """How many filters are set."""
        return len(self.query.filters())

    @classmethod
    def unasked(cls, shelf: Shelf, query: Query) -> "SearchPage":
        """Return the page before anything was asked."""
        there = tuple((other, f"/{other}/search") for other in shelf.languages() if other != query.lang)
        return cls(title=gettext("Search"), lang=query.lang, translations=there, query=query)

    @classmethod
    def of(  # noqa: PLR0913 - the page is all of these
        cls,
        shelf: Shelf,
        results: ResultPage,
        *,
        is_cut: bool,
        search_id: str = "",
        form: RequestForm | None = None,
        shaped: Shaped = UNSHAPED,
    ) -> "SearchPage":
        """Return the page of one page of results. form: an empty one."""
        query, ends_at = results.query, results.offset + len(results.hits)
        languages = (other for other in shelf.languages() if other != query.lang)
        return cls(
            title=query.text,
            lang=query.lang,
            translations=tuple((other, _url(_unfiltered(query, other))) for other in languages),
            query=query,
            total=results.total,
            first=results.offset + 1,
            hits=results.hits,
            elsewhere=results.elsewhere,
            nearest=() if results.total else results.nearest,
            corrected=None if query.is_verbatim else results.corrected,
            answer=None if results.offset else results.answer,
            filters=_filters(query, shelf) if results.total or query.filters() else (),
            start=_url(query),
            unfiltered=_url(_unfiltered(query, query.lang)),
            verbatim=_url(replace(query, is_verbatim=True)),
            earlier=_url(query, max(0, results.offset - results.limit), shaped) if results.offset else "",
            later=_url(query, ends_at, shaped) if results.hits and ends_at < results.total else "",
            shaped=shaped,
            reshaped=_url(query, results.offset, Shaped(is_alike=not shaped.is_alike)),
            is_cut=is_cut,
            search_id=search_id,
            form=form,
        )


def _filters(query: Query, shelf: Shelf) -> tuple[FilterGroup, ...]:
    """Return the kinds of filters that leave a choice, or are set."""
    facets = shelf.facets(query.lang)
    topics = {topic.slug: topic.name for topic in shelf.topics(query.lang) if topic.slug}
    stages = {stage: str(STAGES.get(stage, stage)) for stage in facets.stages}
    groups = (
        _group(gettext("Topic"), topics, query.topic, lambda one: replace(query, topic=one)),
        _group(gettext("Product"), {one: one for one in facets.products}, query.product,
               lambda one: replace(query, product=one)),
        _group(gettext("Stage"), stages, query.stage, lambda one: replace(query, stage=one), is_ours=True),
        _group(gettext("Tag"), {}, query.tag, lambda one: replace(query, tag=one)),
    )  # fmt: skip
    return tuple(group for group in groups if len(group.links) > 1 or any(link.is_set for link in group.links))


def _group(
    label: str,
    choices: dict[str, str],
    chosen: str | None,
    asking: Callable[[str | None], Query],
    *,
    is_ours: bool = False,
) -> FilterGroup:
    there: Iterable[tuple[str, str]] = choices.items()
    if chosen and chosen not in choices:
        there = ((chosen, chosen), *there)
    links = (
        FilterLink(name, _url(asking(None if one == chosen else one)), one == chosen, is_ours) for one, name in there
    )
    return FilterGroup(label, tuple(links))


def _unfiltered(query: Query, lang: str) -> Query:
    return Query(text=query.text, lang=lang, is_verbatim=query.is_verbatim)


def _url(query: Query, offset: int = 0, shaped: Shaped = UNSHAPED) -> str:
    asked = {"q": query.text, **query.filters()}
    if query.is_verbatim:
        asked["verbatim"] = "1"
    if shaped.is_alike:
        asked[ALIKE] = "1"
    if offset:
        asked["offset"] = str(offset)
    return f"/{query.lang}/search?" + urlencode(asked)
