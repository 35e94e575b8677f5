"""What goes wrong with a student's code, as exceptions that a check ends with.

Each carries the verdict and words for the student. Those that a suite may handle like the ordinary
exception (``hasattr``, ``in``, iteration, a refused value) are also of its type.
"""

from __future__ import annotations

from typing import Any

from autograder.types import Verdict

MAX_WORDS = 500


class StudentFault(Exception):
    """A request to the student's code that did not give a value."""

    def __init__(self, verdict: Verdict, message: str) -> None:
        super().__init__(message)
        self.verdict = verdict
        self.message = message


class StudentAttributeError(StudentFault, AttributeError):
    """The student's object has no such attribute."""


class StudentKeyError(StudentFault, KeyError):
    """The student's mapping has no such key."""

    __str__ = Exception.__str__


class StudentTypeError(StudentFault, TypeError):
    """The student's object does not have that operation."""


class StudentIndexError(StudentFault, IndexError):
    """The student's sequence is shorter than that."""


class StudentValueError(StudentFault, ValueError):
    """The student's code refuses a value."""


_ALIKE = {
    "AttributeError": StudentAttributeError,
    "KeyError": StudentKeyError,
    "IndexError": StudentIndexError,
    "TypeError": StudentTypeError,
    "ValueError": StudentValueError,
}


def again(fault: StudentFault) -> StudentFault:
    """Return a fault like one that was met before, without where that was."""
    return type(fault)(fault.verdict, fault.message)


def missing(words: str) -> StudentFault:
    """Return the fault of something that is not in the submission."""
    return StudentFault(Verdict.MISSING, words)


def raised(report: Any) -> StudentFault:
    """Return the fault for a worker's report of an exception; the report is checked, not believed."""
    if type(report) is not dict:
        return StudentFault(Verdict.FAILED, "the submission's process sent a report that makes no sense")
    bases = _strings(report.get("bases"))
    name, text = _text(report.get("type"), 80), _text(report.get("message"), MAX_WORDS)
    message = f"{name}: {text}" if text else name
    where = _place(report.get("frames"))
    if "NotImplementedError" in bases:
        return StudentFault(Verdict.MISSING, f"not implemented yet{f' ({text})' if text else ''}{where}")
    verdict = Verdict.ERROR
    if "MemoryError" in bases:
        verdict, message = Verdict.MEMORY, f"the memory limit was reached ({message})"
    elif "PermissionError" in bases:
        verdict, message = Verdict.BLOCKED, f"the sandbox forbids this: {message}"
    elif "TooLong" in bases:
        verdict, message = Verdict.TIMEOUT, text
    elif "SystemExit" in bases:
        message = "the code called sys.exit() or exit()"
    kind = next((_ALIKE[base] for base in bases if base in _ALIKE), StudentFault)
    return kind(verdict, message + where)


def _place(frames: Any) -> str:
    """Return `` (nndl/layers.py, line 12, in affine_forward)`` for the innermost frame of the student's code."""
    innermost = frames[-1] if type(frames) is list and frames else None
    if type(innermost) is not list or [type(part) for part in innermost] != [str, int, str]:
        return ""
    file, line, function = innermost
    inside = f", in {function[:80]}" if function not in ("", "<module>") else ""
    return f" ({file[:120]}, line {min(line, 1 << 31)}{inside})"


def _text(value: Any, limit: int) -> str:
    return value[:limit] if type(value) is str else ""


def _strings(values: Any) -> list[str]:
    return [value for value in values if type(value) is str] if type(values) is list else []
