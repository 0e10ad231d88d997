"""Indexing of meaning: an index's sections as passages with vectors, as far as these are encoded."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portal.search.document import IndexDocument
from portal.search.meaning.basis import MANY, principal_basis, read_basis, write_basis
from portal.search.meaning.kept import KeptVectors
from portal.search.meaning.passages import Kind, Passage, passages_of
from portal.search.meaning.vectors import open_vectors, remove_vectors, update_vectors, write_vectors

STATE = "meaning.json"
_HALF = np.float32(0.5)


@dataclass(frozen=True, slots=True)
class State:
    """What an index's vectors are."""

    encoder: str
    """Its name; empty where the language has none."""
    vectors: int = 0
    missing: int = 0
    """Passages that wait to be encoded."""


def read_state(folder: Path) -> State:
    """Return what an index says of its vectors; none, where it says nothing."""
    try:
        return State(**json.loads((folder / STATE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return State("")


def write_meaning(folder: Path, lang: str, documents: Iterable[IndexDocument], kept: KeptVectors | None) -> None:
    """Write the vectors of all sections, in order; none without `kept`, or for a language without encoder.

    Files that are there may be links to those of an older index: they give their names up, and stay as they are.
    """
    encoder = kept.encoder(lang) if kept else None
    if kept is None or encoder is None:
        remove_vectors(folder)
        write_basis(folder, None)
        _write_state(folder, "", 0, 0)
        return
    places, vectors, missing = _encoded(list(documents), lang, kept, first=0)
    basis = principal_basis(vectors) if len(vectors) >= MANY else None
    write_basis(folder, basis)
    write_vectors(folder, places, vectors if basis is None else vectors @ basis)
    _write_state(folder, encoder.name, len(places), missing)


def update_meaning(
    folder: Path,
    lang: str,
    documents: Sequence[IndexDocument],
    kept: KeptVectors,
    stays: NDArray[np.bool_],
) -> None:
    """Carry on the vectors of an index that has all of them; its files may be links to those of an older one.

    documents: the sections that are new, behind those that stay. stays: which of the former sections stay.
    """
    encoder = kept.encoder(lang)
    if encoder is None:
        raise ValueError(f"no encoder knows {lang}")
    close_up = np.cumsum(stays) - 1
    old = open_vectors(folder)[0]
    numbers = np.flatnonzero(stays[old.sections]) if len(old.sections) else np.zeros(0, np.int64)
    places, vectors, missing = _encoded(documents, lang, kept, first=int(stays.sum()))
    stay = (numbers.astype(np.int32), close_up[old.sections[numbers]].astype(np.int32))
    basis = read_basis(folder)
    update_vectors(folder, stay, places, vectors if basis is None else vectors @ basis)
    _write_state(folder, encoder.name, len(numbers) + len(places), missing)


def can_carry_on(before: Path, lang: str, kept: KeptVectors | None) -> bool:
    """Whether an index's vectors are all there, and by the encoder of today."""
    encoder = kept.encoder(lang) if kept else None
    state = read_state(before)
    return encoder is not None and state.encoder == encoder.name and not state.missing


def texts_of(document: IndexDocument, lang: str) -> tuple[str, list[tuple[Passage, str]]]:
    """Return what is encoded of a section: its heading, and its passages each with that in front."""
    heading = document.headings.rpartition("\n")[2]
    passages = passages_of(document.title, heading, document.body, lang)
    head = next((one.text for one in passages if one.kind is Kind.HEADING), "")
    return head, [(one, f"{head}. {one.text}" if head else one.text) for one in passages if one.kind is Kind.BODY]


def _encoded(
    documents: Sequence[IndexDocument], lang: str, kept: KeptVectors, *, first: int
) -> tuple[list[tuple[int, int, int]], NDArray[np.float32], int]:
    """Return (section, start, end) of each passage, its vector, and how many are missing.

    A passage's vector lies half way between those of its text with the heading, and of the heading alone: the best
    of nine ways on the development halves (docs/search.md). Half of nearness is then a section's, whichever passage.
    """
    told: list[tuple[int, int, int]] = []
    texts: list[str] = []
    heads: list[str] = []
    for section, document in enumerate(documents, start=first):
        head, passages = texts_of(document, lang)
        for passage, text in passages or ([(Passage("", 0, 0, Kind.HEADING), head)] if head else []):
            told.append((section, passage.start, passage.end))
            texts.append(text)
            heads.append(head or text)
    distinct = list(dict.fromkeys([*texts, *heads]))
    vectors, known = kept.vectors(lang, distinct)
    number = {text: place for place, text in enumerate(distinct)}
    own, above = (np.array([number[text] for text in some], np.int64) for some in (texts, heads))
    there = known[own] & known[above] if len(own) else np.zeros(0, bool)
    places = [place for place, is_there in zip(told, there, strict=True) if is_there]
    return places, _HALF * (vectors[own[there]] + vectors[above[there]]), int(len(told) - there.sum())


def _write_state(folder: Path, encoder: str, vectors: int, missing: int) -> None:
    """Write what the vectors are into a new file: the one that is there may be an older index's as well."""
    state = {"encoder": encoder, "vectors": vectors, "missing": missing}
    (folder / STATE).unlink(missing_ok=True)
    (folder / STATE).write_text(json.dumps(state), "utf-8")
