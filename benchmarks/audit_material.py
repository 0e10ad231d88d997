"""What is audited: the manual, and beside it the input that pages have trouble with, in one repository."""

from pathlib import Path

from benchmarks.material import Collection, Repository

MANY = 60
"""Articles of one topic: more than a page of it holds."""
COLUMNS = 40
LONG_TITLE = ("How to connect the measuring station in the cellar with the one on the roof " * 4)[:299].rstrip() + "?"
"""The longest title that is published without a warning is 300 characters."""
ONE_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
_SITE = "portal.toml"
_LANGUAGES = 'languages = ["en", "de"]'
_MORE = """
[[channels]]
kind = "email"
label = "Write to us"
value = "help@signpost.example"

[[channels]]
kind = "phone"
label = "Call us"
value = "+49 30 1234567"
hours = "Mon to Fri, 9 to 17"
time_zone = "Europe/Berlin"

[[footer]]
label = "Imprint"
url = "https://signpost.example/imprint"
"""
_ARABIC = """---
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
_NOTICE = """---
title: Sending is slow today
kind: notice
summary: Mails take up to an hour. We are working on it.
---
Mails take up to **an hour** since this morning. Nothing is lost.
"""
_UNBREAKABLE = f"""---
title: {ONE_WORD}
summary: {ONE_WORD}
tags: [{ONE_WORD[:80]}]
---
{ONE_WORD} and `{ONE_WORD}` and https://signpost.example/{ONE_WORD}

## {ONE_WORD}

> {ONE_WORD}

1. {ONE_WORD}

!!! note "{ONE_WORD}"
    {ONE_WORD}

```
{ONE_WORD}{ONE_WORD}
```

Term {ONE_WORD}
:   {ONE_WORD}
"""


def lay_out(folder: Path) -> Repository:
    """Put the manual and the hard input into `folder`, which is made, and commit everything."""
    repository = Collection("the manual", ()).lay_out(folder)
    for path, text in hard_input().items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    (folder / _SITE).write_text(more_of_the_site((folder / _SITE).read_text("utf-8")), "utf-8")
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "Hard input")
    return repository


def more_of_the_site(toml: str) -> str:
    """Add to the manual's `portal.toml`: Arabic, channels where it has none, a footer where it has none."""
    assert _LANGUAGES in toml
    toml = toml.replace(_LANGUAGES, 'languages = ["en", "de", "ar"]')
    return toml + "".join(f"\n{part}" for part in _MORE.split("\n\n") if part.strip().partition("\n")[0] not in toml)


def hard_input() -> dict[str, str]:
    """Return files by their paths: each is right, and each is hard to show."""
    return {
        "en/hard/long-title.md": _article(LONG_TITLE, "It is short.\n\n## First\n\nText.\n\n## Second\n\nText."),
        "en/hard/no-text.md": _article("An article without text", ""),
        "en/hard/wide-table.md": _article("A table of forty columns", f"Scroll it.\n\n{_table()}\n\nThe end."),
        "en/hard/missing-image.md": _article(
            "A picture that is not there", "![The settings window](gone.png)\n\nText."
        ),
        "en/hard/unbreakable.md": _UNBREAKABLE,
        "en/notices/slow.md": _NOTICE,
        "ar/reading/password.md": _ARABIC,
        **{f"en/many/article-{n:02}.md": _article(f"One of many, number {n}", "Text.") for n in range(1, MANY + 1)},
    }


def _table() -> str:
    rows = [[f"{kind} {n}" for n in range(1, COLUMNS + 1)] for kind in ("Column", "Value", "Another value")]
    rows.insert(1, ["---"] * COLUMNS)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _article(title: str, text: str) -> str:
    return f"---\ntitle: {title}\n---\n{text}\n"
