"""The support vector machine: its loss and gradient, by loops and without."""

import numpy as np
import pytest
from nndl.svm import SVM
from reference.nndl import svm as reference

from autograder.checks import (
    assert_close,
    assert_gradients,
    assert_gradients_along,
    remark_changes,
    unpack,
)

pytestmark = pytest.mark.question("svm")

AVERAGED = pytest.mark.hint("Loss and gradient are means over the batch: divide by the number of examples, once.")
MARGIN = pytest.mark.hint("A class counts where 1 + s[c] - s[y] > 0: also where its score is lower, by less than 1.")


def build(W, model=SVM):
    """Return a classifier with a copy of the given weights."""
    classifier = model(dims=list(W.shape))
    classifier.W = W.copy()
    return classifier


def true_loss(X, y):
    """Return the reference's loss as a function of the weights."""
    return lambda arrays: build(arrays["W"], reference.SVM).fast_loss_and_grad(X, y)[0]


def draw(rng, examples, inputs, classes, gap=1e-3):
    """Draw a batch, labels and weights; no margin is so near to 0 that a step switches it."""
    while True:
        W = rng.standard_normal((classes, inputs)) / np.sqrt(inputs)
        X, y = rng.standard_normal((examples, inputs)), rng.integers(classes, size=examples)
        scores = X @ W.T
        if np.abs(1 + scores - scores[np.arange(examples), y, np.newaxis]).min() > gap:
            return X, y, W


def loss_and_gradient(method, W, X, y):
    """Return what a second call gives, which the first must not have influenced; `method` gets it from a classifier."""
    classifier = build(W)
    with remark_changes("SVM", X=X, y=y):
        method(classifier)(X, y)
    assert_close(classifier.W, W, name="W after a call, which is not to change it")
    return unpack(method(classifier)(X, y), "loss, grad")


def check_loss_and_gradient(method, X, y, W):
    """Compare the loss and every entry of the gradient with those of the reference."""
    expected = true_loss(X.astype(float), y)({"W": W})
    loss, gradient = loss_and_gradient(method, W, X.copy(), y.copy())
    assert_close(loss, expected, name="loss")
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


SMALL_LOSS = 1.1
SMALL_GRADIENT = [
    [1 / 3, 7 / 6, 0.0, 1 / 3],
    [2 / 3, 1 / 2, 1 / 6, 2 / 3],
    [-1.0, -5 / 3, -1 / 6, -1.0],
]


@pytest.mark.visible
def test_svm_loss_of_a_small_case():
    W, X, y = small_case()
    assert_close(build(W).loss(X, y), SMALL_LOSS, name="loss")


@pytest.mark.visible
def test_svm_loss_and_gradient_of_a_small_case():
    W, X, y = small_case()
    loss, gradient = unpack(build(W).loss_and_grad(X, y), "loss, grad")
    assert_close(loss, SMALL_LOSS, name="loss")
    assert_close(gradient, SMALL_GRADIENT, rtol=1e-5, atol=1e-7, name="grad")


@pytest.mark.visible
def test_svm_fast_loss_and_gradient_of_a_small_case():
    W, X, y = small_case()
    loss, gradient = unpack(build(W).fast_loss_and_grad(X, y), "loss, grad")
    assert_close(loss, SMALL_LOSS, name="loss")
    assert_close(gradient, SMALL_GRADIENT, rtol=1e-5, atol=1e-7, name="grad")


@AVERAGED
def test_svm_loss_of_batches_of_any_size_and_number_type(rng):
    X, y, W = draw(rng, 7, 5, 4)
    pixels = rng.integers(0, 4, (7, 5))
    for batch in (X, X[:1], X[:2], X[::2, ::-1], np.asfortranarray(X), X.astype(np.float32), pixels):
        labels = y[: len(batch)]
        expected = true_loss(batch.astype(float), labels)({"W": W})
        with remark_changes("SVM.loss", X=batch, y=labels):
            assert_close(build(W).loss(batch, labels), expected, name="loss")


@MARGIN
def test_svm_gradient_by_loops(rng):
    for examples, inputs, classes in ((1, 4, 3), (6, 5, 4), (9, 2, 7)):
        X, y, W = draw(rng, examples, inputs, classes)
        check_loss_and_gradient(by_loops, X, y, W)


@MARGIN
def test_svm_gradient_without_loops(rng):
    for examples, inputs, classes in ((1, 4, 3), (6, 5, 4), (9, 2, 7)):
        X, y, W = draw(rng, examples, inputs, classes)
        check_loss_and_gradient(without_loops, X, y, W)


@AVERAGED
def test_svm_gradient_of_a_large_batch_without_loops(rng):
    X, y, W = draw(rng, 100, 500, 10, gap=1e-5)
    expected = true_loss(X, y)({"W": W})
    loss, gradient = loss_and_gradient(without_loops, W, X.copy(), y)
    assert_close(loss, expected, name="loss")
    assert_gradients_along({"W": gradient}, true_loss(X, y), {"W": W}, rng)
