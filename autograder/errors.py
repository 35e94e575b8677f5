"""The errors that end a command, each with the exit code that it stands for.

Only `autograder.cli` prints them and exits. A student's mistake is never one of these: it is a
verdict in a result.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class AutograderError(Exception):
    """Base of every error that a command reports in one line per problem; by itself, the grader's own fault."""

    exit_code = 3

    def lines(self) -> list[str]:
        """Return what to print, a line for each problem."""
        return [str(self)]


class UsageError(AutograderError):
    """The user asked for something that cannot be done: says what, where, and what to do instead."""

    exit_code = 2


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One mistake in a course's files, with the place where it is to be mended."""

    file: Path
    line: int | None
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line is not None else str(self.file)
        return f"{place}: {self.message}"


class CourseError(UsageError):
    """Mistakes in course.yaml, notebooks, suites or solutions, all that were found at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def lines(self) -> list[str]:
        """Return a line for each problem."""
        return [str(problem) for problem in self.problems]


def nearest(name: str, legal: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` for the legal name nearest to `name`, or an empty string."""
    matches = difflib.get_close_matches(name, list(legal), n=1, cutoff=0.6)
    return f" (did you mean {matches[0]!r}?)" if matches else ""


def shorten(value: object, limit: int = 200) -> str:
    """Return ``repr(value)``, cut in the middle to at most `limit` characters."""
    text = repr(value)
    if len(text) <= limit:
        return text
    half = (limit - 3) // 2
    return f"{text[:half]}...{text[-half:]}"
