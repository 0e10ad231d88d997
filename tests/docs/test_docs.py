"""The papers are held to the code: what exists is described, and what is described exists."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from portal.app import create_app
from portal.bootstrap import bootstrap
from portal.cli.main import verbs
from portal.content import keys
from portal.content.contact import Contact, Customers, Frames, Widget
from portal.content.git import run
from portal.content.loop import Digest, Gaps, Outcomes, Recording, Tracker
from portal.content.site import Channel, FooterLink, Limits, Retention, Search, Security, Site, Topic
from portal.settings import _SECRETS, PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def _doc(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


@pytest.mark.parametrize("name", sorted(PREFIX + field.name.upper() for field in fields(Settings)))
def test_every_setting_has_a_heading(name: str) -> None:
    assert re.search(rf"^## `?{name}`?$", _doc("settings.md"), re.MULTILINE), name


def test_every_setting_that_is_described_exists() -> None:
    known = {PREFIX + field.name.upper() for field in fields(Settings)}
    known |= {f"{PREFIX}{name.upper()}_FILE" for name in _SECRETS} | {"PORTAL_DATA_SETS"}
    for paper in [*PAPERS, *(ROOT / "articles").rglob("*.md")]:
        named = set(re.findall(r"\bPORTAL_[A-Z_]+\b", paper.read_text("utf-8")))
        assert named <= known, paper


@pytest.mark.parametrize("verb", sorted(verbs.commands))
def test_every_command_and_option_is_described(verb: str) -> None:
    section = re.search(rf"^## `?portal {verb}`?$(.*?)(?=^## |\Z)", _doc("commands.md"), re.MULTILINE | re.DOTALL)
    assert section, verb
    for parameter in verbs.commands[verb].params:
        assert parameter.opts[0] in section[1], parameter.opts


def test_every_route_is_described(tmp_path: Path) -> None:
    app = create_app(bootstrap(Settings(data=tmp_path)))
    told = _doc("routes.md")
    rules = {re.sub(r"<\w+:", "<", rule.rule) for rule in app.url_map.iter_rules()}
    assert sorted(rule for rule in rules if rule not in told) == []


TABLES = {
    "topics": Topic,
    "channels": Channel,
    "footer": FooterLink,
    "security": Security,
    "search": Search,
    "limits": Limits,
    "retention": Retention,
    "recording": Recording,
    "gaps": Gaps,
    "outcomes": Outcomes,
    "digest": Digest,
    "trackers": Tracker,
    "contact": Contact,
    "widget": Widget,
    "picker": Frames,
    "customers": Customers,
}
SITE_KEYS = sorted(
    {field.name for field in fields(Site)}
    | {f"{table}.{field.name}" for table, kind in TABLES.items() for field in fields(kind)} - {"security.contacts"}
    | {"security.contact"}
)


def test_every_key_of_the_site_file_has_a_heading_and_every_heading_is_a_key() -> None:
    assert sorted(re.findall(r"^###? (.+)$", _doc("portal-toml.md"), re.MULTILINE)) == SITE_KEYS


@pytest.mark.parametrize("key", sorted(keys.KNOWN))
def test_every_key_of_the_front_matter_is_described(key: str) -> None:
    assert f"`{key}`" in _doc("front-matter.md")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_links_between_papers_lead_somewhere(paper: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", paper.read_text("utf-8"))
    assert [target for target in targets if not (paper.parent / target).exists()] == []


def test_every_make_verb_that_is_named_exists() -> None:
    verbs_of_make = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for paper in PAPERS:
        named = set(re.findall(r"`make ([a-z]+)`", paper.read_text("utf-8")))
        assert named <= verbs_of_make, paper


def test_no_address_of_a_registry_or_place_of_a_machine_is_in_any_file() -> None:
    files = run("ls-files", "-z", folder=ROOT, protocols="file").decode().split("\0")
    hosts = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian|(?<![\w.])/(?:root|home)/\w")
    found = [
        name
        for name in files
        if name and (ROOT / name).is_file() and name != "tests/docs/test_docs.py"
        if hosts.search((ROOT / name).read_bytes().decode("utf-8", "replace"))
    ]
    assert found == []


def test_no_figure_is_left_to_be_filled_in() -> None:
    assert [paper.name for paper in PAPERS if "<!-- figure" in paper.read_text("utf-8")] == []
