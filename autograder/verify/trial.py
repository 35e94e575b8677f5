"""Tries a suite on variants of the solution, each graded in a sandbox as a submission would be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from autograder.scoring import score
from autograder.suite.client import SuiteHost
from autograder.types import CheckOutcome, Fault, Plan, Submission, Verdict
from autograder.verify.reach import Reach
from autograder.verify.variants import Solution, Variant

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

_TIME_S = 600.0  # of a sandbox that many have after each other; what each check may take, `Reach` says


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What the suite made of a variant."""

    variant: Variant
    points: dict[str, float]  # by automatic question
    unchecked: frozenset[str]  # questions that lose points only for checks of which others found the grounds wrong
    failed: tuple[CheckOutcome, ...]  # checks that cost the variant points
    broken: tuple[CheckOutcome, ...]  # checks that say nothing of it: the suite's fault

    @property
    def names(self) -> frozenset[str]:
        """The names of the failed checks."""
        return frozenset(check.name for check in self.failed)


class Trials:
    """A suite ready to be tried; a context manager. `full`: run every check that a mutant reaches."""

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        *,
        jobs: int,
        isolation: str,
        full: bool = False,
        seed: int | None = None,
        reach: Reach | None = None,
    ) -> None:
        self._assignment, self._full = assignment, full
        limits = replace(course.limits, time_s=_TIME_S)
        measured = [name for name, question in assignment.questions.items() if question.metric]  # by training, for long
        self.isolation = isolation
        self._host = SuiteHost(
            course, assignment.name, jobs=jobs, isolation=isolation, limits=limits, without=measured, seed=seed
        )
        self.reach = reach or Reach(checks=())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the suite's process."""
        self._host.__exit__(kind, error, trace)

    @property
    def seed(self) -> int:
        """The seed of the suite."""
        return self._host.seed

    def explore(self, solution: Solution) -> None:
        """Find out which checks reach what, for all trials that follow."""
        files, probe = solution.probed()
        reference = _submission("reference", files, Plan(probe=probe))
        ((_, outcome),) = self._host.grade([reference])
        self.reach = Reach.known_from(self._host.checks, outcome.checks)

    def run(self, variants: Iterable[Variant]) -> Iterator[Trial]:
        """Yield the trial of each variant, as they are done."""
        numbered = dict(enumerate(variants))
        submissions = (_submission(str(n), variant.files, self._plan(variant)) for n, variant in numbered.items())
        for submission, outcome in self._host.grade(submissions):
            yield self._trial(numbered[int(submission.student)], outcome.checks)

    def _plan(self, variant: Variant) -> Plan:
        if variant.mutant is None:
            return self.reach.plan(variant.places)
        function = f"{variant.mutant.path.removesuffix('.py').replace('/', '.')}.{variant.mutant.function}"
        return self.reach.plan(variant.places, judges=function, first_failure=not self._full)

    def _trial(self, variant: Variant, outcomes: tuple[CheckOutcome, ...]) -> Trial:
        passed = {check.name: CheckOutcome(name=check.name, verdict=Verdict.PASSED) for check in self.reach.checks}
        known = passed | {outcome.name: outcome for outcome in outcomes}
        scored = score(self._assignment.questions.values(), self.reach.checks, known)
        failed = tuple(o for o in outcomes if o.verdict.graded and o.verdict is not Verdict.PASSED)
        question_of = {check.name: check.question for check in self.reach.checks}
        judged = {question_of[outcome.name] for outcome in failed if outcome.verdict is not Verdict.UNCHECKED}
        return Trial(
            variant=variant,
            unchecked=frozenset(question_of.values()) - judged,
            points={q.name: q.points for q in scored.questions if q.checks and q.points is not None},
            failed=failed,
            broken=tuple(o for o in outcomes if o.verdict.fault in (Fault.INSTRUCTOR, Fault.GRADER)),
        )


def _submission(name: str, files: Mapping[str, bytes], plan: Plan) -> Submission:
    return Submission(student=name, files=files, sha256="", origin=name, plan=plan)
