"""Site: what `portal.toml` says; nothing in it stops the help centre."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content.problem import Problem, Severity
from portal.content.site import Channel, FooterLink, Limits, Retention, Search, Site, Topic
from portal.content.site_file import parse_site
from portal.content.toml_table import is_safe_url

WHOLE = """
name = "Acme help"
tagline = "Ask us anything"
names = { de = "Acme Hilfe" }
logo = "/images/logo.svg"
accent = "#0B6E63"
stylesheet = "brand.css"
languages = ["en", "pt_br"]
no_index = true
edit_url = "https://git.example.com/help/edit/main/{path}"

[[topics]]
slug = "billing"
name = "Billing"
summary = "Money"
icon = "coin"
names = { de = "Abrechnung" }

[[topics]]
name = "Your account"

[[channels]]
kind = "email"
label = "Write to us"
value = "help@example.com"

[[channels]]
kind = "phone"
label = "Call"
value = "+49 30 123-456"
hours = "Mon to Fri, 9 to 17"
time_zone = "Europe/Berlin"
topics = ["billing"]

[[channels]]
kind = "form"

[[footer]]
label = "Imprint"
url = "https://example.com/imprint"
labels = { de = "Impressum" }

[search]
floor = 0.4

[limits]
votes_per_article_and_day = 7

