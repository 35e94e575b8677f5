"""Fully connected networks of any depth: parameters, scores, loss, gradients, training by Solver."""

from itertools import pairwise

import numpy as np
import pytest
from nndl.fc_net import FullyConnectedNet
from reference.nndl import fc_net as reference
from utils.solver import Solver

from autograder.checks import (
    CheckFailure,
    accuracy_of_scores,
    as_array,
    assert_close,
    assert_gradients,
    assert_gradients_along,
    assert_normal,
    assert_repeated,
    entry,
    remark_changes,
    unpack,
)

LOSS_RTOL = 1e-4  # some add a small number inside the logarithm

pytestmark = [
    pytest.mark.question("fully_connected"),
    pytest.mark.requires("affine_forward", "affine_backward", "relu_forward", "relu_backward"),
]


def build(net_class, params, reg=0.0, **settings):
    """Return a net with copies of the given parameters."""
    inputs, *hidden = [params[f"W{i + 1}"].shape[0] for i in range(len(params) // 2)]
    classes = len(params[f"b{len(params) // 2}"])
    net = net_class(hidden, input_dim=inputs, num_classes=classes, reg=reg, **settings)
    for name, value in params.items():
        net.params[name] = value.copy()
    return net


def true_net(params, reg=0.0):
    return build(reference.FullyConnectedNet, params, reg, dtype=np.float64)


def true_loss(X, y, reg):
    """Return the reference's loss as a function of the parameters."""
    return lambda params: true_net(params, reg).loss(X, y)[0]


def draw(rng, *shape, hidden, classes=3, margin=1e-3):
    """Draw a batch, labels and parameters, with hidden units too far from 0 for a step to switch one.

    The batch is exact in single precision, to which a net of the default dtype rounds it.
    """
    sizes = [int(np.prod(shape[1:])), *hidden, classes]
    while True:
        X = rng.standard_normal(shape).astype(np.float32).astype(float)
        params = {}
        for i, (inputs, outputs) in enumerate(pairwise(sizes), start=1):
            params[f"W{i}"] = rng.standard_normal((inputs, outputs)) * np.sqrt(2 / inputs)
            params[f"b{i}"] = 0.5 * rng.standard_normal(outputs)
        params[f"W{len(hidden) + 1}"] *= 0.5  # so that no probability gets tiny
        if nearest_to_zero(X, params) > margin:
            return X, rng.integers(classes, size=len(X)), params


def nearest_to_zero(X, params):
    """Return how near to 0 any hidden unit comes before its ReLU."""
    out, nearest = X.reshape(len(X), -1), np.inf
    for i in range(1, len(params) // 2):
        out = out @ params[f"W{i}"] + params[f"b{i}"]
        nearest = min(nearest, np.abs(out).min())
        out = np.maximum(out, 0)
    return nearest


def gradients(params, X, y, reg):
    """Return the student's gradients of a call, which those before must not have influenced."""
    net = build(FullyConnectedNet, params, reg=0.9)
    net.loss(1 - X, y)
    net.reg = reg
    with remark_changes("FullyConnectedNet.loss", X=X, y=y):
        first, _ = unpack(net.loss(X, y), "loss, grads")
    loss, grads = unpack(net.loss(X, y), "loss, grads")
    assert_repeated(first, loss)
    return {name: entry(grads, name) for name in params}


def small_net(reg=0.0):
    """Return a net with two hidden layers, a batch and labels, the same ones every time."""
    random, params = np.random.RandomState(3), {}
    for i, (inputs, outputs) in enumerate(pairwise([4, 6, 5, 3]), start=1):
        params[f"W{i}"], params[f"b{i}"] = random.randn(inputs, outputs), random.randn(outputs)
    X = np.array([[0.5, -1.0, 2.0, 0.25], [-0.75, 1.5, 0.5, -2.0]])
    return build(FullyConnectedNet, params, reg), X, np.array([2, 0])


def clusters(rng, size):
    """Draw points of two classes around the corners of a square, opposite corners in one class."""
    corners = rng.integers(2, size=(size, 2))
    return 2.0 * corners - 1 + 0.1 * rng.standard_normal((size, 2)), corners[:, 0] ^ corners[:, 1]


def test_fully_connected_parameters_have_the_right_shapes_and_spread():
    sizes = [40, 50, 30, 30, 30, 45, 20]
    hidden = sizes[1:-1]
    net, other = (FullyConnectedNet(hidden, input_dim=40, num_classes=20, weight_scale=0.05) for _ in range(2))
    if hidden != sizes[1:-1]:
        raise CheckFailure("the list hidden_dims that was passed in is another one afterwards")
    for i, shape in enumerate(pairwise(sizes), start=1):
        weights = as_array(entry(net.params, f"W{i}", "params"), f"params['W{i}']")
        if weights.shape != shape:
            raise CheckFailure(f"params['W{i}'] has shape {weights.shape}, {shape} was expected: (in, out)")
        again = entry(other.params, f"W{i}", "params")
        assert_normal(weights, std=0.05, name=f"params['W{i}']", again=again)
        if i == 4 and np.array_equal(weights, net.params["W3"]):
            raise CheckFailure("params['W3'] and params['W4'], which are of one shape, are equal")
        biases = entry(net.params, f"b{i}", "params")
        assert_close(biases, np.zeros(shape[1]), name=f"params['b{i}']", like_vector=True)
        if as_array(biases, "biases").dtype.kind != "f":
            raise CheckFailure(f"params['b{i}'] holds whole numbers, to which no step of training can be added")
    doubles = FullyConnectedNet([5, 4], input_dim=4, num_classes=3, dtype=np.float64).params
    for name in ("W1", "b1", "W2", "b2"):
        if as_array(entry(doubles, name, "params"), name).dtype.itemsize < 8:
            raise CheckFailure(f"params[{name!r}] of a net of dtype float64 is in single precision")


@pytest.mark.visible
def test_fully_connected_scores_of_a_small_net():
    net, X, _ = small_net()
    expected = [[1.33923916, 7.37050092, 0.16605607], [-0.6420107, 3.46464771, -1.09120933]]
    assert_close(net.loss(X), expected, rtol=1e-6, atol=1e-7, name="scores")


@pytest.mark.visible
def test_fully_connected_losses_of_a_small_net():
    for reg, expected in ((0.0, 5.670427503539701), (0.5, 26.333195728552905)):
        net, X, y = small_net(reg)
        loss, _ = unpack(net.loss(X, y), "loss, grads")
        assert_close(loss, expected, rtol=LOSS_RTOL, name=f"loss at reg={reg}")


def test_fully_connected_scores_of_images_batches_of_one_and_any_number_type(rng):
    X, _, params = draw(rng, 4, 2, 3, 2, hidden=[7, 6, 8], classes=5)
    net, true = build(FullyConnectedNet, params), true_net(params)
    pixels = rng.integers(0, 9, (3, 12))
    for batch in (X, X[:1], X[::2, ::-1], np.asfortranarray(X), X.astype(np.float32), pixels):
        expected = true.loss(batch)
        with remark_changes("FullyConnectedNet.loss", X=batch):
            assert_close(net.loss(batch), expected, name="scores")
    for name, value in params.items():  # as training does
        net.params[name] = value - 0.1
        true.params[name] = value - 0.1
    assert_close(net.loss(X), true.loss(X), name="scores with other parameters")
    X, _, params = draw(rng, 3, 4, hidden=[5] * 10)
    X += 1e-9 * rng.standard_normal(X.shape)
    doubles = build(FullyConnectedNet, params, dtype=np.float64)
    assert_close(doubles.loss(X), true_net(params).loss(X), rtol=1e-9, atol=1e-11, name="scores in double precision")
    assert_close(build(FullyConnectedNet, params).loss(X), true_net(params).loss(X), name="scores of eleven layers")


@pytest.mark.hint("The term is 0.5 * reg * sum(W * W) over all weight matrices, the last one too, without the biases.")
def test_fully_connected_loss_regularises_the_weights_of_every_layer_only(rng):
    X, y, params = draw(rng, 6, 5, hidden=[7, 4, 6])
    plain, _ = unpack(build(FullyConnectedNet, params).loss(X, y), "loss, grads")
    assert_close(plain, true_loss(X, y, 0.0)(params), rtol=LOSS_RTOL, name="the loss at reg=0")
    first, _ = unpack(build(FullyConnectedNet, params).loss(X, 0 * y), "loss, grads")
    assert_close(first, true_loss(X, 0 * y, 0.0)(params), rtol=LOSS_RTOL, name="the loss where all are of class 0")
    loss, _ = unpack(build(FullyConnectedNet, params, reg=0.7).loss(X, y), "loss, grads")
    term = 0.35 * sum(np.sum(value**2) for name, value in params.items() if name.startswith("W"))
    difference = as_array(loss, "loss") - as_array(plain, "loss")
    assert_close(difference, term, rtol=LOSS_RTOL, name="the regularisation term of the loss")


@pytest.mark.hint("Try FullyConnectedNet([5]): do your loops work for the first layer being the last hidden one?")
def test_fully_connected_with_one_hidden_layer(rng):
    X, y, params = draw(rng, 5, 4, hidden=[6])
    assert_close(build(FullyConnectedNet, params).loss(X), true_net(params).loss(X), name="scores")
    grads = gradients(params, X.copy(), y, 0.3)
    assert_gradients(grads, true_loss(X, y, 0.3), params, label="grads[{!r}]")


def test_fully_connected_gradients_without_regularisation(rng):
    for hidden in ([5, 4, 6], [6, 6, 6]):
        X, y, params = draw(rng, 4, 3, 2, hidden=hidden)
        grads = gradients(params, X.copy(), y, 0.0)
        assert_gradients(grads, true_loss(X, y, 0.0), params, label="grads[{!r}]")


@pytest.mark.points(2)
@pytest.mark.hint("The loss and its gradient have to agree, for the weights of every layer.")
def test_fully_connected_gradients_with_regularisation(rng):
    X, y, params = draw(rng, 1, 3, hidden=[5, 4])
    grads = gradients(params, X.copy(), y, 0.6)
    assert_gradients(grads, true_loss(X, y, 0.6), params, label="grads[{!r}]")
    X, y, params = draw(rng, 30, 3, 5, 4, hidden=[40, 30, 20, 15, 12], classes=10, margin=1e-4)
    grads = gradients(params, X.copy(), y, 0.02)
    assert_gradients_along(grads, true_loss(X, y, 0.02), params, rng, label="grads[{!r}]")


def test_fully_connected_learns_a_small_set_by_solver(rng):
    X, y = clusters(rng, 60)
    net = FullyConnectedNet([20, 20], input_dim=2, num_classes=2, weight_scale=0.5)
    X_val, y_val = clusters(rng, 200)
    data = {"X_train": X, "y_train": y, "X_val": X_val, "y_val": y_val}
    settings = {"optim_config": {"learning_rate": 0.3}, "num_epochs": 40, "batch_size": 20}
    Solver(net, data, update_rule="sgd", verbose=False, **settings).train()
    fresh, labels = clusters(rng, 60)  # the student's process never holds these labels
    for points, classes in ((X, y), (fresh, labels)):
        if accuracy_of_scores(net.loss(points), classes) < 0.9:
            raise CheckFailure("after training by Solver, the scores put too few examples into their class")
