"""Article: what a file says, whoever wrote it with whatever tool."""

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.audience import Audience, Level, Status, Visibility, may_see
from portal.content.article import Article, article_from_json, article_to_json, is_article, parse, visibility_hint
from portal.content.places import common_folder, languages_in, locate
from portal.content.problem import ArticleInvalid, Problem, Severity
from portal.content.rendered import Link, Rendered, Section, rendered_from_json, rendered_to_json
from portal.content.site import Site, Topic

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def read(
    front: str = "", body: str = "# Body\n", path: str = "a.md", site: Site | None = None, common: str = ""
) -> tuple[Article, tuple[Problem, ...]]:
    data = f"---\ntitle: T\n{front}\n---\n{body}".encode()
    return parse(path, "b10b", data, site or Site(languages=("en", "de")), common)


def quietly(front: str = "", **more: object) -> Article:
    article, problems = read(front, **more)  # type: ignore[arg-type]
    assert problems == ()
    return article


def warned(front: str) -> tuple[Article, Problem]:
    article, problems = read(front)
    assert [problem.severity for problem in problems] == [Severity.WARNING]
    return article, problems[0]


def held_back(front: str) -> Problem:
    with pytest.raises(ArticleInvalid) as caught:
        read(front)
    return next(problem for problem in caught.value.problems if problem.severity is Severity.ERROR)


def bare(data: str, path: str = "a.md") -> Article:
    return parse(path, "b10b", data.encode(), Site(languages=("en", "de")))[0]


def test_every_known_key_is_read() -> None:
    article = quietly(
        "id: 12\nsummary: S\naka: one, two\ntags: [x, y, x]\ntopic: Billing\nproducts: P\nstage: after\n"
        "audience: customers\nstatus: published\npublish_at: 2026-01-02\nuntil: 2026-12-31T10:00+02:00\n"
        "review_by: 2027-03-01\nowner: cleo\naliases:\n  - old/place\nlang: de\ntranslation_of: 11\norder: -3\n"
        'kind: notice\ncloses: [12, "#13"]\nfoo: bar\nmore: {a: [b]}'
    )
    assert article == Article(
        path="a.md",
        blob="b10b",
        given_id="12",
        lang="de",
        slug="a",
        title="T",
        summary="S",
        body="# Body\n",
        body_line=26,
        visibility=Visibility(
            audience=Audience.CUSTOMERS,
            publish_at=datetime(2026, 1, 2, tzinfo=UTC),
            until=datetime(2026, 12, 31, 8, tzinfo=UTC),
        ),
        kind="notice",
        stage="after",
        topic="billing",
        topic_name="Billing",
        tags=("x", "y"),
        aka=("one", "two"),
        products=("P",),
        order=-3,
        owner="cleo",
        aliases=("old/place",),
        review_by=date(2027, 3, 1),
        translation_of="11",
        translation_key="a",
        closes=(12, 13),
        extra={"foo": "bar", "more": '{"a": ["b"]}'},
    )


def test_an_article_survives_being_written_down() -> None:
    article = quietly("tags: [ü]\npublish_at: 2026-01-02\nreview_by: 2027-03-01\nfoo: bar")
    assert article_from_json(article_to_json(article)) == article


def test_a_rendered_body_survives_being_written_down() -> None:
    rendered = Rendered("<p>", (Section("a", "A", 2, "t"),), (Link("b.md", "", 3),), (Problem("a", 1, "w", "m"),), "H")
    assert rendered_from_json(rendered_to_json(rendered)) == rendered


def test_foreign_keys_are_understood() -> None:
    article = quietly(
        "description: D\nkeywords: a, b\nms.search.keywords: c\nslug: old\npermalink: /x/y\nredirect_from: [/z]\n"
        "categories: [Billing, Other]\nms.date: 06/13/2024\nms.audience: nobody\nms.topic: how-to"
    )
    assert (article.summary, article.aka, article.aliases) == ("D", ("a", "b", "c"), ("old", "/x/y", "/z"))
    assert (article.topic, article.topic_name) == ("billing", "Billing")
    assert article.extra == {"ms.date": "06/13/2024", "ms.audience": "nobody", "ms.topic": "how-to"}
    assert article.visibility == Visibility()


