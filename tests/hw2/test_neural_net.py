"""The two-layer network in one piece: scores, loss, gradients, training and prediction."""

import numpy as np
import pytest
from nndl.neural_net import TwoLayerNet
from reference.nndl import neural_net as reference

from autograder.checks import (
    CheckFailure,
    accuracy,
    accuracy_of_scores,
    as_array,
    assert_batch_size,
    assert_close,
    assert_falls,
    assert_gradients,
    assert_gradients_along,
    assert_history,
    assert_minibatches,
    assert_repeated,
    entry,
    remark,
    remark_changes,
    unpack,
)

LOSS_RTOL = 1e-4  # some add a small number inside the logarithm

pytestmark = [
    pytest.mark.question("neural_net"),
    pytest.mark.requires("affine_forward", "affine_backward", "relu_forward", "relu_backward"),
]

NAMES = ("W1", "b1", "W2", "b2")


def build(net_class, params):
    """Return a net with copies of the given parameters."""
    hidden, inputs = params["W1"].shape
    net = net_class(input_size=inputs, hidden_size=hidden, output_size=len(params["b2"]))
    for name in NAMES:
        net.params[name] = params[name].copy()
    return net


def true_loss(X, y, reg):
    """Return the reference's loss as a function of the parameters."""
    return lambda params: build(reference.TwoLayerNet, params).loss(X, y, reg)[0]


def draw(rng, examples, inputs, units, classes, margin=1e-3):
    """Draw a batch, labels and parameters; no hidden unit is so near to 0 that a step switches it.

    Some are on and some are off, so that the ReLU matters.
    """
    while True:
        X = rng.standard_normal((examples, inputs))
        params = {
            "W1": rng.standard_normal((units, inputs)) / np.sqrt(inputs),
            "b1": rng.standard_normal(units),
            "W2": rng.standard_normal((classes, units)) / np.sqrt(units),
            "b2": rng.standard_normal(classes),
        }
        hidden = X @ params["W1"].T + params["b1"]
        if np.abs(hidden).min() > margin and hidden.min() < 0 < hidden.max():
            return X, rng.integers(classes, size=examples), params


def loss_and_gradients(params, X, y, reg):
    """Return the student's loss and gradients of a call, which those before must not have influenced."""
    net = build(TwoLayerNet, params)
    net.loss(1 - X, y, 0.9)
    with remark_changes("TwoLayerNet.loss", X=X, y=y):
        first, _ = unpack(net.loss(X, y, reg), "loss, grads")
    loss, grads = unpack(net.loss(X, y, reg), "loss, grads")
    assert_repeated(first, loss)
    return loss, {name: entry(grads, name) for name in NAMES}


def handout():
    """Return the net, batch and labels of the notebook."""
    random = np.random.RandomState(0)
    params = {"W1": 0.1 * random.randn(10, 4), "b1": np.zeros(10)}
    params |= {"W2": 0.1 * random.randn(3, 10), "b2": np.zeros(3)}
    X = 10 * np.random.RandomState(1).randn(5, 4)
    return build(TwoLayerNet, params), X, np.array([0, 1, 2, 2, 1])


def clusters(rng, size):
    """Draw points of two classes around the corners of a square, opposite corners in one class."""
    corners = rng.integers(2, size=(size, 2))
    return 2.0 * corners - 1 + 0.1 * rng.standard_normal((size, 2)), corners[:, 0] ^ corners[:, 1]


@pytest.mark.visible
@pytest.mark.points(0.5)
def test_neural_net_scores_of_the_notebook():
    net, X, _ = handout()
    expected = [
        [-1.07260209, 0.05083871, -0.87253915],
        [-2.02778743, -0.10832494, -1.52641362],
        [-0.74225908, 0.15259725, -0.39578548],
        [-0.38172726, 0.10835902, -0.17328274],
        [-0.64417314, -0.18886813, -0.41106892],
    ]
    assert_close(net.loss(X), expected, rtol=1e-6, atol=1e-7, name="scores")


@pytest.mark.visible
def test_neural_net_loss_of_the_notebook():
    net, X, y = handout()
    loss, _ = unpack(net.loss(X, y, reg=0.05), "loss, grads")
    assert_close(loss, 1.071696123862817, rtol=LOSS_RTOL, name="loss")


def test_neural_net_scores_of_batches_of_any_size_and_number_type(rng):
    X, _, params = draw(rng, 6, 5, 7, 4)
    net, true = build(TwoLayerNet, params), build(reference.TwoLayerNet, params)
    pixels = rng.integers(0, 9, (3, 5))
    for batch in (X, X[:1], X[::2, ::-1], np.asfortranarray(X), X.astype(np.float32), pixels):
        expected = true.loss(batch.astype(float))
        with remark_changes("TwoLayerNet.loss", X=batch):
            assert_close(net.loss(batch), expected, name="scores")
    X, _, params = draw(rng, 3, 4, 5, 5)  # as many units as classes
    assert_close(build(TwoLayerNet, params).loss(X), build(reference.TwoLayerNet, params).loss(X), name="scores")


