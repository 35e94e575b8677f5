"""Checks of hw3 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.layers import affine_backward, affine_forward

from checks import assert_close, remark_changes, unpack

pytestmark = pytest.mark.question("affine")


def forward(x, w, b):
    """Return the student's output alone."""
    out, _ = unpack(affine_forward(x, w, b), "out, cache")
    return out


def backward(dout, x, w, b):
    """Return the student's gradients; of the forward pass only the cache is used."""
    _, cache = unpack(affine_forward(x, w, b), "out, cache")
    with remark_changes("affine_backward", dout=dout):
        return unpack(affine_backward(dout, cache), "dx, dw, db")


def test_affine_forward_gives_the_numbers_of_the_notebook():
    x = np.linspace(-0.1, 0.5, num=2 * 120).reshape(2, 4, 5, 6)
    w = np.linspace(-0.2, 0.3, num=120 * 3).reshape(120, 3)
    b = np.linspace(-0.3, 0.1, num=3)
    expected = [[1.49834967, 1.70660132, 1.91485297], [3.25553199, 3.5141327, 3.77273342]]
    assert_close(forward(x, w, b), expected, rtol=1e-7, atol=1e-8, name="out")


@pytest.mark.requires("affine_forward")
def test_affine_backward_gives_gradients_worked_out_by_hand():
    x = np.array([[[1.0, 2.0]], [[3.0, -1.0]]])  # two examples of shape (1, 2)
    w = np.array([[1.0, 0.0, 2.0], [-1.0, 3.0, 1.0]])
    b = np.array([5.0, -5.0, 1.0])
    dout = np.array([[1.0, 2.0, -1.0], [0.0, 1.0, 4.0]])
    dx, dw, db = backward(dout, x, w, b)
    assert_close(dx, [[[-1.0, 4.0]], [[8.0, 7.0]]], name="dx")
    assert_close(dw, [[1.0, 5.0, 11.0], [2.0, 3.0, -6.0]], name="dw")
    assert_close(db, [1.0, 3.0, 3.0], name="db", like_vector=True)
