"""Every state of the results page, made by hand from the articles of a shelf; no ranking takes part."""

from dataclasses import replace

from flask import Flask

from portal.content.page import Card
from portal.content.shelf import Shelf
from portal.search.hits import Answer, Hit, Jump, Query, ResultPage, Snippet
from portal.web.access import shelf
from portal.web.frame import render
from portal.web.help.requests import new_form
from portal.web.help.result_pages import SearchPage

TYPED, MEANT = "rest pasword", "reset password"
PASSAGE = (
    ("Choose ", False),
    ("Forgot password", True),
    (" below the two fields, and a link goes to your e-mail address. It works once, for an hour. Choose a new ", False),
    ("password", True),
    (" of at least twelve characters, and confirm it on the device on which you want to sign in.", False),
)


def states(here: Shelf, lang: str = "en") -> dict[str, ResultPage]:
    """Return a page of results by the name of its state."""
    cards = here.recent(lang, 4)
    query = Query(text=TYPED, lang=lang)
    none = ResultPage(query=query, hits=(), total=0, offset=0, limit=10, confidence=0.04)
    some = replace(none, hits=tuple(map(a_hit, cards)), total=len(cards), confidence=0.93)
    near = replace(none, nearest=tuple(map(a_hit, cards[:3])))
    return {
        "corrected": replace(some, corrected=MEANT),
        "answered": replace(some, query=replace(query, text="How do I reset my password?"), answer=an_answer(cards[0])),
        "corrected and answered": replace(some, corrected=MEANT, answer=an_answer(cards[0])),
        "nothing answers": near,
        "nothing answers what was corrected": replace(near, corrected=MEANT),
        "nothing at all": none,
        "nothing with these filters": replace(near, query=replace(query, tag="writing")),
        "as it was typed": replace(some, query=replace(query, is_verbatim=True)),
        "nothing as it was typed": replace(none, query=replace(query, is_verbatim=True)),
    }


def a_hit(card: Card) -> Hit:
    """Return an article as a hit of a section."""
    return Hit(
        card=card,
        anchor="by-e-mail",
        heading="By e-mail",
        snippet=Snippet((("Open the ", False), ("link", True), (" within an hour", False))),
        score=7.123456,
        title=Snippet(((card.title, False),)),
        jumps=(Jump("By telephone", f"{card.url}#by-telephone"),),
    )


def an_answer(card: Card, heading: str = "By e-mail") -> Answer:
    """Return a passage of an article."""
    return Answer(card=card, anchor="by-e-mail", heading=heading, passage=Snippet(PASSAGE))


def rendered(app: Flask, results: ResultPage, template: str = "help/search.html") -> str:
    """Return the results page as a reader is sent it."""
    query = results.query
    asked = {"q": query.text, **query.filters(), **({"verbatim": "1"} if query.is_verbatim else {})}
    with app.test_request_context(f"/{query.lang}/search", query_string=asked):
        form = new_form(query.lang, query.text)
        return render(template, SearchPage.of(shelf(), results, is_cut=False, form=form))
