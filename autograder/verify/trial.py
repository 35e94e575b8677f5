"""Tries a suite on variants of the solution, each graded in a sandbox as a submission would be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from autograder.scoring import score
from autograder.suite.client import SuiteHost
from autograder.types import Check, CheckOutcome, Fault, Submission, Verdict
from autograder.verify.variants import Variant

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

_CHECK_TIME_S = 5.0  # enough for any right variant's check; a mutant that never ends should end soon
_TIME_S = 30.0


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What the suite made of a variant."""

    variant: Variant
    points: dict[str, float]  # by automatic question
    failed: tuple[CheckOutcome, ...]  # checks that cost the variant points
    broken: tuple[CheckOutcome, ...]  # checks that say nothing of it: the suite's fault

    @property
    def names(self) -> frozenset[str]:
        """The names of the failed checks."""
        return frozenset(check.name for check in self.failed)


def try_variants(
    course: Course, assignment: Assignment, variants: Iterable[Variant], *, jobs: int, isolation: str
) -> Iterator[tuple[SuiteHost, Trial]]:
    """Yield the trial of each variant, as they are done."""
    numbered = dict(enumerate(variants))
    limits = replace(
        course.limits,
        check_time_s=min(course.limits.check_time_s, _CHECK_TIME_S),
        time_s=min(course.limits.time_s, _TIME_S),
    )
    submissions = (
        Submission(student=str(number), files=variant.files, sha256="", origin=variant.name)
        for number, variant in numbered.items()
    )
    measured = [name for name, question in assignment.questions.items() if question.metric]  # by training, for long
    with SuiteHost(course, assignment.name, jobs=jobs, isolation=isolation, limits=limits, without=measured) as host:
        for submission, outcome in host.grade(submissions):
            yield host, _trial(assignment, host.checks, numbered[int(submission.student)], outcome.checks)


def _trial(
    assignment: Assignment, checks: tuple[Check, ...], variant: Variant, outcomes: tuple[CheckOutcome, ...]
) -> Trial:
    scored = score(assignment.questions.values(), checks, {outcome.name: outcome for outcome in outcomes})
    return Trial(
        variant=variant,
        points={q.name: q.points for q in scored.questions if q.checks and q.points is not None},
        failed=tuple(o for o in outcomes if o.verdict.graded and o.verdict is not Verdict.PASSED),
        broken=tuple(o for o in outcomes if o.verdict.fault in (Fault.INSTRUCTOR, Fault.GRADER)),
    )
