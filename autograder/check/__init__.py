"""Holds a course's files against each other: course.yaml, solutions, notebooks and suites.

Reading is what a release does first, so what stands in the way of a release is found here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from autograder.check.notebooks import notebook_problems
from autograder.check.suites import Collect, suite_problems
from autograder.course import Assignment, Course
from autograder.errors import Problem
from autograder.release.draft import Draft
from autograder.release.reading import decide_fates, read_notebooks, read_solutions, read_suites
from autograder.scoring import FormulaError, evaluate
from autograder.suite import client

__all__ = ["check_course"]

_METRICS = (0.0, 0.25, 0.5, 0.75, 1.0)  # accuracies at which every formula has to have a value


def check_course(
    course: Course, names: Iterable[str] | None = None, *, collect: Collect | None = None
) -> list[Problem]:
    """Return every disagreement between the files of these assignments, of all of them by default.

    `collect` returns the checks of an assignment's suite, by default by really collecting it.

    Raises
    ------
    UsageError
        The course has no assignment of a name, or nbgrader is not installed.
    """
    assignments = [course.assignment(name) for name in (course.assignments if names is None else names)]
    problems: dict[Problem, None] = {}  # a set in order: what several assignments share is said once
    for assignment in assignments:
        problems.update(dict.fromkeys(_problems(course, assignment, collect or client.collect)))
    return list(problems)


def _problems(course: Course, assignment: Assignment, collect: Collect) -> Iterator[Problem]:
    draft = Draft(course=course, assignment=assignment)
    yield from _formula_problems(course, assignment)
    yield from read_notebooks(draft)
    yield from notebook_problems(draft)
    unreadable = list(read_solutions(draft))
    yield from unreadable or decide_fates(draft)  # in a file that cannot be read, every hole would look missing
    yield from read_suites(draft)
    yield from suite_problems(draft, collect)


def _formula_problems(course: Course, assignment: Assignment) -> Iterator[Problem]:
    """Yield the first failure of each formula that cannot be evaluated."""
    for name, question in assignment.questions.items():
        try:
            for metric in _METRICS if question.formula else ():
                evaluate(question.formula or "", metric)
        except FormulaError as error:
            yield course.problem(str(error), "assignments", assignment.name, "questions", name, "formula")