[retention]
events_days = 90
"""


def quietly(text: str) -> Site:
    site, problems = parse_site(text.encode())
    assert problems == ()
    return site


def refused(text: str, severity: Severity = Severity.ERROR) -> tuple[Site, Problem]:
    site, problems = parse_site(text.encode())
    assert [problem.severity for problem in problems] == [severity]
    assert problems[0].path == "portal.toml"
    return site, problems[0]


def test_every_setting_is_read() -> None:
    assert quietly(WHOLE) == Site(
        name="Acme help",
        tagline="Ask us anything",
        names=(("de", "Acme Hilfe"),),
        logo="/images/logo.svg",
        accent="#0b6e63",
        stylesheet="brand.css",
        languages=("en", "pt-BR"),
        topics=(
            Topic(slug="billing", name="Billing", summary="Money", icon="coin", names=(("de", "Abrechnung"),)),
            Topic(slug="your-account", name="Your account"),
        ),
        channels=(
            Channel(kind="email", label="Write to us", value="help@example.com"),
            Channel(
                kind="phone",
                label="Call",
                value="+49 30 123-456",
                hours="Mon to Fri, 9 to 17",
                time_zone="Europe/Berlin",
                topics=("billing",),
            ),
            Channel(kind="form", label="Form"),
        ),
        footer=(FooterLink(label="Imprint", url="https://example.com/imprint", labels=(("de", "Impressum"),)),),
        no_index=True,
        edit_url="https://git.example.com/help/edit/main/{path}",
        search=Search(floor=0.4),
        limits=Limits(votes_per_article_and_day=7),
        retention=Retention(events_days=90),
    )


def test_a_site_survives_being_written_down() -> None:
    site = quietly(WHOLE)
    assert Site.from_json(site.to_json()) == site


@pytest.mark.parametrize("data", [None, b"", b"# nothing\n", b"\xef\xbb\xbf\r\n"])
def test_a_help_centre_without_the_file_is_sensible(data: bytes | None) -> None:
    assert parse_site(data) == (Site(), ())


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'name = "x"\naccent = \n', 2),
        (b'name = "x', 1),
        (b"\xff", 1),
        (b"a = 1\na = 2", 2),
        (b"x = " + b"[" * 9000, 1),
    ],
)
def test_a_broken_file_is_reported_with_its_line_and_the_defaults_are_used(data: bytes, line: int) -> None:
    site, problems = parse_site(data)
    assert site == Site()
    assert [(problem.line, problem.severity) for problem in problems] == [(line, Severity.ERROR)]


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("name = 3", "`name`"),
        (f'name = "{"x" * 301}"', "`name`"),
        ("names = ['de']", "`names`"),
        ('accent = "green"', "`accent`"),
        ('accent = "#12345g"', "`accent`"),
        ('logo = "javascript:alert(1)"', "`logo`"),
        ('stylesheet = "http://example.com/x.css"', "`stylesheet`"),
        ('languages = ["english"]', "`languages`"),
        ("languages = 3", "`languages`"),
        ('no_index = "yes"', "`no_index`"),
        ('edit_url = "https://example.com/"', "`edit_url`"),
        ("topics = 3", "`topics`"),
        ("search = 3", "`search`"),
        ("limits.searches_per_minute = 0", "`limits.searches_per_minute`"),
        ("limits.searches_per_minute = true", "`limits.searches_per_minute`"),
        ("search.floor = 1.5", "`search.floor`"),
        ("search.floor = nan", "`search.floor`"),
        ('retention.events_days = "long"', "`retention.events_days`"),
    ],
)
def test_a_bad_value_is_named_and_has_its_default(row: str, named: str) -> None:
    site, problem = refused(f"# first\ntagline = 'T'\n{row}\n")
    assert site == Site(tagline="T")
    assert named in problem.what
    assert problem.line == 3


@pytest.mark.parametrize(
    ("part", "line"),
    [
        ('[[topics]]\nslug = "a"\nname = "A"\n[[topics]]\nslug = "a"\nname = "B"', 5),
        ('[[topics]]\nslug = "a"\nname = "A"\n[[topics]]', 4),
        ('[[topics]]\nslug = "a"\nname = "A"\nicon = "<svg>"', 4),
    ],
)
def test_a_bad_topic_is_named_on_its_line_and_the_others_stay(part: str, line: int) -> None:
    site, problem = refused(part)
    assert [topic.slug for topic in site.topics] == ["a"]
    assert problem.line == line


@pytest.mark.parametrize(
    "part",
    ['kind = "fax"', 'kind = "email"\nvalue = "nobody"', 'kind = "email"\nvalue = "a@b.de?bcc=c@d.de"',
     'kind = "phone"\nvalue = "call us"', 'kind = "chat"\nurl = "javascript:x"', 'kind = "social"'],
)  # fmt: skip
def test_a_channel_that_reaches_nobody_is_left_out(part: str) -> None:
    assert refused(f"[[channels]]\n{part}\n")[0].channels == ()


def test_a_channel_s_link_opens_the_right_thing() -> None:
    mail, phone, form = quietly(WHOLE).channels
    assert (mail.url, phone.url, form.url) == ("mailto:help@example.com", "tel:+4930123456", "")


def test_an_unknown_setting_is_a_warning_with_the_nearest_known_one() -> None:
    _, problem = refused('name = "x"\n[limits]\nsearchs_per_minute = 5\n', Severity.WARNING)
    assert (problem.line, problem.what) == (3, "`limits.searchs_per_minute` is not a setting")
    assert problem.mend == "Did you mean `searches_per_minute`"


def test_an_unknown_table_is_a_warning() -> None:
    assert refused("x = 1\n", Severity.WARNING)[1].line == 1
    assert refused('name = "x"\n\n[serch]\nfloor = 1\n', Severity.WARNING)[1].line == 3


def test_the_default_language_is_the_first_that_has_articles() -> None:
    assert Site(languages=("fr", "de")).default_language({"de", "en"}) == "de"
    assert Site(languages=("fr", "de")).default_language(()) == "fr"
    assert Site().default_language({"de", "en"}) == "en"
    assert Site().default_language({"nl", "de"}) == "de"
    assert Site().default_language(()) == "en"


def test_words_are_in_the_reader_s_language_where_there_are_any() -> None:
    site = quietly(WHOLE)
    assert (site.name_in("de"), site.name_in("fr")) == ("Acme Hilfe", "Acme help")
    assert site.tagline_in("de") == "Ask us anything"
    assert site.topic_name("billing", "de") == "Abrechnung"
    assert site.topic_name("billing", "fr") == "Billing"
    assert site.topic_name("nothing", "de") is None
    assert site.footer[0].label_in("de") == "Impressum"


@pytest.mark.parametrize(
    "url", ["https://a.b/c?d#e", "/x", "x/y.png", "mailto:a@b.c", "tel:+49", "#top", "?q=a:b", "/a:b"]
)
def test_a_safe_address_is_taken(url: str) -> None:
    assert is_safe_url(url)


@pytest.mark.parametrize(
    "url",
    ["http://a.b", "javascript:x", "JavaScript:x", "data:text/html,x", "//a.b", "/\\a.b", "\\\\a", "java\tscript:x",
     " https://a.b", "https:", "https:///x", 'x"y', "a b", "vbscript:x", "https://[", "mailto:"],
)  # fmt: skip
def test_an_unsafe_address_is_refused(url: str) -> None:
    assert not is_safe_url(url)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_site(data: bytes) -> None:
    site, problems = parse_site(data)
    assert Site.from_json(site.to_json()) == site
    assert all(problem.line >= 1 and problem.mend for problem in problems)


KEYS = ["name", "names", "logo", "languages", "topics", "channels", "footer", "search", "limits", "no_index", "accent"]
VALUES = ["3", "nan", "[]", "{}", "[[]]", "[{}]", '"x"', "[{name = 3}]", "{floor = []}", "{a = {b = 1}}", "1979-05-27"]


@given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES)))
def test_any_shape_of_value_gives_a_site(rows: dict[str, str]) -> None:
    site, problems = parse_site("\n".join(f"{key} = {value}" for key, value in rows.items()).encode())
    assert site.name
    assert all(1 <= problem.line <= len(rows) for problem in problems)
