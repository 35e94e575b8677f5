"""The two-layer network from modular layers: parameters, scores, loss, gradients, training by Solver."""

import numpy as np
import pytest
from nndl.fc_net import TwoLayerNet
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
    pytest.mark.question("two_layer"),
    pytest.mark.requires("affine_forward", "affine_backward", "relu_forward", "relu_backward"),
]

NAMES = ("W1", "b1", "W2", "b2")


def build(net_class, params, reg=0.0):
    """Return a net with copies of the given parameters."""
    inputs, hidden = params["W1"].shape
    net = net_class(input_dim=inputs, hidden_dims=hidden, num_classes=len(params["b2"]), reg=reg)
    for name in NAMES:
        net.params[name] = params[name].copy()
    return net


def true_loss(X, y, reg):
    """Return the reference's loss as a function of the parameters."""
    return lambda params: build(reference.TwoLayerNet, params, reg).loss(X, y)[0]


def draw(rng, *shape, hidden, classes, margin=1e-3):
    """Draw a batch, labels and parameters, with hidden units too far from 0 for a step to switch one."""
    inputs = int(np.prod(shape[1:]))
    while True:
        X = rng.standard_normal(shape)
        params = {
            "W1": rng.standard_normal((inputs, hidden)) / np.sqrt(inputs),
            "b1": rng.standard_normal(hidden),
            "W2": rng.standard_normal((hidden, classes)) / np.sqrt(hidden),
            "b2": rng.standard_normal(classes),
        }
        if np.abs(X.reshape(len(X), -1) @ params["W1"] + params["b1"]).min() > margin:
            return X, rng.integers(classes, size=len(X)), params


def loss_and_gradients(params, X, y, reg):
    """Return the student's loss and gradients of a call, which those before must not have influenced."""
    net = build(TwoLayerNet, params, reg=0.9)
    net.loss(1 - X, y)
    net.reg = reg
    with remark_changes("TwoLayerNet.loss", X=X, y=y):
        first, _ = unpack(net.loss(X, y), "loss, grads")
    loss, grads = unpack(net.loss(X, y), "loss, grads")
    assert_repeated(first, loss)
    return loss, {name: entry(grads, name) for name in NAMES}


def handout(reg=0.0):
    """Return the net of the notebook and labels for a batch of three."""
    params = {
        "W1": np.linspace(-0.7, 0.3, num=5 * 50).reshape(5, 50),
        "b1": np.linspace(-0.1, 0.9, num=50),
        "W2": np.linspace(-0.3, 0.4, num=50 * 7).reshape(50, 7),
        "b2": np.linspace(-0.9, 0.1, num=7),
    }
    return build(TwoLayerNet, params, reg), np.array([0, 5, 1])


def batches():
    """Return the batch of the notebook, which leaves all hidden units on, and one that does not."""
    handout_batch = np.linspace(-5.5, 4.5, num=3 * 5).reshape(5, 3).T
    mixed = np.array([[1.0, -2.0, 0.5, 1.5, -1.0], [-1.0, 0.5, 2.0, -0.5, -3.0], [0.5, 0.5, -1.0, 1.0, 2.0]])
    return handout_batch, mixed


def clusters(rng, size):
    """Draw points of two classes around the corners of a square, opposite corners in one class."""
    corners = rng.integers(2, size=(size, 2))
    return 2.0 * corners - 1 + 0.1 * rng.standard_normal((size, 2)), corners[:, 0] ^ corners[:, 1]


def test_two_layer_parameters_have_the_right_shapes_and_spread():
    net, other = (TwoLayerNet(input_dim=60, hidden_dims=50, num_classes=40, weight_scale=0.02) for _ in range(2))
    for name, shape in {"W1": (60, 50), "W2": (50, 40)}.items():
        weights = as_array(entry(net.params, name, "params"), f"params[{name!r}]")
        if weights.shape != shape:
            raise CheckFailure(f"params[{name!r}] has shape {weights.shape}, {shape} was expected: (in, out)")
        again = entry(other.params, name, "params")
        assert_normal(weights, std=0.02, name=f"params[{name!r}]", again=again)
    for name, size in {"b1": 50, "b2": 40}.items():
        biases = entry(net.params, name, "params")
        assert_close(biases, np.zeros(size), name=f"params[{name!r}]", like_vector=True)
        if as_array(biases, "biases").dtype.kind != "f":
            raise CheckFailure(f"params[{name!r}] holds whole numbers, to which no step of training can be added")


