"""Reads a YAML file into plain data and the line of every key, with every mistake of its text.

How it works: PyYAML composes nodes, which carry lines, and `_Builder` turns those into dicts, lists
and scalars. Scalars follow YAML 1.2, as editors do: only ``true`` and ``false`` are truth
values, ``010`` is ten and times are text. Size, depth and number of values are bounded, because
aliases can describe billions of values in a few lines and the C parser overflows its stack on a
file of brackets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import yaml

from autograder.errors import CourseError, Problem, shorten

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # PyYAML was built without libyaml: slower, and the same result
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

Key = str | int
Keys = tuple[Key, ...]

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_VALUES = 100_000


_PREFIX = "tag:yaml.org,2002:"
_NUMBER = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
# For each tag: what its scalars look like, what they start with, and how they are read.
_SCALARS: dict[str, tuple[str, str, Callable[[str], object]]] = {
    "null": (r"(~|null|Null|NULL)?", "~nN", lambda text: None),
    "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF", lambda text: text.lower() == "true"),
    "int": (r"[-+]?[0-9]{1,18}", "-+0123456789", int),
    "float": (
        rf"{_NUMBER}|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+.0123456789",
        lambda text: float(text.replace(".", "") if text.lower().endswith(("inf", "nan")) else text),
    ),
    "str": (r".*", "", str),
}


_TAGS = {*_SCALARS, "map", "seq"}


class _Loader(_SafeLoader):
    """Resolves plain scalars as YAML 1.2's core schema does."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  # PyYAML's own name


for _tag, (_pattern, _first, _) in _SCALARS.items():
    if _tag != "str":
        _starts = [*_first, ""] if _tag == "null" else list(_first)
        _Loader.add_implicit_resolver(_PREFIX + _tag, re.compile(rf"(?:{_pattern})\Z"), _starts)


@dataclass(frozen=True, kw_only=True)
class Document:
    """What a YAML file says: plain data, and the line of each key and list item by its path."""

    data: object
    lines: Mapping[Keys, int]
    problems: tuple[Problem, ...] = ()

    def line(self, keys: Keys) -> int | None:
        """Return the line of the key at this path, or of the nearest key around it that the file has."""
        while keys not in self.lines:
            if not keys:
                return None
            keys = keys[:-1]
        return self.lines[keys]


def read_document(file: Path) -> Document:
    """Read a YAML file; `data` is None where it is empty. Duplicate keys are in `problems`.

    Raises
    ------
    CourseError
        The file cannot be read, is not UTF-8, not YAML, or larger than the bounds of this module.
    """
    text = _text(file)
    try:
        _check_depth(file, text)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise CourseError([_syntax_problem(file, error, text)]) from error
    builder = _Builder(file)
    data = None if root is None else builder.build(root, ())
    return Document(data=data, lines=builder.lines, problems=tuple(builder.problems))


def key_path(keys: Keys) -> str:
    """Return a path as people write it, such as ``assignments.hw3.holes[2]``."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.removeprefix(".")


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        _fail(file, None, _unreadable(file, error))
    if len(raw) > MAX_BYTES:
        _fail(file, None, f"larger than {MAX_BYTES:,} bytes: this is not a course file")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        _fail(file, line, f"byte {raw[error.start]:#04x} is not UTF-8: save the file as UTF-8")


def _unreadable(file: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return (
            "no such file: run in the course's folder, name it with `--course DIR`, "
            "or start a course with `autograder new DIR`"
        )
    return f"cannot be read: {error.strerror}"


def _check_depth(file: Path, text: str) -> None:
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                _fail_deep(file, event.start_mark.line + 1 if event.start_mark else None)
    except yaml.MarkedYAMLError as error:
        if "maximum nesting depth" not in (error.problem or ""):
            raise
        _fail_deep(file, error.problem_mark.line + 1 if error.problem_mark else None)  # the C core's own bound


def _syntax_problem(file: Path, error: yaml.YAMLError, text: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        reason = str(error).splitlines()[0]
        return Problem(file=file, line=None, message=f"not YAML: {reason}")
    what = [getattr(error, "context", None), getattr(error, "problem", None)]
    reason = ": ".join(part for part in what if part)
    lines = text.splitlines()
    if mark.line < len(lines) and "\t" in lines[mark.line]:
        reason += "; YAML is indented with spaces, and this line has a tab"
    return Problem(file=file, line=mark.line + 1, message=f"not YAML: {reason} (column {mark.column + 1})")


def _fail(file: Path, line: int | None, message: str) -> NoReturn:
    raise CourseError([Problem(file=file, line=line, message=message)])


def _fail_deep(file: Path, line: int | None) -> NoReturn:
    _fail(file, line, f"nested more than {MAX_DEPTH} deep: an alias inside its own anchor, or not a course file")


class _Builder:
    """Turns nodes into plain data, and remembers the lines of keys."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.lines: dict[Keys, int] = {}
        self.problems: list[Problem] = []
        self._values = 0

    def build(self, node: yaml.Node, keys: Keys) -> object:
        self._values += 1
        line = node.start_mark.line + 1
        if self._values > MAX_VALUES:
            _fail(self.file, line, f"aliases expand to more than {MAX_VALUES:,} values: not a course file")
        if len(keys) > MAX_DEPTH:
            _fail_deep(self.file, line)
        if node.tag.removeprefix(_PREFIX) not in _TAGS:
            self._problem(line, keys, f"unknown YAML tag {shorten(node.tag, 60)}: remove it")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, keys)
        if isinstance(node, yaml.SequenceNode):
            return self._sequence(node, keys)
        return self._scalar(node, node.value, keys)

    def _mapping(self, node: yaml.MappingNode, keys: Keys) -> dict[str, object]:
        data: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            name = key_node.value
            if not isinstance(key_node, yaml.ScalarNode):
                self._problem(line, keys, "a key has to be a word, not a list or a mapping")
            elif name in data:
                first = self.lines[*keys, name]
                self._problem(line, (*keys, name), f"key given twice, first on line {first}: keep one")
            else:
                self.lines[*keys, name] = line
                data[name] = self.build(value_node, (*keys, name))
        return data

    def _sequence(self, node: yaml.SequenceNode, keys: Keys) -> list[object]:
        data = []
        for index, item in enumerate(node.value):
            self.lines[*keys, index] = item.start_mark.line + 1
            data.append(self.build(item, (*keys, index)))
        return data

    def _scalar(self, node: yaml.Node, text: str, keys: Keys) -> object:
        pattern, _, read = _SCALARS.get(node.tag.removeprefix(_PREFIX), _SCALARS["str"])
        if re.fullmatch(pattern, text, re.DOTALL):
            return read(text)
        message = f"{shorten(text, 60)} is not what its tag {node.tag.replace(_PREFIX, '!!')} says"
        self._problem(node.start_mark.line + 1, keys, message)
        return text

    def _problem(self, line: int, keys: Keys, message: str) -> None:
        place = f"{key_path(keys)}: " if keys else ""
        self.problems.append(Problem(file=self.file, line=line, message=place + message))
