"""Builders of small indexes."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from portal.search.document import IndexDocument
from portal.search.hits import Completion
from portal.search.index_files import write_index
from portal.search.text_index import TextIndex


def a_section(
    body: str = "",
    *,
    article: str = "a1",
    anchor: str = "",
    title: str = "Untitled",
    headings: str = "",
    aka: str = "",
    tags: tuple[str, ...] = (),
    topic: str = "",
    summary: str = "",
    products: tuple[str, ...] = (),
    stage: str = "",
) -> IndexDocument:
    return IndexDocument(
        article=article,
        anchor=anchor,
        title=title,
        aka=aka,
        headings=headings,
        tags=tags,
        topic=topic,
        summary=summary,
        body=body,
        products=products,
        stage=stage,
    )


HELP_CENTRE = (
    a_section(
        "Open the settings, then choose a new password.",
        article="password",
        title="Reset your password",
        aka="forgotten password\ncan't sign in",
        tags=("Account", "Sign-in"),
        topic="account",
        summary="When you can't get in.",
    ),
    a_section(
        "The link in the e-mail works for one hour.",
        article="password",
        anchor="link",
        title="Reset your password",
        headings="Reset your password\nThe link has expired",
        tags=("Account", "Sign-in"),
        topic="account",
    ),
    a_section(
        "Error E-1042 means that the router has lost the Wi-Fi. Restart the router.",
        article="router",
        title="Connection problems",
        tags=("Network",),
        topic="network",
    ),
    a_section(
        "Refunds reach your bank within five days. Write to the billing team about a missing refund.",
        article="refund",
        title="Get a refund",
        tags=("Billing", "Account"),
        topic="billing",
    ),
)


def an_index(folder: Path, documents: Iterable[IndexDocument] = HELP_CENTRE, lang: str = "en") -> TextIndex:
    write_index(folder, lang, documents)
    return TextIndex(folder, lang)


def found(index: TextIndex, text: str, **filters: str) -> list[str]:
    """Return the ids of the articles found, best first."""
    return [one.article for one in index.search(text, want=10, **filters).ranked]


def finds(folder: Path, text: str, body: str, lang: str = "en") -> bool:
    """Whether `text` finds a section that says `body`, and does not find one that says something else."""
    other = a_section("Nothing of the kind", article="other", title="Zzz")
    index = an_index(folder, [other, a_section(body, article="this", title="Zzz")], lang)
    try:
        return found(index, text) == ["this"]
    finally:
        index.close()


def a_suggestion(
    text: str, *, article: str = "a1", kind: str = "title", title: str = "", topic: str | None = None
) -> Completion:
    return Completion(
        text=text, url=f"/en/articles/{article}", kind=kind, article=article, title=title or text, topic=topic
    )


def checksums(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def linked(old: Path, new: Path) -> Path:
    """Return a folder whose files are hard links to those of another, as a new generation begins."""
    new.mkdir()
    for file in old.iterdir():
        (new / file.name).hardlink_to(file)
    return new
