"""What the browser is shown: the product's own manual, an article in Arabic, and hostile ones."""

from tests.browser.hostile import articles
from tests.journeys.serving import ROOT

MANUAL = ROOT / "articles"
LANGUAGES = 'languages = ["en", "de"]'
MORE = """
[limits]
searches_per_minute = 100000
completions_per_minute = 100000

[[channels]]
kind = "email"
label = "Write to us"
value = "help@signpost.example"

[[footer]]
label = "Imprint"
url = "https://signpost.example/imprint"
"""
ARABIC = """---
title: إعادة تعيين كلمة المرور
summary: ماذا تفعل إذا لم تتمكن من تسجيل الدخول.
topic: reading
---
يمكنك اختيار كلمة مرور جديدة في أي وقت.

## اطلب الرسالة

افتح صفحة تسجيل الدخول واختر **نسيت كلمة المرور**، ثم اضغط ++ctrl+c++.

| الخطة | السعر |
|:---|---:|
| صغيرة | 5 |

```python
print("hello")
```

## عندما لا تصل الرسالة

!!! note
    انظر في مجلد الرسائل غير المرغوب فيها.
"""

CLASH = "---\ntitle: Headings named like parts of the page\n---\n" + "".join(
    f"## {name}\n\nText.\n\n" for name in ("Main", "Vote", "Vote heading", "Q", "Completions", "Results", "Comment")
)


def files() -> dict[str, str]:
    """Every file of the repository that is shown."""
    manual = {str(path.relative_to(MANUAL)): path.read_text("utf-8") for path in MANUAL.rglob("*.md")}
    site = (MANUAL / "portal.toml").read_text("utf-8")
    assert LANGUAGES in site
    site = site.replace(LANGUAGES, 'languages = ["en", "de", "ar"]') + MORE
    return manual | articles() | {"portal.toml": site, "ar/reading/password.md": ARABIC, "en/clash.md": CLASH}
