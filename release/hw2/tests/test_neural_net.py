"""Checks of hw2 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.neural_net import TwoLayerNet

from checks import assert_close, unpack

LOSS_RTOL = 1e-4  # some add a small number inside the logarithm

pytestmark = [
    pytest.mark.question("neural_net"),
    pytest.mark.requires("affine_forward", "affine_backward", "relu_forward", "relu_backward"),
]

NAMES = ("W1", "b1", "W2", "b2")


def build(net_class, params):
    """Return a net with copies of the given parameters."""
    hidden, inputs = params["W1"].shape
    net = net_class(input_size=inputs, hidden_size=hidden, output_size=len(params["b2"]))
    for name in NAMES:
        net.params[name] = params[name].copy()
    return net


def handout():
    """Return the net, batch and labels of the notebook."""
    random = np.random.RandomState(0)
    params = {"W1": 0.1 * random.randn(10, 4), "b1": np.zeros(10)}
    params |= {"W2": 0.1 * random.randn(3, 10), "b2": np.zeros(3)}
    X = 10 * np.random.RandomState(1).randn(5, 4)
    return build(TwoLayerNet, params), X, np.array([0, 1, 2, 2, 1])


@pytest.mark.points(0.5)
def test_neural_net_scores_of_the_notebook():
    net, X, _ = handout()
    expected = [
        [-1.07260209, 0.05083871, -0.87253915],
        [-2.02778743, -0.10832494, -1.52641362],
        [-0.74225908, 0.15259725, -0.39578548],
        [-0.38172726, 0.10835902, -0.17328274],
        [-0.64417314, -0.18886813, -0.41106892],
    ]
    assert_close(net.loss(X), expected, rtol=1e-6, atol=1e-7, name="scores")


def test_neural_net_loss_of_the_notebook():
    net, X, y = handout()
    loss, _ = unpack(net.loss(X, y, reg=0.05), "loss, grads")
    assert_close(loss, 1.071696123862817, rtol=LOSS_RTOL, name="loss")
