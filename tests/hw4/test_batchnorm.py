"""Batch normalization: training with the batch's statistics, test with running averages, and gradients."""

import numpy as np
import pytest
from nndl.layers import batchnorm_backward, batchnorm_forward
from reference.nndl import layers as reference

from autograder.checks import (
    CheckFailure,
    as_array,
    assert_close,
    assert_double,
    assert_gradients,
    assert_gradients_along,
    entry,
    numeric_gradient,
    remark_changes,
    unpack,
    weigh,
)

pytestmark = pytest.mark.question("batchnorm")

RTOL = 5e-5  # eps may stand inside the square root or outside


def forward(x, gamma, beta, bn_param):
    """Return the student's output alone; what is given stays as it is, except for `bn_param`."""
    with remark_changes("batchnorm_forward", x=x, gamma=gamma, beta=beta):
        out, _ = unpack(batchnorm_forward(x, gamma, beta, bn_param), "out, cache")
    return out


def draw(rng, examples, features):
    """Draw a batch whose features have means and spreads of their own, a scale, a shift, and a gradient.

    No spread is so small that it matters whether eps stands inside of the square root or outside.
    """
    x = rng.standard_normal((examples, features))
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    x = rng.uniform(-10, 10, features) + rng.uniform(2, 6, features) * x
    gamma = rng.choice([-1, 1], features) * rng.uniform(0.5, 2, features)
    return x, gamma, rng.standard_normal(features), rng.standard_normal(x.shape)


def true_output(x, gamma, beta):
    return reference.batchnorm_forward(x, gamma, beta, {"mode": "train"})[0]


def backward(dout, x, gamma, beta):
    """Return the student's gradients; of the forward pass only the cache is used."""
    _, cache = unpack(batchnorm_forward(x.copy(), gamma.copy(), beta.copy(), {"mode": "train"}), "out, cache")
    with remark_changes("batchnorm_backward", dout=dout):
        dx, dgamma, dbeta = unpack(batchnorm_backward(dout, cache), "dx, dgamma, dbeta")
    return {"x": dx, "gamma": dgamma, "beta": dbeta}


def check_backward(dout, x, gamma, beta, *which):
    """Compare every entry of the gradients with differences of the reference's output."""
    loss, at = weigh(true_output, dout), {"x": x, "gamma": gamma, "beta": beta}
    gradients = backward(dout.copy(), x, gamma, beta)
    assert_gradients({name: gradients[name] for name in which}, loss, at, rtol=RTOL, atol=1e-5)


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


def follow(batches, bn_param, momentum):
    """Show the student's function some batches, and return the averages that are right after them.

    These are of the mean, of the variance with 1/N and of the variance with 1/(N - 1).
    """
    averages = np.zeros((3, batches[0].shape[1]))
    for x in batches:
        statistics = np.stack([x.mean(axis=0), x.var(axis=0), x.var(axis=0, ddof=1)])
        averages = momentum * averages + (1 - momentum) * statistics
        forward(x, np.ones(x.shape[1]), np.zeros(x.shape[1]), bn_param)
    return averages


@pytest.mark.visible
def test_batchnorm_in_training_gives_numbers_worked_out_by_hand():
    x = np.array([[1.0, -20.0], [5.0, 40.0], [3.0, 10.0], [3.0, 10.0]])
    expected = [[-2.82842712, 1.58578644], [2.82842712, 4.41421356], [0.0, 3.0], [0.0, 3.0]]
    out = forward(x, np.array([2.0, 1.0]), np.array([0.0, 3.0]), {"mode": "train"})
    assert_close(out, expected, rtol=RTOL, atol=1e-5, name="out")


@pytest.mark.points(2)
@pytest.mark.hint("Means and variances are those of each feature (column) over the batch; the variance divides by N.")
def test_batchnorm_in_training_normalizes_every_feature(rng):
    for shape in [(5, 3), (2, 4), (60, 1), (40, 30)]:
        x, gamma, beta, _ = draw(rng, *shape)
        expected = true_output(x, gamma, beta)
        assert_close(forward(x, gamma, beta, {"mode": "train"}), expected, rtol=RTOL, atol=1e-5, name="out")


@pytest.mark.hint("eps is there so that nothing is divided by 0.")
def test_batchnorm_of_a_feature_that_is_the_same_in_every_example(rng):
    x, gamma, beta, _ = draw(rng, 6, 3)
    x[:, 1] = 4.0
    expected = true_output(x, gamma, beta)
    assert_close(forward(x, gamma, beta, {"mode": "train"}), expected, rtol=RTOL, atol=1e-5, name="out")


