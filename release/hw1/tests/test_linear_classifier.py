"""Checks of hw1 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.linear_classifier import LinearSoftmax

from checks import (
    CheckFailure,
    as_array,
    assert_close,
    assert_falls,
    assert_history,
    remark_changes,
)

pytestmark = [
    pytest.mark.question("linear_classifier"),
    pytest.mark.requires("softmax_loss_vectorized", "svm_loss_vectorized"),
]


def train(model, X, y, **settings):
    with remark_changes("LinearClassifier.train", X=X, y=y):
        return model.train(X, y, verbose=False, **settings)


def test_linear_classifier_trains_from_small_weights():
    X, y = np.array([[1.0, 0.0, -1.0], [0.0, 1.0, -1.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.5]]), np.array([0, 1, 2])
    classifier = LinearSoftmax()
    losses = train(classifier, X, y, learning_rate=0.1, num_iters=30, batch_size=3)
    history = assert_history(losses, 30, "the list of losses")
    assert_close(history[0], np.log(3), rtol=0.05, name="the first loss")
    assert_falls(history, 0.9, "the loss")
    if as_array(classifier.W, "W").shape != (3, 4):
        raise CheckFailure("after training, W does not have the shape (C, D)")
