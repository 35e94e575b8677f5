"""Grade a class: find, read, run the suite, score, and write each result as soon as it is there.

How it works: submissions are read one by one, when the suite has room for the next. A hand-in that cannot
be graded never gets that far; its result is written at once. What was finished before an interruption stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.by_hand import carried
from autograder.errors import AutograderError, CourseError, Problem, UsageError
from autograder.grade.digests import suite_digest
from autograder.grade.lateness import penalty, policy
from autograder.grade.order import Graded, Order, Progress
from autograder.intake import HandIn, read
from autograder.results import (
    UNUSABLE,
    Result,
    Warned,
    keep_earlier,
    read_result,
    result_folder,
    write_result,
    write_summary,
)
from autograder.scoring import score
from autograder.types import Check, CheckOutcome, Outcome, Remark, Submission, Verdict

if TYPE_CHECKING:
    from autograder.diagnosis.learning import Diagnosis
    from autograder.suite.client import SuiteHost

_NO_ISOLATION = Warned(
    code="isolation",
    message="graded without isolation: this code could read and change whatever the grader can",
)
_LOST = "the grader lost this submission; grade again"


def grade(order: Order, hand_ins: Iterable[HandIn], progress: Progress) -> Graded:
    """Grade hand-ins and write a result for each.

    Raises UsageError, before anything is graded, if a module that submissions need is not installed or results
    cannot be written; AutograderError if a result cannot (a full disk). Results that were finished by then are
    kept, and are in the summary.
    """
    from autograder.suite.client import SuiteHost

    hand_ins = list(hand_ins)
    order.assignment.require()
    with (
        result_folder(order.output, order.assignment.name) as folder,
        SuiteHost(
            order.course,
            order.assignment.name,
            jobs=min(order.jobs, len(hand_ins)),
            isolation=order.isolation,
            limits=order.limits,
            process=order.process,
            seed=order.seed,
            private=[folder, *(hand_in.path for hand_in in hand_ins)],
        ) as host,
    ):
        progress.begin(len(hand_ins))  # while the suite is being collected in its own process
        run = _Run(order=order, folder=folder, host=host, progress=progress)
        try:
            run.all(hand_ins)
        except BaseException:
            if run.results:
                with suppress(AutograderError):  # what stopped the run is what matters
                    run.summarise()
            raise
        return run.summarise()


@dataclass(kw_only=True)
class _Run:
    order: Order
    folder: Path
    host: SuiteHost
    progress: Progress
    results: dict[str, Result] = field(default_factory=dict)
    pending: dict[str, Submission] = field(default_factory=dict)
    started: dict[str, str] = field(default_factory=dict)
    hand_ins: dict[str, HandIn] = field(default_factory=dict)
    ranks: dict[str, tuple[bool, float, int]] = field(default_factory=dict)  # of results, among a student's attempts
    remarks: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    suite_sha256: str = ""

    def all(self, hand_ins: list[HandIn]) -> None:
        """Grade everything; a submission that the suite does not give back gets a result that says so."""
        if not self.checks:
            folder = self.order.course.tests(self.order.assignment.name)
            raise CourseError([Problem(file=folder, line=None, message="no checks here: nothing can be graded")])
        self.suite_sha256 = suite_digest(self.order.course, self.order.assignment)
        self.hand_ins = {hand_in.key: hand_in for hand_in in hand_ins}
        submissions = self.usable(hand_ins)
        diagnosis = self.diagnosis()
        for submission, outcome in self.host.grade(submissions):
            self.finish(submission, diagnosis.explain(outcome, self.checks))
        self.warnings += diagnosis.warnings
        for submission in [*self.pending.values(), *submissions]:
            self.finish(submission, self.same(Verdict.GRADER_ERROR, _LOST))

    def diagnosis(self) -> Diagnosis:
        """Return what names the mistakes behind failures."""
        from autograder.diagnosis.learning import Diagnosis, Setting

        order = self.order
        setting = Setting(
            course=order.course,
            assignment=order.assignment,
            digest=self.suite_sha256,
            seed=self.host.seed,
            jobs=order.jobs,
            isolation=self.host.isolation,
        )
        return Diagnosis(setting)

    def usable(self, hand_ins: Iterable[HandIn]) -> Iterator[Submission]:
        """Read the hand-ins, finish those that cannot be graded, and yield the others."""
        known = self.order.course.assignments
        for hand_in in hand_ins:
            submission = read(hand_in, self.order.assignment, known, dialects=self.order.course.dialects)
            self.started[submission.student] = datetime.now(UTC).isoformat(timespec="milliseconds")
            if submission.problem:
                self.finish(submission, self.same(Verdict.MISSING, submission.problem))
            else:
                self.pending[submission.student] = submission
                yield submission

    def finish(self, submission: Submission, outcome: Outcome) -> None:
        """Score a submission, write its result and tell of it.

        Of several attempts the best counts, of equals the last; before all, one that is not graded yet, so that
        nobody loses points to a fault of the grader.
        """
        self.pending.pop(submission.student, None)
        result = self.result(submission, outcome)
        rank = (result.final is None, result.final or 0, self.hand_ins[submission.student].attempt)
        if rank >= self.ranks.get(result.student, rank):
            if result.student not in self.results:
                keep_earlier(self.folder, result.student)
            result = self.with_points_by_hand(result)
            write_result(self.folder, result)
            self.results[result.student] = result
            self.ranks[result.student] = rank
        self.remarks += [f"{submission.student}: {remark.message}" for remark in submission.remarks]
        self.progress.finished(result)

    def with_points_by_hand(self, result: Result) -> Result:
        """Return a result with what a person gave for the one that it replaces, if that can be read."""
        with suppress(UsageError):  # it is kept as it is, among the earlier ones
            earlier = read_result(self.folder / f"{result.student}.json")
            return carried(earlier, result, policy(self.order.course))
        return result

    def same(self, verdict: Verdict, message: str) -> Outcome:
        """Return an outcome in which every check says the same."""
        checks = (CheckOutcome(name=check.name, verdict=verdict, message=message) for check in self.checks)
        return Outcome(checks=tuple(checks), isolation=self.host.isolation, seconds=0.0)

    @property
    def checks(self) -> list[Check]:
        return list(self.host.checks)

    def result(self, submission: Submission, outcome: Outcome) -> Result:
        """Return the result of a submission whose checks have been run."""
        assignment = self.order.assignment
        outcomes = {check.name: check for check in outcome.checks}
        scored = score(assignment.questions.values(), self.checks, outcomes)
        return Result(
            assignment=assignment.name,
            student=self.hand_ins[submission.student].student,
            score=scored.score,
            max_score=scored.max_score,
            bonus=scored.bonus,
            late=penalty(self.order, self.hand_ins[submission.student], scored),
            submission_sha256=submission.sha256,
            suite_sha256=self.suite_sha256,
            isolation=outcome.isolation,
            seed=self.host.seed,
            started=self.started[submission.student],
            seconds=round(outcome.seconds, 3),
            questions=scored.questions,
            warnings=tuple(_warnings(submission, outcome, scored.warnings)),
        )

    def summarise(self) -> Graded:
        """Write the summary of all results in the folder, those of earlier runs too."""
        known = dict(self.results)
        warnings = list(self.warnings)
        for path in sorted(self.folder.glob("*.json")):
            if path.stem not in known:
                try:
                    known[path.stem] = read_result(path)
                except UsageError as error:
                    warnings.append(f"not in the summary: {error}")
        write_summary(self.folder, known.values())
        return Graded(
            results=tuple(result for _, result in sorted(self.results.items())),
            folder=self.folder,
            remarks=tuple(sorted(self.remarks)),
            warnings=tuple(warnings),
        )


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
