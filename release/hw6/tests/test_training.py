"""Checks of hw6 that you can run yourself; grading has more."""

import re

import numpy as np
import pytest
from torch_models.arrays import get_parameters
from torch_models.probe import Probe, descent, printed
from torch_models.train import Batches, evaluate, train_epoch

from checks import CheckFailure, assert_close, entry, unpack

pytestmark = pytest.mark.question("training")


def draw(rng, count, inputs=6, classes=4):
    """Draw weights, examples and labels."""
    weights = rng.standard_normal((classes, inputs)).astype(np.float32)
    return weights, rng.standard_normal((count, inputs)).astype(np.float32), rng.integers(0, classes, count)


def probabilities(weights, x):
    scores = np.exp(x.astype(float) @ weights.T)
    return scores / scores.sum(axis=1, keepdims=True)


def losses(weights, x, y):
    """Return each example's cross-entropy."""
    return -np.log(probabilities(weights, x)[np.arange(len(y)), y])


def descend(weights, x, y, batch_size, learning_rate):
    """Return the weights after one pass of gradient descent, and the loss of each batch before its step."""
    weights, noted = weights.astype(float), []
    for start in range(0, len(y), batch_size):
        xs, ys = x[start : start + batch_size], y[start : start + batch_size]
        noted.append(losses(weights, xs, ys).mean())
        error = probabilities(weights, xs) - np.eye(weights.shape[0])[ys]
        weights = weights - learning_rate * error.T @ xs / len(ys)
    return weights, noted


def run_epoch(weights, x, y, batch_size, learning_rate=0.5, epoch=1, log_every=50):
    """Run the student's train_epoch; return the model and what was printed."""
    model = Probe(weights)
    batches = Batches(x, y, batch_size)
    return model, printed(train_epoch, model, batches, descent(model, learning_rate), epoch, log_every)


@pytest.mark.hint("For each batch: gradients to zero, loss of the batch, backward, one step of the optimizer.")
def test_train_epoch_takes_a_step_for_each_batch(rng):
    weights, x, y = draw(rng, 22)
    expected, _ = descend(weights, x, y, batch_size=5, learning_rate=0.5)
    model, _ = run_epoch(weights, x, y, batch_size=5)
    assert_close(entry(get_parameters(model), "weights"), expected, rtol=1e-4, atol=1e-5, name="weights after an epoch")


def test_train_epoch_logs_a_line_at_first_and_every_so_many_batches(rng):
    weights, x, y = draw(rng, 14)
    _, noted = descend(weights, x, y, batch_size=2, learning_rate=0.5)
    _, text = run_epoch(weights, x, y, batch_size=2, epoch=3, log_every=3)
    numbers = [float(number) for number in re.findall(r"Train Loss: *([-+.\deE]+)", text)]
    if len(numbers) != 3:
        raise CheckFailure(f"{len(numbers)} lines have a Train Loss, 3 were expected: for batches 0, 3 and 6 of 7")
    assert_close(numbers, [noted[0], noted[3], noted[6]], rtol=1e-3, atol=1e-3, name="logged losses")


def test_evaluate_gives_loss_and_accuracy(rng):
    weights, x, y = draw(rng, 20)
    loss, accuracy = unpack(evaluate(Probe(weights), Batches(x, y, 10)), "loss, accuracy")
    assert_close(loss, losses(weights, x, y).mean(), rtol=1e-4, atol=1e-5, name="loss")
    assert_close(accuracy, np.mean(probabilities(weights, x).argmax(axis=1) == y), atol=1e-6, name="accuracy")
