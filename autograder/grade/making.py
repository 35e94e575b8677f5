"""From what the suite found in a submission to its result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.grade.lateness import penalty
from autograder.grade.order import Order
from autograder.intake import HandIn
from autograder.results import UNUSABLE, Result, Warned
from autograder.scoring import score
from autograder.types import Check, CheckOutcome, Outcome, Remark, Submission, Verdict

_NO_ISOLATION = Warned(
    code="isolation",
    message="graded without isolation: this code could read and change whatever the grader can",
)


@dataclass(frozen=True, kw_only=True)
class Maker:
    """Makes results, given what is the same for all submissions of a run."""

    order: Order
    checks: Sequence[Check]
    isolation: str
    seed: int
    suite_sha256: str

    def result(self, hand_in: HandIn, submission: Submission, outcome: Outcome, started: str) -> Result:
        """Return the result of a submission in which the suite found `outcome`."""
        assignment = self.order.assignment
        outcomes = {check.name: check for check in outcome.checks}
        scored = score(assignment.questions.values(), self.checks, outcomes)
        return Result(
            assignment=assignment.name,
            student=hand_in.student,
            score=scored.score,
            max_score=scored.max_score,
            bonus=scored.bonus,
            late=penalty(self.order, hand_in, scored),
            submission_sha256=submission.sha256,
            suite_sha256=self.suite_sha256,
            isolation=outcome.isolation,
            seed=self.seed,
            started=started,
            seconds=round(outcome.seconds, 3),
            questions=scored.questions,
            warnings=tuple(_warnings(submission, outcome, scored.warnings)),
        )

    def same(self, verdict: Verdict, message: str) -> Outcome:
        """Return an outcome in which every check says the same."""
        checks = (CheckOutcome(name=check.name, verdict=verdict, message=message) for check in self.checks)
        return Outcome(checks=tuple(checks), isolation=self.isolation, seconds=0.0)


def _warnings(submission: Submission, outcome: Outcome, scoring: Iterable[Remark]) -> Iterator[Warned]:
    """Yield all there is to say about a submission, each thing once, what matters most first."""
    said = [Warned(code=r.code, message=r.message) for r in (*submission.remarks, *outcome.remarks, *scoring)]
    for check in outcome.checks:
        said += [Warned(code=r.code, message=f"{check.name}: {r.message}", check=check.name) for r in check.remarks]
    if submission.problem:
        said.insert(0, Warned(code=UNUSABLE, message=submission.problem))
    elif outcome.isolation == "none":
        said.insert(0, _NO_ISOLATION)
    yield from dict.fromkeys(said)
