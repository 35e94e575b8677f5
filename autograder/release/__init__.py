"""Generate what students are given, from solutions, notebooks and suites, and prove that no solution is in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograder.release.folder import folder_differences, replace_folder
from autograder.release.steps import release_files

if TYPE_CHECKING:
    from autograder.course import Course

__all__ = ["differences", "generate"]


def generate(course: Course, assignment_name: str, output_root: Path) -> list[Path]:
    """Write an assignment's release to ``output_root/<assignment>``, whole or not at all; return its files.

    Raises
    ------
    CourseError
        With every mistake in the sources, or everything secret that would have been released.
    UsageError
        There is no such assignment, nbgrader is not installed, or the folder cannot be replaced.
    """
    assignment = course.assignment(assignment_name)
    return replace_folder(output_root / assignment.name, release_files(course, assignment))


def differences(course: Course, assignment_name: str, output_root: Path) -> list[str]:
    """Return a line for each difference between ``output_root/<assignment>`` and what `generate` would write.

    Raises the same errors as `generate`, and writes nothing.
    """
    assignment = course.assignment(assignment_name)
    return folder_differences(output_root / assignment.name, release_files(course, assignment))
