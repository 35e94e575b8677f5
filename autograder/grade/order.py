"""What to grade and how, what came of it, and who is told meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from autograder.extensions import Extensions
from autograder.rows import Row
from autograder.types import Limits

if TYPE_CHECKING:
    from autograder.course import Assignment, Course
    from autograder.suite.launching import HostProcess


class Progress(Protocol):
    """Who wants to know how far grading is."""

    def begin(self, names: Sequence[str], expected: Mapping[str, float]) -> None:
        """Take note of who is about to be graded, by name of hand-in, and how many seconds some of them took before."""
        ...

    def begun(self, name: str) -> None:
        """Take note that the suite is at a hand-in now."""
        ...

    def finished(self, name: str, row: Row) -> None:
        """Take note of a hand-in's result, in a line; one that was never begun was known or could not be graded."""
        ...


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to grade, how, and where the results go."""

    course: Course
    assignment: Assignment
    output: Path
    jobs: int
    isolation: str
    limits: Limits
    extensions: Extensions = field(default_factory=lambda: Extensions(by_student={}))
    scheduler: str = ""  # of a cluster; empty: grade on this machine
    process: HostProcess | None = None  # of a suite, where it has been started already
    seed: int | None = None  # of an earlier run, to replay it
    fresh: bool = False  # grade what has been graded before, too
    earlier: Path | None = None  # folder of results that count as earlier ones; None: where the new ones go


@dataclass(frozen=True, kw_only=True)
class Graded:
    """A class when it has been graded: a line for each result by name of student, and what was written."""

    rows: tuple[Row, ...]
    folder: Path
    remarks: tuple[str, ...]  # on how hand-ins were read, such as which of several copies was taken
    warnings: tuple[str, ...]  # for the person who grades
    reused: int  # hand-ins whose outcome was known
