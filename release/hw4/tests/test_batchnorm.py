"""Checks of hw4 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.layers import batchnorm_backward, batchnorm_forward

from checks import CheckFailure, assert_close, entry, remark_changes, unpack

pytestmark = pytest.mark.question("batchnorm")

RTOL = 5e-5  # eps may stand inside the square root or outside


def forward(x, gamma, beta, bn_param):
    """Return the student's output alone; what is given stays as it is, except for `bn_param`."""
    with remark_changes("batchnorm_forward", x=x, gamma=gamma, beta=beta):
        out, _ = unpack(batchnorm_forward(x, gamma, beta, bn_param), "out, cache")
    return out


def backward(dout, x, gamma, beta):
    """Return the student's gradients; of the forward pass only the cache is used."""
    _, cache = unpack(batchnorm_forward(x.copy(), gamma.copy(), beta.copy(), {"mode": "train"}), "out, cache")
    with remark_changes("batchnorm_backward", dout=dout):
        dx, dgamma, dbeta = unpack(batchnorm_backward(dout, cache), "dx, dgamma, dbeta")
    return {"x": dx, "gamma": dgamma, "beta": dbeta}


def check_average(bn_param, name, *candidates):
    """See that a running average is one of those that are right; messages show the first."""
    assert_one_of(entry(bn_param, name, "bn_param"), candidates, name=f"bn_param[{name!r}]", like_vector=True)


def assert_one_of(actual, candidates, **settings):
    """See that a result is one of those that are right; messages show the first."""
    for candidate in candidates[1:]:
        try:
            assert_close(actual, candidate, rtol=RTOL, atol=1e-5, **settings)
        except CheckFailure:
            continue
        return
    assert_close(actual, candidates[0], rtol=RTOL, atol=1e-5, **settings)


def test_batchnorm_in_training_gives_numbers_worked_out_by_hand():
    x = np.array([[1.0, -20.0], [5.0, 40.0], [3.0, 10.0], [3.0, 10.0]])
    expected = [[-2.82842712, 1.58578644], [2.82842712, 4.41421356], [0.0, 3.0], [0.0, 3.0]]
    out = forward(x, np.array([2.0, 1.0]), np.array([0.0, 3.0]), {"mode": "train"})
    assert_close(out, expected, rtol=RTOL, atol=1e-5, name="out")


@pytest.mark.hint("The new average is momentum * old average + (1 - momentum) * what the batch has.")
def test_batchnorm_running_averages_after_one_batch():
    x = np.array([[1.0, -20.0], [5.0, 40.0], [3.0, 10.0], [3.0, 10.0]])
    bn_param = {"mode": "train", "running_mean": np.array([1.0, 2.0]), "running_var": np.array([4.0, 100.0])}
    forward(x, np.ones(2), np.zeros(2), bn_param)
    check_average(bn_param, "running_mean", [1.2, 2.8])
    check_average(bn_param, "running_var", [3.8, 135.0], [3.6 + 0.8 / 3, 150.0])


@pytest.mark.requires("batchnorm_forward")
def test_batchnorm_backward_gives_gradients_worked_out_by_hand():
    x = np.array([[1.0], [3.0], [5.0], [7.0]])  # mean 4, variance 5
    dout = np.array([[1.0], [0.0], [0.0], [0.0]])
    gradients = backward(dout, x, np.array([2.0]), np.array([1.0]))
    # x_hat is (-3, -1, 1, 3) / sqrt(5)
    assert_close(gradients["beta"], [1.0], rtol=RTOL, name="dbeta", like_vector=True)
    assert_close(gradients["gamma"], [-3 / np.sqrt(5)], rtol=RTOL, name="dgamma", like_vector=True)
    expected = 2 / np.sqrt(5) * np.array([[0.3], [-0.4], [-0.1], [0.2]])
    assert_close(gradients["x"], expected, rtol=RTOL, atol=1e-5, name="dx")
