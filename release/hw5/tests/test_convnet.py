"""Checks of hw5 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.convnet import two_layer_convnet

from checks import assert_close, unpack

LOSS_RTOL = 1e-4  # some add a small number inside the logarithm

pytestmark = pytest.mark.question("two_layer_convnet")

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


def small_model():
    """Return a model for images of 4x6 pixels, a batch of two and labels, the same ones every time."""
    random = np.random.RandomState(7)
    shapes = {"W1": (3, 2, 3, 3), "b1": (3,), "W2": (18, 3), "b2": (3,)}
    model = {name: 0.5 * random.randn(*shape) for name, shape in shapes.items()}
    X = np.sin(np.arange(96.0)).reshape(2, 2, 4, 6)
    return model, X, np.array([2, 0])


@builds_on_layers
def test_convnet_scores_of_a_small_model():
    model, X, _ = small_model()
    expected = [[1.51680115, 1.29281403, 1.74323043], [4.94426639, -0.2104112, 2.66723773]]
    assert_close(two_layer_convnet(X, model), expected, rtol=1e-6, atol=1e-7, name="scores")


@builds_on_layers
def test_convnet_losses_of_a_small_model():
    for reg, expected in ((0.0, 0.49636080397307003), (0.5, 7.409669164849451)):
        model, X, y = small_model()
        loss, _ = unpack(two_layer_convnet(X, model, y, reg), "loss, grads")
        assert_close(loss, expected, rtol=LOSS_RTOL, name=f"loss at reg={reg}")
