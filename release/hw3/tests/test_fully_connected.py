"""Checks of hw3 that you can run yourself; grading has more."""

from itertools import pairwise

import numpy as np
import pytest
from nndl.fc_net import FullyConnectedNet

from checks import assert_close, unpack

LOSS_RTOL = 1e-4  # some add a small number inside the logarithm

pytestmark = [
    pytest.mark.question("fully_connected"),
    pytest.mark.requires("affine_forward", "affine_backward", "relu_forward", "relu_backward"),
]


def build(net_class, params, reg=0.0, **settings):
    """Return a net with copies of the given parameters."""
    inputs, *hidden = [params[f"W{i + 1}"].shape[0] for i in range(len(params) // 2)]
    classes = len(params[f"b{len(params) // 2}"])
    net = net_class(hidden, input_dim=inputs, num_classes=classes, reg=reg, **settings)
    for name, value in params.items():
        net.params[name] = value.copy()
    return net


def small_net(reg=0.0):
    """Return a net with two hidden layers, a batch and labels, the same ones every time."""
    random, params = np.random.RandomState(3), {}
    for i, (inputs, outputs) in enumerate(pairwise([4, 6, 5, 3]), start=1):
        params[f"W{i}"], params[f"b{i}"] = random.randn(inputs, outputs), random.randn(outputs)
    X = np.array([[0.5, -1.0, 2.0, 0.25], [-0.75, 1.5, 0.5, -2.0]])
    return build(FullyConnectedNet, params, reg), X, np.array([2, 0])


def test_fully_connected_scores_of_a_small_net():
    net, X, _ = small_net()
    expected = [[1.33923916, 7.37050092, 0.16605607], [-0.6420107, 3.46464771, -1.09120933]]
    assert_close(net.loss(X), expected, rtol=1e-6, atol=1e-7, name="scores")


def test_fully_connected_losses_of_a_small_net():
    for reg, expected in ((0.0, 5.670427503539701), (0.5, 26.333195728552905)):
        net, X, y = small_net(reg)
        loss, _ = unpack(net.loss(X, y), "loss, grads")
        assert_close(loss, expected, rtol=LOSS_RTOL, name=f"loss at reg={reg}")
