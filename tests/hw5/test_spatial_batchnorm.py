"""Spatial batch normalization: each channel is normalized over all images and pixels, with running averages."""

import numpy as np
import pytest
from nndl.conv_layers import spatial_batchnorm_backward, spatial_batchnorm_forward
from nndl.layers import batchnorm_backward, batchnorm_forward
from reference.nndl import conv_layers as reference
from reference.nndl import layers as flat_reference

from autograder.checks import (
    CheckFailure,
    as_array,
    assert_close,
    assert_gradients,
    assert_gradients_along,
    entry,
    remark_changes,
    unpack,
    weigh,
)

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


def true_forward(x, gamma, beta):
    return reference.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})[0]


def draw(rng, *shape):
    """Draw images whose channels differ in mean and spread, scales, and shifts."""
    channels = (shape[1], 1, 1)
    x = rng.uniform(-5, 5, channels) + rng.uniform(0.5, 4, channels) * rng.standard_normal(shape)
    gamma = rng.choice([-1, 1], shape[1]) * rng.uniform(0.5, 2, shape[1])
    return x, gamma, rng.standard_normal(shape[1])


def check_training(x, gamma, beta, **settings):
    bn_param = {"mode": "train", **settings}
    arrays = (array.astype(float) for array in (x, gamma, beta))
    expected, _ = reference.spatial_batchnorm_forward(*arrays, dict(bn_param))
    with remark_changes("spatial_batchnorm_forward", x=x, gamma=gamma, beta=beta):
        assert_close(forward(x, gamma, beta, bn_param), expected, rtol=RTOL, atol=ATOL, name="out")


def check_backward(rng, *shape):
    """Compare every entry of the gradients with differences of the reference's output."""
    x, gamma, beta = draw(rng, *shape)
    x *= 5  # so that epsilon makes no difference, wherever it stands
    dout = rng.standard_normal(shape)
    loss, at = weigh(true_forward, dout), {"x": x.copy(), "gamma": gamma.copy(), "beta": beta.copy()}
    gradients = dict(zip(at, backward(dout, x, gamma, beta), strict=True))
    assert_gradients(gradients, loss, at, rtol=RTOL, atol=ATOL)


def averages(bn_param):
    """Return the running averages that student code left in bn_param, as vectors."""
    names = ("running_mean", "running_var")
    return [as_array(entry(bn_param, name, "bn_param"), f"bn_param[{name!r}]").ravel() for name in names]


def train(batches, momentum=0.9):
    """Return the student's bn_param after batches of training, and the true running averages.

    The running variance may follow the batches' variances with 1/N or 1/(N-1); both are returned.
    """
    channels = batches[0].shape[1]
    ones, zeros = np.ones(channels), np.zeros(channels)
    bn_param = {"mode": "train", "momentum": momentum}
    mean, variances = zeros, [zeros, zeros]
    for x in batches:
        mean = momentum * mean + (1 - momentum) * x.mean(axis=(0, 2, 3))
        for ddof in (0, 1):
            variances[ddof] = momentum * variances[ddof] + (1 - momentum) * x.var(axis=(0, 2, 3), ddof=ddof)
        forward(x.copy(), ones, zeros, bn_param)
    return bn_param, mean, variances


def assert_close_to_one_of(actual, expected, name, **tolerances):
    """Check that a result is one of two."""
    try:
        assert_close(actual, expected[1], name=name, **tolerances)
    except CheckFailure:
        assert_close(actual, expected[0], name=name, **tolerances)


def small():
    """Return two images of two channels, scales and shifts, the same ones every time."""
    x = np.array([[[[1.0, 3.0]], [[10.0, -10.0]]], [[[-1.0, 5.0]], [[30.0, 10.0]]]])
    return x, np.array([1.0, 2.0]), np.array([0.5, -1.0])


