"""What a hostile writer would put into an article. Each payload sets `window.__x` if it gets to run."""

from html import escape

RUN = "window.__x=1"
IMAGE = f"<img src=x onerror={RUN}>"
SCRIPT = f"<script>{RUN}</script>"
PAYLOADS = {
    "script": SCRIPT,
    "script-in-capitals": f"<ScRiPt >{RUN}</sCrIpT\t>",
    "script-in-halves": f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    "image": IMAGE,
    "image-with-slashes": f'<img/src="x"/onerror="{RUN}"/>',
    "image-in-a-title": f"![a](x.png 'b\" onerror=\"{RUN}')",
    "image-by-its-words": f'![x" onerror="{RUN}](x.png)',
    "image-from-afar": "![pixel](https://tracker.example/pixel.png) <img src=//tracker.example/2.png>",
    "svg": f"<svg onload={RUN}></svg>",
    "svg-script": f"<svg>{SCRIPT}</svg>",
    "svg-animation": f'<svg><a><animate attributeName=href values="javascript:{RUN}"/><text y=20>go</text></a></svg>',
    "mutation-noscript": f'<noscript><p title="</noscript>{IMAGE}">',
    "mutation-math": f"<form><math><mtext></form><form><mglyph><style></math>{IMAGE}",
    "mutation-table": f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;{escape(IMAGE)}">',
    "mutation-style": f'<svg></p><style><a id="</style>{IMAGE}">',
    "mutation-template": f"<template><s>{SCRIPT}</template>{IMAGE}",
    "mutation-comment": f"<!--><p>{IMAGE}--> <!-- --!>{IMAGE}-->",
    "mutation-cdata": f"<svg><![CDATA[><p>{IMAGE}]]></svg> <?x >{IMAGE}?>",
    "raw-textarea": f'<textarea><p title="</textarea>{IMAGE}">',
    "raw-title": f'<title><p title="</title>{IMAGE}">',
    "raw-xmp": f'<xmp><p title="</xmp>{IMAGE}">',
    "link": f'<a href="javascript:{RUN}">go</a> [go](javascript:{RUN}) <javascript:{RUN}>',
    "link-in-disguise": f"[go](jAvA&#x09;ScRiPt&colon;{RUN}) <a href='&#106;avascript:{RUN}'>go</a>",
    "link-after-a-control": f"[go](\x01javascript:{RUN}) <a href='\x01javascript:{RUN}'>go</a>",
    "link-by-reference": f"[go][there]\n\n[there]: <javascript:{RUN}> 'x\" onclick=\"{RUN}'",
    "link-to-data": f"[go](data:text/html;base64,PHNjcmlwdD4=) [go](vbscript:{RUN}) [go](//evil.example/a.js)",
    "frame": '<iframe srcdoc="<script>parent.__x=1</script>"></iframe><iframe src="javascript:parent.__x=1"></iframe>',
    "object": f'<object data="javascript:{RUN}"></object><embed src="data:text/html,{escape(SCRIPT)}">',
    "refresh": f'<meta http-equiv=refresh content="0;url=javascript:{RUN}"><base href="https://evil.example/">',
    "form": f'<form action="javascript:{RUN}"><button formaction="javascript:{RUN}">go</button></form>',
    "focus": f"<input autofocus onfocus={RUN}><b tabindex=1 onfocus={RUN} onpointerover={RUN}>b</b>",
    "toggle": f"<details open ontoggle={RUN}><summary>s</summary>d</details>",
    "media": f"<video><source onerror={RUN}></video><audio src=x onerror={RUN}></audio>",
    "style": f'<style>*{{background:url("javascript:{RUN}")}}</style><p style="width:expression({RUN})">p</p>',
    "gadget": f'<div data-behaviour="constructor copy vote" data-url="javascript:{RUN}" role="option">go</div>',
    "clobber": '<form id="q"><input name="attributes"></form><a id="main"></a><img name="getElementById"><b id="vote">',
    "fence": f'```js" onmouseover="{RUN}\ncode\n```\n\n```{{.x onclick={RUN}}}\ncode\n```',
    "heading": f'## {IMAGE} {{: #main onclick="{RUN}" }}\n\n## <a name="x" onclick="{RUN}">b</a>',
    "notes": f'!!! note "{IMAGE}"\n    {IMAGE}\n\n> [!NOTE]{IMAGE}\n> {IMAGE}\n',
    "tabs-and-keys": f'=== "{IMAGE}"\n\n    {SCRIPT}\n\n=== "b"\n\n    b\n\n++"{IMAGE}"++\n',
    "table-and-footnote": f'| {IMAGE} | b |\n|---|---|\n| a[^1] | {SCRIPT} |\n\n[^1]: {IMAGE}\n\n*[b]: "{IMAGE}\n',
    "colons": f'::: {IMAGE}\n{SCRIPT}\n:::\n\n:::image source="x.png\\" onerror=\\"{RUN}" alt-text="{IMAGE}":::',
}


def articles() -> dict[str, str]:
    """One article for each payload, which stands in its title, summary, tag and text."""
    return {f"en/hostile/{name}.md": _article(name, payload) for name, payload in PAYLOADS.items()}


def _article(name: str, payload: str) -> str:
    line = " ".join(payload.split()).replace("\x01", "").replace("'", "''")
    return (
        f"---\ntitle: 'Wombat {name} {line}'\nsummary: 'About {line}'\ntags: ['{line[:40]}']\n---\n"
        f"The wombat stands here.\n\n{payload}\n\nThe end of the wombat.\n"
    )
