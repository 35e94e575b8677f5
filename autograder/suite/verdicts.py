"""From what ended a check to its verdict, in words that a student may read."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.checks import CheckFailure
from autograder.errors import AutograderError
from autograder.sandbox import StudentFault
from autograder.suite.budget import Overrun
from autograder.types import Verdict


class NotAsked(Exception):
    """A check is about something that this kind of submission does not have."""


_EXPLAINED = (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError)
_SKIPPED: type[BaseException] = pytest.skip.Exception
_FAILED: type[BaseException] = pytest.fail.Exception


@dataclass(frozen=True)
class Judgement:
    """A verdict with its words. `undecided`: only the reference can tell whether the suite is at fault."""

    verdict: Verdict
    message: str = ""
    undecided: bool = False


def judge(error: BaseException | None, *, hidden_in: Path | None, blank: str) -> Judgement:
    """Return the verdict for what a check raised.

    Parameters
    ----------
    hidden_in : Path or None
        The folder of the suite if students do not have the check; then only words that the suite's author
        wrote are told. None if expected values may be told.
    blank : str
        What returned nothing but what starter code returns, in words, if that is the last thing that the check got.
    """
    if error is None:
        return Judgement(Verdict.PASSED)
    if isinstance(error, StudentFault):
        return Judgement(error.verdict, error.message)
    if isinstance(error, AutograderError):
        return Judgement(Verdict.GRADER_ERROR, str(error))
    if isinstance(error, Overrun):
        words = "this check took too long over what the submission returned"
        return Judgement(Verdict.TIMEOUT, words, undecided=True)
    if isinstance(error, NotAsked | _SKIPPED):
        return Judgement(Verdict.UNCHECKED, str(error))
    if blank:
        return Judgement(Verdict.MISSING, f"{blank}: is it filled in, and does it return its result?")
    if isinstance(error, CheckFailure):
        verdict = Verdict.MISSING if error.missing else Verdict.FAILED
        return Judgement(verdict, error.message if hidden_in else str(error))
    if isinstance(error, AssertionError | _FAILED):
        told = not hidden_in or isinstance(error, _FAILED) or _raised_in(hidden_in, error)
        return Judgement(Verdict.FAILED, (told and str(error)) or "what this check states does not hold")
    words = f": {error}"[:300] if isinstance(error, _EXPLAINED) else ""
    message = f"what came back could not be used ({type(error).__name__}{words})"
    return Judgement(Verdict.FAILED, message, undecided=True)


def _raised_in(folder: Path, error: BaseException) -> bool:
    """Tell whether a file of the suite raised `error`; numpy.testing and the like quote expected values."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return bool(frames) and Path(frames[-1].f_code.co_filename).is_relative_to(folder)
