"""axe-core, as the package axe-playwright-python brings it. Run in the page, it minds no policy."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

SOURCE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
RUN = "options => axe.run(document, { resultTypes: ['violations', 'incomplete'], runOnly: options })"


def faults(page: Page) -> list[str]:
    """All that axe finds wrong, and all that it can't decide by itself: today there is nothing to explain away."""
    return _faults(page, {"type": "tag", "values": TAGS})


def faults_of_colour(page: Page) -> list[str]:
    """The same, for the rules that another colour scheme can change."""
    return _faults(page, {"type": "rule", "values": COLOURS})


def _faults(page: Page, options: dict[str, object]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(SOURCE)
    found = page.evaluate(RUN, options)
    return [_line(kind, rule) for kind in ("violations", "incomplete") for rule in found[kind]]


def _line(kind: str, rule: dict[str, Any]) -> str:
    nodes = [f"{node['html'][:100]} ({node.get('failureSummary', '')[:160]})" for node in rule["nodes"][:3]]
    return f"{kind} {rule['id']} on {len(rule['nodes'])}: {nodes}"
