"""Runs one check of a suite on a submission, and says how it ended."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from autograder.accuracy import records
from autograder.accuracy.handed_in import NotHandedIn
from autograder.checks import CheckFailure, recorder
from autograder.diagnosis.conditions import Watch
from autograder.diagnosis.fingerprints import fingerprint
from autograder.sandbox import Session
from autograder.sandbox.remote import RemoteName
from autograder.suite import seeds
from autograder.suite.budget import Overrun, OwnTime
from autograder.suite.cascades import Run
from autograder.suite.collected import Suite
from autograder.suite.dialects import Speech, Translated
from autograder.suite.verdicts import Judgement, NotAsked, judge
from autograder.text import printable
from autograder.types import Cause, Check, CheckOutcome, Exhibit, Fingerprint, Plan, Remark, Verdict
from autograder.worker.wire import NameRef

_MAX_WORDS = 4000  # of a message; a suite may quote what a student's code gave


class Checking:
    """Runs checks of one submission. `watch` sees the calls of each."""

    def __init__(self, suite: Suite, speech: Speech | None, plan: Plan) -> None:
        self.watch = Watch()
        self._suite, self._speech, self._plan = suite, speech, plan
        self._own_time = OwnTime(suite.limits)

    def run(self, position: int, session: Session, following: int | None = None) -> Run:
        """Run the check at a position of the suite in `session`; the one at `following` comes next."""
        suite = self._suite
        item, check = suite.items[position], suite.checks[position]
        session.begin_check(seeds.submission_seed(suite.seed, check.name), self._plan.seconds.get(check.name))
        suite.current.session, suite.phases.error = session, None
        if self._speech:
            suite.current.session = Translated(session, self._speech)
            self._speech.touched.clear()
        recorder.drain()
        recorder.drain_exhibits()
        records.drain()
        session.observer = self.watch
        self.watch.begins(check.name)
        started = time.monotonic()
        with self._own_time.of_a_check():
            item.config.hook.pytest_runtest_protocol(
                item=item, nextitem=None if following is None else suite.items[following]
            )
        if isinstance(suite.phases.error, Overrun):
            session.drop()  # it may have been in the middle of an answer
        seconds = time.monotonic() - started
        allowed = suite.tests if not check.visible else None
        if self._speech and isinstance(suite.phases.error, NotHandedIn):  # other courses have other notebooks
            suite.phases.error = NotAsked(str(suite.phases.error))
        judgement = judge(suite.phases.error, hidden_in=allowed, blank=session.blank)
        if judgement.verdict in (Verdict.FAILED, Verdict.ERROR):
            self.watch.fails(recorder.sight())
        seen = self._fingerprint() if judgement.verdict is Verdict.FAILED else None
        outcome = _outcome(item, check, suite.phases.error, judgement, seconds, session, seen)
        called = frozenset(session.called)
        if self._plan.probe:
            outcome = replace(outcome, reached=self._probed(session))
        if check.budget_s:
            session.end()
        return Run(
            outcome,
            called,
            judgement.undecided,
            frozenset(self._speech.touched if self._speech else ()),
        )

    def _probed(self, session: Session) -> tuple[str, ...]:
        """Return what the plan's probe says after a check."""
        module, _, name = self._plan.probe.rpartition(".")
        session.begin_check(0)
        return tuple(str(each) for each in RemoteName(NameRef(module, name), self._suite.current)())

    def _fingerprint(self) -> Fingerprint | None:
        """Return that of what a check failed over; None where that is data of which there is none."""
        try:
            with self._own_time.of_a_check():
                return fingerprint(recorder.sight())
        except (Overrun, ArithmeticError, ValueError, MemoryError):  # it explains a verdict, and is none
            return None


def _causes(error: BaseException | None) -> tuple[Cause, ...]:
    found = error.causes if isinstance(error, CheckFailure) else ()
    return tuple(Cause(name=cause.name, message=printable(cause.message[:_MAX_WORDS])) for cause in found)


def _outcome(
    item: pytest.Item,
    check: Check,
    error: BaseException | None,
    judgement: Judgement,
    seconds: float,
    session: Session,
    seen: Fingerprint | None,
) -> CheckOutcome:
    remarks, metrics = recorder.drain()
    trainings, measurements = records.drain()
    exhibits = recorder.drain_exhibits() if judgement.verdict is Verdict.FAILED else ()
    hint = item.get_closest_marker("hint")
    return CheckOutcome(
        name=check.name,
        verdict=judgement.verdict,
        message=printable(judgement.message[:_MAX_WORDS]),
        hint=str(hint.args[0]) if hint and judgement.verdict is not Verdict.PASSED else "",
        seconds=seconds,
        output=printable(session.output()),
        metrics=metrics,
        asked=not isinstance(error, NotAsked),
        remarks=tuple(Remark(code=code, message=printable(message[:_MAX_WORDS])) for code, message in remarks),
        trainings=trainings,
        measurements=measurements,
        causes=_causes(error) if judgement.verdict is Verdict.FAILED else (),
        exhibits=tuple(Exhibit(**each._asdict()) for each in exhibits),
        fingerprint=seen,
    )
