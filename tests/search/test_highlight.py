from hypothesis import given
from hypothesis import strategies as st

from portal.search.highlight import LENGTH, mark, snippet
from portal.search.hits import Snippet

LONG = (
    "This chapter begins with much that is beside the point and goes on like that for some time. "
    "It names the printer once. "
    + "Other sentences follow that speak of the weather and of the sea. "
    * 8
    + "To reset "
    "the password of the printer, hold its button. " + "More follows about nothing in particular. " * 10
)


def marked(shown: Snippet) -> list[str]:
    return [text for text, is_match in shown.parts if is_match]


def test_a_snippet_shows_where_most_words_stand_together() -> None:
    shown = snippet(LONG, {"reset", "password", "printer"}, "en")
    assert "To reset the password of the printer, hold its button." in str(shown)
    assert marked(shown) == ["reset", "password", "printer"]


def test_a_snippet_says_where_it_was_cut() -> None:
    shown = str(snippet(LONG, {"reset"}, "en"))
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= LENGTH
    whole = snippet("Hold the button.", {"button"}, "en")
    assert whole.parts == (("Hold the ", False), ("button", True), (".", False))


def test_words_are_marked_in_all_their_forms() -> None:
    assert marked(snippet("Resetting, resets and RESET it. Preset.", {"reset"}, "en")) == [
        "Resetting",
        "resets",
        "RESET",
    ]
    assert marked(mark("Join the Wi-Fi", {"wifi"}, "en")) == ["Wi-Fi"]
    assert marked(mark("如何删除账户", {"删除", "除账", "账户"}, "zh")) == ["删除账户"]


def test_without_matches_the_summary_stands_or_the_beginning() -> None:
    assert str(snippet(LONG, {"xyzzy"}, "en", otherwise="What it is about.")) == "What it is about."
    assert str(snippet(LONG, {"xyzzy"}, "en")).startswith("This chapter begins")
    assert len(str(snippet(LONG, set(), "en"))) <= LENGTH
    assert snippet("", {"a"}, "en").parts == ()


def test_what_looks_like_markup_stays_text() -> None:
    shown = snippet('Type <b>reset</b> & "go" <script>alert(1)</script>', {"reset"}, "en")
    assert shown.__html__() == (
        "Type &lt;b&gt;<mark>reset</mark>&lt;/b&gt; &amp; &quot;go&quot; &lt;script&gt;alert(1)&lt;/script&gt;"
    )


def test_a_title_is_never_cut() -> None:
    title = "How to " + "very " * 60 + "long"
    assert str(mark(title, {"long"}, "en")) == title


def test_blocks_stay_apart_in_a_snippet() -> None:
    text = "Name \u00b7 What it is\nColour \u00b7 Red, or blue.\nPrice:\nten"
    assert str(snippet(text, {"price"}, "en")) == "Name \u00b7 What it is \u00b7 Colour \u00b7 Red, or blue. Price: ten"


def test_a_snippet_begins_with_the_sentence_of_its_match() -> None:
    text = (
        "Long before it all began. " * 8
        + "Choose the settings page, no. 4, and then go to the printer. "
        + "And so on. " * 30
    )
    shown = str(snippet(text, {"printer"}, "en"))
    assert shown.startswith("…Choose the settings page, no. 4, and then go to the printer. And so on.")


def test_an_ellipsis_does_not_touch_the_end_of_a_sentence() -> None:
    text = "Press the button of the printer. " + "It takes a while. " * 8 + "More words follow that are of no use here."
    assert str(snippet(text, {"printer"}, "en")).endswith("It takes a while. …")


def test_a_snippet_of_an_endless_sentence_begins_and_ends_with_whole_words() -> None:
    words = [f"word{n}" for n in range(200)]
    shown = str(snippet(" ".join(words), {"word90"}, "en"))
    assert shown[0] == shown[-1] == "…"
    assert set(shown[1:-1].split()) <= set(words)
    listed = str(snippet(", ".join(words), {"word90"}, "en"))
    assert listed.endswith(tuple(f"{word}…" for word in words)), "no comma hangs before the ellipsis"


def test_a_match_in_a_row_of_signs_without_blanks_is_shown() -> None:
    address = "x" * 300 + "/printer/" + "y" * 20
    assert marked(snippet(address, {"printer"}, "en")) == ["printer"]
    assert str(snippet(address, {"printer"}, "en")).startswith("…printer/")
    assert "…" + "客" * 50 + "账户" in str(snippet("客" * 300 + "账户", {"账户"}, "zh"))


@given(st.text(max_size=600), st.sets(st.sampled_from(["a", "0", "the", "账", "é"]), max_size=3))
def test_any_text_gives_a_bounded_snippet_of_its_own_words(text: str, wanted: set[str]) -> None:
    shown = snippet(text, wanted, "en")
    assert len(str(shown)) <= LENGTH
    assert all(part for part, _ in shown.parts)
    kept = text.replace("\n", " ").replace("\t", " ")
    assert all(part in kept for part, is_match in shown.parts if is_match)
