"""The two-layer network as functions over a dictionary: initialisation, scores, loss and gradients."""

import numpy as np
import pytest
from nndl.two_layer_net import init_two_layer_model, two_layer_net
from reference.nndl import two_layer_net as reference

from autograder.checks import (
    CheckFailure,
    as_array,
    assert_close,
    assert_gradients,
    assert_gradients_along,
    assert_normal,
    assert_repeated,
    entry,
    remark,
    remark_changes,
    unpack,
)

LOSS_RTOL = 1e-4  # some add a small number inside the logarithm
NAMES = ("W1", "b1", "W2", "b2")

pytestmark = pytest.mark.question("two_layer_model")


def toy():
    """Return the model, batch and labels of the notebook."""
    model = {
        "W1": np.linspace(-0.2, 0.6, num=40).reshape(4, 10),
        "b1": np.linspace(-0.3, 0.7, num=10),
        "W2": np.linspace(-0.4, 0.1, num=30).reshape(10, 3),
        "b2": np.linspace(-0.5, 0.9, num=3),
    }
    return model, np.linspace(-0.2, 0.5, num=20).reshape(5, 4), np.array([0, 1, 2, 2, 1])


def draw(rng, examples, inputs, units, classes, margin=1e-3):
    """Draw a batch, labels and a model; no hidden unit is so near to 0 that a step switches it.

    Some are on and some are off, so that the ReLU matters.
    """
    while True:
        X = rng.standard_normal((examples, inputs))
        model = {
            "W1": rng.standard_normal((inputs, units)) / np.sqrt(inputs),
            "b1": rng.standard_normal(units),
            "W2": rng.standard_normal((units, classes)) / np.sqrt(units),
            "b2": rng.standard_normal(classes),
        }
        hidden = X @ model["W1"] + model["b1"]
        if np.abs(hidden).min() > margin and hidden.min() < 0 < hidden.max():
            return X, rng.integers(classes, size=examples), model


def copied(model):
    return {name: value.copy() for name, value in model.items()}


def true_loss(X, y, reg):
    """Return the reference's loss as a function of the model."""
    return lambda model: reference.two_layer_net(X, model, y, reg)[0]


def student_loss(X, model, y, reg):
    """Return the student's loss and gradients of a call, which those before must not have influenced."""
    given = copied(model)
    with remark_changes("two_layer_net", X=X, y=y):
        first, _ = unpack(two_layer_net(X, given, y, reg), "loss, grads")
    two_layer_net(1 - X, copied(given), y, 0.9)
    for name in NAMES:
        assert_close(given[name], model[name], name=f"model[{name!r}] after a call of two_layer_net")
    loss, grads = unpack(two_layer_net(X, given, y, reg), "loss, grads")
    assert_repeated(first, loss)
    return loss, {name: entry(grads, name) for name in NAMES}


@pytest.mark.points(0.5)
@pytest.mark.hint("W1 is (D, H), b1 (H,), W2 (H, C) and b2 (C,): small random weights, and biases of zero.")
def test_init_gives_small_random_weights_and_biases_of_zero():
    first = init_two_layer_model(30, 40, 25)
    second = init_two_layer_model(input_size=30, hidden_size=40, output_size=25)
    for name, shape in {"W1": (30, 40), "W2": (40, 25)}.items():
        weights, again = (as_array(entry(model, name, "model"), f"model[{name!r}]") for model in (first, second))
        if weights.shape != shape:
            raise CheckFailure(f"model[{name!r}] has shape {weights.shape} instead of {shape}")
        assert_normal(weights, std=1e-5, name=f"model[{name!r}]", again=again)
    for name, size in {"b1": 40, "b2": 25}.items():
        assert_close(entry(first, name, "model"), np.zeros(size), name=f"model[{name!r}]", like_vector=True)
        if as_array(first[name], name).dtype.kind != "f":
            raise CheckFailure(f"model[{name!r}] holds whole numbers, to which no step of training can be added")


@pytest.mark.visible
@pytest.mark.points(0.5)
def test_two_layer_net_scores_of_the_notebook():
    model, X, _ = toy()
    expected = [
        [-0.53283680, 0.20031504, 0.93346689],
        [-0.59412164, 0.15498488, 0.90409140],
        [-0.67658362, 0.08978957, 0.85616275],
        [-0.77092643, 0.01339997, 0.79772637],
        [-0.89110401, -0.08754544, 0.71601312],
    ]
    assert_close(two_layer_net(X, model), expected, rtol=1e-6, atol=1e-7, name="scores")


