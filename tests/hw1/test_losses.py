"""Regularised losses of a linear classifier as functions, with an example in each column of X."""

import numpy as np
import pytest
from nndl.linear_classifier import softmax_loss_naive, softmax_loss_vectorized, svm_loss_naive, svm_loss_vectorized
from reference.nndl import linear_classifier as reference

from autograder.checks import (
    as_array,
    assert_close,
    assert_gradients,
    assert_gradients_along,
    remark,
    remark_changes,
    unpack,
)

LOSS_RTOL = 1e-4  # some add a small number inside the logarithm

pytestmark = pytest.mark.question("losses")

ORIENTATION = pytest.mark.hint("W is (C, D) and X is (D, N): scores are W @ X, with a column for each example.")
TERM = pytest.mark.hint("Add 0.5 * reg * sum(W * W) to the loss and reg * W to its gradient, after averaging.")


def draw(rng, examples, inputs, classes, gap=1e-3):
    """Draw weights, a batch and labels, of which none is very unlikely.

    No margin of the SVM is so near to 0 that a step switches it.
    """
    while True:
        W = rng.standard_normal((classes, inputs)) / np.sqrt(inputs)
        X, y = rng.standard_normal((inputs, examples)), rng.integers(classes, size=examples)
        scores = W @ X - (W @ X)[y, np.arange(examples)]
        if np.abs(1 + scores).min() > gap and np.exp(scores).sum(axis=0).max() < 1000:
            return W, X, y


def check(function, true, W, X, y, reg, loss_rtol=LOSS_RTOL):
    """Compare the loss and every entry of the gradient with those of the reference."""
    expected, _ = true(W, X.astype(float), y, reg)
    with remark_changes(function.__name__, W=W, X=X, y=y):
        loss, gradient = unpack(function(W, X, y, reg), "loss, dW")
    assert_close(loss, expected, rtol=loss_rtol, name="loss")
    assert_gradients({"W": gradient}, lambda arrays: true(arrays["W"], X.astype(float), y, reg)[0], {"W": W})


def check_shapes(function, true, rng):
    """Check batches of any size and number type, without regularisation."""
    for examples, inputs, classes in ((1, 4, 3), (5, 5, 5), (9, 2, 7)):
        W, X, y = draw(rng, examples, inputs, classes)
        check(function, true, W, X, y, 0.0)
    while y.max() == 6:  # of the last class, there is no example
        W, X, y = draw(rng, 9, 2, 7)
    check(function, true, W, X, y, 0.0)
    for batch in (X.astype(np.float32), np.asfortranarray(X), rng.integers(0, 3, X.shape) + 0.01):
        check(function, true, W.copy(), batch, y, 0.0)
    W, X = np.array([[0.0, 0.0], [1.0, 4.0], [0.5, 0.5]]), np.array([[1.0], [2.0]])  # of a probability of 1e-4
    check(function, true, W, X, np.array([0]), 0.0, loss_rtol=0.02)


def check_regularisation(function, true, rng):
    """Check the regularisation term by itself, then with the rest."""
    W, X, y = draw(rng, 6, 5, 4)
    plain, _ = unpack(function(W.copy(), X.copy(), y, 0.0), "loss, dW")
    loss, _ = unpack(function(W.copy(), X.copy(), y, 0.7), "loss, dW")
    difference = as_array(loss, "loss") - as_array(plain, "loss")
    assert_close(difference, 0.35 * np.sum(W * W), rtol=LOSS_RTOL, name="the regularisation term of the loss")
    check(function, true, W, X, y, 0.7)


def check_large(function, true, rng):
    W, X, y = draw(rng, 100, 500, 10, gap=1e-5)
    expected, _ = true(W, X, y, 0.1)
    loss, gradient = unpack(function(W.copy(), X.copy(), y, 0.1), "loss, dW")
    assert_close(loss, expected, rtol=LOSS_RTOL, name="loss")
    assert_gradients_along({"W": gradient}, lambda arrays: true(arrays["W"], X, y, 0.1)[0], {"W": W}, rng)


