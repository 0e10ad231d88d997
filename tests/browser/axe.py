"""axe-core, as the package axe-playwright-python brings it. Run in the page, it minds no policy."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

SOURCE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
RUN = """async options => {
  // The shadow at a table's edge is a gradient, on which axe measures nothing: measure the table on its plain ground.
  for (const one of document.querySelectorAll(".table-scroll")) one.style.backgroundImage = "none";
  const found = await axe.run(document, { resultTypes: ["violations", "incomplete"], runOnly: options });
  // What an open menu covers can't be read; where nothing covers it, another test has measured it. Two lines of
  // one entry may cover different things: its like in the same menu are measured.
  // Cells of a wide table that are scrolled away are coloured as those that are not.
  const floats = [...document.querySelectorAll(".menu-panel, .completions")].filter(one => one.checkVisibility())
    .map(one => one.getBoundingClientRect());
  const isCovered = node => {
    const at = document.querySelector(node.target[0]), box = at.getBoundingClientRect();
    const frame = at.closest(".table-scroll")?.getBoundingClientRect(), why = node.any[0]?.data?.messageKey;
    if (why === "elmPartiallyObscuring") return Boolean(at.closest(".menu-panel, .completions"));
    if (why === "elmPartiallyObscured") return frame && (box.left < frame.left || box.right > frame.right);
    return why === "bgOverlap" && floats.some(one => box.left < one.right && box.right > one.left
      && box.top < one.bottom && box.bottom > one.top);
  };
  for (const rule of found.incomplete) rule.nodes = rule.nodes.filter(node => !isCovered(node));
  return { violations: found.violations, incomplete: found.incomplete.filter(rule => rule.nodes.length) };
}"""


def faults(page: Page) -> list[str]:
    """All that axe finds wrong, and all that it can't decide by itself but for what RUN explains."""
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
