"""Minibatches of two at learning rate 0: those of right trainings pass, the others are told what they are."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from autograder.checks import CheckFailure, assert_batch_size, assert_minibatches

SINGLE = 2.0 ** np.arange(6)  # no two pairs have the same mean
LABELS = np.array([0, 1, 2, 0, 1, 2])

Chosen = npt.NDArray[np.integer]
Draw = Callable[[np.random.Generator, int], Chosen]


def losses(draw: Draw, seed: int = 0) -> npt.NDArray[np.float64]:
    """Return the losses of 60 minibatches, which `draw` chooses by the iteration."""
    rng = np.random.default_rng(seed)
    return np.array([SINGLE[draw(rng, step)].mean() for step in range(60)])


def of_one_class(rng: np.random.Generator, step: int) -> Chosen:
    return rng.choice(np.flatnonzero(rng.integers(3) == LABELS), 2)


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng, step: rng.integers(6, size=2),
        lambda rng, step: rng.choice(6, 2, replace=False),
        lambda rng, step: np.random.default_rng(step // 3).permutation(6)[2 * step % 6 :][:2],  # epoch after epoch
    ],
)
def test_minibatches_of_all_examples_pass(draw: Draw) -> None:
    for seed in range(200):
        assert_minibatches(losses(draw, seed), SINGLE, LABELS)


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda rng, step: rng.integers(6, size=3), "losses that are not those of batch_size examples"),
        (lambda rng, step: rng.integers(6, size=1), "a single one of the examples, whatever"),
        (lambda rng, step: np.arange(2 * step, 2 * step + 2) % 6, "the examples in their order"),
        (lambda rng, step: np.array([2, 3]), "all minibatches are the same"),
        (lambda rng, step: np.random.default_rng(step // 2).integers(6, size=2), "loss_history repeats itself"),
        (lambda rng, step: rng.integers(5, size=2), "some of the examples are in no minibatch"),
        (of_one_class, "every minibatch has examples of a single class"),
    ],
)
def test_other_minibatches_are_told_apart(draw: Draw, words: str) -> None:
    with pytest.raises(CheckFailure, match=words):
        assert_minibatches(losses(draw), SINGLE, LABELS)


def shares(size: int) -> npt.NDArray[np.float64]:
    """Return the losses of 20 minibatches of `size` examples, whose losses are 0.5 or 2."""
    chosen = np.random.default_rng(0).integers(2, size=(20, size))
    return np.array([0.5, 2.0])[chosen].mean(axis=1)


def test_batches_of_the_size_that_was_asked_pass() -> None:
    assert_batch_size(shares(67), np.array([0.5, 2.0]), 67)


@pytest.mark.parametrize("history", [shares(10), shares(32), shares(66), shares(67) * 66 / 67, shares(67) + 2])
def test_batches_of_other_sizes_are_told(history: npt.NDArray[np.float64]) -> None:
    with pytest.raises(CheckFailure, match="not the mean of 67 columns"):
        assert_batch_size(history, np.array([0.5, 2.0]), 67, examples="columns")
