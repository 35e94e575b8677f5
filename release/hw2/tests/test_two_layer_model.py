"""Checks of hw2 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.two_layer_net import two_layer_net

from checks import assert_close, unpack

LOSS_RTOL = 1e-4  # some add a small number inside the logarithm

pytestmark = pytest.mark.question("two_layer_model")


def toy():
    """Return the model, batch and labels of the notebook."""
    model = {
        "W1": np.linspace(-0.2, 0.6, num=40).reshape(4, 10),
        "b1": np.linspace(-0.3, 0.7, num=10),
        "W2": np.linspace(-0.4, 0.1, num=30).reshape(10, 3),
        "b2": np.linspace(-0.5, 0.9, num=3),
    }
    return model, np.linspace(-0.2, 0.5, num=20).reshape(5, 4), np.array([0, 1, 2, 2, 1])


@pytest.mark.points(0.5)
def test_two_layer_net_scores_of_the_notebook():
    model, X, _ = toy()
    expected = [
        [-0.53283680, 0.20031504, 0.93346689],
        [-0.59412164, 0.15498488, 0.90409140],
        [-0.67658362, 0.08978957, 0.85616275],
        [-0.77092643, 0.01339997, 0.79772637],
        [-0.89110401, -0.08754544, 0.71601312],
    ]
    assert_close(two_layer_net(X, model), expected, rtol=1e-6, atol=1e-7, name="scores")


def test_two_layer_net_loss_of_the_notebook():
    model, X, y = toy()
    loss, _ = unpack(two_layer_net(X, model, y, 0.1), "loss, grads")
    assert_close(loss, 1.38191946092, rtol=LOSS_RTOL, name="loss")
