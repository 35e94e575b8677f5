"""Checks of hw5 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.conv_layers import max_pool_backward_naive, max_pool_forward_naive

from checks import assert_close, remark_changes, unpack

pytestmark = pytest.mark.question("max_pool")


def pool_param(height, width, stride):
    return {"pool_height": height, "pool_width": width, "stride": stride}


def forward(x, *pool):
    """Return the student's output alone."""
    out, _ = unpack(max_pool_forward_naive(x, pool_param(*pool)), "out, cache")
    return out


def backward(dout, x, *pool):
    """Return the student's gradient; of the forward pass only the cache is used."""
    _, cache = unpack(max_pool_forward_naive(x, pool_param(*pool)), "out, cache")
    with remark_changes("max_pool_backward_naive", dout=dout):
        return max_pool_backward_naive(dout, cache)


def test_max_pool_forward_gives_the_numbers_of_the_notebook():
    x = np.linspace(-0.3, 0.4, num=2 * 3 * 4 * 4).reshape(2, 3, 4, 4)
    expected = [
        [
            [[-0.26315789, -0.24842105], [-0.20421053, -0.18947368]],
            [[-0.14526316, -0.13052632], [-0.08631579, -0.07157895]],
            [[-0.02736842, -0.01263158], [0.03157895, 0.04631579]],
        ],
        [
            [[0.09052632, 0.10526316], [0.14947368, 0.16421053]],
            [[0.20842105, 0.22315789], [0.26736842, 0.28210526]],
            [[0.32631579, 0.34105263], [0.38526316, 0.4]],
        ],
    ]
    assert_close(forward(x, 2, 2, 2), expected, rtol=1e-7, atol=1e-8, name="out")


@pytest.mark.requires("max_pool_forward_naive")
def test_max_pool_backward_gives_a_gradient_worked_out_by_hand():
    x = np.array([[[[1.0, 3.0, -1.0, -2.0], [2.0, 0.0, -4.0, -3.0]], [[5.0, 6.0, 0.0, 1.0], [7.0, 8.0, 3.0, 2.0]]]])
    dout = np.array([[[[1.0, -2.0]], [[3.0, 4.0]]]])
    expected = [[[[0.0, 1.0, -2.0, 0.0], [0.0, 0.0, 0.0, 0.0]], [[0.0, 0.0, 0.0, 0.0], [0.0, 3.0, 4.0, 0.0]]]]
    assert_close(backward(dout, x, 2, 2, 2), expected, name="dx")
