"""Kept vectors: what was encoded once is not encoded again; and what is still to be encoded, for whoever does it.

A cache in the data folder, that may be deleted at any time. Encoding takes milliseconds a passage, so a first
publishing goes live on words alone, and its texts wait here until a process of its own has encoded them.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from portal.search.meaning._kept_file import KeptFile
from portal.search.meaning.encoder import Encoder, encoder_for

AT_ONCE = 150
"""Texts that a publishing encodes itself, under a second; where more are new, words go live first."""
BATCH = 64
MOST_KEPT = 400_000
"""Vectors that are kept, about 1 kB each; the oldest go first."""
_log = logging.getLogger(__name__)
Floats = NDArray[np.float32]


class KeptVectors:
    """One SQLite file; several processes may use it at once."""

    def __init__(self, path: Path, choice: str, *, at_once: int = AT_ONCE) -> None:
        """path: made when it is missing, made anew when it is damaged. choice: the setting PORTAL_ENCODER.

        at_once: texts that are encoded as they are asked for; all others wait. Where the file can't be used, a few
        texts are encoded all the same, all others stay without a vector, and `trouble` says why.
        """
        self._file = KeptFile(path)
        self._at_once = at_once
        self._choice = choice
        self._spent = 0
        self._was_said = False

    @property
    def trouble(self) -> str:
        """Why nothing is kept; empty as long as all is well."""
        return self._file.trouble

    def encoder(self, lang: str) -> Encoder | None:
        """Return the encoder for a language; None where there is none."""
        return encoder_for(lang, self._choice)

    def vectors(self, lang: str, texts: Sequence[str]) -> tuple[Floats, NDArray[np.bool_]]:
        """Return a row for each text, and which of them are there; the others wait to be encoded.

        A few are encoded at once. Raises ValueError for a language without encoder.
        """
        encoder = self.encoder(lang)
        if encoder is None:
            raise ValueError(f"no encoder knows {lang}")
        keys = [_key(encoder, text) for text in texts]
        known = self._file.find(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if self._spent + len(missing) <= self._at_once:
            self._spent += len(missing)
            known |= self._encode(encoder, missing)
        else:
            self._file.let_wait([(key, lang, _whole(text)) for key, text in missing.items()])
        self._say_trouble()
        found = np.zeros((len(texts), encoder.dims), np.float32)
        is_known = np.array([key in known for key in keys], bool)
        if is_known.any():
            raw = b"".join(known[key] for key in keys if key in known)
            found[is_known] = np.frombuffer(raw, np.float16).reshape(-1, encoder.dims)
        return found, is_known

    def waiting(self) -> int:
        """Return how many texts wait to be encoded."""
        return self._file.waiting()

    def can_keep(self) -> bool:
        """Whether what is encoded now can be kept."""
        return self._file.can_keep()

    def encode_waiting(self, progress: Callable[[int], None] | None = None) -> int:
        """Encode all that waits, the commonest work of a process of its own; return how many were kept.

        Safe to be killed: what was encoded is kept batch by batch. progress: told how many still wait.
        """
        done = 0
        while rows := self._file.some_waiting(BATCH):
            for lang in {lang for _, lang, _ in rows}:
                encoder = self.encoder(lang)
                if encoder is not None:
                    self._encode(encoder, {key: text for key, of, text in rows if of == lang})
            self._file.forget_waiting([key for key, _, _ in rows])
            if self._file.trouble:
                self._say_trouble()
                break
            done += len(rows)
            if progress:
                progress(self.waiting())
        return done

    def forget_waiting(self) -> None:
        """Take back what waits: a newer publishing asks anew for what it needs."""
        self._file.forget_waiting()

    def prune(self) -> None:
        """Let the oldest vectors go where there are too many."""
        self._file.prune(MOST_KEPT)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _say_trouble(self) -> None:
        if self.trouble and not self._was_said:
            self._was_said = True
            _log.warning("%s. Until it can, new articles may be found by their words alone.", self.trouble)

    def _encode(self, encoder: Encoder, texts: dict[bytes, str]) -> dict[bytes, bytes]:
        """Encode and keep; vectors are rounded to half precision, so that kept ones and new ones are the same."""
        keys = list(texts)
        encoded: dict[bytes, bytes] = {}
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            rows = encoder.encode([texts[key] for key in some]).astype(np.float16)
            encoded |= {key: row.tobytes() for key, row in zip(some, rows, strict=True)}
        self._file.keep(encoded)
        return encoded


def _whole(text: str) -> str:
    """Return a text without halves of characters, which SQLite refuses and encoders drop."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def _key(encoder: Encoder, text: str) -> bytes:
    """Return the name under which a text's vector is kept: whoever encodes and what."""
    return hashlib.sha256(f"{encoder.name}\0{text}".encode("utf-8", "surrogatepass")).digest()[:16]
