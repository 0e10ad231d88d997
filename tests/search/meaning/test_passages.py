from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.meaning.passages import FULL, MOST, TOO_LONG, Kind, Passage, passages_of

SENTENCE = "Open the settings, choose your account and type the new address twice. "
UNSPACED = ["。", "密码重置", "パスワード", "รหัสผ่าน", "비밀번호"]
WORDS = st.sampled_from(["mail", "Konto.", "why?", "\n", "\n\n", "\t", "x" * 95, "e.g.", "·", "😀", "  ", *UNSPACED])
TEXTS = st.one_of(st.text(max_size=400), st.lists(WORDS, max_size=400).map(" ".join), st.lists(WORDS).map("".join))


def _bodies(body: str) -> list[Passage]:
    return [passage for passage in passages_of("", "", body, "en") if passage.kind is Kind.BODY]


@given(TEXTS)
def test_passages_leave_out_nothing_but_white_space_and_never_overlap(body: str) -> None:
    found = _bodies(body)
    assert all(0 <= one.end <= two.start for one, two in pairwise(found))
    assert all(passage.text == " ".join(body[passage.start : passage.end].split()) != "" for passage in found)
    joined = "".join("".join(passage.text.split()) for passage in found)
    whole = "".join(body.split())
    assert joined == whole if len(found) < MOST else whole.startswith(joined)


@given(TEXTS)
def test_a_passage_is_never_much_longer_than_an_encoder_likes(body: str) -> None:
    for passage in _bodies(body):
        assert len(passage.text.split()) <= TOO_LONG
        assert len(passage.text) <= TOO_LONG * 41


def test_passages_are_cut_at_the_ends_of_sentences() -> None:
    found = _bodies(SENTENCE * 20)
    assert len(found) > 2
    assert all(passage.text.startswith("Open") and passage.text.endswith("twice.") for passage in found)
    assert all(60 <= len(passage.text.split()) <= FULL for passage in found[:-1])


def test_lines_are_not_torn_where_they_fit() -> None:
    found = _bodies("\n".join(f"{number} · Price of the article · 12 · in stock at once" for number in range(30)))
    assert all(passage.text.endswith("at once") for passage in found)


def test_a_sentence_without_an_end_is_cut_between_words() -> None:
    found = _bodies("word " * 500)
    assert [len(passage.text.split()) for passage in found] == [70] * 6 + [80]


@pytest.mark.parametrize(
    ("sentence", "lang"),
    [
        ("打开设置并选择您的账户。", "zh"),
        ("設定を開いてアカウントを選びます。", "ja"),
        ("เปิดการตั้งค่าและเลือกบัญชีของคุณ ", "th"),
    ],
)
def test_scripts_without_blanks_are_cut_after_about_160_characters(sentence: str, lang: str) -> None:
    found = [passage for passage in passages_of("", "", sentence * 60, lang) if passage.kind is Kind.BODY]
    assert all(130 <= len(passage.text.replace(" ", "")) <= 190 for passage in found[:-1])
    assert lang == "th" or all(passage.text.endswith("。") for passage in found)


def test_korean_is_counted_by_words() -> None:
    found = _bodies("설정을 열고 계정을 선택한 다음 새 주소를 두 번 입력하세요. " * 20)
    assert all(60 <= len(passage.text.split()) <= FULL for passage in found[:-1])


def test_a_very_long_section_is_bounded() -> None:
    assert len(_bodies(SENTENCE * 2_000)) == MOST


@pytest.mark.parametrize(
    ("title", "heading", "text"),
    [
        ("Get a refund", "When it comes", "Get a refund. When it comes"),
        ("How do I get a refund?", "By mail", "How do I get a refund? By mail"),
        ("Get a refund", "get a  Refund", "Get a refund"),
        ("Get a refund", "", "Get a refund"),
        ("", "By mail", "By mail"),
        ("退款", "何时到账", "退款. 何时到账"),
    ],
)
def test_title_and_heading_are_a_passage_of_their_own(title: str, heading: str, text: str) -> None:
    heading_passage, body = passages_of(title, heading, "Within a week.", "en")
    assert heading_passage == Passage(text, 0, 0, Kind.HEADING)
    assert body == Passage("Within a week.", 0, 14, Kind.BODY)


def test_nothing_at_all_has_no_passages() -> None:
    assert passages_of("", " ", "\n \t", "en") == ()
