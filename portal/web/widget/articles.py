"""Articles: read inside the frame, with a vote; every other place is reached in a tab of its own."""

from dataclasses import dataclass

from flask import Response, redirect
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from portal.content.page import Card, Page
from portal.errors import NotFound
from portal.web.siblings import in_language
from portal.web.widget import frame

bp = frame.room("articles", __name__, "/widget/<lang:lang>")


@dataclass(frozen=True, slots=True)
class VoteForm:
    """What shared/vote.html needs before anybody voted."""

    url: str
    revision: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage(frame.WidgetPage):
    """widget/_article.html."""

    card: Card
    body: Markup
    vote: VoteForm
    related: tuple[Card, ...]

    @classmethod
    def of(cls, article: Page) -> "ArticlePage":
        """Return the page of an article."""
        card = article.card
        return cls(
            title=card.title,
            lang=card.lang,
            card=card,
            body=Markup(article.html),  # noqa: S704 - content/render sanitised it before it came onto the shelf
            vote=VoteForm(f"/{card.lang}/votes/{card.id}", card.revision),
            related=frame.reader().related(article),
        )


@bp.get("/articles/<path:slug>")
def show(lang: str, slug: str) -> AnyResponse:
    """Show an article, or lead from an old address to it."""
    shelf, lang = frame.shelf(), frame.language(lang)
    found = shelf.find(lang, slug)
    page = shelf.page(found) if found else None
    if page is None:
        return _on(shelf.redirect(lang, slug))
    return _answer(page)


@bp.get("/a/<article_id>")
def short(lang: str, article_id: str) -> Response:
    """Show an article by its id, in this language where there is a translation."""
    shelf, lang = frame.shelf(), frame.language(lang)
    page = shelf.page(article_id)
    if page is None:
        raise NotFound
    return _answer(in_language(shelf, page, lang))


def _answer(page: Page) -> Response:
    return frame.answer("article", ArticlePage.of(page))


def _on(url: str | None) -> AnyResponse:
    if url is None:
        raise NotFound
    return redirect(f"/widget{url}", 302)
