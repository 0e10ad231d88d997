"""Python-Markdown, set up once in a process: which extensions, and how they behave."""

from functools import cache
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockQuoteProcessor
from markdown.extensions import Extension

_EXTENSIONS = (
    "markdown.extensions.tables",
    "markdown.extensions.footnotes",
    "markdown.extensions.def_list",
    "markdown.extensions.abbr",
    "markdown.extensions.admonition",
    "markdown.extensions.md_in_html",
    "markdown.extensions.sane_lists",
    "pymdownx.saneheaders",
    "pymdownx.betterem",
    "pymdownx.tilde",
    "pymdownx.details",
    "pymdownx.tabbed",
    "pymdownx.blocks.admonition",
    "pymdownx.blocks.details",
    "pymdownx.blocks.tab",
    "pymdownx.highlight",
    "pymdownx.superfences",
    "pymdownx.keys",
    "pymdownx.tasklist",
    "pymdownx.magiclink",
)
_SETTINGS: dict[str, dict[str, object]] = {
    "markdown.extensions.tables": {"use_align_attribute": True},
    "markdown.extensions.footnotes": {"UNIQUE_IDS": False, "SEPARATOR": "-"},
    "pymdownx.highlight": {"use_pygments": True, "guess_lang": False, "noclasses": False, "pygments_lang_class": True},
    "pymdownx.superfences": {"relaxed_headers": True},
    "pymdownx.tilde": {"subscript": False},
    "pymdownx.tasklist": {"custom_checkbox": False, "clickable_checkbox": False},
    "pymdownx.magiclink": {"hide_protocol": False, "repo_url_shorthand": False, "social_url_shorthand": False},
}


def to_html(text: str) -> str:
    """Turn Markdown in Python-Markdown's own layout into HTML. The HTML is not safe yet.

    May take long or recurse out on hostile text; see `sandbox`.
    """
    engine = _engine()
    try:
        return engine.convert(text)
    except BaseException:
        _engine.cache_clear()  # A conversion that was broken off leaves the engine in an unknown state.
        raise
    finally:
        engine.reset()


@cache
def _engine() -> Markdown:
    return Markdown(extensions=[*_EXTENSIONS, _House()], extension_configs=_SETTINGS, output_format="html")


class _House(Extension):
    """Our own changes to the parser."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Set our block quotation in the place of the stock one."""
        md.parser.blockprocessors.register(_Quotation(md.parser), "quote", 20)


class _Quotation(BlockQuoteProcessor):
    """A quotation ends at an empty line, as on GitHub; the stock one runs two neighbours together."""

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Parse the first block; what stands before the quotation goes its own way."""
        block = blocks.pop(0)
        match = self.RE.search(block)
        if match:
            self.parser.parseBlocks(parent, [block[: match.start()]])
            block = "\n".join(self.clean(line) for line in block[match.start() :].split("\n"))
        self.parser.state.set("blockquote")
        self.parser.parseChunk(SubElement(parent, "blockquote"), block)
        self.parser.state.reset()