def test_our_own_key_comes_before_a_foreign_one() -> None:
    assert quietly("description: theirs\nsummary: ours").summary == "ours"


@pytest.mark.parametrize("front", ["Publish-At: 2026-01-02", "publishAt: 2026-01-02", "publish at: 2026-01-02"])
def test_a_key_is_known_in_any_spelling(front: str) -> None:
    assert quietly(front).visibility.publish_at == datetime(2026, 1, 2, tzinfo=UTC)


def test_one_key_in_two_spellings_is_an_error() -> None:
    problem = held_back("audience: staff\nAudience: public")
    assert (problem.line, problem.what) == (4, "`Audience` and `audience` are one key")


@pytest.mark.parametrize("nothing", ["", "~", "null", "Null", '""'])
def test_an_empty_value_is_an_absent_one(nothing: str) -> None:
    keys = "summary aka tags topic products stage audience status draft published publish_at until review_by owner"
    more = "aliases lang translation_of order kind closes id"
    article = quietly("\n".join(f"{key}: {nothing}" for key in f"{keys} {more}".split()))
    assert (article.visibility, article.tags, article.given_id) == (Visibility(), (), None)


# Who may see it


@pytest.mark.parametrize("word", ["public", "customers", "staff", "Staff", "[staff]", '"staff"'])
def test_an_audience_is_taken_at_its_word(word: str) -> None:
    assert quietly(f"audience: {word}").visibility.audience == word.strip('[]"').lower()


@pytest.mark.parametrize(
    "word", ["stuff", "customer", "everybody", "true", "[customers, staff]", "{a: b}", "*", "pub lic"]
)
def test_any_other_audience_hides_from_everybody(word: str) -> None:
    article, problem = warned(f"audience: {word!r}" if word == "*" else f"audience: {word}")
    assert not any(may_see(level, article.visibility, NOW) for level in Level)
    assert problem.line == 3
    assert "public, customers, staff" in problem.what


@pytest.mark.parametrize("front", ["status: draft", "draft: true", "draft: yes", "published: false", "published: No"])
def test_a_draft_is_told_by_any_of_its_signs(front: str) -> None:
    assert quietly(front).visibility.status is Status.DRAFT


@pytest.mark.parametrize(
    "front", ["status: Published", "draft: false", "published: true", "publisher: me", "state: NY", "static: x"]
)
def test_what_is_no_draft_is_published(front: str) -> None:
    assert quietly(front).visibility == Visibility()


@pytest.mark.parametrize("front", ["status: publihsed", "draft: maybe", "published: soon", "published: 06/13/2024"])
def test_a_status_in_doubt_is_a_draft_and_reported(front: str) -> None:
    article, problem = warned(front)
    assert article.visibility.status is Status.DRAFT
    assert problem.line == 3


SLIPS = (
    "audiance",
    "audence",
    "Audiences",
    "staus",
    "stauts",
    "drfat",
    "draf",
    "drafts",
    "pubished",
    "publsih_at",
    "untill",
)


@pytest.mark.parametrize("key", SLIPS)
def test_a_slip_in_a_key_that_hides_hides(key: str) -> None:
    article, problem = warned(f"{key}: public")
    assert article.visibility.audience is Audience.NOBODY
    assert (problem.line, "looks like a slip" in problem.what) == (3, True)


@pytest.mark.parametrize("front", ["private: true", "hidden: yes", "unlisted: 1", "visibility: team", "archived: true"])
def test_other_tools_words_for_hiding_are_heeded(front: str) -> None:
    article, _ = warned(front)
    assert not may_see(Level.CUSTOMERS, article.visibility, NOW)


