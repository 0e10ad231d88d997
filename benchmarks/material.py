"""What is measured on: collections of articles, each laid out in a git repository of its own."""

import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETTING = "PORTAL_DATA_SETS"
SIZES = {"arduino-help-center": 414, "business-central-de": 1041, "business-central": 2640}
"""Collections and their files of Markdown, the smallest first."""
ALL = "all three"
_PLACES = {"arduino-help-center": "en/arduino"}
"""Where a collection lies when all three are one, unless at the top."""
LIMITS = "\n[limits]\nsearches_per_minute = 1000000\ncompletions_per_minute = 1000000\n"
"""One client asks for everything here, so what one client may do must not be what is measured."""
_GIT_SECONDS = 60
_PLAIN_LINE = re.compile(r"^[^\W\d_][^|<>{}\[\]`:]{40,}[^\W\d_]\.$", re.MULTILINE)
"""A line of prose: what is put behind it is body text and breaks nothing."""
_NO_ARTICLES = frozenset({"LICENSE.md", "README.md", "TOC.md", "toc.md"})
_IDENTITY = ("-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.com")
_QUIET = ("-c", "commit.gpgsign=false", "-c", "gc.auto=0", "-c", "core.hooksPath=/dev/null")


@dataclass(frozen=True, slots=True)
class Collection:
    """Articles to measure; without archives it is the manual."""

    name: str
    archives: tuple[tuple[Path, str], ...]
    """Each archive with the folder that it is unpacked into, `.` for the top."""

    def lay_out(self, folder: Path) -> "Repository":
        """Unpack into `folder`, which is made, and commit everything."""
        if not self.archives:
            shutil.copytree(ROOT / "articles", folder)
        for archive, below in self.archives:
            (folder / below).mkdir(parents=True, exist_ok=True)
            subprocess.run(["tar", "-xzf", archive, "-C", folder / below], check=True, timeout=_GIT_SECONDS)
        with (folder / "portal.toml").open("a", encoding="utf-8") as site:
            site.write(LIMITS)
        repository = Repository(folder)
        repository.git("init", "-q", "-b", "main")
        repository.git("add", "-A")
        repository.git("commit", "-q", "-m", "Everything")
        return repository


@dataclass(slots=True)
class Repository:
    """A repository in which words are edited, one at a time, each in an article of its own."""

    folder: Path
    _edits: Iterator[tuple[Path, str]] = field(init=False)

    def __post_init__(self) -> None:
        self._edits = self._places()

    def edit(self) -> str:
        """Put a new word into an article that had none yet, and return it. Raises StopIteration when all had one."""
        path, word = next(self._edits)
        text = path.read_text("utf-8")
        found = _PLAIN_LINE.search(text, _end_of_front_matter(text))
        assert found
        path.write_text(f"{text[: found.end()]} {word}{text[found.end() :]}", "utf-8")
        return word

    def commit(self) -> None:
        """Commit what was edited."""
        self.git("commit", "-q", "-a", "-m", "One word")

    def git(self, *arguments: str) -> None:
        """Run git here, whatever this machine's own configuration says. Raises CalledProcessError."""
        alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        command = ["git", *_IDENTITY, *_QUIET, *arguments]
        subprocess.run(command, cwd=self.folder, env=os.environ | alone, check=True, timeout=_GIT_SECONDS)

    def _places(self) -> Iterator[tuple[Path, str]]:
        paths = sorted(self.folder.rglob("*.md"))
        random.Random(1).shuffle(paths)
        for number, path in enumerate(paths):
            text = path.read_text("utf-8", errors="replace")
            is_article = "includes" not in path.parts and path.name not in _NO_ARTICLES and "\ufffd" not in text
            if is_article and _PLAIN_LINE.search(text, _end_of_front_matter(text)):
                yield path, _new_word(number)


def available(environ: Mapping[str, str]) -> tuple[list[Collection], list[str]]:
    """Return the collections that can be measured, and a sentence for each that is left out."""
    folder = Path(environ.get(SETTING) or ROOT.parent / "shared" / "data") / "articles"
    archives = {name: folder / f"{name}.tar.gz" for name in SIZES}
    found = [Collection(name, ((path, "."),)) for name, path in archives.items() if path.is_file()]
    missing = [f"{name} ({SIZES[name]:,} files) was left out: its archive is not there." for name in archives
               if not archives[name].is_file()]  # fmt: skip
    if found:
        return found, missing
    return [Collection("the manual", ())], [*missing, f"Set {SETTING} to measure them; this is the manual alone."]


def together(collections: Sequence[Collection]) -> Collection | None:
    """Return all three as one; None where one is missing.

    Two are laid out by language already, so that both can lie at the top; the third is put beside them.
    """
    if {one.name for one in collections} != SIZES.keys():
        return None
    return Collection(ALL, tuple((one.archives[0][0], _PLACES.get(one.name, ".")) for one in collections))


def _end_of_front_matter(text: str) -> int:
    end = text.find("\n---", 4) if text.startswith("---") else -1
    return end + 4 if end > 0 else 0


def _new_word(number: int) -> str:
    """Make a word that no article has and no stemmer shortens."""
    letters = "bdfgklmprv"
    return "zyx" + "".join(letters[int(digit)] + "o" for digit in f"{number:05o}") + "kt"
