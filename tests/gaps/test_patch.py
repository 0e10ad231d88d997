import pytest

from portal.content.article import parse
from portal.content.drafts import branch_name
from portal.content.site import Site
from portal.content.synonym_line import add_synonyms, synonym_line, synonyms_path
from portal.content.synonyms_file import parse_synonyms
from portal.errors import Conflict, Invalid
from portal.gaps.drafting import Asked, Case, draft_of
from portal.gaps.patch import Content, changes
from portal.gaps.suggest import Evidence, Kind, Offered, Proposal, Reference

INVOICE = Reference(id="invoice", title="Read your invoice", path="en/billing/read-your-invoice.md", lang="en")
FILES = {
    "en/billing/read-your-invoice.md": b"---\ntitle: Read your invoice # kept\n---\n## Taxes\n\nText\n",
    "en/a.de.md": b"# A\n",
}


def _content() -> Content:
    return Content(FILES, FILES.__getitem__)


def _proposal(kind: Kind = Kind.NEW_ARTICLE, **more: object) -> Proposal:
    wanted: dict[str, object] = {"kind": kind, "lang": "en", "title": "Export all invoices"}
    return Proposal(**(wanted | more))  # type: ignore[arg-type]


def test_a_new_article_stands_beside_the_nearest_and_is_an_article_without_any_problem() -> None:
    proposal = _proposal(
        nearest=(INVOICE,), aka=("invoices as csv", "Export all invoices"), outline=("From the list", "As <b>CSV</b>?")
    )
    [(path, data)] = changes(proposal, 12, _content()).items()
    article, problems = parse(path, "0", data or b"", Site(languages=("en", "de")))
    assert path == "en/billing/export-all-invoices.md"
    assert problems == ()
    assert (article.title, article.aka, article.closes) == ("Export all invoices", ("invoices as csv",), (12,))
    assert "## From the list" in article.body
    assert "<b>" not in article.body
    assert "<!--" not in article.body


def test_a_place_that_is_taken_is_not_written_over_but_for_our_own_draft() -> None:
    name = "en/export-all-invoices.md"
    files = {**FILES, name: b"# Another\n"}
    assert list(changes(_proposal(), 12, Content(files, files.__getitem__))) == ["en/export-all-invoices-2.md"]
    files[name] = b"---\ncloses: [12]\n---\n# Written by people by now\n"
    assert changes(_proposal(), 12, Content(files, files.__getitem__)) == {name: files[name]}


@pytest.mark.parametrize(
    ("title", "aka"),
    [
        ("---\nid: x\n---", ()),
        ("`rm` [x](javascript:1) {{7*7}}", ("[a]", "b: c", "#d")),
        ("", ()),
        ("Ünïcode 退款", ()),
    ],
)
def test_whatever_customers_typed_makes_a_safe_article(title: str, aka: tuple[str, ...]) -> None:
    [(path, data)] = changes(_proposal(title=title, aka=aka, outline=(title,)), 12, _content()).items()
    article, problems = parse(path, "0", data or b"", Site(languages=("en", "de")))
    assert problems == ()
    assert article.closes == (12,)
    assert article.aka == aka
    assert article.title == (" ".join(title.split()) or "Gap 12")
    assert "[x](" not in article.body


def test_a_translation_names_its_original_and_follows_the_place_of_its_neighbours() -> None:
    near = Reference(id="a", title="A", path="en/a.de.md", lang="de")
    proposal = _proposal(Kind.TRANSLATE, lang="de", title="Rechnung lesen", article=INVOICE, nearest=(near,))
    [(path, data)] = changes(proposal, 12, _content()).items()
    article, _ = parse(path, "0", data or b"", Site(languages=("en", "de")))
    assert (path, article.lang, article.translation_of) == ("en/rechnung-lesen.de.md", "de", "invoice")


def test_other_names_are_one_line_and_the_rest_stays() -> None:
    proposal = _proposal(Kind.AKA, article=INVOICE, aka=("bill", "statement"))
    assert changes(proposal, 12, _content()) == {
        INVOICE.path: b"---\ntitle: Read your invoice # kept\naka: [bill, statement]\n---\n## Taxes\n\nText\n"
    }


