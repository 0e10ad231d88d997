"""Markdown of any of the dialects we know -> safe HTML, its sections and its links.

Runs in the process that calls it and may take long on hostile text: publish through `sandbox.RenderPool`.
"""

from portal.content import _finish, _headings
from portal.content._addresses import Addresses, targets
from portal.content._findings import Findings
from portal.content._lists import strict
from portal.content._markdown import to_html
from portal.content._sanitise import loosely_safe, sanitise
from portal.content._sections import sections
from portal.content._tree import parse, write
from portal.content._words import words_of
from portal.content.dialects import translate
from portal.content.problem import ArticleInvalid, Problem
from portal.content.rendered import Rendered

__all__ = ["RENDERER_VERSION", "render", "sanitise"]

RENDERER_VERSION = "4"
"""Part of the key under which rendered bodies are kept; raise it whenever the output changes."""


def render(path: str, text: str, first_line: int, lang: str = "en") -> Rendered:
    """Render the body of the article at `path`, its includes already drawn in.

    first_line: the line of the file on which `text` begins, for problems and links.
    lang: BCP 47 tag; names alerts, tables and the like in that language, English where we lack it.
    The same arguments always give the same result. Raises ArticleInvalid where blocks are nested too deeply.
    """
    try:
        return _render(path, text, first_line, lang)
    except RecursionError:
        what = "lists, quotations or brackets are nested too deeply to be rendered"
        problem = Problem(path, first_line, what, "Nest them less deeply; ten levels are plenty.")
        raise ArticleInvalid([problem]) from None


def _render(path: str, text: str, first_line: int, lang: str) -> Rendered:
    words = words_of(lang)
    findings = Findings(path, text, first_line)
    translated = translate(path, text, first_line, lang)
    markup = to_html(strict(translated.text))
    root = parse(loosely_safe(_finish.embeds_to_links(markup, words)))
    heading = _headings.take_title(root)
    _finish.settle(root, words, findings)
    addresses = Addresses(path, findings, words)
    addresses.settle(root)
    targets(root, _headings.settle(root, words))
    html = sanitise(write(root))
    return Rendered(
        html=html,
        sections=sections(parse(html)),
        links=tuple(addresses.links),
        problems=tuple(sorted({*translated.problems, *findings.problems()})),
        heading=heading,
    )
