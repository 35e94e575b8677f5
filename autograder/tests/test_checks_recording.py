"""Remarks, metrics, changed inputs, distributions and training runs, and the words of their failures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from autograder import checks
from autograder.checks import (
    CheckFailure,
    accuracy,
    accuracy_of_scores,
    assert_falls,
    assert_history,
    assert_normal,
    metric,
    recorder,
    remark,
    remark_changes,
    remark_failure,
)

LABELS = np.array([0, 1, 1, 2])


@pytest.fixture(autouse=True)
def _nothing_noted() -> Iterator[None]:
    recorder.drain()
    yield
    recorder.drain()


def test_package_exports_what_it_names() -> None:
    assert sorted(checks.__all__) == checks.__all__
    assert all(hasattr(checks, name) for name in checks.__all__)


def test_drain_gives_what_was_noted_once() -> None:
    remark("style", "long")
    remark("style", "long")
    metric("accuracy", 0.5)
    metric("accuracy", 0.75)
    assert recorder.drain() == ([("style", "long")], {"accuracy": 0.75})
    assert recorder.drain() == ([], {})


def test_failure_is_remarked_and_goes_no_further() -> None:
    with remark_failure("pad", "does not work"):
        raise TypeError
    with remark_failure("stride", "does not work"):
        pass
    assert recorder.drain() == ([("pad", "does not work")], {})


def test_changed_input_is_remarked_and_others_are_not() -> None:
    x, w = np.array([1.0, np.nan]), np.array([2])
    with remark_changes("relu_forward", x=x, w=w):
        w[0] = 3
    ((code, message),), _ = recorder.drain()
    assert code == "changed-input"
    assert message == "relu_forward changes its argument w: compute a new array instead"


def test_draws_of_the_right_spread_pass() -> None:
    for seed in range(100):
        values = np.random.default_rng(seed).normal(1.0, 0.02, (40, 50))
        assert_normal(values, std=0.02, mean=1.0, again=values[::-1])


def test_draws_that_are_repeated_fail() -> None:
    values = np.random.default_rng(0).normal(0, 0.02, (1, 50)).repeat(40, axis=0)
    values *= 0.02 / values.std()
    with pytest.raises(CheckFailure, match="W1 has the same numbers again and again"):
        assert_normal(values, std=0.02, mean=values.mean(), name="W1")


def test_draws_that_come_again_fail() -> None:
    values = np.random.default_rng(0).normal(0, 0.02, (40, 50))
    with pytest.raises(CheckFailure, match="W1 has the same numbers at every call"):
        assert_normal(values, std=0.02, name="W1", again=values.copy())


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.zeros(2000), "W1 has standard deviation 0"),
        (np.random.default_rng(0).normal(0, 0.03, 2000), "W1 has standard deviation 0.03"),
        (np.random.default_rng(0).normal(0.01, 0.02, 2000), "W1 has mean 0.00944"),
        (np.full(2000, np.nan), "W1 has 2000 NaN among 2000 entries"),
        (None, "W1 is None"),
    ],
)
def test_draws_of_another_distribution_fail(values: object, words: str) -> None:
    with pytest.raises(CheckFailure) as caught:
        assert_normal(values, std=0.02, name="W1")
    assert caught.value.message.startswith(words)


def test_accuracy_counts_right_labels() -> None:
    assert accuracy([0, 1, 2, 2], LABELS) == 0.75
    assert accuracy_of_scores(np.eye(3)[[0, 1, 1, 0]], LABELS) == 0.75


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        (np.zeros(4), "scores has shape (4,), a row was expected for each of 4 examples"),
        (np.zeros((3, 4)), "scores has shape (3, 4), a row was expected for each of 4 examples"),
        (np.full((4, 3), np.inf), "scores has 12 inf among 12 entries"),
    ],
)
def test_scores_of_the_wrong_form_fail(scores: object, words: str) -> None:
    with pytest.raises(CheckFailure) as caught:
        accuracy_of_scores(scores, LABELS)
    assert caught.value.message == words


def test_predictions_of_the_wrong_form_fail() -> None:
    with pytest.raises(CheckFailure, match=r"y_pred has shape \(4, 1\), a label was expected for each of 4"):
        accuracy(np.zeros((4, 1)), LABELS)


def test_history_may_hold_numbers_of_any_kind() -> None:
    history = assert_history([1.0, np.float32(2.0), np.array(3), np.array([4.0])], 4)
    assert history.tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("history", "words"),
    [
        ([1.0] * 6, "loss_history has 6 entries after 3 iterations: is each noted twice?"),
        ([1.0] * 2, "loss_history has 2 entries after 3 iterations"),
        ([1.0, np.nan, 1.0], "loss_history has 1 NaN among 3 entries"),
        ([1.0, None, 1.0], "an entry of loss_history is None"),
        ([1.0, [1, 2], 1.0], "an entry of loss_history has shape (2,), a number was expected"),
        (None, "loss_history is a NoneType, a list of numbers was expected"),
        ({}, "loss_history is a dict, a list of numbers was expected"),
    ],
)
def test_history_of_the_wrong_form_fails(history: object, words: str) -> None:
    with pytest.raises(CheckFailure) as caught:
        assert_history(history, 3)
    assert caught.value.message.startswith(words)


def test_loss_must_fall() -> None:
    assert_falls(np.linspace(2, 0.1, 50), 0.3)
    with pytest.raises(CheckFailure, match="loss_history goes from 2 to 2: the model does not learn"):
        assert_falls(np.full(50, 2.0), 0.9)


@pytest.mark.parametrize(
    ("spread", "words"), [(1.0, "is not scaled"), (0.0004, "has the square of"), (0.1414, "has the root of")]
)
def test_the_spread_says_what_was_done_instead(spread: float, words: str) -> None:
    values = np.random.default_rng(0).normal(0, spread, 2000)
    with pytest.raises(CheckFailure) as caught:
        assert_normal(values, std=0.02, name="W1")
    (cause,) = caught.value.causes
    assert cause.name == "spread"
    assert cause.message.startswith(f"W1 {words}")
