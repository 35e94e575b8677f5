"""Checks of hw1 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.softmax import Softmax

from checks import assert_close, unpack

LOSS_RTOL = 1e-4  # some add a small number inside the logarithm,

pytestmark = pytest.mark.question("softmax")


def build(W, model=Softmax):
    """Return a classifier with a copy of the given weights."""
    classifier = model(dims=list(W.shape))
    classifier.W = W.copy()
    return classifier


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


def test_softmax_loss_of_a_small_case():
    W, X, y = small_case()
    assert_close(build(W).loss(X, y), SMALL_LOSS, rtol=LOSS_RTOL, name="loss")


def test_softmax_loss_and_gradient_of_a_small_case():
    W, X, y = small_case()
    loss, gradient = unpack(build(W).loss_and_grad(X, y), "loss, grad")
    assert_close(loss, SMALL_LOSS, rtol=LOSS_RTOL, name="loss")
    assert_close(gradient, SMALL_GRADIENT, rtol=1e-5, atol=1e-7, name="grad")


def test_softmax_fast_loss_and_gradient_of_a_small_case():
    W, X, y = small_case()
    loss, gradient = unpack(build(W).fast_loss_and_grad(X, y), "loss, grad")
    assert_close(loss, SMALL_LOSS, rtol=LOSS_RTOL, name="loss")
    assert_close(gradient, SMALL_GRADIENT, rtol=1e-5, atol=1e-7, name="grad")
