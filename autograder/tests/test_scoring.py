"""Points: shares, formulas at their decimal boundaries, bonus, and what is not graded."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course import Bonus, Question
from autograder.scoring import FormulaError, Score, evaluate, points_text, score
from autograder.types import Check, CheckOutcome, Verdict

HW4 = "min(floor(100*x - 32) / 28, 1)"


def question(name: str = "q", points: float = 10, **more: Any) -> Question:
    return Question(name=name, title=name.title(), points=points, **more)


def check(name: str, *, weight: float = 1, of: str = "q") -> Check:
    return Check(name=name, question=of, weight=weight)


def outcomes(verdicts: Mapping[str, Verdict], **metrics: float) -> dict[str, CheckOutcome]:
    return {name: CheckOutcome(name=name, verdict=v, metrics=metrics) for name, v in verdicts.items()}


def measured(question: Question, x: float, verdict: Verdict = Verdict.PASSED) -> Score:
    return score([question], [check("a")], outcomes({"a": verdict}, accuracy=x))


def test_checks_share_the_points_by_weight() -> None:
    checks = [check("a", weight=2), check("b"), check("c")]
    scored = score([question()], checks, outcomes({"a": Verdict.PASSED, "b": Verdict.FAILED, "c": Verdict.PASSED}))
    (result,) = scored.questions
    assert [c.points for c in result.checks] == [5, 0, 2.5]
    assert [c.max_points for c in result.checks] == [5, 2.5, 2.5]
    assert (result.points, scored.score, scored.max_score) == (7.5, 7.5, 10)


@pytest.mark.parametrize("verdict", [v for v in Verdict if v.graded and v is not Verdict.PASSED])
def test_only_passed_checks_earn_points(verdict: Verdict) -> None:
    scored = score([question()], [check("a"), check("b")], outcomes({"a": verdict, "b": Verdict.PASSED}))
    assert scored.score == 5


@pytest.mark.parametrize("verdict", [Verdict.SUITE_ERROR, Verdict.GRADER_ERROR])
def test_question_that_could_not_be_judged_is_not_graded(verdict: Verdict) -> None:
    questions = [question(), question("r", 4)]
    checks = [check("a"), check("b"), check("c", of="r")]
    scored = score(questions, checks, outcomes({"a": verdict, "b": Verdict.PASSED, "c": Verdict.PASSED}))
    assert [result.points for result in scored.questions] == [None, 4]
    assert (scored.score, scored.max_score) == (4, 14)


def test_check_without_an_outcome_is_the_graders_fault() -> None:
    scored = score([question()], [check("a")], {})
    (lost,) = scored.questions[0].checks
    assert lost.verdict is Verdict.GRADER_ERROR
    assert "grade again" in lost.message
    assert scored.questions[0].points is None


def test_question_without_checks_is_not_graded() -> None:
    assert score([question()], [], {}).questions[0].points is None


def test_manual_question_waits_for_a_person() -> None:
    scored = score([question(), question("m", 4, manual=True)], [check("a")], outcomes({"a": Verdict.PASSED}))
    assert [result.points for result in scored.questions] == [10, None]
    assert (scored.score, scored.max_score) == (10, 14)


@pytest.mark.parametrize(
    ("x", "expected"),
    [(0.6, 10), (0.95, 10), (0.59999999, 10 * 27 / 28), (0.57, 10 * 25 / 28), (0.5699999, 10 * 24 / 28),
     (0.33, 10 / 28), (0.32, 0), (0.1, 0), (-1e300, 0), (1e300, 10)],
)  # fmt: skip
def test_formula_is_exact_at_its_steps(x: float, expected: float) -> None:
    assert measured(question(formula=HW4, metric="accuracy"), x).score == pytest.approx(expected, abs=1e-12)


def test_formula_counts_for_checks_that_pass_only() -> None:
    assert measured(question(formula=HW4, metric="accuracy"), 0.6, Verdict.FAILED).score == 0


@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf])
def test_metric_that_is_no_number_earns_nothing_and_is_explained(x: float) -> None:
    bonus = Bonus(per=0.01, above=0.5, points=1.0, max=5.0)
    scored = measured(question(formula=HW4, metric="accuracy", bonus=bonus), x)
    assert (scored.score, scored.bonus) == (0, 0)
    assert "accuracy was not measured as a number" in scored.warnings[0].message


def test_missing_metric_is_explained_only_where_the_check_passed() -> None:
    asked = question(formula=HW4, metric="accuracy")
    passed = score([asked], [check("a")], outcomes({"a": Verdict.PASSED}))
    failed = score([asked], [check("a")], outcomes({"a": Verdict.TIMEOUT}))
    assert (passed.score, failed.score) == (0, 0)
    assert (len(passed.warnings), len(failed.warnings)) == (1, 0)


def test_metric_may_be_measured_by_another_question() -> None:
    questions = [question("train"), question("bonus", 0, metric="accuracy", bonus=_one_per_cent())]
    checks = [check("a", of="train"), check("b", of="bonus")]
    found = outcomes({"b": Verdict.PASSED}) | outcomes({"a": Verdict.PASSED}, accuracy=0.58)
    assert score(questions, checks, found).bonus == 2


def _one_per_cent() -> Bonus:
    return Bonus(per=0.01, above=0.56, points=1.0, max=5.0)


@pytest.mark.parametrize("percent", range(40, 80))
def test_bonus_is_exact_at_every_step(percent: int) -> None:
    asked = question(points=0, metric="accuracy", bonus=_one_per_cent())
    steps = min(max(percent - 56, 0), 5)
    assert measured(asked, percent / 100).bonus == steps
    assert measured(asked, math.nextafter(percent / 100, 0)).bonus == min(max(percent - 57, 0), 5)


def test_bonus_needs_its_check_to_pass() -> None:
    asked = question(points=0, metric="accuracy", bonus=_one_per_cent())
    assert measured(asked, 0.99, Verdict.FAILED).bonus == 0


def test_formula_without_a_value_leaves_the_question_ungraded() -> None:
    scored = measured(question(formula="1 / (x - 0.5)", metric="accuracy"), 0.5)
    assert scored.questions[0].points is None
    assert "'1 / (x - 0.5)' has no value at x = 0.5" in scored.warnings[0].message


@pytest.mark.parametrize(
    ("formula", "expected"),
    [("x", "0.57"), ("x >= 0.57", "1"), ("x > 0.57", "0"), ("1 if x < 0.5 else 1/4", "1/4"), ("round(x, 1)", "0.6"),
     ("ceil(10*x)", "6"), ("max(x, 0.9) - 0.3", "0.6"), ("x**2", "0.3249"), ("-x % 1", "0.43"), ("1/3*3", "1")],
)  # fmt: skip
def test_formulas_are_evaluated_in_exact_decimals(formula: str, expected: str) -> None:
    assert evaluate(formula, 0.57) == Fraction(expected)


@pytest.mark.parametrize(
    "formula",
    ["", "x/0", "y", "1e999*x", "x**101", "(-x)**0.5", "'a'", "x.real", "x[0]", "min()", "floor(1, 2, 3)", "1; 2",
     "__import__('os').getcwd()", "().__class__", "lambda: x", "[x for x in (1, 2)]", "f'{x}'", "rand()", "x :="],
)  # fmt: skip
def test_formulas_can_only_calculate(formula: str) -> None:
    with pytest.raises(FormulaError):
        evaluate(formula, 0.57)


VERDICTS = st.sampled_from([v for v in Verdict if v.graded])
WEIGHTS = st.floats(0.001, 1000, allow_nan=False)


POINTS = st.just(0.0) | st.floats(1e-6, 1000)  # half of the least number there is would be that number again


@given(points=POINTS, checks=st.lists(st.tuples(VERDICTS, WEIGHTS), min_size=1, max_size=30))
def test_full_points_if_and_only_if_everything_passed(points: float, checks: list[tuple[Verdict, float]]) -> None:
    named = [(f"c{number}", verdict, weight) for number, (verdict, weight) in enumerate(checks)]
    scored = score(
        [question(points=points)],
        [check(name, weight=weight) for name, _, weight in named],
        outcomes({name: verdict for name, verdict, _ in named}),
    )
    all_passed = all(verdict is Verdict.PASSED for verdict, _ in checks)
    assert 0 <= scored.score <= scored.max_score == points
    assert (scored.score == points) == (all_passed or points == 0)


@given(x=st.floats(), above=st.floats(0, 1), per=st.floats(0.001, 1))
def test_no_metric_raises_or_earns_more_than_the_most(x: float, above: float, per: float) -> None:
    bonus = Bonus(per=per, above=above, points=0.5, max=2.0)
    scored = measured(question(formula=HW4, metric="accuracy", bonus=bonus), x)
    assert 0 <= scored.score <= 10
    assert 0 <= scored.bonus <= 2


@pytest.mark.parametrize(
    ("points", "maximum", "expected"),
    [(10, 10, "10"), (9.999, 10, "9.99"), (9.9999999999, 10, "9.99"), (0, 10, "0"), (0.001, 10, "0.01"),
     (7.5, 10, "7.5"), (10 / 3, 10, "3.33"), (20 / 3, 10, "6.67"), (100, None, "100"), (None, 10, "-")],
)  # fmt: skip
def test_points_are_shown_as_full_or_none_only_when_they_are(
    points: float | None, maximum: float | None, expected: str
) -> None:
    assert points_text(points, maximum) == expected
