"""The words of a collection as people write them, with how often: one file for a reading level and language.

It is read where it lies; only the few words that come near to what was typed are taken out of it.
"""

import logging
import re
import struct
import unicodedata
import zlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from portal.search.words.languages import bare

SHORTEST = 3
"""Letters of a word that is kept or corrected; of shorter ones every second is a neighbour of another."""
LONGEST = 40
"""Letters of a word that is kept or corrected; longer ones are addresses, keys and pasted noise."""

_HEAD = struct.Struct("<8sIII12x")  # what it is, words, bytes of the words, checksum of all that follows, spare
_MARK = b"spells01"
_TOO_LONG = 4 * LONGEST  # characters as typed, with marks and all, beyond which nothing is even normalised
_LAST = "\U0010ffff"
# Scripts without blanks between words: what stands between two blanks there is a phrase.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff]"
)
_log = logging.getLogger(__name__)


def write_spelling(path: Path, counts: Iterable[tuple[str, int]]) -> None:
    """Write the words that may be suggested, each with the number of articles that have it.

    Left out: words with anything but letters and their marks, under SHORTEST or over LONGEST letters, and those of
    scripts without blanks. Words that differ in case alone are added up. Equal counts in any order make equal bytes.
    """
    found: Counter[str] = Counter()
    for word, count in counts:
        plain, written = forms(word)
        if plain and count > 0:
            found[plain if plain == written else f"{plain}\t{written}"] += count
    entries = sorted(found)
    plains = [entry.partition("\t")[0] for entry in entries]
    packed = [entry.encode() for entry in entries]
    numbers = np.minimum([found[entry] for entry in entries], 2**32 - 1).astype("<u4")
    ends = np.cumsum([0, *map(len, packed)], dtype="<u4")
    lengths = np.array([*map(len, plains)], dtype=np.uint8)
    blob = b"".join(packed)
    body = b"".join((_letters(plains).tobytes(), numbers.tobytes(), ends.tobytes(), lengths.tobytes(), blob))
    path.write_bytes(_HEAD.pack(_MARK, len(entries), len(blob), zlib.crc32(body)) + body)


def read_spelling(path: Path) -> "SurfaceWords":
    """Open a file that `write_spelling` wrote; one that is missing or damaged is said in the log and has no words."""
    try:
        with path.open("rb") as file:
            return _unpack(mmap(file.fileno(), 0, access=ACCESS_READ))
    except (OSError, ValueError, struct.error) as problem:
        _log.warning("No spelling corrections from %s: %s. Publish again to write it anew.", path.name, problem)
        return _unpack(_HEAD.pack(_MARK, 0, 0, zlib.crc32(bytes(4))) + bytes(4))


