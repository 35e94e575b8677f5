"""Says in words what is wrong with course.yaml.

pydantic's errors become lines that name the key, what was expected there and what was found.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic_core import ErrorDetails

from autograder.course.document import Key, Keys, key_path
from autograder.course.entries import PATTERNS, TIME_EXAMPLE, CourseEntry, Entry
from autograder.errors import nearest, shorten

_EXPECTED = {
    "string_type": "text",
    "float_type": "a number",
    "finite_number": "a finite number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "datetime_type": f"a time with its offset, such as {TIME_EXAMPLE}",
    "model_type": "a mapping of keys",
    "dict_type": "a mapping of keys",
    "tuple_type": "a list",
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than_equal": "a number of at most {le:g}",
    "literal_error": "{expected}",
    "value_error": "{error}",
    "too_short": "at least {min_length} entry",
}


def explain(errors: Sequence[ErrorDetails]) -> Iterator[tuple[Keys, str]]:
    """Yield the key path and the message of each mistake.

    A missing key is left out where an unknown key beside it is a misspelling of it: that is one mistake.
    """
    misspelt = {(error["loc"][:-1], _hint(error)) for error in errors if error["type"] == "extra_forbidden"}
    for error in errors:
        keys = error["loc"]
        if error["type"] == "missing":
            if (keys[:-1], nearest(str(keys[-1]), [str(keys[-1])])) not in misspelt:
                yield keys[:-1], f"key {keys[-1]!r} is missing: {_description(keys)}"
        elif error["type"] == "extra_forbidden":
            yield keys, _unknown_key(error)
        elif keys[-1:] == ("[key]",):
            yield keys[:-1], f"expected {_expected(error)} as the key, found {found(error['input'])}"
        else:
            yield keys, f"expected {_expected(error)}, found {found(error['input'])}{_quotes(error)}"


def describe(keys: Keys, message: str) -> str:
    """Return the message with the path of its key in front."""
    return f"{key_path(keys)}: {message}" if keys else message


def found(value: object) -> str:
    """Return a value as the file has it, cut to a length that fits a line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    return shorten(value, 80)


def _expected(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    if error["type"] == "string_pattern_mismatch":
        return PATTERNS[context["pattern"]]
    if error["type"] in _EXPECTED:
        return _EXPECTED[error["type"]].format_map(context)
    return f"something else: {error['msg']}"


def _quotes(error: ErrorDetails) -> str:
    is_scalar = isinstance(error["input"], bool | int | float)
    return "; put it in quotes" if error["type"] == "string_type" and is_scalar else ""


def _unknown_key(error: ErrorDetails) -> str:
    return f"unknown key{_hint(error) or '; legal here: ' + ', '.join(_legal_keys(error))}"


def _hint(error: ErrorDetails) -> str:
    return nearest(str(error["loc"][-1]), _legal_keys(error))


def _legal_keys(error: ErrorDetails) -> list[str]:
    entry = _entry_at(CourseEntry, error["loc"][:-1])
    return list(entry.model_fields) if entry else []


def _description(keys: Sequence[Key]) -> str:
    entry = _entry_at(CourseEntry, keys[:-1])
    description = entry.model_fields[str(keys[-1])].description if entry else None
    return description or ""


def _entry_at(annotation: Any, keys: Sequence[Key]) -> type[Entry] | None:
    """Return the model of the mapping at this path below `annotation`."""
    if inspect.isclass(annotation) and issubclass(annotation, Entry):
        if not keys:
            return annotation
        field = annotation.model_fields.get(str(keys[0]))
        return _entry_at(field.annotation, keys[1:]) if field else None
    below = keys[1:] if get_origin(annotation) is Mapping else keys
    entries = (_entry_at(argument, below) for argument in get_args(annotation))
    return next((entry for entry in entries if entry), None)
