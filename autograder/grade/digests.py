"""Digests by which it shows whether anything changed that decides how a submission is judged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograder.intake import digest
from autograder.suite.conditions import files_below, reached

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

_CHECKS = Path(__file__).parents[1] / "checks"


def suite_digest(course: Course, assignment: Assignment) -> str:
    """Return the sha256 of all that decides how a submission is judged.

    That is the hidden suite, the helpers it calls, the reference solutions that it gets to, and what course.yaml says
    of the assignment.
    """
    files = {"course.yaml": assignment.model_dump_json().encode(), "dialects": repr(course.dialects).encode()}
    files |= {f"checks/{name}": path.read_bytes() for name, path in files_below(_CHECKS)}
    return digest(files | reached(course.tests(assignment.name), course.solutions, assignment.package))
