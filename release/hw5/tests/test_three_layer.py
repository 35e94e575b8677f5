"""Checks of hw5 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.cnn import ThreeLayerConvNet

from checks import CheckFailure, as_array, assert_close, unpack

LOSS_RTOL = 1e-4  # some add a small number inside the logarithm

pytestmark = pytest.mark.question("three_layer")

builds_on_layers = pytest.mark.requires(
    "affine_forward",
    "affine_backward",
    "relu_forward",
    "relu_backward",
    "conv_forward_naive",
    "conv_backward_naive",
    "max_pool_forward_naive",
    "max_pool_backward_naive",
)


def build(net_class, params, images, reg=0.0, **settings):
    """Return a net for images of shape (C, H, W) with copies of the given parameters."""
    filters, _, size, _ = params["W1"].shape
    net = net_class(
        input_dim=images,
        num_filters=filters,
        filter_size=size,
        hidden_dim=len(params["b2"]),
        num_classes=len(params["b3"]),
        reg=reg,
        **settings,
    )
    for name, value in params.items():
        net.params[name] = value.copy()
    return net


def small_net(reg=0.0):
    """Return a net for images of 4x6 pixels, a batch of two and labels, the same ones every time."""
    random = np.random.RandomState(5)
    shapes = {"W1": (3, 2, 3, 3), "b1": (3,), "W2": (18, 5), "b2": (5,), "W3": (5, 3), "b3": (3,)}
    params = {name: 0.5 * random.randn(*shape) for name, shape in shapes.items()}
    X = np.sin(np.arange(96.0)).reshape(2, 2, 4, 6)
    return build(ThreeLayerConvNet, params, (2, 4, 6), reg, dtype=np.float64), X, np.array([2, 0])


@builds_on_layers
def test_three_layer_loss_of_a_new_net_is_that_of_a_guess(rng):
    X, y = rng.standard_normal((8, 3, 8, 8)), rng.integers(10, size=8)
    net = ThreeLayerConvNet(input_dim=(3, 8, 8), num_filters=4, filter_size=3, hidden_dim=20)
    loss, _ = unpack(net.loss(X, y), "loss, grads")
    assert_close(loss, np.log(10), rtol=1e-3, name="the loss of ten classes at reg=0")
    net.reg = 0.5
    regularised, _ = unpack(net.loss(X, y), "loss, grads")
    if not as_array(regularised, "loss") > as_array(loss, "loss"):
        raise CheckFailure("the loss does not grow when reg goes from 0 to 0.5")


@builds_on_layers
def test_three_layer_scores_of_a_small_net():
    net, X, _ = small_net()
    expected = [[-2.62282098, 1.90036763, -0.06115808], [1.84534077, 0.45848329, 0.4430396]]
    assert_close(net.loss(X), expected, rtol=1e-6, atol=1e-7, name="scores")


@builds_on_layers
def test_three_layer_losses_of_a_small_net():
    for reg, expected in ((0.0, 1.2526552030100768), (0.5, 11.566302434275709)):
        net, X, y = small_net(reg)
        loss, _ = unpack(net.loss(X, y), "loss, grads")
        assert_close(loss, expected, rtol=LOSS_RTOL, name=f"loss at reg={reg}")
