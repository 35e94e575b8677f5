"""Checks of hw5 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.conv_layers import conv_backward_naive, conv_forward_naive

from checks import assert_close, remark_changes, unpack

pytestmark = pytest.mark.question("conv")


def forward(x, w, b, stride, pad):
    """Return the student's output alone."""
    out, _ = unpack(conv_forward_naive(x, w, b, {"stride": stride, "pad": pad}), "out, cache")
    return out


def backward(dout, x, w, b, stride, pad):
    """Return the student's gradients; of the forward pass only the cache is used."""
    _, cache = unpack(conv_forward_naive(x, w, b, {"stride": stride, "pad": pad}), "out, cache")
    with remark_changes("conv_backward_naive", dout=dout):
        return unpack(conv_backward_naive(dout, cache), "dx, dw, db")


def small():
    """Return an image of two channels, two filters, biases and a gradient, all whole numbers."""
    x = np.array([[[[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]], [[0.0, 1.0, 1.0], [2.0, 0.0, -2.0]]]])
    w = np.array(
        [[[[1.0, 0.0], [2.0, -1.0]], [[0.0, 1.0], [1.0, 0.0]]], [[[0.0, 1.0], [0.0, 0.0]], [[1.0, 1.0], [0.0, -1.0]]]]
    )
    dout = np.arange(-6.0, 18.0).reshape(1, 2, 3, 4)
    return x, w, np.array([1.0, -2.0]), dout


def test_conv_forward_gives_the_numbers_of_the_notebook():
    x = np.linspace(-0.1, 0.5, num=2 * 3 * 4 * 4).reshape(2, 3, 4, 4)
    w = np.linspace(-0.2, 0.3, num=3 * 3 * 4 * 4).reshape(3, 3, 4, 4)
    b = np.linspace(-0.1, 0.2, num=3)
    expected = [
        [
            [[-0.08759809, -0.10987781], [-0.18387192, -0.2109216]],
            [[0.21027089, 0.21661097], [0.22847626, 0.23004637]],
            [[0.50813986, 0.54309974], [0.64082444, 0.67101435]],
        ],
        [
            [[-0.98053589, -1.03143541], [-1.19128892, -1.24695841]],
            [[0.69108355, 0.66880383], [0.59480972, 0.56776003]],
            [[2.36270298, 2.36904306], [2.38090835, 2.38247847]],
        ],
    ]
    assert_close(forward(x, w, b, 2, 1), expected, rtol=1e-7, atol=1e-8, name="out")


def test_conv_forward_of_an_image_worked_out_by_hand():
    x, w, b, _ = small()
    expected = [
        [
            [[0.0, 1.0, 6.0, 2.0], [1.0, 6.0, -1.0, 5.0], [3.0, 1.0, -2.0, 4.0]],
            [[-2.0, -3.0, -3.0, -2.0], [-3.0, 1.0, 2.0, -1.0], [0.0, -1.0, -1.0, -4.0]],
        ]
    ]
    assert_close(forward(x, w, b, 1, 1), expected, name="out")


@pytest.mark.requires("conv_forward_naive")
def test_conv_backward_gives_gradients_worked_out_by_hand():
    x, w, b, dout = small()
    dx, dw, db = backward(dout, x, w, b, 1, 1)
    assert_close(dx, [[[[5.0, 8.0, 11.0], [17.0, 20.0, 23.0]], [[8.0, 11.0, 14.0], [20.0, 23.0, 26.0]]]], name="dx")
    first = [[[10.0, 5.0], [-10.0, -15.0]], [[-3.0, -5.0], [-11.0, -13.0]]]
    second = [[[70.0, 65.0], [50.0, 45.0]], [[21.0, 19.0], [13.0, 11.0]]]
    assert_close(dw, [first, second], name="dw")
    assert_close(db, [-6.0, 138.0], name="db", like_vector=True)