@pytest.mark.parametrize("front", ["private: false", "visibility: public", "hide: [toc]", "ai.audiance: x"])
def test_other_tools_words_that_hide_nothing_are_silent(front: str) -> None:
    assert quietly(front).visibility == Visibility()


@pytest.mark.parametrize(
    "front",
    [
        "published: 2026-07-01",
        "publish_at: 2026-07-01",
        "publishDate: 2026-07-01T00:00Z",
        "published_at: 2026-07-01 02:00:00 +0200",
        "until:\npublish_at: 2026-07-01 00:00 UTC",
    ],
)
def test_a_date_of_publishing_is_midnight_utc_unless_it_says_more(front: str) -> None:
    assert quietly(front).visibility.publish_at == datetime(2026, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize("key", ["publish_at", "until", "review_by", "expiryDate"])
@pytest.mark.parametrize("value", ["2026-13-45", "06/13/2024", "soon", "0001-01-01T00:00+14:00", "[a, b]", "{a: b}"])
def test_a_bad_date_holds_the_article_back(key: str, value: str) -> None:
    problem = held_back(f"{key}: {value}")
    assert (problem.line, "2026-03-31" in problem.mend) == (3, True)


def test_a_window_that_never_opens_is_reported() -> None:
    assert "never see" in warned("publish_at: 2026-02-01\nuntil: 2026-01-01")[1].what


# Values of odd shape


@pytest.mark.parametrize("value", ["a/b", "-a", "ü", "x" * 65, "a b", ".."])
def test_an_id_that_fits_no_address_holds_the_article_back(value: str) -> None:
    assert held_back(f"id: {value}").line == 3


@pytest.mark.parametrize("value", ["x", "[a]", "[0]", "-3", "[12, x]"])
def test_closing_what_is_no_ticket_is_an_error(value: str) -> None:
    assert "closes" in held_back(f"closes: {value}").what


@pytest.mark.parametrize(
    ("front", "field", "value"),
    [("order: ten", "order", None), ("kind: page", "kind", "article"), ("stage: now", "stage", None),
     ("lang: klingon", "lang", "en"), ("tags: {a: b}", "tags", ()), ("summary: [[a]]", "summary", "")],
)  # fmt: skip
def test_a_harmless_value_that_can_not_be_used_is_reported_and_left_out(front: str, field: str, value: object) -> None:
    article, problem = warned(front)
    assert getattr(article, field) == value
    assert problem.line == 3


def test_endless_lists_are_cut() -> None:
    article, problems = read(f"tags: [{', '.join(f't{n}' for n in range(80))}]\naka: {'x' * 250}")
    assert (len(article.tags), len(article.aka[0])) == (50, 200)
    assert sorted(problem.line for problem in problems) == [3, 4]


def test_a_long_title_is_kept_whole_and_reported() -> None:
    article, problems = parse("a.md", "b", f"---\ntitle: {'long ' * 70}\n---\n".encode(), Site())
    assert len(article.title) == 349
    assert "349" in problems[0].what


def test_a_title_is_one_line_without_controls() -> None:
    assert bare('---\ntitle: "a\\n  b\\u202Ec"\n---\n').title == "a bc"


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("Intro\n\n## Reset *your* `password` ##\n", "Reset your password"),
        ("```\n# code\n```\n# Real [link](x.md) {#id}", "Real link"),
        ("~~~~\n~~~\n# code\n~~~~\n#  Two", "Two"),
        ("Under\n=====\n", "Under"),
        ("# snake_case stays <br>", "snake_case stays"),
        ("#hashtag\n# \n### Third", "Third"),
    ],
)
def test_the_first_heading_stands_in_for_a_title(body: str, title: str) -> None:
    assert bare(body).title == title
    assert bare(f"---\ntitle: ''\n---\n{body}").title == title


