"""Checks of hw4 that you can run yourself; grading has more."""

from itertools import pairwise

import numpy as np
import pytest
from nndl.fc_net import FullyConnectedNet

from checks import assert_close, unpack

LOSS_RTOL = 1e-4  # some add a small number inside the logarithm

BATCHNORM = ("batchnorm_forward", "batchnorm_backward")
DROPOUT = ("dropout_forward", "dropout_backward")

pytestmark = [
    pytest.mark.question("fully_connected"),
    pytest.mark.requires("affine_forward", "affine_backward", "relu_forward", "relu_backward"),
]


def build(params, **settings):
    """Return the student's net with copies of the given parameters, in double precision unless told otherwise."""
    depth = sum(name.startswith("W") for name in params)
    inputs, *hidden = [params[f"W{i + 1}"].shape[0] for i in range(depth)]
    settings = {"dtype": np.float64, "use_batchnorm": "gamma1" in params, **settings}
    net = FullyConnectedNet(hidden, input_dim=inputs, num_classes=params[f"W{depth}"].shape[1], **settings)
    for name, value in params.items():
        net.params[name] = value.copy()
    return net


def check_loss(net, expected, X, y, name="loss"):
    loss, _ = unpack(net.loss(X.copy(), y.copy()), "loss, grads")
    assert_close(loss, expected, rtol=LOSS_RTOL, name=name)


def small_net(batchnorm, **settings):
    """Return a net with two hidden layers, a batch and labels, the same ones every time."""
    random, params = np.random.RandomState(3), {}
    for i, (inputs, outputs) in enumerate(pairwise([4, 6, 5, 3]), start=1):
        params[f"W{i}"], params[f"b{i}"] = random.randn(inputs, outputs), random.randn(outputs)
    X = np.array([[0.5, -1.0, 2.0, 0.25], [-0.75, 1.5, 0.5, -2.0], [1.0, 0.5, -0.5, 1.0]])
    for i, size in ((1, 6), (2, 5)) if batchnorm else ():
        params[f"gamma{i}"], params[f"beta{i}"] = np.linspace(0.5, 1.5, size), np.linspace(-0.2, 0.6, size)
    return build(params, **settings), X, np.array([2, 0, 1])


@pytest.mark.requires(*BATCHNORM)
def test_net_with_batchnorm_losses_of_a_small_net():
    for reg, expected in ((0.0, 0.9383960350881919), (0.5, 21.6011642601014)):
        net, X, y = small_net(batchnorm=True, reg=reg)
        check_loss(net, expected, X, y, f"loss at reg={reg}")


@pytest.mark.requires(*DROPOUT)
@pytest.mark.hint("Without labels the network is in test mode, in which dropout does nothing.")
def test_net_with_dropout_at_test_time_is_the_net_without():
    expected = [
        [1.33923916, 7.37050092, 0.16605607],
        [-0.6420107, 3.46464771, -1.09120933],
        [1.06499062, 9.7044726, -4.92692855],
    ]
    for settings in ({"dropout": 0.5}, {"dropout": 0.3, "seed": 7}):
        net, X, y = small_net(batchnorm=False, **settings)
        net.loss(X.copy(), y)
        assert_close(net.loss(X.copy()), expected, rtol=1e-6, atol=1e-7, name="scores in test mode")
