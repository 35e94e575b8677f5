"""Checks of hw3 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.layers import relu_backward, relu_forward

from checks import assert_close, remark_changes, unpack

pytestmark = pytest.mark.question("relu")


def forward(x):
    """Return the student's output alone."""
    out, _ = unpack(relu_forward(x), "out, cache")
    return out


def backward(dout, x):
    """Return the student's gradient; of the forward pass only the cache is used."""
    _, cache = unpack(relu_forward(x), "out, cache")
    with remark_changes("relu_backward", dout=dout):
        return relu_backward(dout, cache)


def test_relu_forward_gives_the_numbers_of_the_notebook():
    x = np.linspace(-0.5, 0.5, num=12).reshape(3, 4)
    expected = [
        [0.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.04545455, 0.13636364],
        [0.22727273, 0.31818182, 0.40909091, 0.5],
    ]
    assert_close(forward(x), expected, rtol=1e-7, atol=1e-8, name="out")


@pytest.mark.requires("relu_forward")
def test_relu_backward_gives_a_gradient_worked_out_by_hand():
    x = np.array([[2.0, -1.0, 3.0], [-4.0, 5.0, -6.0]])
    dout = np.array([[1.0, 2.0, -3.0], [-4.0, -5.0, 6.0]])
    assert_close(backward(dout, x), [[1.0, 0.0, -3.0], [0.0, -5.0, 0.0]], name="dx")
