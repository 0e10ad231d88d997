"""Encoder: the one door to models that turn texts into vectors. No caller learns which model is behind it.

Models are packages that may be away or broken, and search goes on without them: the door then has nothing to
offer, says why once in the log, and `portal doctor` says it whenever it is asked.
"""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from portal.errors import Unavailable
from portal.search.meaning._candidates import Candidate, candidates
from portal.search.meaning._steady import SteadyEncoder
from portal.search.meaning.threads import pin_threads

_PROBES = (
    "How do I reset my password?",
    "the invoice shows a wrong address",
    "printer",
    "I want my money back",
    "e-mail",
)
_NEAR = 0.999
"""Inner product from which two vectors count as one; no two probes of a sound encoder come near it."""
_log = logging.getLogger(__name__)


class Encoder(Protocol):
    """Turns texts into vectors whose inner products say how near their meanings are. Safe for threads and forks."""

    @property
    def name(self) -> str:
        """Stable name with the version of the weights: vectors of encoders with one name may be compared and kept."""

    @property
    def dims(self) -> int:
        """Numbers in a vector."""

    @property
    def languages(self) -> frozenset[str] | None:
        """Languages without regions (`pt`, never `pt-BR`); None for any."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a row of length one for each text; zeros where it is empty. Takes any text, and never raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderState:
    """What became of one encoder that the setting asks for."""

    name: str
    """The encoder's own name; what was asked for where it could not be loaded."""
    languages: frozenset[str] | None
    dims: int
    """0 where it could not be loaded."""
    trouble: str | None
    """Why it is not used and what to do; None when it is."""
    milliseconds: float | None
    """What one query takes, measured now."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    encoder: Encoder | None
    trouble: str | None


_outcomes: dict[str, _Outcome] = {}
"""What loading came to, by candidate: tried once a process, and shared with whatever it forks afterwards."""
_one_at_a_time = threading.Lock()


def encoder_for(lang: str, choice: str) -> Encoder | None:
    """Return the encoder for texts in a language, or None where there is none: words alone are searched then.

    lang: a BCP 47 tag. choice: the setting PORTAL_ENCODER. The first question loads, for about a second; later ones
    take a microsecond. What could not be loaded is not tried again before the next start.
    """
    language = lang.partition("-")[0].lower()
    for candidate in candidates(choice):
        if candidate.knows(language) and (encoder := _outcome(candidate).encoder):
            return encoder
    return None


def preload(choice: str) -> tuple[Encoder, ...]:
    """Load whatever `encoder_for` may return. Call it before a fork, from the only thread, so that memory is shared."""
    pin_threads()
    return tuple(encoder for candidate in _needed(choice) if (encoder := _outcome(candidate).encoder))


def state(choice: str) -> list[EncoderState]:
    """Say of each encoder that the setting asks for, and of its stand-ins, whether it works and how fast."""
    return [_state(candidate, _outcome(candidate)) for candidate in _needed(choice)]


def _needed(choice: str) -> Iterator[Candidate]:
    """Give the candidates but for those whose languages are served by others before them."""
    served: set[str] = set()
    for candidate in candidates(choice):
        if candidate.languages is not None and candidate.languages <= served:
            continue
        yield candidate
        if _outcome(candidate).encoder is None:
            continue
        if candidate.languages is None:
            return
        served |= candidate.languages


def _outcome(candidate: Candidate) -> _Outcome:
    """Load a candidate, or say why not; the first to ask does it, others wait."""
    if found := _outcomes.get(candidate.key):
        return found
    with _one_at_a_time:
        if candidate.key not in _outcomes:
            _outcomes[candidate.key] = _load(candidate)
        return _outcomes[candidate.key]


def _load(candidate: Candidate) -> _Outcome:
    try:
        encoder = SteadyEncoder(candidate.open(), candidate.languages)
        pin_threads()  # for the package may have brought a library of its own
        _prove(encoder)
    except Unavailable as error:
        trouble = str(error)
    except Exception as error:  # noqa: BLE001 - other people's code reads files, and raises what it likes
        trouble = f"It can't be loaded ({type(error).__name__}: {error}). Install it again, or choose another encoder."
    else:
        return _Outcome(encoder, None)
    _log.warning("The encoder %s is not used. %s", candidate.key, trouble)
    return _Outcome(None, trouble)


def _prove(encoder: Encoder) -> None:
    """Encode a few texts. Raises Unavailable unless each has a vector of its own, alone as among others."""
    together = encoder.encode(_PROBES)
    alone = np.concatenate([encoder.encode([probe]) for probe in _PROBES])
    likeness = together @ alone.T
    is_same = likeness >= _NEAR
    if likeness.max() > 1 + 1e-3 or not (is_same == np.eye(len(_PROBES), dtype=np.bool_)).all():
        raise Unavailable("Its vectors are not sound, so its files may be damaged. Install it again.")


def _state(candidate: Candidate, outcome: _Outcome) -> EncoderState:
    encoder = outcome.encoder
    return EncoderState(
        name=encoder.name if encoder else candidate.key,
        languages=candidate.languages,
        dims=encoder.dims if encoder else 0,
        trouble=outcome.trouble,
        milliseconds=_milliseconds(encoder) if encoder else None,
    )


def _milliseconds(encoder: Encoder) -> float:
    """Measure one query: the median of a few that differ."""
    taken = []
    for probe in _PROBES:
        began = time.perf_counter()
        encoder.encode([probe])
        taken.append(time.perf_counter() - began)
    return median(taken) * 1000
