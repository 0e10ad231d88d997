"""JSON-LD: what a page is, in schema.org's words, for search engines. A block of data; nothing in it is run."""

import json
from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from portal.text import cut
from portal.web.frame import Frame
from portal.web.help.pages import ArticlePage, TopicPage

MOST_HEADLINE = 110
"""Characters of a headline that Google shows: its guide to Article structured data."""
_Thing = dict[str, Any]
_ESCAPES = {ord(one): f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}


def written(*things: _Thing) -> Markup:
    """Return things as they may stand in a script element: no character of them can end it, or begin a comment."""
    whole = json.dumps({"@context": "https://schema.org", "@graph": things}, ensure_ascii=False, separators=(",", ":"))
    return Markup(whole.translate(_ESCAPES))  # noqa: S704 - all that markup is made of has just been escaped


def website(frame: Frame, description: str) -> _Thing:
    """Return the help centre, and how it is searched."""
    return {
        "@type": "WebSite",
        "name": frame.name,
        "url": frame.base + frame.home,
        "description": description,
        "inLanguage": frame.lang,
        "publisher": _company(frame),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{frame.base}{frame.search}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def collection(page: TopicPage, frame: Frame, url: str, description: str) -> _Thing:
    """Return a topic."""
    return {
        "@type": "CollectionPage",
        "name": page.topic.name,
        "url": url,
        "description": description,
        "inLanguage": frame.lang,
        "isPartOf": {"@type": "WebSite", "name": frame.name, "url": frame.base + frame.home},
    }


def article(page: ArticlePage, frame: Frame, url: str, image: str) -> _Thing:
    """Return an article. Its author is the company, as the pages name no persons."""
    card = page.article.card
    thing = {
        "@type": "TechArticle",
        "headline": cut(card.title, MOST_HEADLINE),
        "description": card.summary,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": card.lang,
        "datePublished": page.article.created_at.isoformat(timespec="seconds"),
        "dateModified": card.updated_at.isoformat(timespec="seconds"),
        "author": _company(frame),
        "publisher": _company(frame),
        "image": image,
        "articleSection": card.topic_name,
        "keywords": list(card.tags),
    }
    return {name: value for name, value in thing.items() if value}


def crumbs(frame: Frame, *steps: tuple[str, str]) -> _Thing:
    """Return the way to a page from the home page. steps: (name, address) pairs."""
    way = ((gettext("Home"), frame.base + frame.home), *steps)
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": url}
            for place, (name, url) in enumerate(way, start=1)
        ],
    }


def _company(frame: Frame) -> _Thing:
    company: _Thing = {"@type": "Organization", "name": frame.name, "url": frame.base + frame.home}
    if frame.brand.logo:
        company["logo"] = {"@type": "ImageObject", "url": frame.base + frame.brand.logo}
    return company
