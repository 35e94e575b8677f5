"""What a class has in common, and who of it needs a look."""

from __future__ import annotations

import pytest

from autograder.report import class_statistics
from autograder.report.attention import notices
from autograder.results import UNUSABLE, CauseResult, MeasurementResult, Result, Warned
from autograder.tests.sample_results import check, question, result


def of(student: str, affine: float, relu: float | None, **more: object) -> Result:
    """Return a result with these points of two questions of 10 each."""
    sha = f"{sum(student.encode()):064x}"
    questions = (
        question("affine", points=affine, max_points=10.0, bonus=0.0),
        question("relu", points=relu, max_points=10.0),
    )
    return result(student, *questions, **{"submission_sha256": sha, **more})


CLASS = tuple(of(f"s{points}", float(points), 10.0 - points / 2, seconds=points) for points in range(11))


def test_scores_are_spread_over_parts_of_the_maximum() -> None:
    found = class_statistics.spread([of("a", 10, 10), of("b", 0, 0), of("c", 5, 5)])
    assert found is not None
    assert (found.mean, found.median, found.best, found.worst) == (10, 10, 20, 0)
    assert [(n, count) for n, count in enumerate(found.bins) if count] == [(0, 1), (10, 1), (20, 1)]
    assert class_statistics.bin_labels()[10] == "50%"


def test_more_than_everything_is_in_the_last_bin() -> None:
    found = class_statistics.spread([result("a", question("q", points=10.0, max_points=10.0, bonus=5.0))])
    assert found is not None
    assert found.bins[-1] == 1


def test_who_is_not_graded_is_in_no_mean() -> None:
    assert class_statistics.spread([of("a", 10, None)]) is None
    found = class_statistics.spread([of("a", 10, None), of("b", 4, 4)])
    assert found is not None
    assert (found.count, found.mean) == (1, 8)


def test_questions_have_a_difficulty_and_tell_strong_from_weak() -> None:
    affine, relu = class_statistics.questions(CLASS)
    assert affine.mean_part == pytest.approx(0.5)
    assert (affine.graded, affine.full, affine.none) == (11, 1, 1)
    assert affine.discrimination == pytest.approx(-1)
    assert relu.discrimination == pytest.approx(-1)


def test_a_question_in_which_all_are_alike_discriminates_nothing() -> None:
    affine, _ = class_statistics.questions([of(name, 10, 3) for name in "abcd"])
    assert affine.discrimination is None


def test_checks_are_counted_where_they_say_something() -> None:
    class_of = [
        result("a", question("affine", check("test_x", "passed"))),
        result("b", question("affine", check("test_x", "failed"))),
        result("c", question("affine", check("test_x", "suite_error"))),
        result("d", question("affine", check("test_x", "missing")), warnings=(Warned(code=UNUSABLE, message="no"),)),
    ]
    (found,) = class_statistics.checks(class_of)
    assert (found.passed, found.graded, found.part) == (1, 2, 0.5)
    assert dict(found.verdicts) == {"failed": 1, "suite error": 1}


def test_a_mistake_is_what_several_got_wrong_in_the_same_way() -> None:
    cause = CauseResult(name="twice", message="dx is twice too large", hint="", read="")
    class_of = [
        result("a", question("q", check("test_x", message="3 of 12 entries differ, most at [0, 1]"))),
        result("b", question("q", check("test_x", message="12 of 12 entries differ, most at [2, 1]"))),
        result("c", question("q", check("test_x", causes=(cause,)), check("test_y", causes=(cause,)))),
        result("d", question("q", check("test_z", "timeout", message="took 3 s"), check("test_x", "passed"))),
    ]
    first, second, third = class_statistics.mistakes(class_of)
    assert (first.words, first.students, first.known) == ("x: N of N entries differ, most at [N, N]", ("a", "b"), False)
    assert (second.words, second.checks, second.known) == ("dx is twice too large", ("test_x", "test_y"), True)
    assert third.words == "timeout: took N s"


def test_needing_a_look_are_crashes_warnings_claims_and_copies() -> None:
    measured = MeasurementResult(
        metric="val_accuracy", value=0.5, estimate=0.5, low=0.45, high=0.55, images=9, seeds=(1,), dataset="shapes10",
        policy="point", decision="", claimed=0.7,
    )  # fmt: skip
    class_of = [
        result("unusable", warnings=(Warned(code=UNUSABLE, message="the zip is empty"),)),
        result(
            "claims", question("q", check("test_a", "passed", measurements=(measured,))), submission_sha256="2" * 64
        ),
        result("blocked", question("q", check("test_b", "blocked"), check("test_c", "blocked"))),
        result("ours", question("q", check("test_d", "suite_error", message="wrong"))),
        result("warned", warnings=(Warned(code="isolation", message="graded without isolation"),)),
        *(of(name, 5, 5, submission_sha256="3" * 64) for name in ("twin", "other")),
        *(of(name, 0, 0, submission_sha256="4" * 64) for name in ("release", "untouched")),
        of("fine", 5, 5),
    ]
    found = {(each.student, each.kind): each.words for each in notices(class_of)}
    assert found["claims", "claimed accuracy"].startswith("the notebook says val_accuracy 70.0%, measured was 50.0%")
    assert found["blocked", "blocked"] == "tried what the sandbox forbids in 2 checks"
    assert found["twin", "identical"] == "byte for byte the same as other"
    assert {student for student, _ in found} == {"unusable", "claims", "blocked", "ours", "warned", "twin", "other"}
    assert [each.kind for each in notices(class_of)][:2] == ["not graded", "unusable"]
