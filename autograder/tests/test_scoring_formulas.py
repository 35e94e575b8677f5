"""Formulas and bonuses over all values that a metric may have: bounded, monotone, exact where they step."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.accuracy.noise import interval, wilson
from autograder.accuracy.rules import Rule, Worth, rules_of
from autograder.course import Bonus, Fairness, Question, load_course
from autograder.scoring import earned, score
from autograder.types import Check, CheckOutcome, Verdict

ROOT = Path(__file__).parents[2]
HW4 = "min(floor(100*x - 32) / 28, 1)"
FORMULAS = [
    HW4,
    "1 if x >= 0.65 else x / 0.65",
    "x >= 0.48",
    "(x >= 0.36) * 0.3 + (x >= 0.48) * 0.3 + (x >= 0.5) * 0.4",
]
PER_CENT = Bonus(per=0.01, above=0.56, points=1.0, max=5.0)
VALUES = st.floats(0, 1)
COURSE = load_course(ROOT).assignments
# what it has measured is scored like the formulas above
MEASURED = [
    pytest.param(question, id=f"{assignment.name}-{question.name}")
    for assignment in COURSE.values()
    for question in assignment.questions.values()
    if question.metric
]
ACCURACY = {name: COURSE[name].questions["accuracy"] for name in ("hw1", "hw2", "hw3", "hw4", "hw5")}
HW4_QUESTION = Question(
    name="accuracy", title="Accuracy", points=10.0, formula=HW4, metric="val_accuracy", bonus=PER_CENT
)


@given(low=VALUES, high=VALUES)
@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas_are_bounded_and_never_fall(formula: str, low: float, high: float) -> None:
    (less, less_bonus), (more, more_bonus) = (earned(formula, PER_CENT, x) for x in sorted((low, high)))
    assert 0 <= less <= more <= 1
    assert 0 <= less_bonus <= more_bonus <= 5


@pytest.mark.parametrize(
    ("x", "part", "bonus"),
    [(0.32, 0, 0), (0.33, 1 / 28, 0), (0.56, 24 / 28, 0), (0.57, 25 / 28, 1), (0.5699999, 24 / 28, 0), (0.60, 1, 4),
     (0.61, 1, 5), (0.65, 1, 5), (1.0, 1, 5), (0.0, 0, 0), (0.29, 0, 0), (0.58, 26 / 28, 2)],
)  # fmt: skip
def test_formula_and_bonus_are_exact_where_they_step(x: float, part: float, bonus: float) -> None:
    found = earned(HW4, PER_CENT, x)
    assert (float(found[0]), float(found[1])) == (part, bonus)


# What the course promises: points of the question, and bonus, at and just below each threshold.
PROMISED = [
    ("hw1", 0.2999999, 0, 0), ("hw1", 0.30, 2, 0), ("hw1", 0.3499999, 2, 0), ("hw1", 0.35, 4, 0), ("hw1", 1.0, 4, 0),
    ("hw2", 0.3599999, 0, 0), ("hw2", 0.36, 2, 0), ("hw2", 0.48, 4, 0), ("hw2", 0.4999999, 4, 0), ("hw2", 0.50, 6, 0),
    ("hw2", 0.56, 6, 0), ("hw2", 0.5699999, 6, 0), ("hw2", 0.57, 6, 1), ("hw2", 0.61, 6, 5), ("hw2", 0.99, 6, 5),
    ("hw3", 0.48, 0, 0), ("hw3", 0.49, 0, 0.5), ("hw3", 0.4999999, 0, 0.5), ("hw3", 0.52, 0, 2), ("hw3", 1.0, 0, 2),
    ("hw4", 0.32, 0, 0), ("hw4", 0.3299999, 0, 0), ("hw4", 0.33, 10 / 28, 0), ("hw4", 0.56, 240 / 28, 0),
    ("hw4", 0.5999999, 270 / 28, 0), ("hw4", 0.60, 10, 0), ("hw4", 0.65, 10, 0),
    ("hw5", 0.45, 0, 0), ("hw5", 0.55, 3, 0), ("hw5", 0.6499999, 5.7, 0), ("hw5", 0.65, 6, 0), ("hw5", 1.0, 6, 0),
]  # fmt: skip


@pytest.mark.parametrize(("assignment", "x", "points", "bonus"), PROMISED)
def test_the_course_pays_what_its_handouts_promise(assignment: str, x: float, points: float, bonus: float) -> None:
    question = ACCURACY[assignment]
    part, extra = earned(question.formula, question.bonus, x)
    assert (float(part) * question.points, float(extra)) == (pytest.approx(points, abs=1e-12), bonus)


@given(low=VALUES, high=VALUES)
@pytest.mark.parametrize("assignment", ["hw1", "hw2", "hw3", "hw4", "hw5"])
def test_a_better_network_never_earns_less(assignment: str, low: float, high: float) -> None:
    question = ACCURACY[assignment]
    (less, less_bonus), (more, more_bonus) = (earned(question.formula, question.bonus, x) for x in sorted((low, high)))
    assert 0 <= less <= more <= 1
    assert 0 <= less_bonus <= more_bonus <= (question.bonus.max if question.bonus else 0)


@pytest.mark.parametrize("threshold", [0.32, 0.36, 0.48, 0.5, 0.56, 0.57, 0.6, 0.65])
def test_a_threshold_is_reached_at_itself_and_not_just_below(threshold: float) -> None:
    at, below = (earned(f"x >= {threshold}", None, x)[0] for x in (threshold, math.nextafter(threshold, 0)))
    assert (at, below) == (1, 0)


@given(right=st.integers(0, 1000))
def test_counted_images_reach_exactly_the_steps_that_they_should(right: int) -> None:
    part, _ = earned(HW4, None, right / 1000)
    assert part * 28 == min(max((right - 320) // 10, 0), 28)


ODD = [math.nan, math.inf, -math.inf, -0.0, 5e-324, 1e308, -1e308, -1.0, 2.0]


@pytest.mark.parametrize("question", [HW4_QUESTION, *MEASURED])
def test_ten_thousand_random_values_give_points_between_none_and_all(question: Question) -> None:
    draw = random.Random(0)
    values = [draw.random() for _ in range(9_000)] + [draw.randrange(1001) / 1000 for _ in range(991)] + ODD
    most = question.bonus.max if question.bonus else 0
    for x in values:
        part, bonus = earned(question.formula, question.bonus, x)
        assert 0 <= part <= 1, x
        assert 0 <= bonus <= most, x


@pytest.mark.parametrize("question", [HW4_QUESTION, *MEASURED])
def test_a_passed_check_with_any_value_has_points(question: Question) -> None:
    check, most = Check(name="a", question=question.name), question.bonus.max if question.bonus else 0
    for x in [*ODD, *(random.Random(0).random() for _ in range(300))]:
        outcome = CheckOutcome(name="a", verdict=Verdict.PASSED, metrics={question.metric: x})
        scored = score([question], [check], {"a": outcome})
        (result,) = scored.questions
        assert result.points is not None, x
        assert 0 <= result.points <= question.points
        assert 0 <= scored.bonus <= most


@pytest.mark.parametrize("question", [HW4_QUESTION, *MEASURED])
@pytest.mark.parametrize("metrics", [{}, {"other": 0.9}, {"val_accuracy": math.nan, "test_accuracy": math.nan}])
def test_a_metric_that_is_missing_or_no_number_earns_nothing(question: Question, metrics: dict[str, float]) -> None:
    outcome = CheckOutcome(name="a", verdict=Verdict.PASSED, metrics=metrics)
    scored = score([question], [Check(name="a", question=question.name)], {"a": outcome})
    assert (scored.score, scored.bonus) == (0, 0)
    (warning,) = scored.warnings
    assert "was not measured as a number, so it earned nothing" in warning.message


# -- noise -----------------------------------------------------------------------------------------


@given(count=st.integers(1, 10_000), share=VALUES, confidence=st.floats(0.5, 0.999))
def test_wilsons_interval_holds_the_estimate_and_stays_in_bounds(count: int, share: float, confidence: float) -> None:
    right = round(share * count)
    low, high = wilson(right, count, confidence)
    assert 0 <= low <= right / count + 1e-12
    assert right / count - 1e-12 <= high <= 1
    assert high > low


def test_wilsons_interval_is_the_published_one() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263 and 0 of 20
    assert wilson(81, 263, 0.95) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20, 0.95) == pytest.approx((0, 0.1611), abs=5e-5)


def test_seeds_widen_the_interval_and_more_trainings_narrow_it() -> None:
    plain = interval(500, 1000, runs=1, spread=0.0, confidence=0.95)
    one, four = (interval(500, 1000, runs=runs, spread=0.02, confidence=0.95) for runs in (1, 4))
    assert plain == pytest.approx(wilson(500, 1000, 0.95))
    assert one[0] < four[0] < plain[0]
    assert plain[1] < four[1] < one[1]


def test_worth_says_what_the_noise_could_change() -> None:
    worth = Worth(formula=HW4, bonus=None)
    assert worth.at(0.601) == worth.at(0.7)
    assert worth.at(0.589) != worth.at(0.6)
    assert Worth(formula="1 / (x - 0.5)", bonus=None).at(0.5) == (0, 0)


def test_every_metric_of_the_course_has_a_rule() -> None:
    for assignment in load_course(ROOT).assignments.values():
        metrics = {question.metric for question in assignment.questions.values() if question.metric}
        assert {rule.metric for rule in rules_of(assignment)} == metrics


def test_rule_without_fairness_is_that_of_course_yaml() -> None:
    assert Rule(metric="x") == Rule(metric="x", **Fairness().model_dump())
