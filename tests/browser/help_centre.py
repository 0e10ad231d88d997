"""What the browser is shown: the product's own manual, input that is hard to show, and hostile articles."""

from benchmarks.audit_material import hard_input, more_of_the_site
from tests.browser.hostile import articles
from tests.journeys.serving import ROOT

MANUAL = ROOT / "articles"
SITE = "portal.toml"
LIMITS = """
[limits]
searches_per_minute = 100000
completions_per_minute = 100000
"""
PARTS = (
    "Beside heading", "Comment", "Comment hint", "Completions", "Contact heading", "Contents heading", "Main", "Q",
    "Related heading", "Results", "Said", "Vote", "Vote heading",
)  # fmt: skip
CLASH = "---\ntitle: Headings named like parts of the page\n---\n" + "".join(f"## {one}\n\nText.\n\n" for one in PARTS)


def files() -> dict[str, bytes]:
    """Every file of the repository that is shown."""
    manual = {str(path.relative_to(MANUAL)): path.read_bytes() for path in MANUAL.rglob("*") if path.is_file()}
    ours = {
        **articles(),
        **hard_input(),
        SITE: more_of_the_site(manual[SITE].decode()) + LIMITS,
        "en/clash.md": CLASH,
    }
    return manual | {path: text.encode() for path, text in ours.items()}