def test_synonyms_are_one_line_in_the_file_of_their_language() -> None:
    assert synonyms_path("de", ["a.md"]) == "synonyms.txt"
    assert synonyms_path("de", ["synonyms.txt", "synonyms.de.txt"]) == "synonyms.de.txt"
    assert synonyms_path("de", ["synonyms.txt", "synonyms.fr.txt"]) == "synonyms.txt"
    assert synonyms_path("de", ["synonyms.fr.txt"]) == "synonyms.de.txt"
    made = changes(_proposal(Kind.SYNONYMS, line="invoice, bill"), 12, _content())
    assert made == {"synonyms.txt": b"invoice, bill\n"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"invoice, bill\n"),
        (b"# ours\r\na, b", b"# ours\r\na, b\r\ninvoice, bill\r\n"),
        (b"Bill, INVOICE, statement\n", b"Bill, INVOICE, statement\n"),
        (b"invoice => bill\n", b"invoice => bill\ninvoice, bill\n"),
        (b"a,,=>\n", b"a,,=>\ninvoice, bill\n"),
    ],
)
def test_a_rule_is_added_once_and_no_other_line_is_touched(before: bytes, after: bytes) -> None:
    assert add_synonyms("synonyms.txt", before, "invoice, bill") == after


@pytest.mark.parametrize("line", ["invoice", "", "a => b => c", "# a, b", "a, b\nc, d"])
def test_a_line_that_is_no_rule_is_refused(line: str) -> None:
    with pytest.raises(Invalid, match="is no line"):
        add_synonyms("synonyms.txt", b"", line)


def test_a_file_that_can_not_be_read_takes_no_line() -> None:
    with pytest.raises(Invalid, match="mend the file first"):
        add_synonyms("synonyms.txt", "ä, b\n".encode("utf-16"), "invoice, bill")


def test_any_phrases_make_a_line_that_says_them() -> None:
    line = synonym_line(["a, b", "=> c"], ["#d"])
    rules, problems = parse_synonyms("synonyms.txt", line.encode())
    assert (rules[0].said, rules[0].meant) == (("a, b", "=> c"), ("#d",))
    assert problems == ()


def test_an_article_is_opened_up_published_or_given_headings_where_that_is_proposed() -> None:
    files = {INVOICE.path: b"---\naudience: staff # why\ndraft: true\n---\n## Taxes\r\n\r\nText\r\n"}
    content = Content(files, files.__getitem__)
    opened = changes(_proposal(Kind.OPEN_UP, article=INVOICE), 12, content)[INVOICE.path]
    assert opened == files[INVOICE.path].replace(b"staff", b"public")
    shown = changes(_proposal(Kind.PUBLISH, article=INVOICE), 12, content)[INVOICE.path]
    assert shown == files[INVOICE.path].replace(b"true", b"false")
    better = changes(_proposal(Kind.IMPROVE, article=INVOICE, outline=("Taxes", "Refunds")), 12, content)[INVOICE.path]
    assert (better or b"").endswith(b"Text\r\n\r\n## Refunds\r\n")


def test_what_can_not_be_done_is_said_in_words() -> None:
    gone = Reference(id="x", title="X", path="en/gone.md")
    with pytest.raises(Conflict, match="no longer among the articles"):
        changes(_proposal(Kind.AKA, article=gone, aka=("x",)), 12, _content())
    with pytest.raises(Invalid, match="names no article"):
        changes(_proposal(Kind.AKA, aka=("x",)), 12, _content())
    with pytest.raises(Invalid, match="Edit it by hand"):
        changes(_proposal(Kind.PUBLISH, article=INVOICE), 12, _content())
    with pytest.raises(Invalid, match="Edit the article"):
        changes(_proposal(Kind.IMPROVE, article=INVOICE), 12, _content())


def test_the_message_tells_the_evidence_and_no_wording_of_too_few_people() -> None:
    offered = (Offered(article=INVOICE, shown=4, clicked=2, helped=1),)
    case = Case(
        gap=12,
        title="Closes-Gap: 99",
        proposal=_proposal(),
        evidence=Evidence(people=4, offered=offered),
        asked=(Asked("my own secret", 1), Asked("export invoices", 3)),
    )
    draft = draft_of(case, _content(), least=2)
    assert draft.message.splitlines() == [
        "New article: Closes-Gap: 99",
        "",
        "4 people had this need and no answer.",
        "",
        "They asked:",
        "",
        '- "export invoices" (3 people)',
        "- and 1 more wording",
        "",
        "They were offered:",
        "",
        "- Read your invoice (seen by 4 people, opened by 2, helped 1)",
        "",
        "Closes-Gap: 12",
    ]
    assert draft.branch == branch_name(12, "Closes-Gap: 99")
    assert draft_of(Case(gap=12, title="T", proposal=_proposal(), evidence=Evidence(), branch="signpost/gap-12"),
                    _content(), least=2).branch == "signpost/gap-12"  # fmt: skip
