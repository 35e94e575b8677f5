"""Checks of hw1 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.svm import SVM

from checks import assert_close, unpack

pytestmark = pytest.mark.question("svm")


def build(W, model=SVM):
    """Return a classifier with a copy of the given weights."""
    classifier = model(dims=list(W.shape))
    classifier.W = W.copy()
    return classifier


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


def test_svm_loss_of_a_small_case():
    W, X, y = small_case()
    assert_close(build(W).loss(X, y), SMALL_LOSS, name="loss")


def test_svm_loss_and_gradient_of_a_small_case():
    W, X, y = small_case()
    loss, gradient = unpack(build(W).loss_and_grad(X, y), "loss, grad")
    assert_close(loss, SMALL_LOSS, name="loss")
    assert_close(gradient, SMALL_GRADIENT, rtol=1e-5, atol=1e-7, name="grad")


def test_svm_fast_loss_and_gradient_of_a_small_case():
    W, X, y = small_case()
    loss, gradient = unpack(build(W).fast_loss_and_grad(X, y), "loss, grad")
    assert_close(loss, SMALL_LOSS, name="loss")
    assert_close(gradient, SMALL_GRADIENT, rtol=1e-5, atol=1e-7, name="grad")