@pytest.mark.parametrize(
    ("path", "title"),
    [("billing/01-pay_an-invoice.md", "Pay an invoice"), ("billing/index.md", "Billing"), ("de/x/für.md", "Für")],
)
def test_the_file_s_name_stands_in_for_a_title_and_a_heading(path: str, title: str) -> None:
    article, problems = parse(path, "b", b"Text", Site(languages=("en", "de")))
    assert article.title == title
    assert "There is no title" in problems[0].what


# Places


@pytest.mark.parametrize(
    ("path", "lang", "slug", "topic"),
    [
        ("Accounts/Reset Your_Password.md", "en", "accounts/reset-your-password", "accounts"),
        ("de/konto/Passwort ändern.markdown", "de", "konto/passwort-ändern", "konto"),
        ("konto/x.de.md", "de", "konto/x", "konto"),
        ("fr/x.mdx", "en", "fr/x", "fr"),
        ("a/node.js.md", "en", "a/node-js", "a"),
        ("top.MD", "en", "top", None),
    ],
)
def test_a_path_gives_language_slug_and_topic(path: str, lang: str, slug: str, topic: str | None) -> None:
    article = quietly(path=path)
    assert (article.lang, article.slug, article.topic, article.translation_key) == (lang, slug, topic, slug)


def test_the_common_folder_is_no_topic() -> None:
    assert quietly(path="content/Store Support/x.md", common="content").topic_name == "Store Support"
    assert quietly(path="content/x.md", common="content").topic is None


def test_a_site_s_topic_is_found_by_slug_or_name_in_any_language() -> None:
    site = Site(languages=("en",), topics=(Topic(slug="billing", name="Money", names=(("de", "Geld"),)),))
    for words in ("billing", "Billing", "money", "Geld"):
        assert quietly(f"topic: {words}", site=site).topic == "billing"
    assert quietly(path="Billing/x.md", site=site).topic_name == "Money"


def test_the_front_matter_s_language_counts_before_the_folder_s() -> None:
    article, problem = read("lang: en", path="de/x.md")[0], read("lang: en", path="de/x.md")[1][0]
    assert (article.lang, problem.line) == ("en", 3)
    assert quietly("lang: de_AT").lang == "de"
    assert quietly("language: pt-br").lang == "pt-BR"


@pytest.mark.parametrize(
    ("paths", "languages"),
    [
        (["en/a.md", "de/a.md", "en/b.md"], ("en", "de")),
        (["de/x/a.md", "de/b.md"], ("de",)),
        (["it/a.md", "hr/b.md", "billing/c.md"], ("en",)),
        (["a.md", "b.md", "de/a.md"], ("en", "de")),
        (["a.md", "a.de.md", "let.io.md"], ("en", "de")),
        (["docs/en/x/a.md", "docs/pt-br/x/a.md"], ("en", "pt-BR")),
        ([], ("en",)),
    ],
)
def test_a_tree_s_languages_are_told_from_its_paths(paths: list[str], languages: tuple[str, ...]) -> None:
    assert languages_in(paths) == languages


@pytest.mark.parametrize(
    ("paths", "common"),
    [
        (["content/a/x.md", "content/b/y.md"], "content"),
        (["en/bc/a/x.md", "en/bc/y.md"], "bc"),
        (["docs/en/guide/x.md", "docs/de/guide/y.md"], "docs/guide"),
        (["a.md", "b/c.md"], ""),
        ([], ""),
    ],
)
def test_the_common_folder_is_told_without_the_language(paths: list[str], common: str) -> None:
    assert common_folder(paths, ("en", "de")) == common


def test_a_language_folder_below_the_common_one_is_no_part_of_the_slug() -> None:
    assert locate("docs/de/guide/y.md", ("en", "de"), "docs/guide").slug == "docs/guide/y"


