"""Checks of hw1 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.linear_classifier import softmax_loss_naive, softmax_loss_vectorized, svm_loss_naive, svm_loss_vectorized

from checks import assert_close, unpack

LOSS_RTOL = 1e-4  # some add a small number inside the logarithm

pytestmark = pytest.mark.question("losses")


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


def test_softmax_losses_of_a_small_case():
    W, X, y = small_case()
    for function in (softmax_loss_naive, softmax_loss_vectorized):
        loss, gradient = unpack(function(W, X, y, 0.5), "loss, dW")
        assert_close(loss, 1.1229975955, rtol=LOSS_RTOL, name=f"loss of {function.__name__}")
        assert_close(gradient, SOFTMAX_GRADIENT, rtol=1e-5, atol=1e-7, name=f"dW of {function.__name__}")


def test_svm_losses_of_a_small_case():
    W, X, y = small_case()
    for function in (svm_loss_naive, svm_loss_vectorized):
        loss, gradient = unpack(function(W, X, y, 0.5), "loss, dW")
        assert_close(loss, 1.4125, name=f"loss of {function.__name__}")
        assert_close(gradient, SVM_GRADIENT, rtol=1e-5, atol=1e-7, name=f"dW of {function.__name__}")
