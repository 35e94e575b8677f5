"""Random directions find every mistake of a convolutional network's backward pass, and none where there is none."""

from __future__ import annotations

import pytest

from autograder.checks import assert_gradients_along
from autograder.tests import gradient_net

SEEDS = 3  # `make bench` takes 100


@pytest.fixture(scope="module")
def right():
    return gradient_net.functions()


@pytest.mark.parametrize(("old", "new"), gradient_net.MISTAKES)
def test_every_mistake_is_found_at_every_point(right, old, new):
    wrong = gradient_net.functions(old, new)
    assert all(gradient_net.is_alarm(assert_gradients_along, wrong, right, seed) for seed in range(SEEDS))


def test_right_gradients_raise_no_alarm(right):
    """Among them are those of biases before batch normalization, which are 0 but for rounding."""
    gradients = right["gradients"](gradient_net.point(0))
    assert max(abs(gradients[name]).max() for name in ("b1", "b3")) < 1e-12
    assert not any(gradient_net.is_alarm(assert_gradients_along, right, right, seed) for seed in range(50))
