"""What goes wrong with a student's code, as exceptions that a check ends with.

Each carries the verdict and words for the student. Those that a suite may handle like the ordinary
exception (``hasattr``, ``in``, iteration, a refused value) are also of its type.
"""

from __future__ import annotations

from typing import Any

from autograder.types import Verdict
from autograder.worker import wire

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
    """Return the fault for a worker's report of an exception; the report is checked, not believed.

    Raises
    ------
    wire.WireError
        When it is none that an honest worker would send.
    """
    if not _is_report(report):
        raise wire.WireError("a report of an exception that makes no sense")
    bases, text = report["bases"], report["message"][:MAX_WORDS]
    name = report["type"][:80]
    message = f"{name}: {text}" if text else name
    where = _place(report["frames"])
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


def _is_report(report: Any) -> bool:
    if type(report) is not dict or report.keys() != {"type", "bases", "message", "frames"}:
        return False
    bases, frames = report["bases"], report["frames"]
    texts = [report["type"], report["message"], *(bases if type(bases) is list else [None])]
    return (
        all(type(text) is str for text in texts)
        and type(frames) is list
        and all(type(frame) is list and [type(part) for part in frame] == [str, int, str] for frame in frames)
    )


def _place(frames: list[list[Any]]) -> str:
    """Return `` (nndl/layers.py, line 12, in affine_forward)`` for the innermost frame of the student's code."""
    if not frames:
        return ""
    file, line, function = frames[-1]
    inside = f", in {function[:80]}" if function not in ("", "<module>") else ""
    return f" ({file[:120]}, line {min(line, 1 << 31)}{inside})"
