"""YAML with its lines: a front matter's keys as plain text, lists and mappings, and where each key stands.

Every scalar stays the text that was written. YAML's own guesses make `no` false, `012` ten and an
impossible date an exception without a line; which kind of value a key wants is known to its reader alone.
"""

from dataclasses import dataclass

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from portal.content import keys
from portal.content.problem import ArticleInvalid, Problem, Severity

try:
    from yaml import CBaseLoader as _Loader
except ImportError:  # a PyYAML without libyaml reads the same, ten times slower
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

Value = str | list["Value"] | dict[str, "Value"]

MOST_DEPTH = 20
"""Lists within lists; real front matter has three levels."""
MOST_VALUES = 5_000
"""Values once aliases are written out, so that a few lines of them can't grow into gigabytes."""

_BREAKS_OF_YAML_ALONE = str.maketrans(dict.fromkeys("\x85\u2028\u2029", " "))
_MENDS = (
    ("mapping values are not allowed", "Put quotes around a value that has a colon in it"),
    ("found unexpected end of stream", "Close the quotation mark that begins here"),
    ("expected ',' or", "Close the list or mapping that begins here with its bracket"),
    ("found character that cannot start", "Put quotes around the value, and indent with blanks, not with tabs"),
    ("could not find expected ':'", "Write each line as `key: value`, with a blank after the colon"),
    ("did not find expected key", "Write each line as `key: value`; put quotes around a value with quotes in it"),
    ("undefined alias", "Put quotes around a value that begins with `*`"),
    ("control characters", "Delete the control character"),
)


@dataclass(frozen=True, slots=True)
class Keys:
    """The top-level keys, the file's line of each, and what is odd but bearable."""

    values: dict[str, Value]
    lines: dict[str, int]
    problems: tuple[Problem, ...] = ()


def load(path: str, source: str, first_line: int) -> Keys:
    """Read the text between the fences.

    first_line: line of the file on which `source` begins.
    Raises ArticleInvalid with the file's line for anything that isn't a mapping of words to values.
    """
    try:
        node = yaml.compose(source.translate(_BREAKS_OF_YAML_ALONE), Loader=_Loader)
    except yaml.YAMLError as error:
        raise ArticleInvalid([_explain(path, error, source, first_line)]) from error
    except (RecursionError, ValueError) as error:
        raise _invalid(path, first_line, "The front matter can't be read", "Write it as `key: value` lines") from error
    if node is None:
        return Keys({}, {})
    if not isinstance(node, MappingNode):
        raise _invalid(
            path, first_line, "The front matter is not made of `key: value` lines", "Put a blank after each colon"
        )
    return _Reading(path, first_line).keys(node)


class _Reading:
    """One walk over the nodes, with a purse of values to spend."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.left = MOST_VALUES

    def keys(self, top: MappingNode) -> Keys:
        values: dict[str, Value] = {}
        lines: dict[str, int] = {}
        problems: list[Problem] = []
        for key_node, value_node in top.value:
            line = self._line(key_node)
            key = self._key(key_node)
            if key in values:
                what = f"`{key}` stands here for the second time, first on line {lines[key]}; the last one counts"
                severity = Severity.ERROR if keys.decides_who_sees(key) else Severity.WARNING
                problems.append(Problem(self.path, line, what, "Delete one of them", severity))
            values[key] = self._value(value_node, 1)
            lines[key] = line
        return Keys(values, lines, tuple(problems))

    def _value(self, node: Node, depth: int) -> Value:
        self.left -= 1
        if depth > MOST_DEPTH or self.left < 0:
            what = "The front matter is nested too deep, or its aliases repeat too much"
            raise _invalid(self.path, self._line(node), what, "Write plain values and short lists")
        if isinstance(node, SequenceNode):
            return [self._value(item, depth + 1) for item in node.value]
        if isinstance(node, MappingNode):
            return {self._key(key): self._value(item, depth + 1) for key, item in node.value}
        return str(node.value)

    def _key(self, node: Node) -> str:
        if isinstance(node, ScalarNode) and node.value != "<<":
            return str(node.value)
        raise _invalid(
            self.path, self._line(node), "A key in the front matter is not a word", "Write each line as `key: value`"
        )

    def _line(self, node: Node) -> int:
        return self.first_line + int(node.start_mark.line)


def _explain(path: str, error: yaml.YAMLError, source: str, first_line: int) -> Problem:
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it is not YAML")
    mend = next((mend for sign, mend in _MENDS if sign in problem), "Write each line as `key: value`")
    what = f"The front matter can't be read here: {problem}"
    return Problem(path, first_line + _row(error, source), what, mend)


def _row(error: yaml.YAMLError, source: str) -> int:
    """Rows below the front matter's first one; for something left open, the row where it opens."""
    if isinstance(error, yaml.MarkedYAMLError):
        is_left_open = any(word in (error.context or "") for word in ("quoted scalar", "flow"))
        mark = (error.context_mark if is_left_open else None) or error.problem_mark
        return int(mark.line) if mark else 0
    return source[: int(getattr(error, "position", 0) or 0)].count("\n")


def _invalid(path: str, line: int, what: str, mend: str) -> ArticleInvalid:
    return ArticleInvalid([Problem(path, line, what, mend)])
