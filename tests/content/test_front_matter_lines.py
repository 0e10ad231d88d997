import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content import front_matter
from portal.content.front_matter_lines import add_items, set_text, write_front_matter
from portal.content.problem import ArticleInvalid
from portal.errors import Invalid


def _aka(text: str, *items: str) -> str:
    return add_items("a.md", text.encode(), "aka", items).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "---\ntitle: 'A'   # kept\naka: [one, \"two\"] # why\nz: 1\n---\nText\n",
            "---\ntitle: 'A'   # kept\naka: [one, \"two\", new one] # why\nz: 1\n---\nText\n",
        ),
        ("---\naka: []\n---\nText\n", "---\naka: [new one]\n---\nText\n"),
        ("---\naka: [one,]\n---\nText\n", "---\naka: [one, new one]\n---\nText\n"),
        ("---\naka: [\n  one,\n  two\n]\n---\nT\n", "---\naka: [\n  one,\n  two, new one\n]\n---\nT\n"),
        (
            "---\naka:\n  - one # first\n  - two\n# below\nz: 1\n---\nT\n",
            "---\naka:\n  - one # first\n  - two\n  - new one\n# below\nz: 1\n---\nT\n",
        ),
        ("---\naka:\n- one\n---\nT\n", "---\naka:\n- one\n- new one\n---\nT\n"),
        ("---\naka: one, two # why\n---\nT\n", "---\naka: [one, two, new one] # why\n---\nT\n"),
        ("---\naka: 'one'\n---\nT\n", "---\naka: [one, new one]\n---\nT\n"),
        ("---\naka:\nz: 1\n---\nT\n", "---\naka: [new one]\nz: 1\n---\nT\n"),
        ("---\nAKA: [one]\n---\nT\n", "---\nAKA: [one, new one]\n---\nT\n"),
        ("---\nkeywords: [one]\n---\nT\n", "---\nkeywords: [one]\naka: [new one]\n---\nT\n"),
        ("---\ntitle: A\n---\nT\n", "---\ntitle: A\naka: [new one]\n---\nT\n"),
        ("# A\n\nT\n", "---\naka: [new one]\n---\n# A\n\nT\n"),
        ("---\n\nA rule, then text\n\n---\n\nT\n", "---\naka: [new one]\n---\n---\n\nA rule, then text\n\n---\n\nT\n"),
        ("---\r\naka:\r\n  - one\r\n---\r\nT\r\n", "---\r\naka:\r\n  - one\r\n  - new one\r\n---\r\nT\r\n"),
        ("---\r\ntitle: A\r\n---\r\nT\r\n", "---\r\ntitle: A\r\naka: [new one]\r\n---\r\nT\r\n"),
        ("\ufeff---\ntitle: Ä\naka: [ü]\n---\nT\n", "\ufeff---\ntitle: Ä\naka: [ü, new one]\n---\nT\n"),
        ('+++\ntitle = "A"\n+++\nT\n', '+++\naka = ["new one"]\ntitle = "A"\n+++\nT\n'),
        ('+++\naka = ["one"] # x\n+++\nT\n', '+++\naka = ["one", "new one"] # x\n+++\nT\n'),
    ],
)
def test_an_item_is_added_and_all_else_stays_as_it_was_written(before: str, after: str) -> None:
    assert _aka(before, "new one") == after
    assert _aka(after, "New one") == after


@pytest.mark.parametrize(
    "text",
    [
        "---\naka: [one, # why\n  two # last\n]\n---\nT\n",
        "---\n{title: A, order: 1}\n---\nT\n",
        "---\naka: |\n  one\n  two\n---\nT\n",
        '+++\naka = [\n  "one",\n]\n+++\nT\n',
    ],
)
def test_what_a_line_can_not_do_is_told_with_the_line_to_write(text: str) -> None:
    with pytest.raises(Invalid, match=r"a\.md: .*Add it by hand: aka: \[new one\]"):
        _aka(text, "new one")


def test_a_broken_file_is_told_as_ever() -> None:
    with pytest.raises(ArticleInvalid):
        _aka("---\ntitle: [\n---\nT\n", "new one")


@given(st.text(max_size=30).filter(lambda text: text.strip() and "," not in text))
def test_any_words_can_be_an_item_or_a_title(words: str) -> None:
    item = " ".join(words.split())
    try:
        new = add_items("a.md", b"---\ntitle: A\naka: [one]\n---\nT\n", "aka", [item])
        titled = set_text("a.md", b"---\ntitle: A # x\n---\nT\n", "title", item)
    except Invalid:
        return
    assert front_matter.split("a.md", new).keys["aka"] in (["one", item], ["one"])
    assert front_matter.split("a.md", titled).keys["title"] == item


def test_a_title_is_changed_where_it_stands() -> None:
    before = '---\norder: 1\ntitle: "Old" # kept\n---\nT\n'
    after = "---\norder: 1\ntitle: 'New: a, b' # kept\n---\nT\n"
    assert set_text("a.md", before.encode(), "title", "New: a, b").decode() == after
    assert set_text("a.md", after.encode(), "title", "New: a, b").decode() == after
    assert set_text("a.md", b"# H\n", "title", "New") == b"---\ntitle: New\n---\n# H\n"


def test_new_front_matter_is_safe_whatever_people_typed() -> None:
    values = {"title": "---\nid: stolen", "aka": ["yes", "a: b", "[c", "#d", "ümlaut"], "closes": [12]}
    split = front_matter.split("a.md", (write_front_matter(values) + "T\n").encode())
    assert split.keys == {**values, "closes": ["12"]}
