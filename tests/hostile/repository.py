"""The hostile repository of the reliability paper, section 4: three good articles among all that can go wrong."""

import os
from dataclasses import dataclass
from pathlib import Path

from tests.repositories import ContentRepository

GOOD = {
    "en/good/alpha.md": ("Alpha works", "alphaword"),
    "en/good/beta.md": ("Beta works", "betaword"),
    "de/gut/gamma.md": ("Gamma geht", "gammawort"),
}
SECRET = "root:x:0:0"
"""How /etc/passwd begins on every Linux."""
MEGABYTE = 1024 * 1024
HELD_BACK, HARMLESS, SKIPPED = "held back", "harmless", "skipped"
EITHER = "either"
"""Held back or harmless: whichever way the time that it takes decides."""


@dataclass(frozen=True, slots=True)
class Trap:
    """A file that means harm, and what is to become of it."""

    path: str
    data: bytes
    fate: str
    says: str = ""
    """Words of its report."""


def front(lines: str, body: str = "Text.\n") -> bytes:
    return f"---\n{lines}\n---\n{body}".encode()


def titled(body: str, title: str = "A trap") -> bytes:
    return front(f"title: {title}", body)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
TRAPS = (
    Trap("en/traps/broken-yaml.md", front("title: [broken"), HELD_BACK, "front matter"),
    Trap("en/traps/open-front-matter.md", b"---\ntitle: Never closed\nText.\n", HELD_BACK),
    Trap("en/traps/latin-1.md", "---\ntitle: Caf\xe9\n---\nText.\n".encode("latin-1"), HELD_BACK, "UTF-8"),
    Trap("en/traps/nul.md", titled("A nul \0 here.\n"), HELD_BACK, "NUL"),
    Trap("en/traps/fifty-megabytes.md", titled("word " * (10 * MEGABYTE)), SKIPPED, "larger than 2 MB"),
    Trap("en/traps/fifty-megabytes.png", bytes(50 * MEGABYTE), SKIPPED, "larger than 10 MB"),
    Trap("en/traps/empty.md", b"", HELD_BACK),
    Trap("en/traps/bom.md", b"\xef\xbb\xbf" + titled("Text.\n", "Behind a mark"), HARMLESS),
    Trap("en/traps/bidi.md", titled("Turned \u202e round.\n", '"Turned \u202e round"'), HARMLESS),
    Trap("en/traps/python-object.md", front('title: !!python/object/apply:os.system ["id"]'), HARMLESS),
    Trap("en/traps/python-name.md", front("title: Named\naka: !!python/name:os.system"), HARMLESS),
    Trap("en/traps/deep-yaml.md", front("title: " + "[" * 5000), HELD_BACK),
    Trap("en/traps/deeper-yaml.md", front("title: Deep\ntags: " + "[" * 3000 + "]" * 3000), HELD_BACK),
    Trap("en/traps/yaml-bomb.md", front(f"title: Bomb\n{BOMB}"), HELD_BACK),
    Trap("en/traps/long-front-matter.md", front("title: Long\nsummary: " + "x" * 100_000), HELD_BACK),
    Trap("en/traps/brackets.md", titled("[" * 50_000), HELD_BACK, "seconds to render"),
    Trap("en/traps/links.md", titled("[a](" * 20_000), HELD_BACK, "seconds to render"),
    Trap("en/traps/lists.md", titled("\n".join("  " * depth + "- x" for depth in range(500))), HELD_BACK),
    Trap("en/traps/quotes.md", titled(">" * 20_000 + " x"), EITHER),
    Trap("en/traps/bad-date.md", front("title: Bad date\npublish_at: 2026-13-45"), HELD_BACK, "2026-13-45"),
    Trap("en/traps/bad-claim.md", front("title: Bad claim\npublished: 2026-13-45"), HARMLESS, "stays a draft"),
    Trap("en/traps/odd-date.md", front("title: Odd date\nreview_by: soon"), HELD_BACK),
    Trap("en/traps/same-id-1.md", front("title: First\nid: twin"), HARMLESS),
    Trap("en/traps/same-id-2.md", front("title: Second\nid: twin"), HELD_BACK, "twin"),
    Trap("en/traps/Case.md", titled("Text.\n", "Upper"), HARMLESS),
    Trap("en/traps/case.md", titled("Text.\n", "Lower"), HELD_BACK, "Case.md"),
    Trap("en/traps/same place.md", titled("Text.\n", "Blank"), HARMLESS),
    Trap("en/traps/same-place.md", titled("Text.\n", "Hyphen"), HELD_BACK, "same place.md"),
    Trap("-en/-rf.md", titled("Text.\n", "Minus"), HARMLESS),
    Trap("--upload-pack=id.md", titled("Text.\n", "Option"), HARMLESS),
    Trap("en/traps/new\nline.md", titled("Text.\n", "New line"), SKIPPED, "control characters"),
    Trap("en/traps/" + "n" * 200 + ".md", titled("Text.\n", "Two hundred"), HARMLESS),
    Trap("en/traps/<script>alert(1)<b>.md", titled("Text.\n", '"<script>alert(2)</script>"'), HARMLESS),
    Trap("en/traps/out.md", titled("[x](../../../../etc/passwd) [y](/etc/passwd) [z](file:///etc/passwd)\n"), HARMLESS),
    Trap("en/traps/picture-out.md", titled("![x](../../../../../../etc/passwd) ![y](/etc/passwd.png)\n"), HARMLESS),
    Trap("en/traps/include-out.md", titled("[!INCLUDE [x](../../../../../../etc/passwd)]\n"), HARMLESS, "out of the"),
    Trap("en/traps/include-link.md", titled("[!INCLUDE [x](passwd.md)]\n"), HARMLESS, "does not exist"),
    Trap("en/traps/include-self.md", titled("[!INCLUDE [x](include-self.md)]\n"), HELD_BACK, "circle"),
    Trap("en/traps/circle-1.md", titled("[!INCLUDE [x](circle-2.md)]\n"), HELD_BACK, "circle"),
    Trap("en/traps/circle-2.md", titled("[!INCLUDE [x](circle-1.md)]\n"), HELD_BACK, "circle"),
    Trap("en/traps/include-bomb.md", titled("[!INCLUDE [x](bombs/0.md)]\n" * 9), HELD_BACK, "includes"),
    Trap("en/traps/include-deep.md", titled("[!INCLUDE [x](steps/0.md)]\n"), HELD_BACK, "deep"),
    *(
        Trap(f"en/traps/bombs/{depth}.md", titled(f"[!INCLUDE [x]({depth + 1}.md)]\n" * 9), EITHER)
        for depth in range(4)
    ),
    Trap("en/traps/bombs/4.md", titled("x " * 1500, "The powder"), EITHER),
    *(
        Trap(
            f"en/traps/steps/{depth}.md",
            titled(f"[!INCLUDE [x]({depth + 1}.md)]\n", f"Step {depth}"),
            HELD_BACK if depth < 2 else HARMLESS,
        )
        for depth in range(12)
    ),
    Trap("en/traps/steps/12.md", titled("The ground.\n", "Step 12"), HARMLESS),
    Trap("en/traps/links-in-a-circle.md", titled("[x](links-in-a-circle.md)\n", "Circle"), HARMLESS),
    Trap("en/traps/templates.md", titled("{{7+42}} {% raw %} ${7+42}\n", '"{{7+42}}"'), HARMLESS),
)
NOT_UTF_8 = b"en/traps/caf\xe9.md"
SYMLINKS = {"en/traps/passwd.md": "/etc/passwd", "en/traps/passwd.png": "/etc/passwd", "en/traps/folder": "/etc"}
SUBMODULE = "en/traps/module"
OTHERS = {
    "en/traps/caf\\xe9.md": "not UTF-8",
    SUBMODULE: "submodule",
    **dict.fromkeys(SYMLINKS, "symbolic link"),
}
"""What git alone can hold, and what its report says."""


def hostile_repository(folder: Path) -> ContentRepository:
    """Commit good and bad together."""
    repository = ContentRepository(folder)
    repository.write({"portal.toml": 'name = "Under attack"\nlanguages = ["en", "de"]\n'})
    repository.write({path: titled(f"It says {word}.\n", title) for path, (title, word) in GOOD.items()})
    repository.write({trap.path: trap.data for trap in TRAPS})
    for path, target in SYMLINKS.items():
        (folder / path).symlink_to(target)
    (folder / os.fsdecode(NOT_UTF_8)).write_bytes(titled("Text.\n", "Not UTF-8"))
    head = repository.commit()
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{head},{SUBMODULE}")
    repository.git("commit", "-q", "-m", "A submodule")
    return repository