def small_case():
    """Return weights, a batch and labels for which the numbers are given."""
    X = np.array([[1.0, 0.0, 2.0], [-2.0, 1.0, 0.5], [0.5, -1.0, 1.5], [1.0, 1.0, 1.0]])
    W = np.array([[0.2, -0.4, 0.1, 0.0], [-0.3, 0.5, 0.2, 0.1], [0.6, 0.0, -0.5, -0.2]])
    return W, X, np.array([0, 2, 2])


SOFTMAX_GRADIENT = [
    [0.237510633, 0.1505782916, 0.1231193272, 0.0701502655],
    [0.0621689485, 0.3898940448, 0.1085410222, 0.3130435516],
    [-0.0496795815, -0.4904723365, -0.3316603493, -0.4331938171],
]
SVM_GRADIENT = [
    [13 / 30, 29 / 30, 0.05, 1 / 3],
    [31 / 60, 0.75, 4 / 15, 43 / 60],
    [-0.7, -5 / 3, -5 / 12, -1.1],
]


@pytest.mark.visible
def test_softmax_losses_of_a_small_case():
    W, X, y = small_case()
    for function in (softmax_loss_naive, softmax_loss_vectorized):
        loss, gradient = unpack(function(W, X, y, 0.5), "loss, dW")
        assert_close(loss, 1.1229975955, rtol=LOSS_RTOL, name=f"loss of {function.__name__}")
        assert_close(gradient, SOFTMAX_GRADIENT, rtol=1e-5, atol=1e-7, name=f"dW of {function.__name__}")


@pytest.mark.visible
def test_svm_losses_of_a_small_case():
    W, X, y = small_case()
    for function in (svm_loss_naive, svm_loss_vectorized):
        loss, gradient = unpack(function(W, X, y, 0.5), "loss, dW")
        assert_close(loss, 1.4125, name=f"loss of {function.__name__}")
        assert_close(gradient, SVM_GRADIENT, rtol=1e-5, atol=1e-7, name=f"dW of {function.__name__}")


@ORIENTATION
def test_softmax_loss_naive_of_batches_of_any_size(rng):
    check_shapes(softmax_loss_naive, reference.softmax_loss_vectorized, rng)


@TERM
def test_softmax_loss_naive_with_regularisation(rng):
    check_regularisation(softmax_loss_naive, reference.softmax_loss_vectorized, rng)


@ORIENTATION
def test_softmax_loss_vectorized_of_batches_of_any_size(rng):
    check_shapes(softmax_loss_vectorized, reference.softmax_loss_vectorized, rng)


@TERM
def test_softmax_loss_vectorized_with_regularisation(rng):
    check_regularisation(softmax_loss_vectorized, reference.softmax_loss_vectorized, rng)


def test_softmax_loss_vectorized_of_a_large_batch(rng):
    check_large(softmax_loss_vectorized, reference.softmax_loss_vectorized, rng)
    W, X, y = draw(rng, 6, 5, 4)
    loss, _ = unpack(softmax_loss_vectorized(1e4 * W, X, y, 0.0), "loss, dW")
    if not np.isfinite(as_array(loss, "loss")).all():
        remark(
            "unstable-softmax", "the loss is not finite at large scores: subtract each example's largest, avoid log(0)"
        )


@ORIENTATION
def test_svm_loss_naive_of_batches_of_any_size(rng):
    check_shapes(svm_loss_naive, reference.svm_loss_vectorized, rng)


@TERM
def test_svm_loss_naive_with_regularisation(rng):
    check_regularisation(svm_loss_naive, reference.svm_loss_vectorized, rng)


@ORIENTATION
def test_svm_loss_vectorized_of_batches_of_any_size(rng):
    check_shapes(svm_loss_vectorized, reference.svm_loss_vectorized, rng)


@TERM
def test_svm_loss_vectorized_with_regularisation(rng):
    check_regularisation(svm_loss_vectorized, reference.svm_loss_vectorized, rng)


def test_svm_loss_vectorized_of_a_large_batch(rng):
    check_large(svm_loss_vectorized, reference.svm_loss_vectorized, rng)