@pytest.mark.visible
def test_two_layer_net_loss_of_the_notebook():
    model, X, y = toy()
    loss, _ = unpack(two_layer_net(X, model, y, 0.1), "loss, grads")
    assert_close(loss, 1.38191946092, rtol=LOSS_RTOL, name="loss")


def test_two_layer_net_scores_of_batches_of_any_size_and_number_type(rng):
    X, _, model = draw(rng, 6, 5, 7, 4)
    for batch in (X, X[:1], X[::2, ::-1], np.asfortranarray(X), X.astype(np.float32), rng.integers(0, 9, (3, 5))):
        expected = reference.two_layer_net(batch.astype(float), model)
        with remark_changes("two_layer_net", X=batch):
            assert_close(two_layer_net(batch, copied(model)), expected, name="scores")


@pytest.mark.hint("The term is 0.5 * reg * sum(W * W) over both weight matrices, without the biases.")
def test_two_layer_net_loss_regularises_the_weights_and_only_those(rng):
    X, y, model = draw(rng, 6, 5, 7, 4)
    plain, _ = unpack(two_layer_net(X, copied(model), y), "loss, grads")
    assert_close(plain, true_loss(X, y, 0.0)(model), rtol=LOSS_RTOL, name="the loss at reg=0")
    loss, _ = unpack(two_layer_net(X, copied(model), y, reg=0.7), "loss, grads")
    term = 0.35 * sum(np.sum(model[name] ** 2) for name in ("W1", "W2"))
    difference = as_array(loss, "loss") - as_array(plain, "loss")
    assert_close(difference, term, rtol=LOSS_RTOL, name="the regularisation term of the loss")


@pytest.mark.hint("The data loss is a mean over the examples of the batch.")
def test_two_layer_net_loss_is_the_mean_of_a_batch_of_any_size(rng):
    X, y, model = draw(rng, 9, 6, 8, 5)
    for size in (1, 2, 9):
        loss, _ = unpack(two_layer_net(X[:size], copied(model), y[:size]), "loss, grads")
        assert_close(loss, true_loss(X[:size], y[:size], 0.0)(model), rtol=LOSS_RTOL, name="loss")
    unlikely = {**model, "b2": model["b2"] - [9, 0, 0, 0, 0]}
    loss, _ = unpack(two_layer_net(X, copied(unlikely), 0 * y), "loss, grads")
    expected = true_loss(X, 0 * y, 0.0)(unlikely)
    assert_close(loss, expected, rtol=0.1, name="the loss of examples of an unlikely class")
    loss, _ = unpack(two_layer_net(X, {**copied(model), "W2": 1e4 * model["W2"]}, y), "loss, grads")
    if not np.isfinite(as_array(loss, "loss")).all():
        remark(
            "unstable-softmax", "the loss is not finite at large scores: subtract each example's largest, avoid log(0)"
        )


def test_two_layer_net_gradients_of_the_output_layer(rng):
    X, y, model = draw(rng, 4, 3, 5, 3)
    _, grads = student_loss(X.copy(), model, y, 0.0)
    chosen = {name: grads[name] for name in ("W2", "b2")}
    assert_gradients(chosen, true_loss(X, y, 0.0), model, label="grads[{!r}]")


def test_two_layer_net_gradients_of_the_hidden_layer(rng):
    X, y, model = draw(rng, 4, 3, 5, 3)
    _, grads = student_loss(X.copy(), model, y, 0.0)
    chosen = {name: grads[name] for name in ("W1", "b1")}
    assert_gradients(chosen, true_loss(X, y, 0.0), model, label="grads[{!r}]")


@pytest.mark.hint("The loss and its gradient have to agree: what is in one has its derivative in the other.")
def test_two_layer_net_gradients_with_regularisation(rng):
    X, y, model = draw(rng, 4, 3, 5, 3)
    _, grads = student_loss(X.copy(), model, y, 0.6)
    assert_gradients(grads, true_loss(X, y, 0.6), model, label="grads[{!r}]")
    X, y, model = draw(rng, 5, 3, 5, 12)
    _, grads = student_loss(X.copy(), model, y % 11, 0.0)  # of the last class, there is no example
    assert_gradients(grads, true_loss(X, y % 11, 0.0), model, label="grads[{!r}]")
    X, y, model = draw(rng, 40, 60, 50, 10, margin=1e-4)
    _, grads = student_loss(X.copy(), model, y, 0.02)
    assert_gradients_along(grads, true_loss(X, y, 0.02), model, rng, label="grads[{!r}]")