@pytest.mark.hint("The term is 0.5 * reg * sum(W * W) over both weight matrices, without the biases.")
def test_neural_net_loss_regularises_the_weights_and_only_those(rng):
    X, y, params = draw(rng, 6, 5, 7, 4)
    plain, _ = unpack(build(TwoLayerNet, params).loss(X, y, reg=0.0), "loss, grads")
    assert_close(plain, true_loss(X, y, 0.0)(params), rtol=LOSS_RTOL, name="the loss at reg=0")
    loss, _ = unpack(build(TwoLayerNet, params).loss(X, y, reg=0.7), "loss, grads")
    term = 0.35 * sum(np.sum(params[name] ** 2) for name in ("W1", "W2"))
    difference = as_array(loss, "loss") - as_array(plain, "loss")
    assert_close(difference, term, rtol=LOSS_RTOL, name="the regularisation term of the loss")


@pytest.mark.hint("The data loss is a mean over the examples of the batch.")
def test_neural_net_loss_is_the_mean_of_a_batch_of_any_size(rng):
    X, y, params = draw(rng, 9, 6, 8, 5)
    net = build(TwoLayerNet, params)
    for size in (1, 2, 9):
        loss, _ = unpack(net.loss(X[:size], y[:size]), "loss, grads")
        assert_close(loss, true_loss(X[:size], y[:size], 0.0)(params), rtol=LOSS_RTOL, name="loss")
    unlikely = params["b2"] - [9, 0, 0, 0, 0]
    net.params["b2"] = unlikely.copy()
    loss, _ = unpack(net.loss(X, 0 * y), "loss, grads")
    expected = true_loss(X, 0 * y, 0.0)({**params, "b2": unlikely})
    assert_close(loss, expected, rtol=0.1, name="the loss of examples of an unlikely class")
    net.params["W2"] = 1e4 * params["W2"]
    loss, _ = unpack(net.loss(X, y), "loss, grads")
    if not np.isfinite(as_array(loss, "loss")).all():
        remark(
            "unstable-softmax", "the loss is not finite at large scores: subtract each example's largest, avoid log(0)"
        )


def test_neural_net_gradients_of_the_output_layer(rng):
    X, y, params = draw(rng, 4, 3, 5, 3)
    _, grads = loss_and_gradients(params, X.copy(), y, 0.0)
    chosen = {name: grads[name] for name in ("W2", "b2")}
    assert_gradients(chosen, true_loss(X, y, 0.0), params, label="grads[{!r}]")


def test_neural_net_gradients_of_the_hidden_layer(rng):
    X, y, params = draw(rng, 4, 3, 5, 3)
    _, grads = loss_and_gradients(params, X.copy(), y, 0.0)
    chosen = {name: grads[name] for name in ("W1", "b1")}
    assert_gradients(chosen, true_loss(X, y, 0.0), params, label="grads[{!r}]")


@pytest.mark.hint("The loss and its gradient have to agree: what is in one has its derivative in the other.")
def test_neural_net_gradients_with_regularisation(rng):
    X, y, params = draw(rng, 5, 3, 5, 12)
    _, grads = loss_and_gradients(params, X.copy(), y % 11, 0.0)  # of the last class, there is no example
    assert_gradients(grads, true_loss(X, y % 11, 0.0), params, label="grads[{!r}]")
    X, y, params = draw(rng, 4, 3, 5, 3)
    _, grads = loss_and_gradients(params, X.copy(), y, 0.6)
    assert_gradients(grads, true_loss(X, y, 0.6), params, label="grads[{!r}]")
    X, y, params = draw(rng, 40, 60, 50, 10, margin=1e-4)
    _, grads = loss_and_gradients(params, X.copy(), y, 0.02)
    assert_gradients_along(grads, true_loss(X, y, 0.02), params, rng, label="grads[{!r}]")


def descend(params, X, y, rates, reg=0.0):
    """Return the parameters after steps of the given learning rates against the reference's gradients."""
    params = dict(params)
    for rate in rates:
        _, grads = build(reference.TwoLayerNet, params).loss(X, y, reg)
        params = {name: params[name] - rate * grads[name] for name in NAMES}
    return params


def train(net, X, y, validation=None, **settings):
    """Train the student's net on copies, so that the suite's own arrays stay as they are."""
    X_val, y_val = validation or (3 - X, y.copy())  # others, which nothing is learnt from
    return net.train(X.copy(), y.copy(), X_val, y_val, verbose=False, **settings)


