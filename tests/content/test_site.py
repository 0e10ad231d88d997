"""Site: what `portal.toml` says; nothing in it stops the help centre."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content.problem import Problem, Severity
from portal.content.reach import contact_address
from portal.content.site import Channel, FooterLink, Limits, Retention, Search, Security, Site, Topic
from portal.content.site_file import parse_site
from portal.content.toml_table import is_safe_url

WHOLE = """
name = "Acme help"
tagline = "Ask us anything"
names = { de = "Acme Hilfe" }
logo = "/images/logo.svg"
logo_dark = "images/logo-dark.svg"
icon = "./icon.png"
accent = "#0B6E63"
stylesheet = "brand.css"
languages = ["en", "pt_br", "de"]
no_index = true
edit_url = "https://git.example.com/help/edit/main/{path}"

[[topics]]
slug = "billing"
name = "Billing"
summary = "Money"
icon = "coin"
owner = "dora@example.com"
names = { de = "Abrechnung" }
summaries = { de = "Geld" }

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
labels = { de = "Anrufen" }
hours = "Mon to Fri, 9 to 17"
hours_labels = { de = "Mo bis Fr, 9 bis 17 Uhr" }
time_zone = "Europe/Berlin"
topics = ["billing"]

[[channels]]
kind = "form"

[[footer]]
label = "Imprint"
url = "https://example.com/imprint"
labels = { de = "Impressum" }

[security]
contact = ["security@example.com", "https://example.com/report"]
policy = "https://example.com/policy"
acknowledgments = "https://example.com/thanks"

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
        logo="images/logo.svg",
        logo_dark="images/logo-dark.svg",
        icon="icon.png",
        accent="#0b6e63",
        stylesheet="brand.css",
        languages=("en", "pt-BR", "de"),
        topics=(
            Topic(
                slug="billing",
                name="Billing",
                summary="Money",
                icon="coin",
                owner="dora@example.com",
                names=(("de", "Abrechnung"),),
                summaries=(("de", "Geld"),),
            ),
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
                labels=(("de", "Anrufen"),),
                hours_labels=(("de", "Mo bis Fr, 9 bis 17 Uhr"),),
            ),
            Channel(kind="form", label="Form"),
        ),
        footer=(FooterLink(label="Imprint", url="https://example.com/imprint", labels=(("de", "Impressum"),)),),
        no_index=True,
        edit_url="https://git.example.com/help/edit/main/{path}",
        security=Security(
            contacts=("mailto:security@example.com", "https://example.com/report"),
            policy="https://example.com/policy",
            acknowledgments="https://example.com/thanks",
        ),
        search=Search(floor=0.4),
        limits=Limits(votes_per_article_and_day=7),
        retention=Retention(events_days=90),
    )


@pytest.mark.parametrize("owner", ["Dora Owns", "Ünal Ö’Brien", "bo@intranet", "Bo+help@acme.example"])
def test_a_topic_is_looked_after_by_an_address_or_a_name(owner: str) -> None:
    site = quietly(f'[[topics]]\nname = "Billing"\nowner = "{owner}"\n')
    assert (site.topic_owner("billing"), site.topic_owner("other"), site.topic_owner(None)) == (owner, "", "")


@pytest.mark.parametrize(
    "owner", ['"a@b@c"', '"Cleo <cleo@acme.example>"', '"a@b.example, c@d.example"', f'"{"x" * 101}"', "3", '["a"]']
)
def test_what_nobody_can_be_called_is_refused_and_the_topic_stays(owner: str) -> None:
    site, problem = refused(f'[[topics]]\nname = "Billing"\nowner = {owner}\n')
    assert site == Site(topics=(Topic(slug="billing", name="Billing"),))
    assert "`topics.owner`" in problem.what
    assert (problem.line, problem.severity) == (3, Severity.ERROR)


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
        ('logo = "https://example.com/logo.svg"', "`logo`"),
        ('logo_dark = "../logo.svg"', "`logo_dark`"),
        ('icon = "//example.com/icon.png"', "`icon`"),
        ('icon = "icon.gif"', "`icon`"),
        ('stylesheet = "http://example.com/x.css"', "`stylesheet`"),
        ('stylesheet = "brand.scss"', "`stylesheet`"),
        ('names = { klingon = "x" }', "`names`"),
        ('security.contact = "nobody"', "`security.contact`"),
        ('security.policy = "http://example.com"', "`security.policy`"),
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
    assert (site.topic_summary("billing", "de"), site.topic_summary("billing", "fr")) == ("Geld", "Money")
    assert site.topic_summary("nothing", "de") == ""
    assert site.footer[0].label_in("de") == "Impressum"
    phone = site.channels[1]
    assert (phone.label_in("de"), phone.label_in("fr")) == ("Anrufen", "Call")
    assert (phone.hours_in("de"), phone.hours_in("fr")) == ("Mo bis Fr, 9 bis 17 Uhr", "Mon to Fri, 9 to 17")


def test_a_file_that_is_not_there_is_a_warning_and_the_default_stays() -> None:
    site, problems = parse_site(b'name = "x"\nlogo = "logo.svg"\naccent = "#0b6e63"\n', {"portal.toml", "Logo.svg"})
    assert (site.name, site.logo, site.accent) == ("x", "", "#0b6e63")
    assert [(problem.line, problem.severity) for problem in problems] == [(2, Severity.WARNING)]
    assert "not there" in problems[0].what
    assert parse_site(b'logo = "logo.svg"', {"logo.svg"}) == (Site(logo="logo.svg"), ())


def test_a_bad_word_among_good_ones_goes_alone() -> None:
    site, problem = refused('[[topics]]\nname = "A"\nsummaries = { klingon = "x", de = "Gut" }\n')
    assert site.topic_summary("a", "de") == "Gut"
    assert (problem.line, "klingon" in problem.what) == (3, True)
    site, problem = refused('[security]\ncontact = ["me@example.com", "me"]\n')
    assert site.security.contacts == ("mailto:me@example.com",)
    assert problem.line == 2


def test_words_in_a_language_that_nobody_reads_are_a_warning() -> None:
    rows = 'languages = ["en", "de"]\n[[topics]]\nname = "A"\nsummaries = { fr = "Bon" }\n'
    site, problem = refused(rows, Severity.WARNING)
    assert site.topic_summary("a", "fr") == "Bon"
    assert (problem.line, "fr" in problem.what) == (4, True)


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "CEST?", "../etc/passwd", "Europe"])
def test_a_time_zone_that_does_not_exist_is_named_and_the_channel_stays(zone: str) -> None:
    site, problem = refused(f'[[channels]]\nkind = "form"\ntime_zone = "{zone}"\n')
    assert (site.channels[0].time_zone, problem.line) == ("", 3)


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("a@b.de", "mailto:a@b.de"),
        ("mailto:a@b.de", "mailto:a@b.de"),
        ("https://b.de/x", "https://b.de/x"),
        ("http://b.de", ""),
        ("mailto:a@b.de?bcc=c@d.de", ""),
        ("tel:+49", ""),
        ("/contact", ""),
    ],
)
def test_a_contact_for_weaknesses_is_an_address_that_anybody_can_open(words: str, address: str) -> None:
    assert contact_address(words) == address


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
