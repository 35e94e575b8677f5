"""The linear classifier over examples in columns: training with either loss, and prediction."""

import numpy as np
import pytest
from nndl.linear_classifier import LinearSoftmax, LinearSVM
from reference.nndl import linear_classifier as reference

from autograder.checks import (
    CheckFailure,
    accuracy,
    as_array,
    assert_batch_size,
    assert_close,
    assert_falls,
    assert_history,
    assert_minibatches,
    remark_changes,
)

pytestmark = [
    pytest.mark.question("linear_classifier"),
    pytest.mark.requires("softmax_loss_vectorized", "svm_loss_vectorized"),
]


def build(model, W):
    classifier = model()
    classifier.W = W.copy()
    return classifier


def train(model, X, y, **settings):
    with remark_changes("LinearClassifier.train", X=X, y=y):
        return model.train(X, y, verbose=False, **settings)


def clusters(rng, size):
    """Draw points around three corners, one in each column, with a last feature of 1, and their labels."""
    corners = np.array([[2.0, -1.0, -1.0], [0.0, 2.0, -2.0]])
    y = np.arange(size) % 3
    points = corners[:, y] + 0.2 * rng.standard_normal((2, size))
    return np.vstack([points, np.ones(size)]), y


def check_steps(model, loss, rng):
    """Compare the weights after three steps with those of the reference."""
    W, x = 0.1 * rng.standard_normal((3, 4)), rng.standard_normal((4, 1))
    X, y = np.repeat(x / np.linalg.norm(x), 4, axis=1), np.array([2, 2, 2, 2])  # every minibatch is the same
    expected, right = W, []
    for _ in range(3):
        before, gradient = loss(expected, X, y, 0.4)
        right.append(before)
        expected = expected - 0.05 * gradient
    classifier = build(model, W)
    losses = train(classifier, X, y, learning_rate=0.05, reg=0.4, num_iters=3, batch_size=4)
    history = assert_history(losses, 3, "the list of losses")
    assert_close(history, right, rtol=1e-4, name="the list of losses")
    assert_close(classifier.W, expected, rtol=1e-5, atol=1e-7, name="W after three steps")


def check_minibatches(model, loss, rng):
    """Check that each loss is that of two columns and their labels, at a learning rate of 0."""
    W, X, y = 0.3 * rng.standard_normal((3, 4)), rng.standard_normal((4, 6)), np.array([0, 1, 2, 0, 1, 2])
    single = np.array([loss(W, X[:, [i]], y[[i]], 0.0)[0] for i in range(6)])
    losses = train(build(model, W), X, y, learning_rate=0.0, reg=0.0, num_iters=60, batch_size=2)
    history = assert_history(losses, 60, "the list of losses")
    assert_minibatches(history, single, y, name="the list of losses", examples="columns")
    kinds = np.arange(2 * 67) % 2  # two batches of examples that are one of two
    losses = train(build(model, W), X[:, kinds], y[kinds], learning_rate=0.0, reg=0.0, num_iters=20, batch_size=67)
    history = assert_history(losses, 20, "the list of losses")
    assert_batch_size(history, single[:2], 67, name="the list of losses", examples="columns")


def check_learns(model, rng):
    X, y = clusters(rng, 60)
    classifier = model()
    losses = train(classifier, X, y, learning_rate=0.1, reg=0.0, num_iters=200, batch_size=20)
    assert_falls(assert_history(losses, 200, "the list of losses"), 0.3, "the loss")
    fresh, labels = clusters(rng, 60)
    if accuracy((as_array(classifier.W, "W") @ fresh).argmax(axis=0), labels) < 0.95:
        raise CheckFailure("after training, the weights put too few points into their class")
    classifier, some = model(), np.flatnonzero(y != 1)  # a class without examples has its scores too
    train(classifier, X[:, some], y[some], learning_rate=0.1, reg=0.0, num_iters=1, batch_size=20)
    if as_array(classifier.W, "W").shape != (3, 3):
        raise CheckFailure("W has no row for each class up to the largest label")


STEP = pytest.mark.hint("Each iteration takes one step, W - learning_rate * grad; reg goes to the loss.")
COLUMNS = pytest.mark.hint("Draw batch_size indices for each iteration: the columns of X and the labels at these.")


@pytest.mark.visible
def test_linear_classifier_trains_from_small_weights():
    X, y = np.array([[1.0, 0.0, -1.0], [0.0, 1.0, -1.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.5]]), np.array([0, 1, 2])
    classifier = LinearSoftmax()
    losses = train(classifier, X, y, learning_rate=0.1, num_iters=30, batch_size=3)
    history = assert_history(losses, 30, "the list of losses")
    assert_close(history[0], np.log(3), rtol=0.05, name="the first loss")
    assert_falls(history, 0.9, "the loss")
    if as_array(classifier.W, "W").shape != (3, 4):
        raise CheckFailure("after training, W does not have the shape (C, D)")


@STEP
def test_linear_classifier_steps_against_the_gradient_of_softmax(rng):
    check_steps(LinearSoftmax, reference.softmax_loss_vectorized, rng)


@STEP
def test_linear_classifier_steps_against_the_gradient_of_svm(rng):
    check_steps(LinearSVM, reference.svm_loss_vectorized, rng)


@COLUMNS
def test_linear_classifier_draws_minibatches_of_columns_for_softmax(rng):
    check_minibatches(LinearSoftmax, reference.softmax_loss_vectorized, rng)


@COLUMNS
def test_linear_classifier_draws_minibatches_of_columns_for_svm(rng):
    check_minibatches(LinearSVM, reference.svm_loss_vectorized, rng)


def test_linear_classifier_learns_clusters_with_softmax(rng):
    check_learns(LinearSoftmax, rng)


def test_linear_classifier_learns_clusters_with_svm(rng):
    check_learns(LinearSVM, rng)


@pytest.mark.points(2)
@pytest.mark.hint("The result is one class number for each column of X: where its column of scores is largest.")
def test_linear_classifier_predicts_the_class_of_the_highest_score(rng):
    X, W = rng.standard_normal((5, 60)), rng.standard_normal((4, 5))
    expected = (W @ X).argmax(axis=0)
    classifier = build(LinearSoftmax, W)
    for batch, labels in ((X, expected), (X[:, :1], expected[:1]), (X[:, :4], expected[:4])):
        with remark_changes("LinearClassifier.predict", X=batch):
            right = accuracy(classifier.predict(batch), labels)
        if right < 1:
            raise CheckFailure(f"y_pred names the class of the highest score for {right:.0%} of all examples")
