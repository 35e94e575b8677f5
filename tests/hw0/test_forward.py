"""The function of the assignment: two numbers, the first of which is very large."""

import numpy as np
import pytest
from nndl.autodiff import forward
from reference.nndl import autodiff as reference

from autograder.checks import CheckFailure, as_array, assert_close, assert_double, remark_changes

pytestmark = pytest.mark.question("forward")


@pytest.mark.visible
def test_forward_gives_the_printed_numbers():
    assert_close(outputs(np.array([1.0, 2.0])), [7.80207426e24, 2.73105858], rtol=1e-7, name="f")


@pytest.mark.hint("The 2 stands in the second exponent, exp(2 w2); exp and sin are both taken of the same sum.")
def test_forward_of_the_first_output_at_points_of_any_sign(rng):
    for w in rng.uniform(-2, 1, (20, 2)):
        expected = reference.forward(w)[0]
        with remark_changes("forward", w=w):
            assert_close(outputs(w)[0], expected, rtol=1e-9, name="f1")
        assert_close(outputs(w)[0], expected, rtol=1e-9, name="f1 of a second call with the same w")


@pytest.mark.hint("f2 is w1 * w2 + sigmoid(w1), with sigmoid(x) = 1 / (1 + exp(-x)).")
def test_forward_of_the_second_output_at_points_of_any_sign(rng):
    for w in rng.uniform(-3, 1, (20, 2)):
        expected = reference.forward(w)[1]
        assert_close(outputs(w)[1], expected, rtol=1e-9, name="f2")
        assert_double(outputs(w), name="f")


def outputs(w):
    """Return f1 and f2 of the student's code, from an array, a list or a tuple."""
    f = forward(w)
    values = as_array(list(f) if isinstance(f, tuple) else f, "f")
    if values.shape != (2,):
        raise CheckFailure(f"f has shape {values.shape}, (2,) was expected")
    return values