@pytest.mark.points(0.25)
@pytest.mark.hint(
    "These functions are from hw4. Where they are wrong, your spatial ones are judged on the reference's."
)
def test_batch_normalization_that_you_brought_along(rng):
    x, gamma, beta = 10 * rng.standard_normal((6, 4)), rng.uniform(0.5, 2, 4), rng.standard_normal(4)
    dout = rng.standard_normal(x.shape)
    loss = weigh(lambda x, gamma, beta: flat_reference.batchnorm_forward(x, gamma, beta, {"mode": "train"})[0], dout)
    at = {"x": x.copy(), "gamma": gamma.copy(), "beta": beta.copy()}
    bn_param = {"mode": "train", "momentum": 0.5}
    expected, _ = flat_reference.batchnorm_forward(x, gamma, beta, dict(bn_param))
    out, cache = unpack(batchnorm_forward(x, gamma, beta, bn_param), "out, cache")
    assert_close(out, expected, rtol=RTOL, atol=ATOL, name="out of batchnorm_forward")
    mean, variance = averages(bn_param)
    assert_close(mean, at["x"].mean(axis=0) / 2, name="bn_param['running_mean']")
    assert_close_to_one_of(variance, [at["x"].var(axis=0, ddof=i) / 2 for i in (0, 1)], "bn_param['running_var']")
    gradients = unpack(batchnorm_backward(dout, cache), "dx, dgamma, dbeta")
    own = dict(zip(at, gradients, strict=True))
    assert_gradients(own, loss, at, rtol=RTOL, atol=ATOL, label="d{} of batchnorm_backward")
    mean, var = rng.standard_normal(4), np.array([0.0, 0.1, 1.0, 4.0])
    bn_param = {"mode": "test", "eps": 0.5, "running_mean": mean.copy(), "running_var": var.copy()}
    stds = np.sqrt(var) + 0.5, np.sqrt(var + 0.5)
    expected = [at["gamma"] * (at["x"] - mean) / std + at["beta"] for std in stds]
    out, _ = unpack(batchnorm_forward(at["x"].copy(), at["gamma"].copy(), at["beta"].copy(), bn_param), "out, cache")
    assert_close_to_one_of(out, expected, "out of batchnorm_forward in test mode", rtol=RTOL, atol=ATOL)


@pytest.mark.visible
@builds_on_batchnorm
def test_spatial_batchnorm_of_two_small_images():
    x, gamma, beta = small()
    expected = [
        [[[0.0527868517, 0.9472131483]], [[-1.0, -3.828427054]]],
        [[[-0.8416394449, 1.8416394449]], [[1.828427054, -1.0]]],
    ]
    assert_close(forward(x, gamma, beta, {"mode": "train"}), expected, rtol=RTOL, atol=ATOL, name="out")


@pytest.mark.visible
@builds_on_batchnorm
def test_spatial_batchnorm_gives_every_channel_mean_0_and_standard_deviation_1(rng):
    x, _, _ = draw(rng, 4, 3, 5, 6)
    out = as_array(forward(x, np.ones(3), np.zeros(3), {"mode": "train"}), "out")
    if out.shape != x.shape:
        raise CheckFailure(f"out has shape {out.shape}, x has shape {x.shape}")
    assert_close(out.mean(axis=(0, 2, 3)), np.zeros(3), atol=1e-6, name="the mean of each channel")
    assert_close(out.std(axis=(0, 2, 3)), np.ones(3), rtol=1e-3, name="the standard deviation of each channel")


@builds_on_batchnorm
@pytest.mark.hint("Bring the channels to the end with transpose before reshape: reshape alone mixes them up.")
def test_spatial_batchnorm_in_training_for_images_of_any_shape(rng):
    for shape in [(2, 3, 4, 4), (3, 2, 5, 4), (1, 4, 3, 6), (5, 1, 2, 3)]:
        check_training(*draw(rng, *shape))


@builds_on_batchnorm
def test_spatial_batchnorm_takes_strided_arrays_and_another_eps(rng):
    x, gamma, beta = draw(rng, 3, 2, 4, 5)
    check_training(np.asfortranarray(x), gamma[::-1], beta[::-1])
    check_training(x[::-1, :, :, ::2], gamma, beta)
    flat = x.transpose(1, 0, 2, 3).reshape(2, -1)
    both = np.sqrt(flat.var(axis=1) + 0.5), flat.std(axis=1) + 0.5  # eps inside the square root, and outside
    expected = [gamma[:, None, None] * (x - flat.mean(axis=1)[:, None, None]) / each[:, None, None] for each in both]
    out = as_array(forward(x, gamma, 0 * beta, {"mode": "train", "eps": 0.5}), "out")
    assert_close_to_one_of(out, expected, "out with eps = 0.5")


