import gzip
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.settings import ROOT
from portal.web.static import DARK, STYLES, Static

STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
TOOL_LINES = 60


def links(page: str) -> tuple[str, str]:
    stylesheet = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    script = page.partition('<script type="module" src="')[2].partition('"')[0]
    return stylesheet, script


def test_every_stylesheet_is_joined_and_every_joined_one_is_there() -> None:
    assert sorted(path.stem for path in (STATIC / "css").glob("*.css")) == sorted((*STYLES, DARK))


def test_styles_and_scripts_may_be_kept_forever(client: FlaskClient) -> None:
    for href in links(client.get("/en/").text):
        answer = client.get(href)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers


def test_an_old_address_gets_todays_file_and_nobody_keeps_it(client: FlaskClient) -> None:
    for name in ("site.css", "js/main.js"):
        answer = client.get(f"/static/0123456789abcdef/{name}")
        assert answer.status_code == 200
        assert "immutable" not in answer.headers["Cache-Control"]


def test_media_types_are_those_that_browsers_insist_on(client: FlaskClient) -> None:
    stylesheet, script = links(client.get("/en/").text)
    assert client.get(stylesheet).mimetype == "text/css"
    assert client.get(script).mimetype == "text/javascript"
    assert client.get("/static/x/icon.svg").mimetype == "image/svg+xml"


def test_nothing_outside_the_folder_is_served(client: FlaskClient) -> None:
    for name in (
        "../pyproject.toml",
        "%2e%2e/pyproject.toml",
        "..%2fpyproject.toml",
        "/etc/passwd",
        "css/base.css",
        "js/",
    ):
        assert client.get(f"/static/x/{name}").status_code in {308, 404}, name


def test_a_changed_template_or_script_changes_the_version(tmp_path: Path) -> None:
    static, templates = tmp_path / "static", tmp_path / "templates"
    (static / "css").mkdir(parents=True)
    templates.mkdir()
    for name in (*STYLES, DARK):
        (static / "css" / f"{name}.css").write_text(name)
    (static / "a.js").write_text("1")
    (templates / "a.html").write_text("1")
    first = Static.read(static, templates).version
    (templates / "a.html").write_text("2")
    second = Static.read(static, templates).version
    (static / "a.js").write_text("2")
    assert len({first, second, Static.read(static, templates).version}) == 3


def test_another_accent_has_another_address() -> None:
    static = replace(Static.read(STATIC, TEMPLATES), styles="")
    assert static.stylesheet("#1f5fae")[0] != static.stylesheet("#ae1f5f")[0]


@pytest.mark.parametrize(
    "path", ["/en/", "/en/articles/accounts/reset-your-password", "/en/search?q=mail", "/en/contact/form"]
)
def test_a_page_weighs_little(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    styles = client.get(links(page.text)[0])
    scripts = b"".join(one.read_bytes() for one in sorted(_loaded(page.text)))
    sizes = [len(gzip.compress(part)) for part in (page.data, styles.data, scripts)]
    assert sizes[2] <= 15_000
    assert sum(sizes) <= 60_000


def _loaded(page: str) -> set[Path]:
    """Return the scripts that a page loads, and those that these import."""
    waiting = [STATIC / name for name in re.findall(r'<script[^>]* src="/static/[^/]+/(js/[^"]+)"', page)]
    loaded = set[Path]()
    while waiting:
        one = waiting.pop().resolve()
        if one not in loaded:
            loaded.add(one)
            waiting += [
                one.parent / name
                for name in re.findall(r'^import .*?"(\./[^"]+)";', one.read_text("utf-8"), re.MULTILINE)
            ]
    assert loaded
    return loaded


def test_a_script_is_short() -> None:
    for path in (STATIC / "js").glob("*.js"):
        assert len(path.read_text("utf-8").splitlines()) < TOOL_LINES, path.name


def test_every_behaviour_in_the_templates_has_a_script() -> None:
    pages = "".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    of_articles, of_filters, of_boxes = {"tabs", "copy"}, {"when"}, {"results", "recent", "complete", "suggested"}
    asked = {name for names in re.findall(r'data-behaviour="([\w -]+)"', pages) for name in names.split()}
    scripts = "".join(path.read_text("utf-8") for path in (STATIC / "js").rglob("*.js"))
    bound = ",".join(re.findall(r"^bind\(\{([^}]*)\}\)", scripts, re.MULTILINE))
    given = {one.partition(":")[0].strip().strip('"') for one in bound.split(",")} - {""}
    assert asked | of_boxes | of_articles | of_filters == given


def test_no_template_has_anything_inline_or_foreign() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*(?: src=|ld\+json))|<style|\sstyle=|\son\w+=|\|\s*safe", text), path.name
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text), path.name


def test_every_colour_and_token_of_a_component_is_a_token() -> None:
    tokens = set(re.findall(r"(--[\w-]+):", "".join(p.read_text("utf-8") for p in (STATIC / "css").glob("*.css"))))
    tokens |= {"--accent", "--accent-hover", "--accent-subtle", "--on-accent"}
    for path in (STATIC / "css").glob("*.css"):
        text = path.read_text("utf-8")
        assert set(re.findall(r"var\((--[\w-]+)", text)) <= tokens, path.name
        if path.stem not in {"tokens", "dark"}:
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b", text), path.name
