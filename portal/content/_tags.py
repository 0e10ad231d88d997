"""Names of HTML elements: all that are known, those that make blocks, and those whose content is never shown."""

_BLOCKS = (
    "address article aside blockquote caption center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
_NEVER_SHOWN = "script style svg math iframe noscript template object applet frameset select head link meta base"
_PAGE_IDS = (
    "beside-heading comment comment-hint completions contact-heading contents-heading main q related-heading said"
    " vote vote-heading"
)
VOID = frozenset({"br", "hr", "img", "input", "wbr", "col"})
PAGE_IDS = frozenset(_PAGE_IDS.split())
"""Ids of the page around an article (templates/), which its own anchors must leave alone."""
_INLINE = (
    "a abbr acronym audio b bdi bdo big body br button canvas cite code col colgroup data datalist del dfn em embed "
    "font frame html i img input ins kbd label legend map area mark meter nobr option optgroup output param picture "
    "progress q ruby rb rp rt rtc s samp small source span strike strong sub sup time track tt u var video wbr"
)
BLOCKS = frozenset(_BLOCKS.split())
NEVER_SHOWN = frozenset(_NEVER_SHOWN.split())
KNOWN_TAGS = BLOCKS | NEVER_SHOWN | frozenset(_INLINE.split())
"""What is not among these is text that a writer put in angle brackets, such as `<your-name>`, and is shown."""
