"""Every sentence that the room of people says to somebody can be said in another language."""

import ast
from collections.abc import Iterator
from pathlib import Path

from portal.settings import ROOT
from portal.web.desk.people_words import OF_PEOPLE, OF_THE_DOOR

FILES = [*(ROOT / "portal" / "people").glob("*.py"), ROOT / "portal/web/oidc_client.py"]
FILES += [ROOT / "portal/web/desk" / name for name in ("account.py", "people.py")]


def said(path: Path) -> Iterator[str]:
    """What is raised as a constant, and constants of the module that end as sentences do or name a package."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from (one.value for one in node.exc.args if isinstance(one, ast.Constant))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            text = node.value.value
            yield from [text] * (" " in text and text.endswith((".", ']"')))


def test_every_sentence_is_known_to_the_catalogues() -> None:
    known = {str(one._args[0]) for one in (*OF_PEOPLE, *OF_THE_DOOR)}  # noqa: SLF001 - what was handed to gettext
    there = {sentence for path in FILES for sentence in said(path)}
    assert there - known <= {"another issuer", "an address without https"}
    assert known - there == set()
