"""Digests by which it shows whether anything changed that decides how a submission is judged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograder.intake import digest
from autograder.suite.conditions import files_below, reached
from autograder.suite.seeds import without_points

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

_CHECKS = Path(__file__).parents[1] / "checks"


def suite_digest(course: Course, assignment: Assignment) -> str:
    """Return the sha256 of all that decides how a submission is judged.

    That is the hidden suite, the helpers it calls, the reference solutions that it gets to, and what course.yaml says
    of the assignment.
    """
    files = {"course.yaml": assignment.model_dump_json().encode(), "dialects": repr(course.dialects).encode()}
    return digest(files | _code(course, assignment))


def failures_digest(course: Course, assignment: Assignment) -> str:
    """Return the sha256 of all that decides how checks fail on a solution: as `suite_digest`, but for points and texts.

    Mistakes that were tried under the same digest need not be tried again.
    """
    rules = repr((course.dialects, course.old_code, assignment.cascade, assignment.carried))
    code = _code(course, assignment)
    tests = {name: without_points(data) for name, data in code.items() if name.startswith("tests/")}
    return digest({"course.yaml": rules.encode()} | code | tests)


def _code(course: Course, assignment: Assignment) -> dict[str, bytes]:
    helpers = {f"checks/{name}": path.read_bytes() for name, path in files_below(_CHECKS)}
    return helpers | reached(course.tests(assignment.name), course.solutions, assignment.package)
