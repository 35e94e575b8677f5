"""What every format of a report is made from: a class's results as they are on disk, and where the report goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import Assignment, Course
from autograder.errors import AutograderError, UsageError
from autograder.intake import Roster
from autograder.results import Result, read_result
from autograder.text import one_line
from autograder.writing import replace_file


@dataclass(frozen=True, kw_only=True)
class Options:
    """What only some formats ask for."""

    submissions: tuple[Path, ...] = ()  # what was graded
    canvas_gradebook: Path | None = None  # as downloaded
    moodle_worksheet: Path | None = None
    column: str = ""  # of the assignment in Canvas, by title or number
    roster: Roster | None = None  # by what else students are known
    scale: bool = False  # to another system's maximum
    partial: bool = False  # scores that wait for points by hand too


@dataclass(frozen=True, kw_only=True)
class ClassResults:
    """A class's results, by name of student, and the folder that reports on them go to."""

    course: Course
    assignment: Assignment
    results: tuple[Result, ...]
    output: Path
    options: Options = field(default_factory=Options)
    notes: list[str] = field(default_factory=list)  # for whoever asked for the report, such as who is left out

    def write(self, name: str, text: str) -> Path:
        """Write a file of the report, all of it or nothing, and return its path.

        `name` is relative, such as ``students/alice.html``. AutograderError if it cannot be written.
        """
        path = self.output / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"{one_line(str(path.parent))} cannot be made: {error.strerror}; give another with --output"
            raise UsageError(message) from error
        return replace_file(path, text.encode())


def read_class(folder: Path, assignment: str) -> tuple[Result, ...]:
    """Return the results in a folder, by name of student.

    Raises
    ------
    UsageError
        If there are none, or with a line for each file that is not a result of this assignment.
    """
    results, problems = [], []
    for path in _files(folder):
        try:
            result = read_result(path)
        except UsageError as error:
            problems.append(str(error))
            continue
        if result.assignment != assignment or result.student != path.stem:
            words = f"{result.student}'s result of {result.assignment}"
            problems.append(f"{one_line(str(path))} is {one_line(words)}: it does not belong here")
        results.append(result)
    if problems:
        raise UsageError("\n".join(problems))
    if not results:
        raise UsageError(f"no results in {one_line(str(folder))}: run autograder grade {assignment} first")
    return tuple(sorted(results, key=lambda result: (result.student.casefold(), result.student)))


def _files(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(path for path in folder.iterdir() if path.suffix == ".json" and path.is_file())
    except FileNotFoundError:
        return
    except OSError as error:
        raise AutograderError(f"{one_line(str(folder))} cannot be read: {error.strerror}") from error
