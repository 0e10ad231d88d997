"""What may stand in an article's HTML. Everything rendered passes here last."""

import re

import nh3

from portal.content._tags import NEVER_SHOWN, PAGE_IDS

_TAGS = (
    "a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h2 h3 h4 "
    "h5 h6 hr i img input ins kbd li mark ol p pre q s samp section small span strong sub summary sup table tbody td "
    "tfoot th thead tr u ul var wbr"
)
_CLASSES = (
    "admonition admonition-title note tip important warning danger align-center align-right anchor code footnote "
    "footnote-ref footnote-backref keys tab tab-title tabs table-scroll target task-list task-list-item"
)
TAGS = frozenset(_TAGS.split())
CLASSES = frozenset(_CLASSES.split())
"""All class names of ours; beside them `language-…` on code and Pygments' one to three letters on spans in it."""

_ATTRIBUTES = {
    "*": {"id", "class"},
    "a": {"href", "title", "rel", "aria-label"},
    "img": {"src", "alt", "title", "width", "height", "loading", "decoding"},
    "abbr": {"title"},
    "pre": {"tabindex"},
    "div": {"role", "tabindex", "aria-label", "data-behaviour"},
    "section": {"aria-label"},
    "input": {"type", "checked", "disabled", "aria-label"},
    "details": {"open"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_PYGMENTS = re.compile(r"[a-z][a-z0-9]{0,2}")
_LANGUAGE = re.compile(r"language-[\w+#.-]{1,40}")
_ID = re.compile(r"[^\s\"'<>&`]{1,200}")
_NUMBER = re.compile(r"[0-9]{1,4}")
_HREF = re.compile(r"(?:kb:|https?://|mailto:|tel:|#)")
_EXACT = {
    "type": {"checkbox"},
    "loading": {"lazy"},
    "decoding": {"async"},
    "role": {"region", "note"},
    "tabindex": {"0"},
    "data-behaviour": {"copy", "tabs"},
    "rel": {"noopener noreferrer"},
    "scope": {"col", "row"},
}
_WITH_ID = frozenset({"a", "li", "sup", "h2", "h3", "h4", "h5", "h6"})


def sanitise(html: str) -> str:
    """Return `html` with nothing but what the lists above allow. Doing it twice changes nothing more."""
    return _CLEANER.clean(html)


def loosely_safe(html: str) -> str:
    """Return well-formed HTML without anything active, with the marks left that finishing needs to see."""
    return _FIRST.clean(html)


def _checked(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        return " ".join(part for part in value.split() if _is_class(tag, part)) or None
    if name == "id":
        return value if tag in _WITH_ID and _ID.fullmatch(value) and value not in PAGE_IDS else None
    if name == "href":
        return value if _HREF.match(value) else None
    if name == "src":
        return value if value.startswith("kb:") else None
    if name in {"width", "height", "colspan", "rowspan", "start"}:
        return value if _NUMBER.fullmatch(value) else None
    return value if name not in _EXACT or value in _EXACT[name] else None


def _is_class(tag: str, name: str) -> bool:
    if tag == "span" and _PYGMENTS.fullmatch(name):
        return True
    return name in CLASSES or (tag == "code" and _LANGUAGE.fullmatch(name) is not None)


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(NEVER_SHOWN),
    attributes=_ATTRIBUTES,
    attribute_filter=_checked,
    url_schemes={"kb", "http", "https", "mailto", "tel"},
    link_rel=None,
    set_tag_attribute_values={"input": {"disabled": "", "type": "checkbox"}},
)
_FIRST = nh3.Cleaner(
    tags=set(TAGS) | {"h1", "label", "center"},
    clean_content_tags=set(NEVER_SHOWN),
    attributes={
        **{tag: set(names) for tag, names in _ATTRIBUTES.items()},
        "a": {"href", "title", "name"},
        "td": {"colspan", "rowspan", "align"},
        "th": {"colspan", "rowspan", "scope", "align"},
        "input": {"type", "checked"},
    },
    url_schemes={"http", "https", "mailto", "tel", "xref"},
    link_rel=None,
)
