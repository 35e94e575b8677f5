"""The Jacobian of any function by central differences."""

import numpy as np
import pytest
from nndl.autodiff import forward, numerical_jacobian
from reference.nndl import autodiff as reference
from utils.functions import helix, products

from autograder.checks import assert_close, assert_double, remark_changes

pytestmark = pytest.mark.question("differences")


@pytest.mark.visible
def test_numerical_jacobian_of_a_function_with_three_inputs_and_two_outputs():
    J = numerical_jacobian(products, np.array([2.0, -3.0, 0.5]), 1e-5)
    assert_close(J, [[-1.5, 1.0, -6.0], [4.0, 0.0, 0.0]], rtol=1e-6, atol=1e-6, name="J")


@pytest.mark.visible
@pytest.mark.requires("forward")
def test_numerical_jacobian_of_the_function_of_the_assignment():
    J = numerical_jacobian(forward, np.array([1.0, 2.0]), 1e-6)
    assert_close(J, [[2.12082367e25, 8.51957643e26], [2.19661193, 1.0]], rtol=1e-5, name="J")


@pytest.mark.hint("Row i is about output i, column j about input j.")
def test_numerical_jacobian_takes_any_number_of_inputs_and_outputs(rng):
    a, b, c = w = rng.uniform(1, 2, 3)
    t = rng.uniform(1, 2)
    for f, at, expected in (
        (products, w, [[b * c, a * c, a * b], [2 * a, 0, 0]]),
        (helix, np.array([t]), [[-np.sin(t)], [np.cos(t)], [3]]),
    ):
        J = numerical_jacobian(f, at, 1e-5)
        assert_close(J, expected, rtol=1e-6, atol=1e-6, name="J")
        assert_double(J, name="J")


@pytest.mark.requires("forward")
def test_numerical_jacobian_with_its_own_step(rng):
    for w in rng.uniform(-1.5, 0.5, (5, 2)):
        expected = reference.forward_mode_jacobian(w)
        with remark_changes(numerical_jacobian.__name__, w=w):
            assert_close(numerical_jacobian(forward, w), expected, rtol=1e-4, atol=1e-4, name="J")


@pytest.mark.hint(
    "Central differences look at both sides: (f(w + h e_j) - f(w - h e_j)) / 2h, with the h that is given."
)
def test_numerical_jacobian_looks_at_both_sides_with_the_given_step():
    signs = np.array([1.0, -1.0, 1.0])  # where a step of h and one relative to |w| are the same
    # For a polynomial of degree 2, central differences are exact at any step.
    assert_close(numerical_jacobian(products, signs, 0.1), [[-1, 1, -1], [2, 0, 0]], atol=1e-7, name="J")
    # The derivative of cos and sin, times sin(h) / h.
    factor = np.sin(0.5) / 0.5
    expected = [[-factor * np.sin(1.0)], [factor * np.cos(1.0)], [3.0]]
    assert_close(numerical_jacobian(helix, np.array([1.0]), 0.5), expected, rtol=1e-6, name="J")
