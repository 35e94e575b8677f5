"""Where a student best starts: of many failed checks, the few things behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from autograder.report.audience import Shown, ShownCheck, ShownQuestion
from autograder.types import Fault, Verdict

_MOST = 3


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing to mend."""

    question: ShownQuestion
    check: ShownCheck  # the first that shows it
    checks: int  # that it costs
    points: float
    waits: bool  # for the others

    @property
    def words(self) -> str:
        """What is wrong, in a sentence."""
        if self.waits:
            return "what is trained builds on the functions above: mend those first"
        if self.check.causes:
            return self.check.causes[0].message
        return self.check.message.partition("\n")[0] or self.check.meaning


def first_steps(view: Shown) -> tuple[Step, ...]:
    """Return a few things to mend: those whose cause is known first, of these what costs the most points.

    What waits for something else is no step of its own; an accuracy, which is reached with what other questions are
    about, comes last.
    """
    found: dict[object, list[tuple[ShownQuestion, ShownCheck]]] = {}
    for question, check in _at_fault(view):
        cause = check.causes[0].name if check.causes else (question.name, check.verdict)
        found.setdefault(cause, []).append((question, check))
    steps = [
        Step(
            question=each[0][0],
            check=min((check for _, check in each), key=lambda check: not check.visible),
            checks=len(each),
            points=sum(check.max_points - check.points for _, check in each),
            waits=each[0][0].measured and any(not other[0][0].measured for other in found.values()),
        )
        for each in found.values()
    ]
    return tuple(sorted(steps, key=lambda step: (step.question.measured, not step.check.causes, -step.points))[:_MOST])


def _at_fault(view: Shown) -> Iterator[tuple[ShownQuestion, ShownCheck]]:
    for question in view.questions:
        for check in question.checks:
            if check.verdict.fault is Fault.STUDENT and check.verdict is not Verdict.PASSED:
                yield question, check
