"""An article as Markdown leads where its page leads, and names nothing that its reader may not see."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.audience import Level
from portal.bootstrap import bootstrap
from portal.pipeline import publish
from portal.settings import Settings
from tests.repositories import ContentRepository

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (64).to_bytes(4) + (48).to_bytes(4) + b"\x08\x02\x00\x00\x00"
BODY = """![A form](../images/form.png) [pay](../billing/pay.md#by-card), [hidden](secret-plan.md), [away](https://a.example/x.md),
[here](#below), [gone](gone.md), [outside](../../../etc/passwd).

```markdown
![A form](../images/form.png)
```

[reference]: ../billing/pay.md
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("addresses")
    repository = ContentRepository(folder / "content")
    repository.commit(
        {
            "en/accounts/open.md": f"---\nid: open\ntitle: Open\n---\n{BODY}",
            "en/accounts/secret-plan.md": "---\nid: plan\ntitle: Plan\naudience: staff\n---\nWords.\n",
            "en/billing/pay.md": "---\nid: pay\ntitle: Pay\n---\nWords.\n\n## By card\n\nMore.\n",
            "en/images/form.png": PNG,
        }
    )
    return Settings(content=str(repository.folder), data=Path(folder / "data"))


@pytest.fixture(scope="module")
def markdown(settings: Settings) -> dict[Level, str]:
    portal = bootstrap(replace(settings))
    publish(portal, at=NOW)
    pages = {level: portal.library.current().level(level).shelf.page("open") for level in Level}
    return {level: page.markdown for level, page in pages.items() if page}


def test_images_and_links_lead_where_the_page_leads(markdown: dict[Level, str]) -> None:
    text = markdown[Level.PUBLIC]
    assert text.startswith("![A form](/assets/")
    assert "[pay](/en/articles/billing/pay.md#by-card)" in text
    assert "[reference]: /en/articles/billing/pay.md" in text


def test_whole_addresses_anchors_and_code_stay(markdown: dict[Level, str]) -> None:
    text = markdown[Level.PUBLIC]
    assert "[away](https://a.example/x.md)" in text
    assert "[here](#below)" in text
    assert "```markdown\n![A form](../images/form.png)\n```" in text


def test_what_a_reader_may_not_see_is_not_named(markdown: dict[Level, str]) -> None:
    assert "secret-plan" not in markdown[Level.PUBLIC]
    assert "[hidden](#)" in markdown[Level.PUBLIC]
    assert "[hidden](/en/articles/accounts/secret-plan.md)" in markdown[Level.STAFF]
    assert "[gone](#)" in markdown[Level.STAFF]
    assert "[outside](#)" in markdown[Level.STAFF]
