"""What course.yaml says about a metric, in the form in which it crosses to the suite's process.

That process loads this for every suite, so what reads course.yaml and what scores is imported only where it is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from autograder.course import Assignment, Course, Question

Policy = Literal["point", "benefit", "decide"]


class Worth(msgspec.Struct, frozen=True, kw_only=True):
    """How one question turns a metric into points."""

    formula: str | None
    bonus: dict[str, float] | None

    def at(self, x: float) -> tuple[Fraction, Fraction]:
        """Return the part of the points and the bonus that the value `x` earns."""
        from autograder.course import Bonus
        from autograder.scoring import FormulaError, earned

        try:
            return earned(self.formula, Bonus(**self.bonus) if self.bonus else None, x)
        except FormulaError:
            return Fraction(0), Fraction(0)  # scoring will say so; nothing can be decided here


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """How a metric is measured, and what decides where the noise could change its worth: `course.Fairness`."""

    metric: str
    worths: list[Worth] = []
    policy: Policy = "point"
    images: int = 1000
    most_images: int = 8000
    most_runs: int = 3
    spread: float = 0.0
    confidence: float = 0.95

    def certain(self, low: float, high: float) -> bool:
        """Tell whether every value from `low` to `high` is worth the same; formulas rise or fall throughout."""
        return all(worth.at(low) == worth.at(high) for worth in self.worths)


def rules_of(assignment: Assignment) -> list[Rule]:
    """Return a rule for each metric of an assignment."""
    metrics = dict.fromkeys(q.metric for q in assignment.questions.values() if q.metric)
    return [_rule(metric, [q for q in assignment.questions.values() if q.metric == metric]) for metric in metrics]


def _rule(metric: str, questions: Iterable[Question]) -> Rule:
    from autograder.course import Fairness

    questions = list(questions)
    fairness = next((q.fairness for q in questions if q.fairness), Fairness())
    worths = [Worth(formula=q.formula, bonus=q.bonus.model_dump() if q.bonus else None) for q in questions]
    return Rule(metric=metric, worths=worths, **fairness.model_dump())


def of_the_reference(course: Course, assignment: Assignment) -> dict[str, bytes]:
    """Return the files that the reference would hand in beside its package: the instructor's notebooks."""
    files = {name: course.source(assignment.name) / name for name in assignment.also}
    return {name: file.read_bytes() for name, file in files.items() if file.is_file()}
