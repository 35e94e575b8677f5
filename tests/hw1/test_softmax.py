"""The softmax classifier: its loss and gradient, by loops and without."""

import numpy as np
import pytest
from nndl.softmax import Softmax
from reference.nndl import softmax as reference

from autograder.checks import (
    as_array,
    assert_close,
    assert_gradients,
    assert_gradients_along,
    remark,
    remark_changes,
    unpack,
)

LOSS_RTOL = 1e-4  # some add a small number inside the logarithm,
UNLIKELY_RTOL = 0.02  # which matters more where a probability is 1e-4

pytestmark = pytest.mark.question("softmax")

AVERAGED = pytest.mark.hint("Loss and gradient are means over the batch: divide by the number of examples, once.")
MINUS_ONE = pytest.mark.hint("Of p[n, c] X[n], summed over all classes, X[n] is subtracted once, in the row of y[n].")


def build(W, model=Softmax):
    """Return a classifier with a copy of the given weights."""
    classifier = model(dims=list(W.shape))
    classifier.W = W.copy()
    return classifier


def true_loss(X, y):
    """Return the reference's loss as a function of the weights."""
    return lambda arrays: build(arrays["W"], reference.Softmax).fast_loss_and_grad(X, y)[0]


def draw(rng, examples, inputs, classes):
    """Draw a batch, labels of which none is very unlikely, and weights whose scores are around 1."""
    while True:
        W = rng.standard_normal((classes, inputs)) / np.sqrt(inputs)
        X, y = rng.standard_normal((examples, inputs)), rng.integers(classes, size=examples)
        scores = X @ W.T
        if np.exp(scores - scores[np.arange(examples), y, np.newaxis]).sum(axis=1).max() < 1000:
            return X, y, W


def loss_and_gradient(method, W, X, y):
    """Return what a second call gives, which the first must not have influenced; `method` gets it from a classifier."""
    classifier = build(W)
    with remark_changes("Softmax", X=X, y=y):
        method(classifier)(X, y)
    assert_close(classifier.W, W, name="W after a call, which is not to change it")
    return unpack(method(classifier)(X, y), "loss, grad")


def check_loss_and_gradient(method, X, y, W, loss_rtol=LOSS_RTOL):
    """Compare the loss and every entry of the gradient with those of the reference."""
    expected = true_loss(X.astype(float), y)({"W": W})
    loss, gradient = loss_and_gradient(method, W, X.copy(), y.copy())
    assert_close(loss, expected, rtol=loss_rtol, name="loss")
    assert_gradients({"W": gradient}, true_loss(X.astype(float), y), {"W": W})


def by_loops(classifier):
    return classifier.loss_and_grad


def without_loops(classifier):
    return classifier.fast_loss_and_grad


def small_case():
    """Return weights, a batch and labels for which the numbers are given."""
    X = np.array([[1.0, -2.0, 0.5, 1.0], [0.0, 1.0, -1.0, 1.0], [2.0, 0.5, 1.5, 1.0]])
    W = np.array([[0.2, -0.4, 0.1, 0.0], [-0.3, 0.5, 0.2, 0.1], [0.6, 0.0, -0.5, -0.2]])
    return W, X, np.array([0, 2, 2])


SMALL_LOSS = 0.8104975955
SMALL_GRADIENT = [
    [0.137510633, 0.3505782916, 0.0731193272, 0.0701502655],
    [0.2121689485, 0.1398940448, 0.0085410222, 0.2630435516],
    [-0.3496795815, -0.4904723365, -0.0816603493, -0.3331938171],
]


@pytest.mark.visible
def test_softmax_loss_of_a_small_case():
    W, X, y = small_case()
    assert_close(build(W).loss(X, y), SMALL_LOSS, rtol=LOSS_RTOL, name="loss")


@pytest.mark.visible
def test_softmax_loss_and_gradient_of_a_small_case():
    W, X, y = small_case()
    loss, gradient = unpack(build(W).loss_and_grad(X, y), "loss, grad")
    assert_close(loss, SMALL_LOSS, rtol=LOSS_RTOL, name="loss")
    assert_close(gradient, SMALL_GRADIENT, rtol=1e-5, atol=1e-7, name="grad")


@pytest.mark.visible
def test_softmax_fast_loss_and_gradient_of_a_small_case():
    W, X, y = small_case()
    loss, gradient = unpack(build(W).fast_loss_and_grad(X, y), "loss, grad")
    assert_close(loss, SMALL_LOSS, rtol=LOSS_RTOL, name="loss")
    assert_close(gradient, SMALL_GRADIENT, rtol=1e-5, atol=1e-7, name="grad")


def unlikely():
    """Return weights and an example of a class whose probability is 1e-4."""
    return np.array([[0.0, 0.0], [1.0, 4.0], [0.5, 0.5]]), np.array([[1.0, 2.0]]), np.array([0])


@AVERAGED
def test_softmax_loss_of_batches_of_any_size_and_number_type(rng):
    X, y, W = draw(rng, 7, 5, 4)
    pixels = rng.integers(0, 4, (7, 5))
    for batch in (X, X[:1], X[:2], X[::2, ::-1], np.asfortranarray(X), X.astype(np.float32), pixels):
        labels = y[: len(batch)]
        expected = true_loss(batch.astype(float), labels)({"W": W})
        with remark_changes("Softmax.loss", X=batch, y=labels):
            assert_close(build(W).loss(batch, labels), expected, rtol=LOSS_RTOL, name="loss")
    classifier = build(W)
    classifier.loss(X, y)
    assert_close(classifier.W, W, name="W after a call, which is not to change it")
    W, X, y = unlikely()
    assert_close(build(W).loss(X, y), true_loss(X, y)({"W": W}), rtol=UNLIKELY_RTOL, name="loss")


@MINUS_ONE
def test_softmax_gradient_by_loops(rng):
    for examples, inputs, classes in ((1, 4, 3), (6, 5, 4), (9, 2, 7)):
        X, y, W = draw(rng, examples, inputs, classes)
        check_loss_and_gradient(by_loops, X, y, W)
    X, y, W = draw(rng, 6, 5, 12)
    check_loss_and_gradient(by_loops, X, y % 11, W)  # of the last class, there is no example
    W, X, y = unlikely()
    check_loss_and_gradient(by_loops, X, y, W, UNLIKELY_RTOL)


@MINUS_ONE
def test_softmax_gradient_without_loops(rng):
    for examples, inputs, classes in ((1, 4, 3), (6, 5, 4), (9, 2, 7)):
        X, y, W = draw(rng, examples, inputs, classes)
        check_loss_and_gradient(without_loops, X, y, W)
    X, y, W = draw(rng, 6, 5, 12)
    check_loss_and_gradient(without_loops, X, y % 11, W)  # of the last class, there is no example
    W, X, y = unlikely()
    check_loss_and_gradient(without_loops, X, y, W, UNLIKELY_RTOL)


@AVERAGED
def test_softmax_gradient_of_a_large_batch_without_loops(rng):
    X, y, W = draw(rng, 100, 500, 10)
    expected = true_loss(X, y)({"W": W})
    loss, gradient = loss_and_gradient(without_loops, W, X.copy(), y)
    assert_close(loss, expected, rtol=LOSS_RTOL, name="loss")
    assert_gradients_along({"W": gradient}, true_loss(X, y), {"W": W}, rng)
    loss, _ = unpack(build(1e4 * W).fast_loss_and_grad(X, y), "loss, grad")
    if not np.isfinite(as_array(loss, "loss")).all():
        remark(
            "unstable-softmax", "the loss is not finite at large scores: subtract each example's largest, avoid log(0)"
        )
