"""From what ends a check to its verdict and words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.checks import CheckFailure
from autograder.errors import AutograderError
from autograder.sandbox import StudentFault
from autograder.suite.verdicts import Judgement, judge
from autograder.types import Verdict

HERE = Path(__file__).parent
ELSEWHERE = Path("/nowhere")


def raised(error, function=None):
    """Return an error as it is after it has been raised here, or by `function`."""
    try:
        if function:
            function()
        raise error
    except BaseException as caught:  # noqa: BLE001 (whatever it is, it is looked at)
        return caught


def judged(error, hidden_in=HERE, blank=""):
    return judge(error, hidden_in=hidden_in, blank=blank)


def test_nothing_raised_is_passed():
    assert judged(None) == Judgement(Verdict.PASSED)


@pytest.mark.parametrize("verdict", [Verdict.ERROR, Verdict.TIMEOUT, Verdict.MISSING, Verdict.BLOCKED])
def test_the_students_faults_bring_their_own_verdict_and_words(verdict):
    assert judged(StudentFault(verdict, "words"), blank="f returned None") == Judgement(verdict, "words")


def test_the_graders_own_errors_are_its_own():
    assert judged(AutograderError("no sandbox")) == Judgement(Verdict.GRADER_ERROR, "no sandbox")


def test_a_failure_tells_its_detail_only_if_the_check_is_visible():
    failure = CheckFailure("wrong", "expected 5")
    assert judged(failure) == Judgement(Verdict.FAILED, "wrong")
    assert judged(failure, hidden_in=None) == Judgement(Verdict.FAILED, "wrong\nexpected 5")


def test_words_of_the_suite_are_told():
    assert judged(raised(AssertionError("has the wrong sign"))).message == "has the wrong sign"
    assert judged(raised(AssertionError())).message == "what this check states does not hold"


def test_words_of_libraries_are_told_only_if_the_check_is_visible():
    error = raised(None, lambda: np.testing.assert_allclose(np.ones(2), np.full(2, 1234.5)))
    assert judged(error).message == "what this check states does not hold"
    assert "1234.5" in judged(error, hidden_in=None).message


def test_words_of_another_folder_are_not_told():
    assert (
        judged(raised(AssertionError("1234.5")), hidden_in=ELSEWHERE).message == "what this check states does not hold"
    )


def test_pytests_own_ways_of_failing_and_skipping():
    failed = raised(None, lambda: pytest.fail("not like this"))
    skipped = raised(None, lambda: pytest.skip("later"))
    assert judged(failed) == Judgement(Verdict.FAILED, "not like this")
    assert judged(skipped) == Judgement(Verdict.UNCHECKED, "later")


def test_nothing_but_starter_code_that_came_back_last_is_what_is_wrong():
    for error in (TypeError("unsupported operand"), AssertionError(), CheckFailure("wrong")):
        judgement = judged(error, blank="nndl.layers.relu_forward returned None")
        assert judgement.verdict is Verdict.MISSING
        assert judgement.message.startswith("nndl.layers.relu_forward returned None: is it filled in, and does it")


@pytest.mark.parametrize(
    "error", [ValueError("operands"), TypeError("no"), IndexError("far"), ZeroDivisionError("zero")]
)
def test_data_that_cannot_be_used_is_failed_until_the_reference_says_otherwise(error):
    words = f"what came back could not be used ({type(error).__name__}: {error})"
    assert judged(error) == Judgement(Verdict.FAILED, words, undecided=True)


def test_words_of_other_errors_are_not_told():
    assert judged(RuntimeError("SECRET")).message == "what came back could not be used (RuntimeError)"


def test_words_are_cut():
    assert len(judged(ValueError("x" * 10_000)).message) < 400
