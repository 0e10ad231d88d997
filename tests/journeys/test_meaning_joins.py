"""A large help centre is live on its words; what its articles mean joins by itself, and stays with every edit."""

import json
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from portal.search.meaning.kept import AT_ONCE, BATCH
from tests.journeys.serving import Served, serve, until
from tests.repositories import HELP_CENTRE, ContentRepository

MANY = AT_ONCE + 30
"""Articles of two texts each, so that a first publishing leaves their meaning for later."""
THINGS = ("Sofas", "lamps", "shelves", "kettles", "curtains", "towels", "ladders", "hammers", "candles", "mirrors")
ENCODED_SECONDS = 60.0
"""Some 400 short texts take a second or two, and loading the encoder another."""
LIVE_SECONDS = 30.0
END_SECONDS = 60.0
OTHER_WORDS = "/en/search?q=how+do+I+get+my+money+back%3F"
"""Asks for the article of refunds by none of its words but "get", which says nothing."""
EDITED = "---\ntitle: Get a refund\n---\nHand the parcel in at any of our marzipan shops and we pay you what it cost.\n"


def test_meaning_joins_a_help_centre_that_is_live_and_follows_an_edit(tmp_path: Path) -> None:
    with serve(_a_large_one(tmp_path), tmp_path / "portal", PORTAL_ENCODER="use") as served:
        first = _live(served)
        assert _finds(served, "/en/search?q=parcel"), "words are there before meaning"
        until(lambda: _counts(served)["unencoded"] == 0, ENCODED_SECONDS, f"meaning\n{served.said()}")
        assert _counts(served)["vectors"] > MANY
        assert _live(served)["revision"] == first["revision"]
        until(lambda: _finds(served, OTHER_WORDS), LIVE_SECONDS, "the article by what it means")
        with_meaning = _live(served)["name"]

        ContentRepository(tmp_path / "content").commit({"en/billing/refunds.md": EDITED})
        until(lambda: _live(served)["name"] != with_meaning, LIVE_SECONDS, "the edit")
        assert _counts(served)["unencoded"] == 0, "an edit brings its meaning along"
        until(lambda: _finds(served, "/en/search?q=marzipan"), LIVE_SECONDS, "the edit by its words")
        until(lambda: _finds(served, OTHER_WORDS), LIVE_SECONDS, "the edit by what it means")
        assert len(_generations(served)) <= 3, "and then there is nothing to do"
    assert "Traceback" not in served.said()


def test_told_to_end_while_it_works_out_meaning_it_ends_and_goes_on_the_next_time(tmp_path: Path) -> None:
    content = _a_large_one(tmp_path, MANY + 1000)  # some seconds of work, in the midst of which it is told
    with serve(content, tmp_path / "portal", PORTAL_ENCODER="use") as served:
        until(lambda: _is_at_work(served), ENCODED_SECONDS, "somebody who works out meaning")
        served.process.send_signal(signal.SIGTERM)
        until(lambda: not served.processes(), END_SECONDS, "every process to end")
        assert served.process.wait() == 0
        assert _counts(served)["unencoded"] > 0
    with serve(content, tmp_path / "portal", PORTAL_ENCODER="use") as served:
        until(lambda: _counts(served)["unencoded"] == 0, ENCODED_SECONDS, f"meaning\n{served.said()}")
    assert "Traceback" not in served.said()


def _a_large_one(folder: Path, many: int = MANY) -> Path:
    repository = ContentRepository(folder / "content")
    things = {
        f"en/shop/{n}.md": f"---\ntitle: {THINGS[n % 10]}, series {n}\n---\nThese go with {THINGS[n % 7]}, no. {n}.\n"
        for n in range(many)
    }
    repository.commit(HELP_CENTRE | things)
    return repository.folder


def _live(served: Served) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((served.data / "generations" / "current" / "manifest.json").read_text())
    return found


def _counts(served: Served) -> dict[str, int]:
    counts: dict[str, int] = _live(served)["counts"]
    return counts


def _generations(served: Served) -> list[str]:
    return [folder.name for folder in (served.data / "generations").glob("0*")]


def _finds(served: Served, path: str) -> bool:
    answer = served.get(path)
    return answer.status == 200 and "/en/articles/billing/refunds" in answer.text


def _is_at_work(served: Served) -> bool:
    """Whether some vectors are kept already, and some texts still wait."""
    with closing(sqlite3.connect(f"file:{served.data / 'cache' / 'vectors.sqlite'}?mode=ro", uri=True)) as database:
        asked = "SELECT (SELECT count(*) FROM vectors), (SELECT count(*) FROM waiting)"
        kept, waiting = database.execute(asked).fetchone()
    return bool(kept >= BATCH and waiting)