@builds_on_batchnorm
@pytest.mark.hint("Hand bn_param itself on to batchnorm_forward, once: it keeps the running averages there.")
def test_spatial_batchnorm_keeps_running_averages_of_every_channel(rng):
    batches = [draw(rng, 3, 4, 2, 5)[0] for _ in range(4)]
    for momentum in (0.9, 0.3):
        bn_param, mean, variances = train(batches, momentum)
        own_mean, own_variance = averages(bn_param)
        assert_close(own_mean, mean, name="bn_param['running_mean'] after four batches")
        assert_close_to_one_of(own_variance, variances, "bn_param['running_var'] after four batches")


@pytest.mark.points(2)
@builds_on_batchnorm
@pytest.mark.hint("In test mode the running averages are used, whatever the batch is, and then gamma and beta.")
def test_spatial_batchnorm_uses_the_running_averages_in_test_mode(rng):
    bn_param, mean, variances = train([draw(rng, 4, 3, 5, 4)[0] for _ in range(6)], 0.7)
    bn_param["mode"] = "test"
    x, gamma, beta = draw(rng, 2, 3, 5, 4)
    for images in (x, x[:1, :, :3]):
        expected = [
            gamma[:, None, None] * (images - mean[:, None, None]) / np.sqrt(variance[:, None, None] + 1e-5)
            + beta[:, None, None]
            for variance in variances
        ]
        out = forward(images.copy(), gamma, beta, bn_param)
        assert_close_to_one_of(out, expected, "out in test mode", rtol=RTOL, atol=ATOL)


@pytest.mark.visible
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


@builds_on_batchnorm
@needs_forward
def test_spatial_batchnorm_gradients_of_small_batches(rng):
    for shape in [(2, 3, 2, 2), (3, 2, 2, 4)]:
        check_backward(rng, *shape)


@builds_on_batchnorm
@needs_forward
@pytest.mark.hint("Undo your transpose with the one that turns it back: (0, 2, 3, 1) is turned back by (0, 3, 1, 2).")
def test_spatial_batchnorm_gradients_of_images_that_are_not_square(rng):
    check_backward(rng, 1, 2, 3, 5)
    check_backward(rng, 2, 4, 5, 2)


@builds_on_batchnorm
@needs_forward
@pytest.mark.hint(
    "What the backward pass needs comes from its cache: other batches may have been passed through since."
)
def test_spatial_batchnorm_backward_is_about_its_own_forward_pass(rng):
    x, gamma, beta = draw(rng, 2, 3, 2, 4)
    x, dout = 5 * x, rng.standard_normal(x.shape)
    given = x.copy(), gamma.copy(), beta.copy(), {"mode": "train"}
    _, cache = unpack(spatial_batchnorm_forward(*given), "out, cache")
    spatial_batchnorm_forward(x**2, 2 * gamma, beta, {"mode": "train"})
    at = {"x": x, "gamma": gamma, "beta": beta}
    gradients = dict(zip(at, unpack(spatial_batchnorm_backward(dout.copy(), cache), "dx, dgamma, dbeta"), strict=True))
    assert_gradients(gradients, weigh(true_forward, dout), at, rtol=RTOL, atol=ATOL)


@builds_on_batchnorm
@needs_forward
def test_spatial_batchnorm_gradients_of_realistic_images(rng):
    x, gamma, beta = draw(rng, 8, 6, 12, 10)
    dout = rng.standard_normal(x.shape)
    loss, at = weigh(true_forward, dout), {"x": x.copy(), "gamma": gamma.copy(), "beta": beta.copy()}
    gradients = dict(zip(at, backward(dout, x, gamma, beta), strict=True))
    assert_gradients_along(gradients, loss, at, rng)