@dataclass(frozen=True, slots=True)
class SurfaceWords:
    """The words of one file by number, in alphabetical order of what they are without accents."""

    letters: NDArray[np.uint64]
    counts: NDArray[np.uint32]
    """Articles that have each word."""
    ends: NDArray[np.uint32]
    lengths: NDArray[np.uint8]
    file: "mmap | bytes"
    begin: int
    """Where the words themselves begin: each without accents, then, where that differs, a tab and as written."""

    def word(self, number: int) -> tuple[str, str]:
        """Return a word without accents, and as written in lower case."""
        plain, _, written = self._entry(number).decode().partition("\t")
        return plain, written or plain

    def has(self, word: str) -> bool:
        """Whether there is this word, but for case; `word` as `forms` returns it."""
        first, last = self._place(bare(word)), self._place(f"{bare(word)}\t{_LAST}")
        return any(self.word(number)[1].casefold() == word.casefold() for number in range(first, last))

    def begins(self, prefix: str, most: int) -> tuple[str, ...]:
        """Return the commonest words that begin with `prefix`, which has no accents; the commonest first."""
        first, last = self._place(prefix), self._place(prefix + _LAST)
        best = np.argsort(-self.counts[first:last].astype(np.int64), kind="stable")[:most]
        return tuple(self.word(first + int(number))[1] for number in best)

    def near(self, typed: str, reach: int) -> list[tuple[int, float]]:
        """Return (number, slips) of words at most `reach` slips away, at most one where the first letter differs.

        typed: without accents. A slip changes at most two of the letters that a word is made of, so that most words
        are out after one glance; the rest are compared letter by letter.
        """
        first, last = self._place(typed[0]), self._place(typed[0] + _LAST)
        apart = np.bitwise_count(self.letters ^ _letters([typed])[0])
        is_near = apart <= 2 * 1
        is_near[first:last] |= apart[first:last] <= 2 * reach
        numbers = np.flatnonzero(is_near)
        longer = np.abs(self.lengths[numbers].astype(np.int16) - len(typed))
        slips = np.where((numbers >= first) & (numbers < last), reach, 1)
        kept = numbers[(longer <= slips) & (apart[numbers] <= 2 * slips - longer)].tolist()
        plains = [self.word(number)[0] for number in kept]
        found = process.extract(typed, plains, scorer=OSA.distance, score_cutoff=reach, limit=None)
        return [(kept[at], distance) for plain, distance, at in found if distance <= 1 or plain[0] == typed[0]]

    def _place(self, entry: str) -> int:
        """Return the number of the first word that does not come before `entry`; bytes keep the order of letters."""
        wanted = entry.encode(errors="surrogatepass")
        return bisect_left(range(len(self.counts)), wanted, key=self._entry)

    def _entry(self, number: int) -> bytes:
        begin, end = self.ends[number : number + 2].tolist()
        return self.file[self.begin + begin : self.begin + end]


def forms(word: str) -> tuple[str, str]:
    """Return a word without accents, and as people are shown it; twice nothing where it is none to be corrected.

    Shown is lower case, which keeps `ß` and the Greek final `ς`; folding case does not.
    """
    if word.isascii():  # most are, and 60,000 of them should be done in a blink
        lower = word.lower() if SHORTEST <= len(word) <= LONGEST and word.isalpha() else ""
        return lower, lower
    if not SHORTEST <= len(word) <= _TOO_LONG or _UNSPACED.search(word):
        return "", ""
    lower = unicodedata.normalize("NFKC", word).lower().replace("i\u0307", "i")
    written = unicodedata.normalize("NFC", lower)
    plain = bare(written)
    return (plain, written) if SHORTEST <= len(plain) <= LONGEST and _has_only_letters(plain) else ("", "")


def _has_only_letters(plain: str) -> bool:
    return plain.isalpha() or all(sign.isalpha() or unicodedata.category(sign)[0] == "M" for sign in plain)


def _letters(plains: list[str]) -> NDArray[np.uint64]:
    """Return which letters each word has once, and which twice, as 32 bits each; letters 32 apart share a bit."""
    owners = np.repeat(np.arange(len(plains)), [*map(len, plains)])
    codes = np.frombuffer("".join(plains).encode("utf-32-le"), dtype="<u4") & 31
    counts = np.bincount(owners * 32 + codes, minlength=32 * len(plains)).reshape(-1, 32)
    return np.packbits(np.hstack((counts > 0, counts > 1)), axis=1).view("<u8").ravel()


def _unpack(file: "mmap | bytes") -> SurfaceWords:
    """Read the arrays where they lie. Raises ValueError, struct.error for what `write_spelling` did not write."""
    mark, number, size, checksum = _HEAD.unpack_from(file)
    begin = _HEAD.size + 17 * number + 4
    if mark != _MARK or len(file) != begin + size or zlib.crc32(memoryview(file)[_HEAD.size :]) != checksum:
        raise ValueError("it is damaged")
    letters = np.frombuffer(file, "<u8", number, _HEAD.size)
    counts = np.frombuffer(file, "<u4", number, _HEAD.size + 8 * number)
    ends = np.frombuffer(file, "<u4", number + 1, _HEAD.size + 12 * number)
    return SurfaceWords(letters, counts, ends, np.frombuffer(file, np.uint8, number, begin - number), file, begin)
