"""The Jacobian in backward mode, which has no other error than rounding."""

import numpy as np
import pytest
from nndl.autodiff import backward_mode_jacobian
from reference.nndl import autodiff as reference

from autograder.checks import as_array, assert_close, numeric_gradient, remark_changes, weigh

pytestmark = pytest.mark.question("backward_mode")


def row_by_differences(output, w):
    """Return a row of the Jacobian by differences of the trusted function."""
    return numeric_gradient(weigh(reference.forward, np.eye(2)[output]), {"w": w}, "w")


@pytest.mark.visible
def test_backward_mode_gives_the_printed_numbers():
    J = backward_mode_jacobian(np.array([1.0, 2.0]))
    assert_close(J, [[2.12082367e25, 8.51957643e26], [2.19661193, 1.0]], rtol=1e-7, name="J")


@pytest.mark.hint("exp(w1) and exp(2 w2) both lead to f1, and x leads to it twice: by exp and by sin.")
def test_backward_mode_of_the_first_output(rng):
    for w in rng.uniform(-1.5, 0.7, (10, 2)):
        assert_close(backward_mode_jacobian(w)[0], row_by_differences(0, w), rtol=1e-5, atol=1e-7, name="J[0]")


@pytest.mark.hint("w1 leads to f2 twice: by the product and by the sigmoid.")
def test_backward_mode_of_the_second_output(rng):
    for w in rng.uniform(-3, 3, (10, 2)):
        assert_close(backward_mode_jacobian(w)[1], row_by_differences(1, w), rtol=1e-5, atol=1e-7, name="J[1]")


@pytest.mark.hint("Compute the derivative of every step; differences of function values are not this exact.")
def test_backward_mode_has_all_the_digits_there_are(rng):
    for w in [np.array([1.0, 2.0]), *rng.uniform(-1, 1.5, (10, 2))]:
        expected = reference.forward_mode_jacobian(w)
        with remark_changes(backward_mode_jacobian.__name__, w=w):
            J = as_array(backward_mode_jacobian(w), "J").astype(float)  # of a result in single precision, too
            assert_close(J, expected, rtol=2e-12, atol=1e-13, name="J")
