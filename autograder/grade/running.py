"""Grade a class: find, read, run the suite, score, and write each result as soon as it is there.

How it works: submissions are read one by one, when the suite has room for the next. A hand-in that cannot be graded, or
whose outcome is known, never gets that far; neither does one that equals another. Of what is finished, no more than a
line each is kept in memory. What was finished before an interruption stays, and is not graded again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.by_hand import carried
from autograder.errors import AutograderError, CourseError, Problem, UsageError
from autograder.grade import outcomes
from autograder.grade.digests import failures_digest, suite_digest
from autograder.grade.history import expected, longest_first
from autograder.grade.lateness import policy
from autograder.grade.making import Maker
from autograder.grade.order import Graded, Order, Progress
from autograder.grade.outcomes import Kept, Outcomes
from autograder.intake import HandIn, read
from autograder.result_folder import ResultFolder, result_folder
from autograder.results import Result, read_result
from autograder.rows import Row, row
from autograder.types import Outcome, Submission, Verdict

if TYPE_CHECKING:
    from autograder.cluster.host import ClusterHost
    from autograder.diagnosis.learning import Diagnosis
    from autograder.suite.client import SuiteHost

_LOST = "the grader lost this submission; grade again"
_Rank = tuple[bool, float, int]  # of a result among a student's attempts


def grade(order: Order, hand_ins: Iterable[HandIn], progress: Progress) -> Graded:
    """Grade hand-ins and write a result for each.

    Raises UsageError, before anything is graded, if a module that submissions need is not installed or results
    cannot be written; AutograderError if a result cannot (a full disk). Results that were finished by then are
    kept, and are in the summary.
    """
    hand_ins = list(hand_ins)
    order.assignment.require()
    with (
        result_folder(order.output, order.assignment.name) as folder,
        _host(order, [folder.path, *(hand_in.path for hand_in in hand_ins)]) as host,
    ):
        earlier = order.earlier or folder.path
        seconds = expected(hand_ins, earlier)
        hand_ins = longest_first(hand_ins, seconds)
        progress.begin([hand_in.key for hand_in in hand_ins], seconds)  # while that process collects the suite
        kept = Outcomes(folder=earlier, conditions=host.conditions, fresh=order.fresh)
        run = _Run(
            order=order,
            earlier=earlier,
            folder=folder,
            host=host,
            maker=_maker(order, host),
            progress=progress,
            outcomes=kept,
            hand_ins={hand_in.key: hand_in for hand_in in hand_ins},
            left=Counter(hand_in.student for hand_in in hand_ins),
        )
        try:
            run.all()
            host.let_go()
        except BaseException:
            if run.rows:
                with suppress(AutograderError):  # what stopped the run is what matters
                    folder.summarise()
            raise
        kept.tidy()
        return run.graded()


def _host(order: Order, private: list[Path]) -> SuiteHost | ClusterHost:
    """Return the suite, on this machine or on a cluster; `private` is what no sandbox may be able to read."""
    if order.scheduler:
        from autograder.cluster.host import ClusterHost

        return ClusterHost(
            order.course,
            order.assignment.name,
            scheduler=order.scheduler,
            isolation=order.isolation,
            limits=order.limits,
            seed=order.seed,
        )
    from autograder.suite.client import SuiteHost

    return SuiteHost(
        order.course,
        order.assignment.name,
        jobs=min(order.jobs, len(private) - 1),
        isolation=order.isolation,
        limits=order.limits,
        process=order.process,
        seed=order.seed,
        private=private,
    )


def _maker(order: Order, host: SuiteHost | ClusterHost) -> Maker:
    if not host.checks:
        folder = order.course.tests(order.assignment.name)
        raise CourseError([Problem(file=folder, line=None, message="no checks here: nothing can be graded")])
    return Maker(
        order=order,
        checks=host.checks,
        isolation=host.isolation,
        seed=host.seed,
        suite_sha256=suite_digest(order.course, order.assignment),
    )


def _diagnosis(maker: Maker) -> Diagnosis:
    """Return what names the mistakes behind failures."""
    from autograder.diagnosis.learning import Diagnosis, Setting

    order = maker.order
    setting = Setting(
        course=order.course,
        assignment=order.assignment,
        digest=failures_digest(order.course, order.assignment),
        seed=maker.seed,
        jobs=order.jobs,
        isolation=maker.isolation,
    )
    return Diagnosis(setting)


@dataclass(frozen=True, kw_only=True)
class _Equal:
    """Submissions that equal each other, without their files, while one of them is being graded."""

    started: str
    submissions: list[Submission]


@dataclass(kw_only=True)
class _Run:
    order: Order
    earlier: Path  # folder of results that count as earlier ones
    folder: ResultFolder
    host: SuiteHost | ClusterHost
    maker: Maker
    progress: Progress
    outcomes: Outcomes
    hand_ins: dict[str, HandIn]
    left: Counter[str]  # attempts of each student that are not finished
    keys: dict[str, str] = field(default_factory=dict)  # of those that are being graded, by name
    waiting: dict[str, _Equal] = field(default_factory=dict)  # by key
    best: dict[str, tuple[_Rank, Result]] = field(
        default_factory=dict
    )  # of students with attempts that are not finished
    rows: dict[str, Row] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    diagnosis: Diagnosis | None = None  # from the first failure on: it has much to load
    reused: int = 0

    def all(self) -> None:
        """Grade everything; a submission that the suite does not give back gets a result that says so."""
        submissions = self.unknown()
        for submission, outcome in self.host.grade(submissions, self.progress.begun):
            self.found(submission.student, outcome)
        lost = self.maker.same(Verdict.GRADER_ERROR, _LOST)
        for name in [*self.keys, *(submission.student for submission in submissions)]:
            self.found(name, lost)

    def unknown(self) -> Iterator[Submission]:
        """Read the hand-ins, finish those that cannot or need not be graded, and yield the others."""
        course = self.order.course
        for hand_in in self.hand_ins.values():
            submission = read(hand_in, self.order.assignment, course.assignments, dialects=course.dialects)
            key = outcomes.key(submission)
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            if submission.problem:
                self.finish(submission, self.maker.same(Verdict.MISSING, submission.problem), now)
            elif known := self.outcomes.find(key):
                self.reused += 1
                self.finish(submission, known.outcome, known.started)
            elif key in self.waiting:
                self.reused += 1
                self.waiting[key].submissions.append(submission.without_files())
            else:
                self.keys[submission.student] = key
                self.waiting[key] = _Equal(started=now, submissions=[submission.without_files()])
                yield submission

    def found(self, name: str, outcome: Outcome) -> None:
        """Keep what the suite found in a submission, and finish it with those that equal it."""
        key = self.keys.pop(name)
        equal = self.waiting.pop(key)
        self.outcomes.keep(key, Kept(outcome=outcome, started=equal.started))
        for submission in equal.submissions:
            self.finish(submission, outcome, equal.started)

    def finish(self, submission: Submission, outcome: Outcome, started: str) -> None:
        """Score a submission, write the result if it was the student's last attempt, and tell of it.

        Of several attempts the best counts, of equals the last; before all, one that is not graded yet, so that
        nobody loses points to a fault of the grader.
        """
        hand_in = self.hand_ins[submission.student]
        result = self.maker.result(hand_in, submission, self.explained(outcome), started)
        rank = (result.final is None, result.final or 0, hand_in.attempt)
        candidates = [(rank, result), *filter(None, [self.best.pop(result.student, None)])]
        self.best[result.student] = max(candidates, key=lambda candidate: candidate[0])
        self.left[result.student] -= 1
        if not self.left[result.student]:
            self.write(self.best.pop(result.student)[1])
        self.remarks += [f"{submission.student}: {remark.message}" for remark in submission.remarks]
        self.progress.finished(submission.student, row(result))

    def explained(self, outcome: Outcome) -> Outcome:
        """Return the outcome with the causes of its failures, as far as they are known."""
        if all(check.verdict is Verdict.PASSED for check in outcome.checks):
            return outcome
        self.diagnosis = self.diagnosis or _diagnosis(self.maker)
        return self.diagnosis.explain(outcome, self.maker.checks)

    def write(self, result: Result) -> None:
        """Write a student's result, with what a person gave for the one that it replaces, if that can be read."""
        with suppress(UsageError):  # it is kept as it is, among the earlier ones
            earlier = read_result(self.earlier / f"{result.student}.json")
            result = carried(earlier, result, policy(self.order.course))
        self.folder.write(result, always=self.order.fresh)
        self.rows[result.student] = row(result)

    def graded(self) -> Graded:
        """Write the summary of all results in the folder, those of earlier runs too."""
        warnings = [*(self.diagnosis.warnings if self.diagnosis else ()), *self.folder.summarise()]
        if self.folder.shared:
            warnings.append(f"another run is writing to {self.folder.path} too: of each student the last result stays")
        return Graded(
            rows=tuple(each for _, each in sorted(self.rows.items())),
            folder=self.folder.path,
            remarks=tuple(sorted(self.remarks)),
            warnings=tuple(warnings),
            reused=self.reused,
        )
