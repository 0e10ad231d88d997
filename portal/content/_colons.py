"""DocFX's `:::name ...:::` blocks: images become Markdown's, columns and zones become what stands in them."""

import re
import textwrap
from collections.abc import Iterable

from portal.content._findings import Findings

_IMAGE = re.compile(
    r":::[ \t]*image(?P<attributes>[ \t]+(?:[a-z-]{1,40}[ \t]*=[ \t]*\"[^\"\n]{0,2000}\"[ \t]*)+)(?::::?:?)?",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([a-z-]+)[ \t]*=[ \t]*\"([^\"]*)\"", re.IGNORECASE)
_MARKER = re.compile(
    r":::[ \t]*(?P<name>[a-z][a-z-]*)?(?P<rest>[^:\n]{0,500}(?::(?!::)[^:\n]{0,500}){0,20})(?::::|$)",
    re.IGNORECASE | re.MULTILINE,
)
_COLUMN = re.compile(r"[ \t]*:::[ \t]*column\b", re.IGNORECASE)
_COLUMN_END = re.compile(r"[ \t]*:::[ \t]*(?:column-end|row-end)\b", re.IGNORECASE)
_SILENT = frozenset({"row", "column", "zone", "moniker", "code", "image", "row-end", "column-end", "zone-end"})
_KNOWN = _SILENT | {"moniker-end", "code-end", "image-end"}


def translate(text: str, findings: Findings) -> str:
    """Take every `:::` marker out and keep what stands between; unknown names are warned of."""
    if ":::" not in text:
        return text
    text = "\n".join(_without_column_indent(text.split("\n")))
    text = _IMAGE.sub(_image, text)

    def dropped(match: re.Match[str]) -> str:
        name = (match["name"] or "").lower()
        if name and name not in _KNOWN:
            findings.warn(
                text[match.start() : match.end("name")],
                f"the block :::{name} is not known; its content is shown",
                "Take the marker out.",
            )
            return "" if match[0].endswith(":::") or not _is_prose(match["rest"]) else match[0].strip(": ")
        return "" if name else match["rest"].strip()

    return _MARKER.sub(dropped, text)


def _is_prose(rest: str) -> bool:
    return bool(rest.strip()) and "=" not in rest


def _image(match: re.Match[str]) -> str:
    attributes = {name.lower(): value for name, value in _ATTRIBUTE.findall(match["attributes"])}
    source = attributes.get("source", "").strip()
    if not source:
        return ""
    alt = re.sub(r"([\\\[\]*_`<])", r"\\\1", attributes.get("alt-text", "")).replace("|", "&#124;")
    return f"![{alt}](<{source.replace('>', '%3E')}>)"


def _without_column_indent(lines: Iterable[str]) -> Iterable[str]:
    """Take the indentation that a column's lines have in common away, so that they don't turn into code."""
    column: list[str] | None = None
    for line in lines:
        if column is not None and (_COLUMN_END.match(line) or _COLUMN.match(line)):
            yield from ("", *textwrap.dedent("\n".join(column)).split("\n"), "")
            column = None
        if column is not None:
            column.append(line.expandtabs(4))
        else:
            yield line
        if _COLUMN.match(line) and not _COLUMN_END.match(line):
            column = []
    yield from column or ()
