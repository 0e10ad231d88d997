"""Shelf rows: what a shelf's file says, read back into values. Files of earlier versions are read kindly."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from portal.content.page import Card, Facets, Heading, Place, SiteFiles, TopicOnShelf

NO_TOPIC = "more"
"""The address of what has no topic: `/<lang>/topics/more`."""


def article_url(lang: str, slug: str) -> str:
    """Return the URL path of an article (`contracts.md`, Addresses)."""
    return f"/{lang}/articles/{quote(slug)}"


def read_card(raw: str) -> Card:
    """Read the `card` of a row."""
    fields = json.loads(raw)
    fields["updated_at"] = datetime.fromisoformat(fields["updated_at"])
    fields["tags"], fields["products"] = tuple(fields["tags"]), tuple(fields["products"])
    return Card(**fields)


def read_page(raw: str) -> dict[str, Any]:
    """Read the `page` of a row: those fields of a `Page` that stand in it."""
    fields: dict[str, Any] = json.loads(raw)
    fields["headings"] = tuple(Heading(*heading) for heading in fields["headings"])
    fields["authors"] = tuple(fields["authors"])
    fields["created_at"] = datetime.fromisoformat(fields["created_at"])
    fields["review_by"] = date.fromisoformat(fields["review_by"]) if fields["review_by"] else None
    return fields


def read_place(raw: str, sibling: str) -> Place:
    """Read as much of a row's `card` as a list of all addresses tells."""
    fields = json.loads(raw)
    return Place(
        id=fields["id"],
        lang=fields["lang"],
        url=fields["url"],
        title=fields["title"],
        summary=fields["summary"],
        topic=fields["topic"],
        kind=fields["kind"],
        updated_at=datetime.fromisoformat(fields["updated_at"]),
        sibling=sibling,
    )


def read_topic(entry: Mapping[str, str], lang: str, count: int) -> TopicOnShelf:
    """Read a topic as `meta` lists it."""
    slug = entry["slug"] or None
    url = f"/{lang}/topics/{quote(slug or NO_TOPIC)}"
    return TopicOnShelf(
        slug=slug, name=entry["name"], summary=entry["summary"], icon=entry["icon"], count=count, url=url
    )


def read_facets(entry: Mapping[str, list[str]]) -> Facets:
    """Read what `meta` says that one language can be narrowed by."""
    return Facets(products=tuple(entry.get("products", ())), stages=tuple(entry.get("stages", ())))


def read_site_files(raw: str) -> SiteFiles:
    """Read the company's own files."""
    fields = json.loads(raw)
    return SiteFiles(**fields | {"logo_size": tuple(fields.get("logo_size", (0, 0)))})
