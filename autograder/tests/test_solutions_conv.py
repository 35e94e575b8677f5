"""The convolutional part of the reference package: printed numbers, fast layers, and what no check asks for."""

from __future__ import annotations

import numpy as np
import pytest
from nndl import conv_layer_utils, conv_layers
from nndl.cnn import ThreeLayerConvNet
from utils import fast_layers
from utils.gradient_check import eval_numerical_gradient, eval_numerical_gradient_array, rel_error

GEOMETRIES = [
    ((2, 3, 7, 5), (4, 3, 3, 3), 2, 1),
    ((2, 3, 6, 5), (4, 3, 2, 3), 1, 0),
    ((1, 2, 8, 6), (3, 2, 4, 2), 2, 2),
]
POOLS = [((2, 3, 8, 6), 2, 2, 2), ((2, 3, 7, 5), 3, 3, 2), ((2, 3, 4, 6), 2, 3, 1)]


def draw(image_shape, filter_shape):
    rng = np.random.default_rng(0)
    return rng.normal(size=image_shape), rng.normal(size=filter_shape), rng.normal(size=filter_shape[0])


def test_convolution_gives_the_printed_output():
    x, w = np.linspace(-0.1, 0.5, 96).reshape(2, 3, 4, 4), np.linspace(-0.2, 0.3, 144).reshape(3, 3, 4, 4)
    out, _ = conv_layers.conv_forward_naive(x, w, np.linspace(-0.1, 0.2, 3), {"stride": 2, "pad": 1})
    printed = [
        [[-0.08759809, -0.10987781, -0.18387192, -0.2109216], [0.21027089, 0.21661097, 0.22847626, 0.23004637]],
        [[-0.98053589, -1.03143541, -1.19128892, -1.24695841], [0.69108355, 0.66880383, 0.59480972, 0.56776003]],
    ]
    assert rel_error(out[:, :2], np.reshape(printed, (2, 2, 2, 2))) == pytest.approx(2.21e-8, rel=1e-3)


def test_pooling_gives_the_printed_output():
    x = np.linspace(-0.3, 0.4, 96).reshape(2, 3, 4, 4)
    out, _ = conv_layers.max_pool_forward_naive(x, {"pool_height": 2, "pool_width": 2, "stride": 2})
    printed = [[-0.02736842, -0.01263158, 0.03157895, 0.04631579], [0.09052632, 0.10526316, 0.14947368, 0.16421053]]
    assert rel_error(out.reshape(6, 4)[2:4], np.array(printed)) == pytest.approx(4.17e-8, rel=1e-3)


@pytest.mark.parametrize(("image_shape", "filter_shape", "stride", "pad"), GEOMETRIES)
def test_naive_convolution_has_right_gradients_which_fast_layers_give_too(image_shape, filter_shape, stride, pad):
    arrays = draw(image_shape, filter_shape)
    out, cache = conv_layers.conv_forward_naive(*arrays, {"stride": stride, "pad": pad})
    fast_out, fast_cache = fast_layers.conv_forward_fast(*arrays, {"stride": stride, "pad": float(pad)})
    np.testing.assert_allclose(fast_out, out, rtol=1e-9, atol=1e-9)
    dout = np.random.default_rng(1).normal(size=out.shape)
    gradients = conv_layers.conv_backward_naive(dout, cache)
    for array, gradient, fast in zip(arrays, gradients, fast_layers.conv_backward_fast(dout, fast_cache), strict=True):
        numerical = eval_numerical_gradient_array(
            lambda _: conv_layers.conv_forward_naive(*arrays, {"stride": stride, "pad": pad})[0], array, dout
        )
        np.testing.assert_allclose(gradient, numerical, rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(fast, gradient, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("shape", "height", "width", "stride"), POOLS)
def test_naive_pooling_has_the_gradient_that_fast_layers_give_too(shape, height, width, stride):
    x = np.random.default_rng(0).normal(size=shape)
    pool_param = {"pool_height": height, "pool_width": width, "stride": stride}
    out, cache = conv_layers.max_pool_forward_naive(x, pool_param)
    fast_out, fast_cache = fast_layers.max_pool_forward_fast(x, pool_param)
    np.testing.assert_array_equal(fast_out, out)
    dout = np.random.default_rng(1).normal(size=out.shape)
    gradient = conv_layers.max_pool_backward_naive(dout, cache)
    numerical = eval_numerical_gradient_array(lambda x: conv_layers.max_pool_forward_naive(x, pool_param)[0], x, dout)
    np.testing.assert_allclose(gradient, numerical, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(fast_layers.max_pool_backward_fast(dout, fast_cache), gradient, rtol=1e-9)


def test_joined_convolution_and_relu_have_right_gradients():
    arrays = draw((2, 3, 4, 6), (2, 3, 3, 3))
    out, cache = conv_layer_utils.conv_relu_forward(*arrays, {"stride": 1, "pad": 1.0})
    dout = np.random.default_rng(1).normal(size=out.shape)
    for array, gradient in zip(arrays, conv_layer_utils.conv_relu_backward(dout, cache), strict=True):
        numerical = eval_numerical_gradient_array(
            lambda _: conv_layer_utils.conv_relu_forward(*arrays, {"stride": 1, "pad": 1.0})[0], array, dout
        )
        np.testing.assert_allclose(gradient, numerical, rtol=1e-6, atol=1e-8)


def normalized_net(**settings):
    np.random.seed(0)
    small = {"input_dim": (2, 4, 6), "num_filters": 3, "filter_size": 3, "hidden_dim": 5, "num_classes": 4}
    return ThreeLayerConvNet(**small, use_batchnorm=True, weight_scale=0.3, **settings)


def test_network_with_batch_normalization_has_right_gradients():
    model = normalized_net(reg=0.3, dtype=np.float64)
    x, y = np.random.randn(4, 2, 4, 6), np.arange(4)
    _, grads = model.loss(x, y)
    assert grads.keys() == model.params.keys()
    for name, gradient in grads.items():
        numerical = eval_numerical_gradient(lambda _: model.loss(x, y)[0], model.params[name])
        np.testing.assert_allclose(gradient, numerical, rtol=1e-4, atol=1e-7)


def test_network_with_batch_normalization_uses_running_averages_for_scores():
    model = normalized_net()
    x, y = np.random.randn(6, 2, 4, 6), np.array([0, 1, 2, 3, 0, 1])
    for _ in range(5):
        model.loss(x, y)
    scores = model.loss(x)
    np.testing.assert_allclose(model.loss(x[:2]), scores[:2], rtol=1e-4, atol=1e-6)


def test_float32_network_computes_in_float32():
    model = ThreeLayerConvNet((3, 4, 4), num_filters=2, filter_size=3, hidden_dim=5, reg=0.1)
    _, grads = model.loss(np.ones((4, 3, 4, 4)), np.zeros(4, int))
    assert {array.dtype for array in (*model.params.values(), *grads.values())} == {np.dtype(np.float32)}
