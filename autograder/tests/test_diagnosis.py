"""Which known mistake, and which condition, a failure is put down to: never a wrong one, none where that is open."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.checks import recorder
from autograder.checks.recorder import Examined, Sight
from autograder.diagnosis.conditions import Watch, with_conditions
from autograder.diagnosis.fingerprints import fingerprint, same, similar, weight
from autograder.diagnosis.matching import Known, explained
from autograder.types import Cause, Check, CheckOutcome, Fingerprint, Verdict

X = np.random.default_rng(3).standard_normal((5, 4))
OUT = X + 1


def of(*arrays: Any, expected: Any = None, held: int = 0, name: str = "dx") -> Fingerprint:
    wanted = None if expected is None else np.asarray(expected, dtype=float)
    found = fingerprint(Sight(held, tuple(Examined(name, np.asarray(array), wanted) for array in arrays)))
    assert found is not None
    return found


# -- fingerprints ----------------------------------------------------------------------------------


def test_equal_arrays_have_the_same_fingerprint_whatever_their_type_and_ones_in_the_shape() -> None:
    assert same(of(X), of(X.copy()))
    assert same(of(X, expected=2 * X), of(X.astype(np.float32)))
    assert same(of(X[0]), of(X[:1]))


@pytest.mark.parametrize("other", [X + 1e-3, -X, X.T, X[:, :3], 2 * X, np.where(X > 1, np.nan, X)])
def test_other_arrays_have_another(other: Any) -> None:
    assert not same(of(X, expected=0 * X), of(other))


def test_the_place_within_the_check_counts() -> None:
    assert not same(of(X), of(X, held=1))
    assert not same(of(X), of(X, X))
    assert not same(of(X), of(X, name="dw"))


def test_what_is_barely_wrong_has_to_be_met_closely() -> None:
    barely = X * (1 + 1e-5)
    assert same(of(X * 2, expected=X), of(X * 2 * (1 + 1e-5)))
    assert not same(of(barely, expected=X), of(X * (1 + 1.5e-5)))
    assert similar(of(barely, expected=X), of(X * (1 + 1.5e-5)))


def test_what_is_lost_in_the_rounding_of_the_rest_cannot_be_told_apart() -> None:
    wanted = np.array([1e26, 3e26, 0.25, 0.5])
    one, other = wanted + np.array([0, 0, 1, 0]), wanted + np.array([0, 0, 0, 1])
    assert not same(of(one, expected=wanted), of(other, expected=wanted))


def test_right_numbers_in_a_wrong_shape_are_met_by_others_in_that_shape() -> None:
    assert same(of(X.ravel(), expected=X), of(X.ravel(), expected=X))


def test_what_is_not_finite_is_compared_by_its_place() -> None:
    infinite, nan = np.where(X > 1, np.inf, X), np.where(X > 1, np.nan, X)
    assert same(of(nan), of(nan.copy()))
    assert not same(of(nan), of(infinite))
    assert not same(of(nan), of(np.where(X > 0.9, np.nan, X)))
    assert same(of(np.full(3, 1e308)), of(np.full(3, 1e308)))


def test_zeros_and_single_numbers_say_less_than_arrays() -> None:
    assert [weight(of(values)) for values in (X, 2.5, np.ones(9), np.zeros(9), np.full(9, np.nan))] == [2, 1, 1, 0, 0]


def test_an_array_cannot_be_had_back_from_its_fingerprint() -> None:
    (trace,) = of(X).traces
    assert len(trace.numbers) < X.size


# -- known mistakes --------------------------------------------------------------------------------

CHECKS = [Check(name=name, question="q") for name in "abcde"]


def known(name: str, **failures: Fingerprint | None) -> Known:
    return Known(question="q", cause=Cause(name=name, message=f"is {name}"), failures=failures)


def named(mistakes: list[Known], **failures: Fingerprint | Verdict) -> dict[str, list[str]]:
    """Return the names of causes by check, of a submission that fails these and passes the others."""
    outcomes = []
    for check in CHECKS:
        found = failures.get(check.name, Verdict.PASSED)
        numbers = None if isinstance(found, Verdict) else found
        verdict = found if isinstance(found, Verdict) else Verdict.FAILED
        outcomes.append(CheckOutcome(name=check.name, verdict=verdict, fingerprint=numbers))
    told = explained(outcomes, CHECKS, mistakes)
    return {each.name: [cause.name for cause in each.causes] for each in told if each.causes}


def test_a_mistake_with_the_same_failures_is_named_at_each() -> None:
    assert named([known("sign", a=of(-X), b=of(-2 * X))], a=of(-X), b=of(-2 * X)) == {"a": ["sign"], "b": ["sign"]}


def test_a_mistake_that_fails_what_the_submission_passes_is_not_its_own() -> None:
    assert named([known("sign", a=of(-X), b=of(-2 * X))], a=of(-X)) == {}


def test_a_mistake_with_other_numbers_is_not_its_own_but_where_none_are_expected() -> None:
    wanted = {"a": of(-X), "b": of(3 * X, expected=X)}
    assert named([known("sign", a=of(-X), b=of(-2 * X, expected=X))], **wanted) == {}
    assert named([known("sign", a=of(-X), b=of(-2 * X))], **wanted) == {}
    assert named([known("sign", a=of(-X), b=of(-2 * X))], a=of(-X), b=of(3 * X)) == {"a": ["sign"]}


def test_a_failure_of_another_cause_does_not_hide_the_first() -> None:
    assert named([known("sign", a=of(-X))], a=of(-X), b=of(3 * X)) == {"a": ["sign"]}


def test_a_check_that_was_not_judged_says_nothing() -> None:
    assert named([known("sign", a=of(-X), b=of(-2 * X))], a=of(-X), b=Verdict.UNCHECKED) == {"a": ["sign"]}


def test_zeros_are_put_down_to_a_mistake_only_where_most_is_right() -> None:
    zeros = {name: of(0 * X) for name in "abc"}
    assert named([known("zeros", **zeros)], **zeros) == {}
    assert named([known("zeros", a=zeros["a"])], a=zeros["a"]) == {"a": ["zeros"]}
    assert named([known("zeros", a=zeros["a"])], a=zeros["a"], b=of(X)) == {}


def test_a_single_number_counts_beside_another_or_where_all_failures_agree() -> None:
    mistake = known("half", a=of(2.5), b=of(3.5))
    assert named([mistake], a=of(2.5), b=of(3.5), c=of(X)) == {"a": ["half"], "b": ["half"]}
    assert named([known("half", a=of(2.5))], a=of(2.5)) == {"a": ["half"]}
    assert named([known("half", a=of(2.5))], a=of(2.5), c=of(X)) == {}


def test_the_mistake_that_explains_more_is_preferred() -> None:
    mistakes = [known("one", a=of(-X)), known("both", a=of(-X), b=of(2 * X))]
    assert named(mistakes, a=of(-X), b=of(2 * X)) == {"a": ["both"], "b": ["both"]}


def test_of_two_that_cannot_be_told_apart_both_are_named_and_of_three_none() -> None:
    mistakes = [known(name, a=of(-X)) for name in ("one", "two", "three")]
    assert named(mistakes[:2], a=of(-X)) == {"a": ["one", "two"]}
    assert named(mistakes, a=of(-X)) == {}


# -- conditions ------------------------------------------------------------------------------------


def conditions(*checks: list[tuple[str, tuple[Any, ...], dict[str, Any], str, bool]]) -> dict[str, str]:
    """Return what is told of checks a, b and c, each of which makes calls and compares what they give."""
    watch, outcomes = Watch(), []
    for check, calls in zip(CHECKS, checks, strict=False):
        recorder.drain()
        watch.begins(check.name)
        verdict = Verdict.PASSED
        for function, args, kwargs, name, holds in calls:
            watch.calls(function, args, kwargs)
            watch.got((X, *args[1:]))
            recorder.examine(name, OUT)
            if holds:
                recorder.held()
            else:
                watch.fails(recorder.sight())
                verdict = Verdict.FAILED
        outcomes.append(CheckOutcome(name=check.name, verdict=verdict))
    recorder.drain()
    told = with_conditions(outcomes, CHECKS[: len(checks)], watch)
    return {each.name: each.causes[0].message for each in told if each.causes}


def forward(name: str, holds: bool, **settings: Any) -> tuple[str, tuple[Any, ...], dict[str, Any], str, bool]:
    return "nndl.layers.norm_forward", (X, settings), {}, name, holds


def test_wrong_in_test_mode_only() -> None:
    told = conditions([forward("out", True, mode="train")], [forward("the output", False, mode="test")])
    assert told == {"b": "wrong only in test mode: what was compared in training mode is right"}


def test_wrong_in_both_modes_or_nowhere_else_tells_nothing() -> None:
    train = forward("out", False, mode="train")
    assert conditions([train], [forward("out", False, mode="test")]) == {}
    assert conditions([forward("out", False, mode="test")]) == {}


def test_two_conditions_that_come_together_tell_nothing() -> None:
    assert conditions([forward("out", True, stride=1, pad=0)], [forward("out", False, stride=2, pad=1)]) == {}
    third = forward("out", True, stride=1, pad=1)
    told = conditions([forward("out", True, stride=1, pad=0)], [forward("out", False, stride=2, pad=1)], [third])
    assert told == {"b": "wrong only with a stride other than 1: what was compared with a stride of 1 is right"}


def test_of_several_results_the_one_that_is_wrong_is_compared_with_itself() -> None:
    told = conditions(
        [forward("dx", True, pad=0), forward("dw", True, pad=0)],
        [forward("dw", True, pad=1), forward("dx", False, pad=1)],
    )
    assert told == {"b": "wrong only with padding: what was compared without padding is right"}


def test_wrong_from_the_second_step_on() -> None:
    state: dict[str, Any] = {"learning_rate": 0.1}
    step = ("nndl.optim.adam", (X, state), {})
    told = conditions([(*step, "next_w of step 1", True), (*step, "next_w of step 2", False)])
    assert told == {"a": "wrong only from the second step on: what was compared in the first step is right"}


def test_a_result_that_is_an_argument_is_told() -> None:
    told = conditions([("nndl.layers.relu_forward", (OUT,), {}, "out", False)])
    assert told == {"a": "out is one of the arrays that were passed in, unchanged"}
    assert conditions([("nndl.layers.relu_forward", (X,), {}, "out", False)]) == {}


def test_steps_of_another_state_begin_anew() -> None:
    calls = [("nndl.optim.adam", (X, {"learning_rate": 0.1}), {}, "next_w", holds) for holds in (True, False)]
    assert conditions(calls) == {}
