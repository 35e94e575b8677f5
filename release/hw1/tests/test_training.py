"""Checks of hw1 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.softmax import Softmax

from checks import assert_close, assert_falls, assert_history, remark_changes

pytestmark = [pytest.mark.question("training"), pytest.mark.requires("Softmax", "SVM", "fast_loss_and_grad")]


def train(model, X, y, **settings):
    """Train the student's classifier on copies, so that the suite's own arrays stay as they are."""
    with remark_changes("train", X=X, y=y):
        return model.train(X, y, verbose=False, **settings)


def test_train_returns_the_loss_of_every_iteration():
    X, y = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [-1.0, -1.0, 1.0]]), np.array([0, 1, 2])
    losses = train(Softmax(dims=[3, 3]), X, y, learning_rate=0.1, num_iters=30, batch_size=3)
    history = assert_history(losses, 30, "the list of losses")
    assert_close(history[0], np.log(3), rtol=0.02, name="the first loss")
    assert_falls(history, 0.9, "the loss")


def test_predict_of_a_small_case():
    model = Softmax(dims=[3, 2])
    model.W = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]])
    X = np.array([[2.0, 1.0], [0.0, 3.0], [-1.0, -2.0], [5.0, -1.0]])
    assert_close(model.predict(X), [0, 1, 2, 0], name="y_pred")
