"""A help centre that counts: every commit is a round, and everything that a reader sees says which one it is."""

import hashlib
import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from portal import clock
from portal.audience import Level
from portal.bootstrap import bootstrap
from portal.errors import Unavailable
from portal.pipeline import publish
from portal.publishing import Published
from portal.search import manifest as manifests
from portal.search.building import KEPT
from portal.search.generation import POINTER, Generation, Library
from portal.search.hits import Query
from portal.search.level import LevelReader
from portal.settings import Settings
from tests.repositories import HELP_CENTRE, ContentRepository

AUDIENCES = {
    "public": (Level.PUBLIC, Level.CUSTOMERS, Level.STAFF),
    "customers": (Level.CUSTOMERS, Level.STAFF),
    "staff": (Level.STAFF,),
}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (8).to_bytes(4) + (8).to_bytes(4) + b"\x08\x02\x00\x00\x00"
MOVES = 3
"""The wandering article has as many addresses, one after the other."""


class Centre:
    """One repository, one data folder, and the round that each of its commits is."""

    def __init__(self, folder: Path) -> None:
        self.repository = ContentRepository(folder / "content")
        self.settings = Settings(content=str(self.repository.folder), data=folder / "data", render_seconds=5)
        self.rounds: dict[str, int] = {}
        self.number = 0
        self.repository.write({path: text for path, text in HELP_CENTRE.items() if path != "portal.toml"})
        self.turn()

    def copy(self, folder: Path) -> "Centre":
        """Return a centre with the same repository, reset to this one's round, and a data folder of its own."""
        mine = object.__new__(Centre)
        mine.__dict__ = self.__dict__ | {"settings": replace(self.settings, data=folder), "rounds": dict(self.rounds)}
        shutil.copytree(self.settings.data, folder, symlinks=True)
        newest = max(self.rounds, key=self.rounds.__getitem__)
        mine.repository.git("reset", "-q", "--hard", newest)
        return mine

    @property
    def generations(self) -> Path:
        return self.settings.data / "generations"

    def turn(self) -> int:
        """Commit the next round: all its articles change, one moves, one comes or goes."""
        self.number += 1
        for path in self.repository.folder.glob("en/wandering/*.md"):
            path.unlink()
        (self.repository.folder / "en/now-and-then.md").unlink(missing_ok=True)
        self.rounds[self.repository.commit(files_of(self.number))] = self.number
        return self.number

    def publish(self) -> Published:
        """Publish as a fresh process would: nothing is open, nothing is remembered."""
        return publish(bootstrap(self.settings), at=clock.now())

    def heal(self) -> int:
        """Publish after a fault, hold the result against every promise, and return how many articles were rendered."""
        rendered = [0]

        def count(_done: int, total: int) -> None:
            rendered[0] = total

        publish(bootstrap(self.settings), at=clock.now(), progress=count)
        assert self.seen() == self.number
        assert self.leftovers() == []
        names = Library(self.generations).names()
        assert len(names) <= KEPT
        for name in names:
            assert_whole(self.generations / name)
        assert self.has_whole_caches()
        return rendered[0]

    def seen(self) -> int | None:
        """Return the round that a fresh reader sees, after looking at all of it; None while nothing is published."""
        library = Library(self.generations)
        try:
            generation = library.current()
        except Unavailable:
            assert library.pointed() == ""
            return None
        assert library.pointed() == generation.name, library.trouble()
        assert_whole(generation.folder)
        return self.round_of(generation)

    def round_of(self, generation: Generation) -> int:
        """Return the round that a generation shows; fails where its parts show different ones."""
        number = self.rounds[generation.revision]
        assert generation.site.name == f"Round {number}"
        for level in Level:
            assert_shows(generation.level(level), level, number)
        return number

    def leftovers(self) -> list[str]:
        """Name what a killed publishing left in the folder of generations."""
        finished = {*Library(self.generations).names(), POINTER}
        return sorted(entry.name for entry in self.generations.iterdir() if entry.name not in finished)

    def has_whole_caches(self) -> bool:
        """Whether what was rendered and what was read of the history is kept, up to the newest round."""
        with closing(sqlite3.connect(self.settings.data / "cache" / "compiled.sqlite")) as db:
            is_sound = db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            kept = db.execute("SELECT COUNT(*) FROM compiled").fetchone()[0]
        history = json.loads((self.settings.data / "cache" / "history.json").read_text("utf-8"))
        return is_sound and kept >= articles_in(self.number) and self.rounds[history["head"]] == self.number