@pytest.mark.hint("eps is the one in bn_param: it is added in training as it is in test mode.")
def test_batchnorm_in_training_adds_the_eps_that_it_is_given(rng):
    x, gamma, beta, _ = draw(rng, 6, 3)
    x, eps = x / 10, 0.5
    mean, var = x.mean(axis=0), x.var(axis=0)
    inside, outside = (gamma * (x - mean) / std + beta for std in (np.sqrt(var + eps), np.sqrt(var) + eps))
    out = forward(x, gamma, beta, {"mode": "train", "eps": eps})
    try:
        assert_close(out, outside, rtol=RTOL, atol=1e-5)
    except CheckFailure:
        assert_close(out, inside, rtol=RTOL, atol=1e-5, name="out at eps=0.5")
    small, eps = (x - mean) / 1000, 1e-5
    stds = np.sqrt(small.var(axis=0) + eps), small.std(axis=0) + eps
    out = forward(small, gamma, beta, {"mode": "train"})
    assert_one_of(out, [gamma * small / std + beta for std in stds], name="out where eps is not given, and is 1e-5,")
    x, mean = x / 100, mean / 100
    out = forward(x, gamma, beta, {"mode": "train", "eps": 1e-13})
    assert_close(out, gamma * (x - mean) / x.std(axis=0) + beta, rtol=RTOL, atol=1e-5, name="out at eps=1e-13")


def test_batchnorm_takes_single_precision_and_strided_arrays(rng):
    x, gamma, beta, _ = draw(rng, 8, 6)
    for batch in (x.astype(np.float32), np.asfortranarray(x), x[::2, ::-1]):
        expected, scale, shift = true_output(batch.astype(float), gamma, beta), gamma.copy(), beta.copy()
        if batch.dtype == np.float32:
            scale, shift = scale.astype(np.float32), shift.astype(np.float32)
        assert_close(forward(batch, scale, shift, {"mode": "train"}), expected, rtol=1e-4, atol=1e-4, name="out")


@pytest.mark.visible
@pytest.mark.hint("The new average is momentum * old average + (1 - momentum) * what the batch has.")
def test_batchnorm_running_averages_after_one_batch():
    x = np.array([[1.0, -20.0], [5.0, 40.0], [3.0, 10.0], [3.0, 10.0]])
    bn_param = {"mode": "train", "running_mean": np.array([1.0, 2.0]), "running_var": np.array([4.0, 100.0])}
    forward(x, np.ones(2), np.zeros(2), bn_param)
    check_average(bn_param, "running_mean", [1.2, 2.8])
    check_average(bn_param, "running_var", [3.8, 135.0], [3.6 + 0.8 / 3, 150.0])


@pytest.mark.hint("Both averages weigh the OLD value by momentum, and are kept in bn_param from batch to batch.")
def test_batchnorm_running_averages_after_several_batches(rng):
    for settings in ({}, {"momentum": 0.6}):
        bn_param = {"mode": "train", **settings}
        batches = [draw(rng, 7, 4)[0] for _ in range(4)]
        mean, var, unbiased = follow(batches, bn_param, settings.get("momentum", 0.9))
        check_average(bn_param, "running_mean", mean)
        check_average(bn_param, "running_var", var, unbiased)


@pytest.mark.hint("running_var is an average of variances: without eps, and before any square root.")
def test_batchnorm_running_variance_holds_variances(rng):
    bn_param = {"mode": "train", "eps": 0.5}
    _, var, unbiased = follow([draw(rng, 9, 5)[0] for _ in range(2)], bn_param, 0.9)
    check_average(bn_param, "running_var", var, unbiased)


@pytest.mark.points(2)
@pytest.mark.hint("At test time only the running averages count, and gamma and beta do as in training.")
def test_batchnorm_at_test_time_uses_the_running_averages(rng):
    for examples in (6, 1):
        x, gamma, beta, _ = draw(rng, 6, 5)
        x = x[:examples]
        mean, var = rng.uniform(-5, 5, 5), rng.uniform(2, 20, 5)
        expected = gamma * (x - mean) / np.sqrt(var) + beta
        bn_param = {"mode": "test", "running_mean": mean.copy(), "running_var": var.copy()}
        assert_close(forward(x, gamma, beta, bn_param), expected, rtol=RTOL, atol=1e-4, name="the output in test mode")


@pytest.mark.hint("eps is added in test mode too, where a running variance may be 0.")
def test_batchnorm_at_test_time_adds_eps(rng):
    x, gamma, beta, _ = draw(rng, 4, 3)
    mean, var, eps = rng.uniform(-5, 5, 3), np.array([0.0, 0.4, 2.0]), 0.5
    inside, outside = (gamma * (x - mean) / std + beta for std in (np.sqrt(var + eps), np.sqrt(var) + eps))
    bn_param = {"mode": "test", "eps": eps, "running_mean": mean.copy(), "running_var": var.copy()}
    out = forward(x, gamma, beta, bn_param)
    try:
        assert_close(out, outside, rtol=RTOL, atol=1e-5)
    except CheckFailure:
        assert_close(out, inside, rtol=RTOL, atol=1e-5, name="the output in test mode")


