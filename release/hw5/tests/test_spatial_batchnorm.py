"""Checks of hw5 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.conv_layers import spatial_batchnorm_backward, spatial_batchnorm_forward

from checks import CheckFailure, as_array, assert_close, remark_changes, unpack

pytestmark = pytest.mark.question("spatial_batchnorm")

RTOL, ATOL = 5e-5, 1e-5  # eps may stand inside the square root or outside

builds_on_batchnorm = pytest.mark.requires("batchnorm_forward", "batchnorm_backward")
needs_forward = pytest.mark.requires("spatial_batchnorm_forward")


def forward(x, gamma, beta, bn_param):
    """Return the student's output alone; `bn_param` changes."""
    out, _ = unpack(spatial_batchnorm_forward(x, gamma, beta, bn_param), "out, cache")
    return out


def backward(dout, x, gamma, beta):
    """Return the student's gradients; of the forward pass only the cache is used."""
    _, cache = unpack(spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"}), "out, cache")
    with remark_changes("spatial_batchnorm_backward", dout=dout):
        return unpack(spatial_batchnorm_backward(dout, cache), "dx, dgamma, dbeta")


def draw(rng, *shape):
    """Draw images whose channels differ in mean and spread, scales, and shifts."""
    channels = (shape[1], 1, 1)
    x = rng.uniform(-5, 5, channels) + rng.uniform(0.5, 4, channels) * rng.standard_normal(shape)
    gamma = rng.choice([-1, 1], shape[1]) * rng.uniform(0.5, 2, shape[1])
    return x, gamma, rng.standard_normal(shape[1])


def small():
    """Return two images of two channels, scales and shifts, the same ones every time."""
    x = np.array([[[[1.0, 3.0]], [[10.0, -10.0]]], [[[-1.0, 5.0]], [[30.0, 10.0]]]])
    return x, np.array([1.0, 2.0]), np.array([0.5, -1.0])


@builds_on_batchnorm
def test_spatial_batchnorm_of_two_small_images():
    x, gamma, beta = small()
    expected = [
        [[[0.0527868517, 0.9472131483]], [[-1.0, -3.828427054]]],
        [[[-0.8416394449, 1.8416394449]], [[1.828427054, -1.0]]],
    ]
    assert_close(forward(x, gamma, beta, {"mode": "train"}), expected, rtol=RTOL, atol=ATOL, name="out")


@builds_on_batchnorm
def test_spatial_batchnorm_gives_every_channel_mean_0_and_standard_deviation_1(rng):
    x, _, _ = draw(rng, 4, 3, 5, 6)
    out = as_array(forward(x, np.ones(3), np.zeros(3), {"mode": "train"}), "out")
    if out.shape != x.shape:
        raise CheckFailure(f"out has shape {out.shape}, x has shape {x.shape}")
    assert_close(out.mean(axis=(0, 2, 3)), np.zeros(3), atol=1e-6, name="the mean of each channel")
    assert_close(out.std(axis=(0, 2, 3)), np.ones(3), rtol=1e-3, name="the standard deviation of each channel")


@builds_on_batchnorm
@needs_forward
def test_spatial_batchnorm_gradients_of_two_small_images():
    x, gamma, beta = small()
    dout = np.array([[[[1.0, 2.0]], [[3.0, -1.0]]], [[[0.0, -2.0]], [[1.0, 2.0]]]])
    dx, dgamma, dbeta = backward(dout, x, gamma, beta)
    expected = [
        [[[0.2236067977, 0.894426073]], [[0.2474873672, -0.1767766979]]],
        [[[-0.4472124775, -0.6708203932]], [[-0.1767766838, 0.1060660145]]],
    ]
    assert_close(dx, expected, rtol=RTOL, atol=ATOL, name="dx")
    assert_close(dgamma, [-2.2360657414, 2.828427054], rtol=RTOL, name="dgamma", like_vector=True)
    assert_close(dbeta, [1.0, 5.0], rtol=RTOL, name="dbeta", like_vector=True)
