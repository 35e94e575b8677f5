"""Checks of hw2 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.classifier_trainer import ClassifierTrainer
from nndl.two_layer_net import two_layer_net

from checks import CheckFailure, assert_close, assert_history, unpack

pytestmark = [pytest.mark.question("trainer"), pytest.mark.requires("two_layer_net")]


def toy():
    """Return the model, batch and labels of the notebook."""
    model = {
        "W1": np.linspace(-0.2, 0.6, num=40).reshape(4, 10),
        "b1": np.linspace(-0.3, 0.7, num=10),
        "W2": np.linspace(-0.4, 0.1, num=30).reshape(10, 3),
        "b2": np.linspace(-0.5, 0.9, num=3),
    }
    return model, np.linspace(-0.2, 0.5, num=20).reshape(5, 4), np.array([0, 1, 2, 2, 1])


def train(model, X, y, validation=None, loss_function=two_layer_net, **settings):
    """Return best_model and the three histories; the student's trainer changes `model`."""
    X_val, y_val = validation or (X.copy(), y.copy())
    result = ClassifierTrainer().train(X.copy(), y.copy(), X_val, y_val, model, loss_function, **settings)
    return unpack(result, "best_model, loss_history, train_acc_history, val_acc_history")


def final_loss(update, momentum):
    """Return the last loss of the notebook's training on the toy data."""
    model, X, y = toy()
    _, losses, _, _ = train(
        model,
        X,
        y,
        reg=0.001,
        learning_rate=1e-1,
        momentum=momentum,
        learning_rate_decay=1,
        update=update,
        sample_batches=False,
        num_epochs=100,
        verbose=False,
    )
    return assert_history(losses, 100)[-1]


def test_final_losses_of_the_notebook_with_sgd_and_with_momentum():
    assert_close(final_loss("sgd", 0.0), 0.940686, rtol=1e-3, name="the final loss with sgd")
    assert_close(final_loss("momentum", 0.9), 0.494394, rtol=1e-3, name="the final loss with momentum")


@pytest.mark.points(0.5)
@pytest.mark.hint("a <- 0.99 a + 0.01 g^2 for each parameter, and w <- w - learning_rate g / sqrt(a + 1e-8).")
def test_final_loss_of_the_notebook_with_rmsprop():
    loss = final_loss("rmsprop", 0.9)
    # 0.4394 with 1e-8 inside the root and 0.4298 outside; with other small numbers also about 0.614
    if not 0.41 < loss < 0.445 and not 0.605 < loss < 0.622:
        raise CheckFailure(f"the final loss with rmsprop is {loss:.6f}, 0.439368 or 0.429848 was expected")
