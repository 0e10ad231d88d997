"""The house's rules that a machine can hold: which way imports run, where engines live, how long things are."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path for path in (ROOT / "portal").rglob("*.py") if "migrations" not in path.parts)
LONGEST_MODULE, LONGEST_FUNCTION = 250, 50

HOMES = {
    "whoosh": tuple(f"portal/search/{name}.py" for name in ("schema", "query", "whoosh_index", "text_index")),
    "markdown": ("portal/content/_markdown.py",),
    "sqlalchemy": (
        "portal/db.py",
        "portal/engines.py",
        "portal/feedback/",
        "portal/conversations/",
        "portal/links/",
        "portal/programs/",
        "portal/outbox/receivers.py",
        "portal/events/log.py",
        "portal/events/models.py",
        "portal/visits/models.py",
        "portal/visits/totals.py",
        "portal/gaps/models.py",
        "portal/gaps/tickets.py",
        "portal/gaps/store.py",
        "portal/gaps/asked_store.py",
        "portal/gaps/changes_store.py",
        "portal/gaps/desk_store.py",
        "portal/gaps/needs_store.py",
        "portal/people/",
        "portal/outbox/models.py",
        "portal/outbox/store.py",
        "portal/schedule/",
    ),
    "alembic": ("portal/db.py", "portal/engines.py"),
    "subprocess": ("portal/content/git.py", "portal/cli/"),
    "smtplib": ("portal/outbox/",),
    "argon2": ("portal/people/",),
    "pyotp": ("portal/people/",),
    "authlib": ("portal/web/oidc_client.py",),
    "joserfc": ("portal/web/oidc_client.py",),
    "jwt": ("portal/people/signed_links.py",),
    "segno": ("portal/people/second_factor.py",),
    "spectree": ("portal/web/api/",),
    "puremagic": ("portal/conversations/attachments.py",),
    "mailparser_reply": ("portal/conversations/",),
    "imaplib": ("portal/conversations/mailbox.py",),
    "mcp": ("portal/cli/mcp_server.py",),
    "uvicorn": ("portal/cli/mcp_server.py",),
    "flask_login": ("portal/web/",),
    "phonenumbers": ("portal/events/",),
    "stdnum": ("portal/events/",),
    "crawleruseragents": ("portal/events/",),
    "yaml": ("portal/content/",),
    "nh3": ("portal/content/_sanitise.py",),
    "flask": ("portal/app.py", "portal/web/"),
    "werkzeug": ("portal/app.py", "portal/web/"),
    "click": ("portal/cli/",),
    "babel": ("portal/web/",),
    "flask_babel": ("portal/web/",),
    "tinycss2": ("portal/content/css.py",),
}


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_imports_run_one_way() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("engine", sorted(HOMES))
def test_an_engine_lives_in_one_room(engine: str) -> None:
    users = [_name(path) for path in MODULES if engine in _imported(path)]
    assert users, f"{engine} is imported nowhere: take it out of this list"
    assert [name for name in users if not name.startswith(HOMES[engine])] == []


def test_a_module_is_a_page() -> None:
    lengths = {_name(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_a_function_fits_on_a_screen() -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [
        (_name(path), node)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, kinds)
    ]
    lengths = {f"{name}:{node.name}": (node.end_lineno or 0) - node.lineno + 1 for name, node in functions}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_nothing_is_imported_inside_a_function() -> None:
    found = [
        f"{_name(path)}:{inner.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert found == []


def test_only_the_edges_ask_what_time_it_is() -> None:
    edges = ("portal/clock.py", "portal/cli/", "portal/web/", "portal/app.py")
    asking = [
        f"{_name(path)}:{node.lineno}"
        for path in MODULES
        if not _name(path).startswith(edges)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today"}
    ]
    assert asking == []


def test_every_room_says_what_comes_in_and_what_goes_out() -> None:
    rooms = [path for path in MODULES if path.name == "__init__.py"]
    assert [_name(path) for path in rooms if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []
