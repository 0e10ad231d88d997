from portal.search.evaluation.beir import Document
from portal.search.evaluation.sections import cut_at_headings, keep_whole

ARTICLE = """<!-- a note
# no heading --># Sign in

Before **all** headings.

## Password ##

Ask for a [new one](https://example.org/a_b) with the ![red button](button.png).

```sh
# a comment, no heading
use_this --now
```

### By mail

> [!NOTE] _Look_ into `spam`.

## Without text
"""


def _cut(text: str, title: str = "Title") -> list[tuple[str, str]]:
    return [(part.headings, " ".join(part.body.split())) for part in cut_at_headings("1", Document(title, text))]


def test_a_document_is_cut_at_its_headings_which_know_those_above() -> None:
    assert _cut(ARTICLE) == [
        ("Sign in", "Before all headings."),
        ("Password", "Ask for a new one with the red button. # a comment, no heading use_this --now"),
        ("Password\nBy mail", "[!NOTE] Look into spam."),
        ("Without text", ""),
    ]


def test_plain_text_is_one_section_and_so_is_none_at_all() -> None:
    assert _cut("Use C# and 5 * 3.\n\n#hashtag") == [("", "Use C# and 5 * 3. #hashtag")]
    assert _cut("") == [("", "")]
    assert _cut("# Only a heading") == [("Only a heading", "")]


def test_sections_of_a_document_share_id_and_title_and_differ_in_their_anchors() -> None:
    parts = list(cut_at_headings("7", Document("Title\x00", "One\n# Two\n# Three")))
    assert {(part.article, part.title) for part in parts} == {("7", "Title")}
    assert [part.anchor for part in parts] == ["", "s1", "s2"]


def test_for_the_baseline_a_document_is_one_field_of_one_section() -> None:
    (whole,) = keep_whole("1", Document("Title", "# One\n\n## Two"))
    assert (whole.title, whole.headings, whole.body) == ("", "", "Title\n# One\n\n## Two")


def test_signs_without_end_take_no_time() -> None:
    for sign in ("<!--", "[", "![", "[a](", "**", "_a", "`", "> ", "# ", " \t", "| ", "```\n"):
        assert _cut(sign * 20_000 + "x")