@pytest.mark.visible
def test_two_layer_scores_of_the_notebook():
    net, _ = handout()
    expected = [
        [11.53165108, 12.2917344, 13.05181771, 13.81190102, 14.57198434, 15.33206765, 16.09215096],
        [12.05769098, 12.74614105, 13.43459113, 14.1230412, 14.81149128, 15.49994135, 16.18839143],
        [12.58373087, 13.20054771, 13.81736455, 14.43418138, 15.05099822, 15.66781506, 16.2846319],
    ]
    mixed = [
        [2.46164155, 2.66053142, 2.85942129, 3.05831116, 3.25720103, 3.4560909, 3.65498077],
        [-0.74117985, -0.57361615, -0.40605246, -0.23848876, -0.07092506, 0.09663864, 0.26420233],
        [4.56653562, 4.78656219, 5.00658875, 5.22661532, 5.44664189, 5.66666845, 5.88669502],
    ]
    for X, scores in zip(batches(), (expected, mixed), strict=True):
        assert_close(net.loss(X), scores, rtol=1e-7, atol=1e-8, name="scores")


@pytest.mark.visible
def test_two_layer_losses_of_the_notebook():
    losses = {0.0: (3.4702243556, 2.2558759593), 1.0: (26.5948426952, 25.3804942990)}
    for reg, expected in losses.items():
        net, y = handout(reg)
        for X, number in zip(batches(), expected, strict=True):
            loss, _ = unpack(net.loss(X, y), "loss, grads")
            assert_close(loss, number, rtol=LOSS_RTOL, name=f"loss at reg={reg}")


def test_two_layer_scores_of_images_batches_of_one_and_any_number_type(rng):
    X, _, params = draw(rng, 4, 2, 3, 2, hidden=7, classes=5)
    net, true = build(TwoLayerNet, params), build(reference.TwoLayerNet, params)
    pixels = rng.integers(0, 9, (3, 12))
    for batch in (X, X[:1], X[::2, ::-1], np.asfortranarray(X), X.astype(np.float32), pixels):
        expected = true.loss(batch.astype(float))
        with remark_changes("TwoLayerNet.loss", X=batch):
            assert_close(net.loss(batch), expected, name="scores")
    for name in NAMES:  # as training does
        net.params[name] = params[name] - 0.1
        true.params[name] = params[name] - 0.1
    assert_close(net.loss(X), true.loss(X), name="scores with other parameters")


@pytest.mark.hint("The term is 0.5 * reg * sum(W * W) over both weight matrices, without the biases.")
def test_two_layer_loss_regularises_the_weights_and_only_those(rng):
    X, y, params = draw(rng, 6, 5, hidden=7, classes=4)
    plain, _ = unpack(build(TwoLayerNet, params).loss(X, y), "loss, grads")
    assert_close(plain, true_loss(X, y, 0.0)(params), rtol=LOSS_RTOL, name="the loss at reg=0")
    first, _ = unpack(build(TwoLayerNet, params).loss(X, 0 * y), "loss, grads")
    assert_close(first, true_loss(X, 0 * y, 0.0)(params), rtol=LOSS_RTOL, name="the loss where all are of class 0")
    loss, _ = unpack(build(TwoLayerNet, params, reg=0.7).loss(X, y), "loss, grads")
    term = 0.35 * sum(np.sum(params[name] ** 2) for name in ("W1", "W2"))
    difference = as_array(loss, "loss") - as_array(plain, "loss")
    assert_close(difference, term, rtol=LOSS_RTOL, name="the regularisation term of the loss")


def test_two_layer_gradients_without_regularisation(rng):
    X, y, params = draw(rng, 4, 3, 2, hidden=5, classes=3)
    _, grads = loss_and_gradients(params, X.copy(), y, 0.0)
    assert_gradients(grads, true_loss(X, y, 0.0), params, label="grads[{!r}]")


@pytest.mark.hint("The loss and its gradient have to agree: what is in one has its derivative in the other.")
def test_two_layer_gradients_with_regularisation(rng):
    X, y, params = draw(rng, 1, 3, hidden=5, classes=3)
    _, grads = loss_and_gradients(params, X.copy(), y, 0.6)
    assert_gradients(grads, true_loss(X, y, 0.6), params, label="grads[{!r}]")
    X, y, params = draw(rng, 40, 3, 5, 4, hidden=50, classes=10, margin=1e-4)
    _, grads = loss_and_gradients(params, X.copy(), y, 0.02)
    assert_gradients_along(grads, true_loss(X, y, 0.02), params, rng, label="grads[{!r}]")


def test_two_layer_learns_a_small_set_by_solver(rng):
    X, y = clusters(rng, 60)
    net = TwoLayerNet(input_dim=2, hidden_dims=30, num_classes=2, weight_scale=0.5)
    X_val, y_val = clusters(rng, 200)
    data = {"X_train": X, "y_train": y, "X_val": X_val, "y_val": y_val}
    settings = {"optim_config": {"learning_rate": 0.5}, "num_epochs": 40, "batch_size": 20}
    Solver(net, data, update_rule="sgd", verbose=False, **settings).train()
    fresh, labels = clusters(rng, 60)  # the student's process never holds these labels
    for points, classes in ((X, y), (fresh, labels)):
        if accuracy_of_scores(net.loss(points), classes) < 0.9:
            raise CheckFailure("after training by Solver, the scores put too few examples into their class")