def files_of(number: int) -> dict[str, bytes]:
    """Return what changes with a round."""
    texts = {"portal.toml": f'name = "Round {number}"\nlanguages = ["en", "de"]\n'}
    for name, audience in (("one", "public"), ("two", "public"), ("three", "customers"), ("four", "staff")):
        texts[f"en/rounds/{name}.md"] = article_of(number, name, f"audience: {audience}")
    texts["de/rounds/eins.md"] = article_of(number, "eins", "")
    texts[f"en/wandering/{number % MOVES}.md"] = article_of(number, "wandering", "id: wandering")
    if number % 2:
        texts["en/now-and-then.md"] = article_of(number, "odd", "")
    return {path: text.encode() for path, text in texts.items()} | {"en/rounds/door.png": PNG + str(number).encode()}


def article_of(number: int, name: str, line: str) -> str:
    picture = "\n![A door](door.png)\n" if name == "one" else ""
    text = f"It is {word(number)} now.\n{picture}\n## Part {name}\n\nMore.\n"
    return f"---\ntitle: Round {number} {name}\n{line}\n---\n{text}"


def articles_in(number: int) -> int:
    return len(HELP_CENTRE) - 2 + 6 + number % 2


def word(number: int) -> str:
    """Return a word that stands in every article of one round, and in no other round."""
    return f"mark{number:05d}"


def expected(level: Level, number: int) -> dict[str, str]:
    """Return the round's English articles that a level may see: address -> title."""
    slugs = {"rounds/one": "one", "rounds/two": "two", f"wandering/{number % MOVES}": "wandering"}
    slugs |= {"now-and-then": "odd"} if number % 2 else {}
    slugs |= {"rounds/three": "three"} if level in AUDIENCES["customers"] else {}
    slugs |= {"rounds/four": "four"} if level in AUDIENCES["staff"] else {}
    return {slug: f"Round {number} {name}" for slug, name in slugs.items()}


def assert_shows(reader: LevelReader, level: Level, number: int) -> None:
    """Fail unless pages, hits, completions and files of a level all show one round."""
    wanted = expected(level, number)
    pages = {slug: reader.shelf.page(reader.shelf.find("en", slug) or "") for slug in wanted}
    assert {slug: page and page.card.title for slug, page in pages.items()} == wanted
    assert all(page and word(number) in page.html for page in pages.values())
    found = reader.search(Query(text=word(number), lang="en"), offset=0, limit=20)
    assert sorted(hit.card.title for hit in found.hits) == sorted(wanted.values())
    assert all(word(number) in str(hit.snippet) for hit in found.hits)
    assert {hit.card.revision for hit in found.hits} == {page.card.revision for page in pages.values() if page}
    german = reader.search(Query(text=word(number), lang="de"), offset=0, limit=20)
    assert [hit.card.title for hit in german.hits] == [f"Round {number} eins"]
    assert reader.search(Query(text=word(number - 1), lang="en"), offset=0, limit=1).total == 0
    offered = [each.text for each in reader.complete("round", "en", 20)]
    assert sorted(offered) == sorted(wanted.values())
    picture = pages["rounds/one"]
    assert picture
    asset = reader.shelf.asset(picture.html.split("/assets/")[1].split("/")[0])
    assert asset
    assert asset.path.read_bytes() == PNG + str(number).encode()


def assert_whole(folder: Path) -> None:
    """Fail unless a generation holds exactly the files of its manifest, each with its checksum."""
    manifest = manifests.read_manifest(folder)
    found = {file.relative_to(folder).as_posix(): file for file in manifests.walk(folder)}
    found.pop(manifests.NAME)
    assert found.keys() == manifest.files.keys()
    for path, (size, digest) in manifest.files.items():
        data = found[path].read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (size, digest), path


def tally(outcomes: list[str]) -> str:
    """Say how often each outcome was seen."""
    counts = Counter(outcomes)
    return ", ".join(f"{counts[name]} {name}" for name in sorted(counts))
