"""Points from verdicts and metrics: pure arithmetic, without files, clocks or rounding errors.

All of it is done in fractions of the decimal numbers that people wrote: an accuracy of 0.57 is
57/100, and reaches a threshold of 0.57.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from autograder.results import (
    CauseResult,
    CheckResult,
    ExhibitResult,
    MeasurementResult,
    QuestionResult,
    TrainingResult,
)
from autograder.types import Check, CheckOutcome, Remark, Verdict

if TYPE_CHECKING:
    from autograder.course import Bonus, Question

_LARGEST_EXPONENT = 100


class FormulaError(ValueError):
    """A score formula has no value for a metric; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """What a submission earned. `max_score` counts every question, `score` those that are graded."""

    questions: tuple[QuestionResult, ...]
    score: float
    max_score: float
    bonus: float
    warnings: tuple[Remark, ...]


@dataclass(frozen=True, kw_only=True)
class _Scored:
    """One question, still in fractions. Without `points`: not graded."""

    result: QuestionResult
    points: Fraction | None
    bonus: Fraction = Fraction(0)
    warnings: tuple[Remark, ...] = ()


def score(questions: Iterable[Question], checks: Sequence[Check], outcomes: Mapping[str, CheckOutcome]) -> Score:
    """Score a submission from what each check found, by its name.

    Checks share a question's points by their weights; one that was not asked of this submission has no share, and a
    question of which nothing was asked is worth nothing. A question with a check that says nothing about the
    submission (the suite's fault or the grader's, or no outcome at all) has no points, which is not 0.
    """
    metrics = {name: value for outcome in outcomes.values() for name, value in outcome.metrics.items()}
    complete = {check.name: outcomes.get(check.name) or _no_outcome(check.name) for check in checks}
    scored = [
        _question(question, [check for check in checks if check.question == question.name], complete, metrics)
        for question in questions
    ]
    return Score(
        questions=tuple(each.result for each in scored),
        score=float(sum(each.points or 0 for each in scored)),
        max_score=float(sum(exact(each.result.max_points) for each in scored)),
        bonus=float(sum(each.bonus for each in scored)),
        warnings=tuple(warning for each in scored for warning in each.warnings),
    )


def exact(value: float) -> Fraction:
    """Return the decimal number that `value` is written as, not its nearest binary fraction."""
    return Fraction(repr(float(value)))


def evaluate(formula: str, x: float) -> Fraction:
    """Return the exact value of a score formula at the metric `x`; FormulaError where it has none."""
    from simpleeval import InvalidExpression, SimpleEval

    evaluator = SimpleEval(operators=_OPERATORS, functions=_FUNCTIONS, names={"x": exact(x)})
    evaluator.nodes = {kind: evaluator.nodes[kind] for kind in _NODES} | {ast.Constant: _constant}
    try:
        tree = ast.parse(formula.strip(), mode="eval")
        return Fraction(evaluator.eval(formula, previously_parsed=tree.body))
    except (InvalidExpression, ArithmeticError, TypeError, ValueError, SyntaxError) as error:
        raise FormulaError(f"the formula {formula!r} has no value at x = {x!r}: {error}") from error


def earned(formula: str | None, bonus: Bonus | None, x: float) -> tuple[Fraction, Fraction]:
    """Return the part of a question's points, from 0 to 1, and the bonus that the metric `x` earns.

    Without a formula the part is 1; what is no finite number earns nothing. FormulaError where the formula has no
    value.
    """
    if not math.isfinite(x):
        return Fraction(formula is None), Fraction(0)
    part = Fraction(1) if formula is None else min(max(evaluate(formula, x), Fraction(0)), Fraction(1))
    return part, Fraction(0) if bonus is None else _bonus(bonus, x)


def points_text(points: float | None, maximum: float | None = None) -> str:
    """Return points with at most two decimals: the maximum only for full points, and 0 only for none."""
    if points is None:
        return "-"
    text = f"{points:.2f}"
    if maximum is not None and points < maximum <= float(text):
        text = f"{math.floor(points * 100) / 100:.2f}"
    elif float(text) == 0 < points:
        text = "0.01"
    return text.rstrip("0").rstrip(".")


def _no_outcome(name: str) -> CheckOutcome:
    message = "the grader lost the outcome of this check; grade again"
    return CheckOutcome(name=name, verdict=Verdict.GRADER_ERROR, message=message)