@pytest.mark.hint("In test mode the running averages stay as training left them.")
def test_batchnorm_at_test_time_changes_no_average_and_follows_training(rng):
    bn_param = {"mode": "train"}
    batches = [draw(rng, 8, 3)[0] for _ in range(3)]
    mean, *variances = follow(batches, bn_param, 0.9)
    bn_param["mode"] = "test"
    x, gamma, beta, _ = draw(rng, 5, 3)
    outputs = [gamma * (x - mean) / np.sqrt(var) + beta for var in variances]
    out = forward(x, gamma, beta, bn_param)
    try:
        assert_close(out, outputs[1], rtol=1e-4, atol=1e-4)
    except CheckFailure:
        assert_close(out, outputs[0], rtol=1e-4, atol=1e-4, name="out in test mode after training")
    check_average(bn_param, "running_mean", mean)
    check_average(bn_param, "running_var", *variances)


@pytest.mark.visible
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


@pytest.mark.points(2)
@pytest.mark.requires("batchnorm_forward")
@pytest.mark.hint("x reaches out by three ways: directly, through the mean, and through the variance.")
def test_batchnorm_gradient_of_the_input(rng):
    for shape in [(4, 5), (7, 2)]:
        x, gamma, beta, dout = draw(rng, *shape)
        check_backward(dout, x, gamma, beta, "x")


@pytest.mark.requires("batchnorm_forward")
@pytest.mark.hint("gamma and beta meet every example, so their gradients sum over the batch; dgamma holds x_hat.")
def test_batchnorm_gradients_of_scale_and_shift(rng):
    for shape in [(4, 5), (6, 1)]:
        x, gamma, beta, dout = draw(rng, *shape)
        check_backward(dout, x, gamma, beta, "gamma", "beta")


@pytest.mark.requires("batchnorm_forward")
@pytest.mark.hint(
    "What the backward pass needs comes from its cache: other batches may have been passed through since."
)
def test_batchnorm_backward_is_about_its_own_forward_pass(rng):
    x, gamma, beta, dout = draw(rng, 4, 3)
    out, cache = unpack(batchnorm_forward(x.copy(), gamma.copy(), beta.copy(), {"mode": "train"}), "out, cache")
    batchnorm_forward(x**2, 2 * gamma, beta, {"mode": "train"})
    found = unpack(batchnorm_backward(dout.copy(), cache), "dx, dgamma, dbeta")
    assert_double(out, *found, name="an output or a gradient")
    gradients, at = dict(zip(("x", "gamma", "beta"), found, strict=True)), {"x": x, "gamma": gamma, "beta": beta}
    assert_gradients(gradients, weigh(true_output, dout), at, rtol=RTOL, atol=1e-5)
    check_backward_of_eps(dout, x / 10, gamma, beta, 0.5)


def check_backward_of_eps(dout, x, gamma, beta, eps):
    """Compare the gradients where eps matters, which may stand inside of the square root or outside."""
    _, cache = unpack(
        batchnorm_forward(x.copy(), gamma.copy(), beta.copy(), {"mode": "train", "eps": eps}), "out, cache"
    )
    dx, dgamma, _ = unpack(batchnorm_backward(dout.copy(), cache), "dx, dgamma, dbeta")
    centred, var = x - x.mean(axis=0), x.var(axis=0)
    spreads = [np.sqrt(var + eps), np.sqrt(var) + eps]
    right = [(centred / std * dout).sum(axis=0) for std in spreads]
    assert_one_of(dgamma, right, name=f"dgamma at eps={eps}", like_vector=True)
    # through the variance, 1 / std changes by -1 / (2 std^3), or by -1 / (2 sqrt(var) std^2) where eps is outside
    ways = zip([*spreads, spreads[1]], [*spreads, np.sqrt(var)], strict=True)
    right = [way_back(gamma * dout, centred, std, slope) for std, slope in ways]
    assert_one_of(dx, right, name=f"dx at eps={eps}")


def way_back(dx_hat, centred, std, slope):
    """Return the gradient of x from that of the normalized x, centred / std, where d std / d var is 1 / (2 slope)."""
    straight = (dx_hat - dx_hat.mean(axis=0)) / std
    return straight - centred * (dx_hat * centred).mean(axis=0) / (std**2 * slope)


@pytest.mark.requires("batchnorm_forward")
def test_batchnorm_backward_of_a_large_batch(rng):
    x, gamma, beta, dout = draw(rng, 80, 60)
    loss, at = weigh(true_output, dout), {"x": x, "gamma": gamma, "beta": beta}
    assert_gradients_along(backward(dout.copy(), x, gamma, beta), loss, at, rng, rtol=RTOL)


@pytest.mark.requires("batchnorm_forward")
@pytest.mark.hint("eps belongs to the backward pass too: nothing is divided by 0.")
def test_batchnorm_backward_of_a_feature_that_is_the_same_in_every_example(rng):
    x, gamma, beta, dout = draw(rng, 6, 3)
    x[:, 1] = 4.0
    at = {"x": x, "gamma": gamma, "beta": beta}
    expected = numeric_gradient(weigh(true_output, dout), at, "x")
    dx = as_array(backward(dout, **at)["x"], "dx").copy()
    if dx.shape == x.shape and np.isfinite(dx[:, 1]).all():
        dx[:, 1] = expected[:, 1]  # it depends on where eps stands, and only has to be finite
    assert_close(dx, expected, rtol=RTOL, atol=1e-5, name="dx")
