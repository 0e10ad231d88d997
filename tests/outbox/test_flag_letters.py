import pytest

from portal.feedback.models import Fault
from portal.outbox.flag_letters import About, flagged_letter, settled_letter

ABOUT = About(
    site="Acme help",
    title="Reset your {password}",
    article="https://help.acme.example/a/pw-1",
    desk="https://help.acme.example/desk/flags#flag-1",
    by="Bo",
    text="The mail comes\nfrom {elsewhere}",
)


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "it is out of date"), ("de-AT", "er ist veraltet"), ("fr", "it is out of date")]
)
def test_the_owner_reads_what_is_wrong_with_which_article_and_where_to_answer(lang: str, said: str) -> None:
    subject, text = flagged_letter(lang, ABOUT, Fault.OUT_OF_DATE)
    assert subject.startswith("Acme help: Bo ")
    assert said in text
    for told in (ABOUT.title, ABOUT.article, ABOUT.desk, "  The mail comes\n  from {elsewhere}"):
        assert told in text


@pytest.mark.parametrize("lang", ["en", "de"])
def test_every_fault_has_words_of_its_own(lang: str) -> None:
    assert len({flagged_letter(lang, ABOUT, fault) for fault in Fault}) == len(Fault)


@pytest.mark.parametrize(("lang", "was_right", "said"), [
    ("en", True, "has mended it"), ("en", False, "says that it is right"),
    ("de", True, "hat ihn verbessert"), ("de", False, "dass er stimmt"),
])  # fmt: skip
def test_whoever_flagged_it_reads_what_came_of_it(lang: str, was_right: bool, said: str) -> None:
    assert said in settled_letter(lang, ABOUT, was_right=was_right)[1]


def test_an_answer_without_words_says_so_and_a_subject_is_one_line() -> None:
    silent = About(site="Acme", title="Two\r\nlines", article="a", desk="d", by="Cleo", text="")
    subject, text = settled_letter("en", silent, was_right=True)
    assert "There were no words with it." in text
    assert "\n" not in subject


@pytest.mark.parametrize(("lang", "said"), [("en", "of “Billing”, which you"), ("de", "des Themas „Billing“")])
def test_who_looks_after_a_topic_reads_which_one(lang: str, said: str) -> None:
    assert said in flagged_letter(lang, ABOUT, Fault.WRONG, topic="Billing")[1]
