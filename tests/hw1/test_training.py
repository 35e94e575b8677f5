"""Training by stochastic gradient descent, and prediction, of the softmax classifier and the SVM.

Some `train` methods start from the weights there are and some draw new ones; both start near 0, and so do the
weights that are expected here.
"""

import numpy as np
import pytest
from nndl.softmax import Softmax
from nndl.svm import SVM
from reference.nndl import softmax, svm

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

pytestmark = [pytest.mark.question("training"), pytest.mark.requires("Softmax", "SVM", "fast_loss_and_grad")]


def clusters(rng, size):
    """Draw points around three corners, with a last feature of 1, and their labels."""
    corners = np.array([[2.0, 0.0], [-1.0, 2.0], [-1.0, -2.0]])
    y = np.arange(size) % 3
    points = corners[y] + 0.2 * rng.standard_normal((size, 2))
    return np.column_stack([points, np.ones(size)]), y


def train(model, X, y, **settings):
    """Train the student's classifier on copies, so that the suite's own arrays stay as they are."""
    with remark_changes("train", X=X, y=y):
        return model.train(X, y, verbose=False, **settings)


def check_steps(model, reference, rate, steps, rng):
    """Compare the weights after some steps on one example with those of the reference from near 0."""
    x = rng.standard_normal(4)
    x *= 1.5 / np.linalg.norm(x)  # short enough that no margin of the SVM gets to 0
    X, y = np.repeat(x[np.newaxis], 4, axis=0), np.array([2, 2, 2, 2])  # every minibatch is the same
    true = reference(dims=[3, 4])
    true.W = np.zeros((3, 4))
    for _ in range(steps):
        true.W = true.W - rate * true.fast_loss_and_grad(X, y)[1]
    train(model, X, y, learning_rate=rate, num_iters=steps, batch_size=4)
    assert_close(model.W, true.W, rtol=0.02, atol=5e-3, name=f"W after {steps} steps")


def check_minibatches(model, reference, rng):
    """Check that each loss is that of two examples and their labels, at a learning rate of 0."""
    X, y = 3e3 * rng.standard_normal((4, 5)), np.array([0, 1, 2, 0])  # so large that small weights tell them apart
    history = assert_history(
        train(model, X, y, learning_rate=0.0, num_iters=60, batch_size=2), 60, "the list of losses"
    )
    true = reference(dims=[3, 5])
    true.W = as_array(model.W, "W").astype(float)
    single = np.array([true.fast_loss_and_grad(X[[i]], y[[i]])[0] for i in range(4)])
    assert_minibatches(history, single, y, tolerance=1e-4 * single.max(), name="the list of losses")
    kinds = np.arange(2 * 67) % 2  # two batches of examples that are one of two
    history = train(model, X[kinds], y[kinds], learning_rate=0.0, num_iters=20, batch_size=67)
    true.W = as_array(model.W, "W").astype(float)
    single = np.array([true.fast_loss_and_grad(X[[i]], y[[i]])[0] for i in range(2)])
    assert_batch_size(assert_history(history, 20, "the list of losses"), single, 67, name="the list of losses")


def check_learns(model, rng):
    X, y = clusters(rng, 60)
    losses = train(model, X, y, learning_rate=0.1, num_iters=200, batch_size=20)
    assert_falls(assert_history(losses, 200, "the list of losses"), 0.3, "the loss")
    fresh, labels = clusters(rng, 60)
    scores = fresh @ as_array(model.W, "W").T
    if accuracy(scores.argmax(axis=1), labels) < 0.95:
        raise CheckFailure("after training, the weights put too few points into their class")


def check_predictions(model, rng):
    X, W = rng.standard_normal((60, 5)), rng.standard_normal((4, 5))
    expected = (X @ W.T).argmax(axis=1)
    model.W = W
    for batch, labels in ((X, expected), (X[:1], expected[:1]), (X[:4], expected[:4])):
        with remark_changes("predict", X=batch):
            right = accuracy(model.predict(batch), labels)
        if right < 1:
            raise CheckFailure(f"y_pred names the class of the highest score for {right:.0%} of all examples")


STEP = pytest.mark.hint("Each iteration takes one step, W - learning_rate * grad.")
ROWS = pytest.mark.hint("Draw batch_size indices for each iteration: the rows of X and the labels at these.")
HIGHEST = pytest.mark.hint("The result is one class number for each example: where its row of scores is largest.")


@pytest.mark.visible
def test_train_returns_the_loss_of_every_iteration():
    X, y = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [-1.0, -1.0, 1.0]]), np.array([0, 1, 2])
    losses = train(Softmax(dims=[3, 3]), X, y, learning_rate=0.1, num_iters=30, batch_size=3)
    history = assert_history(losses, 30, "the list of losses")
    assert_close(history[0], np.log(3), rtol=0.02, name="the first loss")
    assert_falls(history, 0.9, "the loss")


@STEP
def test_train_steps_against_the_gradient_of_softmax(rng):
    check_steps(Softmax(dims=[3, 4]), softmax.Softmax, 0.1, 40, rng)


@STEP
def test_train_steps_against_the_gradient_of_svm(rng):
    check_steps(SVM(dims=[3, 4]), svm.SVM, 0.02, 3, rng)


@ROWS
def test_train_draws_minibatches_of_the_given_size_for_softmax(rng):
    check_minibatches(Softmax(dims=[3, 5]), softmax.Softmax, rng)


@ROWS
def test_train_draws_minibatches_of_the_given_size_for_svm(rng):
    check_minibatches(SVM(dims=[3, 5]), svm.SVM, rng)


def test_train_learns_clusters_with_softmax(rng):
    check_learns(Softmax(dims=[3, 3]), rng)


def test_train_learns_clusters_with_svm(rng):
    check_learns(SVM(dims=[3, 3]), rng)


@pytest.mark.visible
def test_predict_of_a_small_case():
    model = Softmax(dims=[3, 2])
    model.W = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]])
    X = np.array([[2.0, 1.0], [0.0, 3.0], [-1.0, -2.0], [5.0, -1.0]])
    assert_close(model.predict(X), [0, 1, 2, 0], name="y_pred")


@HIGHEST
def test_predict_gives_the_class_of_the_highest_score_of_softmax(rng):
    check_predictions(Softmax(dims=[4, 5]), rng)


@HIGHEST
def test_predict_gives_the_class_of_the_highest_score_of_svm(rng):
    check_predictions(SVM(dims=[4, 5]), rng)
