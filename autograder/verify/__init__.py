"""Tests an assignment's hidden suite: on the reference solution, on other right solutions and on wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from autograder.catalogue import read_catalogue
from autograder.verify.judging import Verification, judge
from autograder.verify.trial import Trial, try_variants
from autograder.verify.variants import variants

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.types import Check

__all__ = ["Trial", "Verification", "verify"]


def verify(course: Course, name: str, *, jobs: int, isolation: str, tell: Callable[[int, int], None]) -> Verification:
    """Try the suite of an assignment; `tell` hears how many variants of how many are done.

    Raises
    ------
    UsageError
        There is no such assignment, or something that it needs is not installed.
    CourseError
        The suite, the solution or the catalogue of variants cannot be used.
    """
    assignment = course.assignment(name)
    assignment.require()
    catalogue = read_catalogue(course, assignment)
    tried = list(variants(course, assignment, catalogue))
    trials: dict[int, Trial] = {}
    checks: tuple[Check, ...] = ()
    for done, (host, trial) in enumerate(try_variants(course, assignment, tried, jobs=jobs, isolation=isolation), 1):
        checks = host.checks
        trials[id(trial.variant)] = trial
        tell(done, len(tried))
    return judge(assignment, catalogue, checks, [trials[id(variant)] for variant in tried])
