"""The course as the rest of the project sees it: frozen, checked, with paths and lines."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from autograder.course.document import Document, Key
from autograder.course.entries import AssignmentEntry, Dataset, Feedback, Late, QuestionEntry
from autograder.errors import Problem, UsageError, nearest
from autograder.types import Dialect, Limits

COURSE_FILE = "course.yaml"


class Question(QuestionEntry):
    """One question with its name, and always a title."""

    name: str
    title: str


class Assignment(AssignmentEntry):
    """One assignment with its name."""

    name: str
    questions: Mapping[str, Question]

    def require(self) -> None:
        """Raise UsageError where a module that submissions need is not installed."""
        if words := self.unmet():
            raise UsageError(words)

    def unmet(self) -> str:
        """Say which of the modules that submissions need is not installed, and how to get it; else nothing."""
        missing = [name for name in self.needs if importlib.util.find_spec(name) is None]
        extras = ",".join(missing)
        return f"{self.name} needs {' and '.join(missing)}: pip install '.[{extras}]'" if missing else ""


@dataclass(frozen=True, kw_only=True)
class Course:
    """A course: what course.yaml says, and where its files are. Paths start with `root` as it was given."""

    root: Path
    name: str
    term: str
    secret: str = field(default="", repr=False)
    assignments: Mapping[str, Assignment]
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    late: Late = field(default_factory=Late)
    feedback: Feedback = field(default_factory=Feedback)
    dialects: tuple[Dialect, ...] = ()
    old_code: Literal["run", "refuse"] = "run"
    document: Document = field(default=Document(data=None, lines={}), repr=False, compare=False)

    @property
    def file(self) -> Path:
        """Where course.yaml is."""
        return self.root / COURSE_FILE

    @property
    def solutions(self) -> Path:
        """Folder of the reference packages."""
        return self.root / "solutions"

    def source(self, assignment: str) -> Path:
        """Return the folder of the assignment's instructor notebooks."""
        return self.root / "source" / assignment

    def tests(self, assignment: str) -> Path:
        """Return the folder of the assignment's hidden suite."""
        return self.root / "tests" / assignment

    def release(self, assignment: str) -> Path:
        """Return the folder of what students are given."""
        return self.root / "release" / assignment

    def assignment(self, name: str) -> Assignment:
        """Return the assignment of this name; UsageError names the nearest where there is none."""
        if name in self.assignments:
            return self.assignments[name]
        known = ", ".join(self.assignments)
        raise UsageError(f"no assignment {name!r} in {self.file}{nearest(name, self.assignments)}; it has: {known}")

    def line(self, *keys: Key) -> int | None:
        """Return the line of a key of course.yaml, or of the nearest key around it that is written there."""
        return self.document.line(keys)

    def problem(self, message: str, *keys: Key) -> Problem:
        """Return a problem at the line of this key of course.yaml."""
        return Problem(file=self.file, line=self.line(*keys), message=message)