def _question(
    question: Question, checks: list[Check], outcomes: Mapping[str, CheckOutcome], metrics: Mapping[str, float]
) -> _Scored:
    verdicts = [outcomes[check.name].verdict for check in checks]
    graded = bool(verdicts) and all(verdict.graded for verdict in verdicts)
    part, bonus, warnings = Fraction(1), Fraction(0), []
    if question.metric is not None and graded:
        x = metrics.get(question.metric, math.nan)
        all_passed = all(verdict is Verdict.PASSED for verdict in verdicts)
        try:
            part, bonus = _measured(question, x, all_passed=all_passed)
        except FormulaError as error:
            graded = False
            warnings.append(Remark(code="formula", message=f"{question.name} is not graded: {error}"))
        if all_passed and not math.isfinite(x):
            message = f"{question.name}: {question.metric} was not measured as a number, so it earned nothing"
            warnings.append(Remark(code="metric", message=message))
    shares = _shares(question, checks, outcomes, part)
    points = sum((points for _, points in shares), Fraction(0)) if graded and not question.manual else None
    result = QuestionResult(
        name=question.name,
        title=question.title,
        points=None if points is None else float(points),
        max_points=question.points if not checks or any(outcomes[check.name].asked for check in checks) else 0.0,
        bonus=float(bonus),
        manual=question.manual,
        checks=tuple(result for result, _ in shares),
    )
    return _Scored(result=result, points=points, bonus=bonus, warnings=tuple(warnings))


def _measured(question: Question, x: float, *, all_passed: bool) -> tuple[Fraction, Fraction]:
    """Return the part of the points, from 0 to 1, and the bonus that a metric earns."""
    return earned(question.formula, question.bonus if all_passed else None, x)


def _bonus(bonus: Bonus, x: float) -> Fraction:
    steps = math.floor((exact(x) - exact(bonus.above)) / exact(bonus.per))
    return min(max(steps, 0) * exact(bonus.points), exact(bonus.max))


def _shares(
    question: Question, checks: list[Check], outcomes: Mapping[str, CheckOutcome], part: Fraction
) -> list[tuple[CheckResult, Fraction]]:
    """Return each check's result and the exact points it earned, `part` of its share if it passed."""
    weights = [exact(check.weight) * outcomes[check.name].asked for check in checks]
    total = sum(weights, Fraction(0)) or Fraction(1)
    shares = []
    for check, weight in zip(checks, weights, strict=True):
        outcome = outcomes[check.name]
        share = exact(question.points) * weight / total
        points = share * part if outcome.verdict is Verdict.PASSED else Fraction(0)
        shares.append((_check(check, outcome, points, share), points))
    return shares


def _check(check: Check, outcome: CheckOutcome, points: Fraction, share: Fraction) -> CheckResult:
    return CheckResult(
        name=check.name,
        verdict=outcome.verdict,
        points=float(points),
        max_points=float(share),
        visible=check.visible,
        message=outcome.message,
        hint=outcome.hint,
        seconds=outcome.seconds,
        output=outcome.output,
        trainings=tuple(TrainingResult(**asdict(training)) for training in outcome.trainings),
        measurements=tuple(MeasurementResult(**asdict(each)) for each in outcome.measurements),
        exhibits=tuple(ExhibitResult(**asdict(each)) for each in outcome.exhibits),
        causes=tuple(CauseResult(**asdict(each)) for each in outcome.causes),
    )


def _constant(node: ast.Constant) -> Fraction:
    if isinstance(node.value, int | float):
        return Fraction(repr(node.value)) if not isinstance(node.value, bool) else Fraction(node.value)
    raise TypeError(f"{node.value!r} is not a number")


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if abs(exponent) > _LARGEST_EXPONENT:
        raise ValueError(f"the exponent {exponent} is too large")
    return Fraction(base**exponent)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "floor": lambda value: Fraction(math.floor(value)),
    "ceil": lambda value: Fraction(math.ceil(value)),
    "round": lambda value, digits=0: Fraction(round(value, int(digits))),
    "min": min,
    "max": max,
}
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_NODES = (ast.Name, ast.UnaryOp, ast.BinOp, ast.Compare, ast.IfExp, ast.Call)
