"""What a person gave, on top of what the suite gave: nothing is lost or counted twice, whatever comes first."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.by_hand import Given, automatic, carried, merged
from autograder.late import Policy
from autograder.results import CellComment, Late, QuestionResult, Result
from autograder.tests.sample_results import check, manual, question, result

POLICY = Policy(penalty_per_day=Fraction(1, 10), max_days=5)
LATE = Late(due="2026-10-26T23:59:00-07:00", submitted_at="2026-10-28T10:00:00-07:00", days=2, part=0.2, penalty=0.5)


def graded(*, late: Late | None = None, **more: Any) -> Result:
    affine = question("affine", check("test_a", "passed"), check("test_b"), bonus=1.0)
    return result("ada", affine, manual("essay", maximum=4.0), late=late or Late(), **more)


def by_name(found: Result) -> dict[str, QuestionResult]:
    return {each.name: each for each in found.questions}


def test_points_of_a_person_count_and_the_suites_are_remembered() -> None:
    found = merged(graded(), {"essay": Given(score=3.5, comment="fine"), "affine": Given(score=5.0)}, POLICY)
    assert (found.score, found.bonus, found.final, found.status) == (8.5, 0.0, 8.5, "graded")
    assert by_name(found)["essay"].comment == "fine"
    affine = by_name(found)["affine"]
    assert affine.by_hand is not None
    assert (affine.points, affine.by_hand.automatic, affine.by_hand.automatic_bonus) == (5.0, 2.5, 1.0)


def test_extra_credit_is_bonus_on_top_of_what_counts() -> None:
    found = merged(graded(), {"essay": Given(score=4, extra=0.5), "affine": Given(extra=0.25)}, POLICY)
    assert (by_name(found)["affine"].points, by_name(found)["affine"].bonus) == (2.5, 1.25)
    assert (found.score, found.bonus) == (6.5, 1.75)


def test_points_above_the_maximum_are_bonus_so_that_the_total_stays() -> None:
    essay = by_name(merged(graded(), {"essay": Given(score=5.0)}, POLICY))["essay"]
    assert (essay.points, essay.bonus) == (4.0, 1.0)


def test_an_answer_that_is_not_there_is_worth_nothing_and_no_persons_word() -> None:
    found = merged(graded(), {"essay": Given(unanswered=True, comment="No response.")}, POLICY)
    assert (by_name(found)["essay"].points, by_name(found)["essay"].by_hand, found.status) == (0.0, None, "graded")
    assert by_name(carried(found, graded(), POLICY))["essay"].points is None  # the next answer may be one


def test_what_is_lost_for_being_late_is_a_part_of_all_points() -> None:
    found = merged(graded(late=LATE), {"essay": Given(score=4.0)}, POLICY)
    assert found.late.penalty == 1.5
    assert found.late.rule == "2 days late; 2 days x 10% of 7.5 points = 1.5"
    assert found.final == 6.0


def test_grading_again_keeps_what_a_person_gave() -> None:
    before = merged(
        graded(), {"essay": Given(score=3.0, comment="good")}, POLICY, [CellComment(notebook="a", cell="b", text="c")]
    )
    again = carried(before, graded(), POLICY)
    assert again == before


def test_a_question_that_the_suite_judges_otherwise_now_is_to_be_looked_at_again() -> None:
    before = merged(graded(), {"affine": Given(score=5.0)}, POLICY)
    better = result("ada", question("affine", check("test_a", "passed"), check("test_b", "passed")), manual("essay"))
    again = carried(before, better, POLICY)
    assert by_name(again)["affine"].points == 5.0
    assert [warning.message for warning in again.warnings] == [
        "affine was graded by hand when the suite gave something else (2.5 then, 5 now): look at it again"
    ]


def test_a_new_hand_in_keeps_the_points_and_says_that_they_are_of_another() -> None:
    before = merged(graded(), {"essay": Given(score=3.0)}, POLICY)
    again = carried(before, graded(submission_sha256="2" * 64), POLICY)
    assert by_name(again)["essay"].points == 3.0
    assert "before this was handed in" in again.warnings[0].message
    assert merged(again, {"essay": Given(score=3.0)}, POLICY).warnings == ()  # somebody has looked


def test_a_question_that_is_gone_is_not_carried() -> None:
    before = merged(graded(), {"essay": Given(score=3.0)}, POLICY)
    assert carried(before, result("ada", question("affine", check())), POLICY).score == 0


def test_what_the_suite_could_not_grade_counts_when_a_person_has() -> None:
    broken = result("ada", question("affine", check("test_a", "suite_error"), points=None))
    assert merged(broken, {"affine": Given(score=2.0)}, POLICY).final == 2.0
    assert automatic(merged(broken, {"affine": Given(score=2.0)}, POLICY).questions[0]).points is None


SCORES = st.none() | st.integers(0, 50).map(lambda tenths: tenths / 10)
GIVEN = st.builds(Given, score=SCORES, extra=st.integers(0, 20).map(lambda tenths: tenths / 10), comment=st.text())


@settings(max_examples=60, deadline=None)
@given(first=GIVEN, second=GIVEN, which=st.sampled_from(["affine", "essay"]))
def test_merging_replaces_what_was_merged_before(first: Given, second: Given, which: str) -> None:
    start = graded(late=LATE)
    once = merged(start, {which: second}, POLICY)
    assert merged(merged(start, {which: first}, POLICY), {which: second}, POLICY) == once
    assert merged(once, {}, POLICY).questions == start.questions
    assert merged(once, {which: second}, POLICY) == once


def test_points_are_added_as_decimal_numbers() -> None:
    three = result("ada", *(manual(name) for name in "abc"))
    assert merged(three, {name: Given(score=0.1) for name in "abc"}, POLICY).score == 0.3