@pytest.mark.hint("Every parameter takes the step -learning_rate * gradient, the biases too.")
def test_train_steps_against_the_gradient_of_every_parameter(rng):
    X, y, params = draw(rng, 1, 3, 5, 3)
    X, y = np.repeat(X, 4, axis=0), np.repeat(y, 4)  # every minibatch is the same
    settings = {"learning_rate": 0.3, "learning_rate_decay": 1.0, "reg": 0.1}
    net = build(TwoLayerNet, params)
    train(net, X, y, num_iters=3, batch_size=4, **settings)
    for name, value in descend(params, X, y, [0.3] * 3, reg=0.1).items():
        assert_close(net.params[name], value, name=f"params[{name!r}] after training", like_vector=True)


@pytest.mark.points(0.5)
def test_train_decays_the_learning_rate_once_per_epoch(rng):
    X, y, params = draw(rng, 1, 3, 5, 3)
    X, y = np.repeat(X, 4, axis=0), np.repeat(y, 4)  # every minibatch is the same
    net = build(TwoLayerNet, params)
    train(net, X, y, learning_rate=0.4, learning_rate_decay=0.5, reg=0.0, num_iters=4, batch_size=2)
    at_the_end = descend(params, X, y, [0.4, 0.4, 0.2, 0.2])
    after_the_first_step = descend(params, X, y, [0.4, 0.2, 0.2, 0.1])
    try:
        assert_close(net.params["W2"], at_the_end["W2"])
    except CheckFailure:
        assert_close(net.params["W2"], after_the_first_step["W2"], name="params['W2'] after two epochs")


@pytest.mark.hint("Draw batch_size indices for each iteration, and take the rows of X and the labels at the same ones.")
def test_train_draws_minibatches_of_the_given_size(rng):
    y, single = np.array([0, 1, 2, 0]), np.full(4, np.inf)
    while single.max() > 5 or np.abs(single[0] - single[1]) < 0.1:  # no probability is tiny
        X, _, params = draw(rng, 4, 3, 5, 3)
        net, true = build(TwoLayerNet, params), build(reference.TwoLayerNet, params)
        single = np.array([true.loss(X[[i]], y[[i]])[0] for i in range(4)])
    stats = train(net, X, y, learning_rate=0.0, reg=0.0, num_iters=60, batch_size=2)
    history = assert_history(entry(stats, "loss_history", "the result of train"), 60)
    assert_minibatches(history, single, y)
    kinds, settings = np.arange(2 * 67) % 2, {"learning_rate": 0.0, "reg": 0.0}  # examples that are one of two
    stats = train(net, X[kinds], y[kinds], (X[:3], y[:3]), num_iters=20, batch_size=67, **settings)
    assert_batch_size(assert_history(entry(stats, "loss_history", "the result of train"), 20), single[:2], 67)
    stats = train(net, X, y, num_iters=3, batch_size=10, **settings)  # more than there are
    assert_history(entry(stats, "loss_history", "the result of train"), 3)


def test_train_learns_a_small_set(rng):
    X, y = clusters(rng, 60)
    net = TwoLayerNet(input_size=2, hidden_size=30, output_size=2, std=0.5)
    validation = clusters(rng, 40)
    stats = train(net, X, y, validation, learning_rate=0.5, reg=0.0, num_iters=150, batch_size=30)
    history = assert_history(entry(stats, "loss_history", "the result of train"), 150)
    assert_falls(history, 0.3)
    assert_learnt(net, X, y)
    assert_learnt(net, *clusters(rng, 60))
    noted = as_array(entry(stats, "val_acc_history", "the result of train"), "val_acc_history").ravel()
    stats = train(net, X, y, (X[:3], 1 - y[:3]), learning_rate=0.0, num_iters=4, batch_size=30)
    missed = as_array(entry(stats, "val_acc_history", "the result of train"), "val_acc_history").ravel()
    if missed.size and missed[-1] > 0.5:
        raise CheckFailure("val_acc_history is not the accuracy on X_val and y_val")
    if not noted.size or not noted[-1] > 0.8:
        raise CheckFailure("val_acc_history does not end with the accuracy that the network has on X_val and y_val")


def assert_learnt(net, X, y):
    if accuracy_of_scores(net.loss(X), y) < 0.9:
        raise CheckFailure("after training, the scores put too few examples into their class")


@pytest.mark.hint("The result is one class number for each example: where its row of scores is largest.")
def test_predict_gives_the_class_of_the_highest_score(rng):
    expected = np.zeros(50)
    while len(np.unique(expected)) < 4:  # else always predicting one class could be right
        X, _, params = draw(rng, 50, 5, 7, 4, margin=0.0)
        expected = build(reference.TwoLayerNet, params).loss(X).argmax(axis=1)
    net = build(TwoLayerNet, params)
    for batch, labels in ((X, expected), (X[:1], expected[:1]), (X[:4], expected[:4])):
        with remark_changes("TwoLayerNet.predict", X=batch):
            right = accuracy(net.predict(batch), labels)
        if right < 1:
            raise CheckFailure(f"y_pred names the class of the highest score for {right:.0%} of the examples")
