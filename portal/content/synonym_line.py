"""Synonym line: one rule added to a synonyms file, the rest left as it is."""

from collections.abc import Collection, Sequence

from portal.content.problem import Severity
from portal.content.synonyms_file import SynonymRule, is_synonyms_file, parse_synonyms
from portal.errors import Invalid

SHARED = "synonyms.txt"
_BEFORE = (("\\", "\\\\"), (",", "\\,"), ("=", "\\="))


def synonyms_path(lang: str, paths: Collection[str]) -> str:
    """Return the file in which a language's synonyms belong: its own where there is one, else the shared one.

    Where other languages have files of their own and nobody shares one, the language gets its own.
    """
    files = sorted(path for path in paths if is_synonyms_file(path))
    own = f"synonyms.{lang}.txt"
    found = next((path for path in files if path.lower() == own.lower()), None)
    shared = next((path for path in files if path.lower() == SHARED), None)
    return found or shared or (own if files else SHARED)


def synonym_line(said: Sequence[str], meant: Sequence[str] = ()) -> str:
    """Write a rule: `said` mean each other or, where something is meant, each of them means that."""
    sides = [", ".join(_escaped(phrase) for phrase in side) for side in (said, meant) if side]
    return " => ".join(sides)


def add_synonyms(path: str, data: bytes, line: str) -> bytes:
    """Return the file with the line at its end; as it was where a rule says so already.

    data: empty where there is no file yet. Raises Invalid where the line is no rule, or the file can't take it.
    """
    rules, problems = parse_synonyms(path, line.encode())
    if len(rules) != 1:
        why = problems[0].what if problems else "it says nothing"
        raise Invalid(f"{line!r} is no line for {path}: {why}.")
    before, found = parse_synonyms(path, data)
    if any(_says(rule, rules[0]) for rule in before):
        return data
    end = b"\r\n" if b"\r\n" in data else b"\n"
    gap = end if data and not data.endswith((b"\n", b"\r")) else b""
    new = data + gap + line.strip().encode() + end
    after, left = parse_synonyms(path, new)
    if len(after) != len(before) + 1 or _errors(left) > _errors(found):
        raise Invalid(f"{path} can't take the line {line!r}: mend the file first, `portal check` says what is wrong.")
    return new


def _errors(problems: Sequence[object]) -> int:
    return sum(getattr(problem, "severity", None) is Severity.ERROR for problem in problems)


def _says(rule: SynonymRule, new: SynonymRule) -> bool:
    """Whether a rule says all that a new one would."""
    return _folded(new.said) <= _folded(rule.said) and _folded(new.meant) <= _folded(rule.meant)


def _folded(phrases: Sequence[str]) -> frozenset[str]:
    return frozenset(phrase.casefold() for phrase in phrases)


def _escaped(phrase: str) -> str:
    for sign, written in _BEFORE:
        phrase = phrase.replace(sign, written)
    return f"\\{phrase}" if phrase.startswith("#") else phrase