@pytest.mark.parametrize(
    "path",
    ["includes/a.md", "x/_Includes/y/a.md", "snippets/a.md", "README.md", "x/readme.de.md", "LICENSE.md", "license.md",
     "CONTRIBUTING.md", "docs/CHANGELOG.md", "SECURITY.md", "code-of-conduct.md", "toc.md", "TOC.md", "SUMMARY.md",
     "_sidebar.md", ".github/a.md", "x/.a.md", "a.png", "a", "a\nb.md", "a\x07.md", "a\u202e.md", "_drafts/a.md",
     "\udcff.md"],
)  # fmt: skip
def test_what_is_no_article_is_named_with_its_reason(path: str) -> None:
    assert is_article(path)


@pytest.mark.parametrize("path", ["a.md", "x/security.md", "x/changelog.MDX", "summary.md", "-a.md", "x" * 200 + ".md"])
def test_what_is_an_article_is_one(path: str) -> None:
    assert is_article(path) is None


# Files that can't be read


@pytest.mark.parametrize(
    ("raw", "audience", "status"),
    [
        ("---\ntitle: a: b\naudience: staff # only us\n---\n", "staff", "published"),
        ("---\ntitle: 'a\naudience: 'customers'\ndraft: true\n---\n", "customers", "draft"),
        ("---\naudience:\n  - staff\nx: [\n---\n", "nobody", "published"),
        ("---\naudiance: staff\nx: [\n---\n", "nobody", "published"),
        ("---\npublish_at: soon\n---\n", "public", "draft"),
        ("---\n{audience: staff, x: [}\n---\n", "nobody", "published"),
        ("---\naudience: public\nAudience: staff\n---\n", "staff", "published"),
        ("---\nstatus: archived\n\nnever closed", "public", "archived"),
        ("title: x\naudience: staff\n---\nText", "staff", "published"),
        ("+++\ndraft = true\nx =\n+++\n", "public", "draft"),
    ],
)
def test_a_broken_file_still_narrows_who_may_see_it(raw: str, audience: str, status: str) -> None:
    for data in (
        raw.encode(),
        raw.replace("\n", "\r\n").encode(),
        raw.encode("utf-16"),
        b"\xef\xbb\xbf" + raw.encode(),
    ):
        hint = visibility_hint(data)
        assert hint
        assert (hint.audience.value, hint.status.value) == (audience, status)


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"---\ntitle: a: b\n---\n\naudience: staff\n", b"\x00" * 99])
def test_a_broken_file_that_says_nothing_narrows_nothing(raw: bytes) -> None:
    assert visibility_hint(raw) is None


WORDS = st.sampled_from(
    ["title", "audience", "status", "draft", "published", "tags", "closes", "id", "order", "until", "lang", "x", "aka"]
)
VALUES = st.sampled_from(["public", "[a, b]", "{a: b}", "true", "2026-01-01", "12", "'", "[", "*a", "&a b", "~", "ü"])


@given(st.lists(st.tuples(WORDS, VALUES | st.text(max_size=20)), max_size=6), st.text(max_size=60))
def test_any_front_matter_gives_an_article_or_says_why_not(rows: list[tuple[str, str]], body: str) -> None:
    data = "---\n" + "".join(f"{key}: {value}\n" for key, value in rows) + f"---\n{body}"
    check(data.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=400))
def test_any_bytes_give_an_article_or_say_why_not(data: bytes) -> None:
    check(data)


def check(data: bytes) -> None:
    start = time.perf_counter()
    visibility_hint(data)
    try:
        article, problems = parse("de/x.md", "b10b", data, Site())
    except ArticleInvalid as error:
        assert any(p.severity is Severity.ERROR for p in error.problems)  # noqa: PT017 - either end is fine
    else:
        assert article.title
        assert all(problem.severity is Severity.WARNING and problem.mend for problem in problems)
        assert article_from_json(article_to_json(article)) == article
    assert time.perf_counter() - start < 1


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["*", "[", "<", "_", "`", "#", "{#", "[a](", " ", "=", "-", "!["]), st.integers(1, 20_000))
def test_no_pattern_of_signs_takes_long(sign: str, count: int) -> None:
    check(b"# " + sign.encode() * count + b"\n" + sign.encode() * count + b"\n===\n")
