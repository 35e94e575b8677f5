"""Checks of hw3 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.fc_net import TwoLayerNet

from checks import assert_close, unpack

LOSS_RTOL = 1e-4  # some add a small number inside the logarithm

pytestmark = [
    pytest.mark.question("two_layer"),
    pytest.mark.requires("affine_forward", "affine_backward", "relu_forward", "relu_backward"),
]

NAMES = ("W1", "b1", "W2", "b2")


def build(net_class, params, reg=0.0):
    """Return a net with copies of the given parameters."""
    inputs, hidden = params["W1"].shape
    net = net_class(input_dim=inputs, hidden_dims=hidden, num_classes=len(params["b2"]), reg=reg)
    for name in NAMES:
        net.params[name] = params[name].copy()
    return net


def handout(reg=0.0):
    """Return the net of the notebook and labels for a batch of three."""
    params = {
        "W1": np.linspace(-0.7, 0.3, num=5 * 50).reshape(5, 50),
        "b1": np.linspace(-0.1, 0.9, num=50),
        "W2": np.linspace(-0.3, 0.4, num=50 * 7).reshape(50, 7),
        "b2": np.linspace(-0.9, 0.1, num=7),
    }
    return build(TwoLayerNet, params, reg), np.array([0, 5, 1])


def batches():
    """Return the batch of the notebook, which leaves all hidden units on, and one that does not."""
    handout_batch = np.linspace(-5.5, 4.5, num=3 * 5).reshape(5, 3).T
    mixed = np.array([[1.0, -2.0, 0.5, 1.5, -1.0], [-1.0, 0.5, 2.0, -0.5, -3.0], [0.5, 0.5, -1.0, 1.0, 2.0]])
    return handout_batch, mixed


def test_two_layer_scores_of_the_notebook():
    net, _ = handout()
    expected = [
        [11.53165108, 12.2917344, 13.05181771, 13.81190102, 14.57198434, 15.33206765, 16.09215096],
        [12.05769098, 12.74614105, 13.43459113, 14.1230412, 14.81149128, 15.49994135, 16.18839143],
        [12.58373087, 13.20054771, 13.81736455, 14.43418138, 15.05099822, 15.66781506, 16.2846319],
    ]
    mixed = [
        [2.46164155, 2.66053142, 2.85942129, 3.05831116, 3.25720103, 3.4560909, 3.65498077],
        [-0.74117985, -0.57361615, -0.40605246, -0.23848876, -0.07092506, 0.09663864, 0.26420233],
        [4.56653562, 4.78656219, 5.00658875, 5.22661532, 5.44664189, 5.66666845, 5.88669502],
    ]
    for X, scores in zip(batches(), (expected, mixed), strict=True):
        assert_close(net.loss(X), scores, rtol=1e-7, atol=1e-8, name="scores")


def test_two_layer_losses_of_the_notebook():
    losses = {0.0: (3.4702243556, 2.2558759593), 1.0: (26.5948426952, 25.3804942990)}
    for reg, expected in losses.items():
        net, y = handout(reg)
        for X, number in zip(batches(), expected, strict=True):
            loss, _ = unpack(net.loss(X, y), "loss, grads")
            assert_close(loss, number, rtol=LOSS_RTOL, name=f"loss at reg={reg}")
