"""A submission from its arrival in the suite's process to its outcome, over as many attempts as that takes.

How it works
------------
A child process grades it and tells of each check as it is done. One that ends early or hangs, be it because of the
machine, of the suite, or of what the submission's data made the suite do, is followed by another. A check at which
two of them stopped, or one because it computed for too long, which no machine makes it do, is given up, and is
doubtful: if the reference solution gets through it, the submission is to blame.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.suite.collecting import running_order
from autograder.suite.messages import CheckDone, Graded, Message
from autograder.types import Check, CheckOutcome, Outcome, Plan, Verdict

_STRIKES = 2
_ATTEMPTS = 4


@dataclass
class Task:
    """One submission, and what earlier attempts at it have shown."""

    number: int
    files: dict[str, bytes]
    extras: dict[str, bytes] = field(default_factory=dict)
    plan: Plan = field(default_factory=Plan)
    given: dict[str, CheckOutcome] = field(default_factory=dict)
    stops: Counter[str] = field(default_factory=Counter)

    def conclude(
        self, checks: Sequence[Check], level: str, said: Iterable[Message], *, late: bool, overran: bool = False
    ) -> Graded | None:
        """Return what to make of an attempt that ended and had `said` this; None if there should be another one.

        It was `late`, or `overran` the processor time of a check, or ended for another reason.
        """
        found: dict[str, CheckDone] = {}
        for message in said:
            if isinstance(message, Graded):
                return message
            if isinstance(message, CheckDone):
                found[message.outcome.name] = message
        names = [checks[position].name for position in running_order(checks, self.plan)]
        unfinished = [name for name in names if name not in found]
        if unfinished:
            self._stopped_at(unfinished[0], late=late or overran, certain=overran)
            if self.stops.total() < _ATTEMPTS:
                return None
        blamed = bool(self.given)
        lost = {name: CheckDone(self.given.get(name) or _lost(name, blamed), doubtful=blamed) for name in unfinished}
        done = [{**found, **lost}[check.name] for check in checks if check.name in names]
        outcome = Outcome(checks=tuple(one.outcome for one in done), isolation=level, seconds=0.0)
        return Graded(outcome, tuple(one.outcome.name for one in done if one.doubtful))

    def _stopped_at(self, name: str, *, late: bool, certain: bool) -> None:
        self.stops[name] += 1
        if certain or self.stops[name] >= _STRIKES:
            self.given[name] = _stopped(name, late)


def _stopped(name: str, late: bool) -> CheckOutcome:
    if late:
        words = "this check did not end with what the submission returned"
        return CheckOutcome(name=name, verdict=Verdict.TIMEOUT, message=words)
    words = "this check broke off with what the submission returned"
    return CheckOutcome(name=name, verdict=Verdict.FAILED, message=words)


def _lost(name: str, blamed: bool) -> CheckOutcome:
    if blamed:
        words = "not reached: what the submission returned stopped the checks before it again and again"
        return CheckOutcome(name=name, verdict=Verdict.FAILED, message=words)
    return CheckOutcome(name=name, verdict=Verdict.GRADER_ERROR, message="the grading process ended early")


def settled(graded: Graded, failures: Mapping[str, str]) -> Outcome:
    """Return the outcome, with the suite blamed for doubtful checks that the reference does not pass either.

    `failures` says for each of them how the reference fails, with an empty text where it does not.
    """
    words = "this check fails on the reference solution too: "
    checks = [
        replace(check, verdict=Verdict.SUITE_ERROR, message=words + failures[check.name])
        if check.name in graded.doubtful and failures[check.name]
        else check
        for check in graded.outcome.checks
    ]
    return replace(graded.outcome, checks=tuple(checks))
