"""Tests an assignment's hidden suite: on the reference solution, on other right solutions and on wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from autograder.catalogue import read_catalogue
from autograder.verify.diagnoses import learn
from autograder.verify.judging import Verification, judge
from autograder.verify.reach import Reach
from autograder.verify.trial import Trial, Trials
from autograder.verify.variants import Kind, Solution, Variant

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

__all__ = ["Trial", "Verification", "verify"]


def verify(
    course: Course,
    name: str,
    *,
    jobs: int,
    isolation: str,
    tell: Callable[[int, int], None] = lambda done, total: None,
    full: bool = False,
    mutated: Sequence[str] | None = None,
    seeds: int = 0,
) -> Verification:
    """Try the suite of an assignment; `tell` hears how many variants of how many are done.

    Parameters
    ----------
    full : bool
        Run every check on a mutant that can tell it from the solution, and not only until one does. Then failures of
        submissions are also compared with those of mutants from now on (`autograder.diagnosis`).
    mutated : sequence of str or None
        Make mutants only of functions whose names begin with one of these; None: of all.
    seeds : int
        Try right solutions with so many other seeds, too: a check that some seed lets fail is a matter of luck.

    Raises
    ------
    UsageError
        There is no such assignment, or something that it needs is not installed.
    CourseError
        The suite, the solution or the catalogue of variants cannot be used.
    """
    assignment = course.assignment(name)
    assignment.require()
    catalogue, solution = read_catalogue(course, assignment), Solution(course, assignment)
    tried = list(solution.variants(catalogue, mutated=mutated))
    right = [variant for variant in tried if variant.kind in (Kind.REFERENCE, Kind.ALTERNATIVE)]
    trials: dict[int, Trial] = {}
    with Trials(course, assignment, jobs=jobs, isolation=isolation, full=full) as suite:
        suite.explore(solution)
        for done, trial in enumerate(suite.run(tried), 1):
            trials[id(trial.variant)] = trial
            tell(done, len(tried) + seeds * len(right))
        reach = suite.reach
        if full:
            learn(course, assignment, catalogue, suite, trials.values())
    again = list[Trial]()
    for seed in range(seeds):
        for trial in _with_seed(course, assignment, reach, right, seed, jobs=jobs, isolation=isolation):
            again.append(trial)
            tell(len(tried) + len(again), len(tried) + seeds * len(right))
    first = [trials[id(variant)] for variant in tried]
    return judge(assignment, catalogue, reach.checks, first, full=full, again=again)


def _with_seed(
    course: Course,
    assignment: Assignment,
    reach: Reach,
    variants: Sequence[Variant],
    seed: int,
    *,
    jobs: int,
    isolation: str,
) -> Iterator[Trial]:
    named = [replace(variant, name=f"{variant.name} with seed {seed}") for variant in variants]
    with Trials(course, assignment, jobs=jobs, isolation=isolation, seed=seed, reach=reach) as suite:
        yield from suite.run(named)
