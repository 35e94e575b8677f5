"""Checks of hw0 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.autodiff import forward, numerical_jacobian
from utils.functions import products

from checks import assert_close

pytestmark = pytest.mark.question("differences")


def test_numerical_jacobian_of_a_function_with_three_inputs_and_two_outputs():
    J = numerical_jacobian(products, np.array([2.0, -3.0, 0.5]), 1e-5)
    assert_close(J, [[-1.5, 1.0, -6.0], [4.0, 0.0, 0.0]], rtol=1e-6, atol=1e-6, name="J")


@pytest.mark.requires("forward")
def test_numerical_jacobian_of_the_function_of_the_assignment():
    J = numerical_jacobian(forward, np.array([1.0, 2.0]), 1e-6)
    assert_close(J, [[2.12082367e25, 8.51957643e26], [2.19661193, 1.0]], rtol=1e-5, name="J")
