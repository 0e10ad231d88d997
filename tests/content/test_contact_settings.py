"""`[contact]`, `[widget]`, `[picker]` and `[customers]` of portal.toml: who reaches people, and who may frame us."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content.contact import Contact, Customers, Frames, Widget, WidgetRule
from portal.content.problem import Severity
from portal.content.site import Site
from portal.content.site_file import parse_site

WIDGET = """
[widget]
origins = ["https://www.example.com", "https://shop.example.com:8443/", "HTTPS://Shop.Example.com:8443", "http://localhost:3000"]

[[widget.rules]]
path = "/billing/*"
articles = ["inv-1", "pay-1", "inv-1"]
topic = "Billing and payment"
query = "invoice"

[[widget.rules]]
path = "*"
topic = "getting-started"
"""


def quietly(text: str) -> Site:
    site, problems = parse_site(text.encode())
    assert problems == ()
    return site


def refused(text: str) -> tuple[Site, str]:
    """The site, and what is said of the one thing that is wrong."""
    site, problems = parse_site(text.encode())
    assert [problem.severity for problem in problems] == [Severity.ERROR]
    return site, problems[0].what


def test_without_a_word_nobody_may_frame_anything() -> None:
    site = quietly("")
    assert (site.widget, site.picker, site.contact, site.customers) == (Widget(), Frames(), Contact(), Customers())
    assert site.widget.origins == site.picker.origins == ()


def test_origins_are_read_once_each_as_browsers_write_them() -> None:
    assert quietly(WIDGET).widget.origins == (
        "https://www.example.com",
        "https://shop.example.com:8443",
        "http://localhost:3000",
    )


def test_rules_are_read_in_their_order() -> None:
    assert quietly(WIDGET).widget.rules == (
        WidgetRule(path="/billing/*", articles=("inv-1", "pay-1"), topic="billing-and-payment", query="invoice"),
        WidgetRule(path="*", topic="getting-started"),
    )


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*.example.com",
        "http://www.example.com",
        "www.example.com",
        "https://www.example.com/shop",
        "https://user@www.example.com",
        "https://www.example.com; script-src *",
        "https://www.example.com 'unsafe-inline'",
        "javascript:alert(1)",
        "data:",
        "null",
        "http://localhost.evil.example",
        "https://www.exämple.com",
    ],
)
@pytest.mark.parametrize("table", ["widget", "picker"])
def test_what_is_no_origin_is_left_out_and_said(table: str, origin: str) -> None:
    site, said = refused(f'[{table}]\norigins = ["{origin}", "https://www.example.com"]')
    assert f"`{table}.origins` can't have" in said
    assert getattr(site, table).origins == ("https://www.example.com",)


@given(st.text(max_size=60))
def test_nothing_that_is_taken_for_an_origin_can_change_a_policy(words: str) -> None:
    quoted = words.replace("\\", "\\\\").replace('"', '\\"')
    site, _ = parse_site(f'[widget]\norigins = ["https://{quoted}"]'.encode("utf-8", "replace"))
    assert all(not set(origin) & set(" ;,'\"*\n\r\t") and origin.isascii() for origin in site.widget.origins)


@pytest.mark.parametrize("path", ['path = "billing"', 'topic = "billing"', 'path = "https://www.example.com/x"'])
def test_a_rule_without_a_path_is_left_out_and_the_others_stay(path: str) -> None:
    site, said = refused(f'[[widget.rules]]\n{path}\n[[widget.rules]]\npath = "/x"\nquery = "x"')
    assert "so the rule is left out" in said
    assert [rule.path for rule in site.widget.rules] == ["/x"]


def test_a_word_that_is_no_key_is_said() -> None:
    _, problems = parse_site(b'[widget]\norigin = ["https://www.example.com"]')
    assert len(problems) == 1
    assert "origin" in problems[0].what


def test_how_the_form_behaves_is_read() -> None:
    site = quietly("[contact]\nhold_out = 0.1\nhas_attachments = false\nattachment_megabytes = 5\nattachments = 2")
    assert site.contact == Contact(hold_out=0.1, has_attachments=False, attachment_megabytes=5, attachments=2)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("hold_out = 0.6", "hold_out"),
        ("hold_out = -0.1", "hold_out"),
        ("attachment_megabytes = 0", "attachment_megabytes"),
        ("attachment_megabytes = 21", "attachment_megabytes"),
        ("attachments = 0", "attachments"),
        ('has_attachments = "yes"', "has_attachments"),
    ],
)
def test_a_value_that_cant_be_leaves_the_defaults(line: str, key: str) -> None:
    site, said = refused(f"[contact]\n{line}")
    assert f"`contact.{key}`" in said
    assert site.contact == Contact()


def test_customers_are_read() -> None:
    site = quietly('[customers]\nsign_in_url = "https://app.example.com/help?back={next}"\ndays = 7')
    assert site.customers == Customers(sign_in_url="https://app.example.com/help?back={next}", days=7)
