"""The three-layer convolutional network: parameters, scores, loss, gradients, training by Solver."""

import numpy as np
import pytest
from nndl.cnn import ThreeLayerConvNet
from nndl.layers import affine_backward, affine_forward, relu_backward, relu_forward
from reference.nndl import cnn as reference
from reference.nndl import conv_layers, layers
from utils.solver import Solver

from autograder.checks import (
    CheckFailure,
    accuracy_of_scores,
    as_array,
    assert_close,
    assert_gradients,
    assert_gradients_along,
    assert_normal,
    assert_repeated,
    entry,
    remark_changes,
    unpack,
    weigh,
)

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


def true_net(params, images, reg=0.0):
    return build(reference.ThreeLayerConvNet, params, images, reg, dtype=np.float64)


def true_loss(X, y, reg):
    """Return the reference's loss as a function of the parameters."""
    return lambda params: true_net(params, X.shape[1:], reg).loss(X, y)[0]


def draw(rng, *shape, filters=(3, 3), hidden=6, classes=4, margin=1e-4):
    """Draw images, labels and parameters; no small step switches a unit or changes which pixel is the largest.

    The images are exact in single precision, to which a net of the default dtype rounds them. `filters` are their
    number and size.
    """
    _, channels, height, width = shape
    count, size = filters
    pooled = count * (height // 2) * (width // 2)
    while True:
        X = rng.standard_normal(shape).astype(np.float32).astype(float)
        params = {
            "W1": rng.standard_normal((count, channels, size, size)) / np.sqrt(channels * size * size),
            "b1": 0.5 * rng.standard_normal(count),
            "W2": rng.standard_normal((pooled, hidden)) / np.sqrt(pooled),
            "b2": 0.5 * rng.standard_normal(hidden),
            "W3": rng.standard_normal((hidden, classes)) / np.sqrt(hidden),
            "b3": rng.standard_normal(classes),
        }
        if nearest_to_a_switch(X, params) > margin:
            return X, rng.integers(classes, size=len(X)), params


def nearest_to_a_switch(X, params):
    """Return how near a hidden unit comes to 0, or the largest pixel of a window to the second."""
    conv_param = {"stride": 1, "pad": params["W1"].shape[2] // 2}
    a, _ = conv_layers.conv_forward_naive(X, params["W1"], params["b1"], conv_param)
    n, f, height, width = a.shape
    windows = np.maximum(a, 0).reshape(n, f, height // 2, 2, width // 2, 2)
    ordered = np.sort(windows.transpose(0, 1, 2, 4, 3, 5).reshape(n, f, -1, 4))
    gaps = (ordered[..., 3] - ordered[..., 2])[ordered[..., 3] > 0]
    hidden = ordered[..., 3].reshape(n, -1) @ params["W2"] + params["b2"]
    if not gaps.size:
        return 0.0  # without a living unit there is nothing to see
    return min(np.abs(a).min(), gaps.min(), np.abs(hidden).min())


def gradients(params, X, y, reg, **settings):
    """Return the student's gradients of a call, which those before must not have influenced."""
    net = build(ThreeLayerConvNet, params, X.shape[1:], reg=0.9, **settings)
    net.loss(1 - X, y)
    net.reg = reg
    with remark_changes("ThreeLayerConvNet.loss", X=X, y=y):
        first, _ = unpack(net.loss(X, y), "loss, grads")
    loss, grads = unpack(net.loss(X, y), "loss, grads")
    assert_repeated(first, loss)
    return {name: entry(grads, name) for name in params}


def small_net(reg=0.0):
    """Return a net for images of 4x6 pixels, a batch of two and labels, the same ones every time."""
    random = np.random.RandomState(5)
    shapes = {"W1": (3, 2, 3, 3), "b1": (3,), "W2": (18, 5), "b2": (5,), "W3": (5, 3), "b3": (3,)}
    params = {name: 0.5 * random.randn(*shape) for name, shape in shapes.items()}
    X = np.sin(np.arange(96.0)).reshape(2, 2, 4, 6)
    return build(ThreeLayerConvNet, params, (2, 4, 6), reg, dtype=np.float64), X, np.array([2, 0])


def stripes(rng, size):
    """Draw pictures of 6x6 pixels with a horizontal or a vertical stripe, at any place, and their labels."""
    X, y = 0.1 * rng.standard_normal((size, 1, 6, 6)), rng.integers(2, size=size)
    for picture, vertical in zip(X[:, 0], y, strict=True):
        (picture.T if vertical else picture)[rng.integers(6)] += 1
    return X, y


@pytest.mark.points(0.25)
@pytest.mark.hint("These functions are from hw3. Where they are wrong, your network is judged on the reference's.")
def test_layers_that_you_brought_along(rng):
    x, w, b = rng.standard_normal((4, 2, 3)), rng.standard_normal((6, 5)), rng.standard_normal(5)
    dout = rng.standard_normal((4, 5))
    loss, at = weigh(layers.affine_forward, dout), {"x": x.copy(), "w": w.copy(), "b": b.copy()}
    expected, positive = layers.affine_forward(x, w, b)[0], dout > 0
    out, cache = unpack(affine_forward(x, w, b), "out, cache")
    assert_close(out, expected, name="out of affine_forward")
    backward = unpack(affine_backward(dout.copy(), cache), "dx, dw, db")
    assert_gradients(dict(zip(at, backward, strict=True)), loss, at, label="d{} of affine_backward")
    out, cache = unpack(relu_forward(dout.copy()), "out, cache")
    assert_close(out, dout * positive, name="out of relu_forward")
    assert_close(relu_backward(expected.copy(), cache), expected * positive, name="dx of relu_backward")


def test_three_layer_parameters_have_the_right_shapes_and_spread():
    settings = {"num_filters": 20, "filter_size": 5, "hidden_dim": 40, "num_classes": 30, "weight_scale": 0.02}
    net, other = (ThreeLayerConvNet((3, 8, 12), **settings) for _ in range(2))
    for name, shape in {"W1": (20, 3, 5, 5), "W2": (480, 40), "W3": (40, 30)}.items():
        weights = as_array(entry(net.params, name, "params"), f"params[{name!r}]")
        if weights.shape != shape:
            raise CheckFailure(f"params[{name!r}] has shape {weights.shape}, {shape} was expected")
        again = entry(other.params, name, "params")
        assert_normal(weights, std=0.02, name=f"params[{name!r}]", again=again)
    for name, size in {"b1": 20, "b2": 40, "b3": 30}.items():
        biases = entry(net.params, name, "params")
        assert_close(biases, np.zeros(size), name=f"params[{name!r}]", like_vector=True)
    doubles = ThreeLayerConvNet((1, 4, 4), num_filters=2, filter_size=3, hidden_dim=5, dtype=np.float64).params
    for name in ("W1", "b1", "W2", "b2", "W3", "b3"):
        if as_array(entry(doubles, name, "params"), name).dtype.itemsize < 8:
            raise CheckFailure(f"params[{name!r}] of a net of dtype float64 is in single precision")


@pytest.mark.visible
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


@pytest.mark.visible
@builds_on_layers
def test_three_layer_scores_of_a_small_net():
    net, X, _ = small_net()
    expected = [[-2.62282098, 1.90036763, -0.06115808], [1.84534077, 0.45848329, 0.4430396]]
    assert_close(net.loss(X), expected, rtol=1e-6, atol=1e-7, name="scores")


@pytest.mark.visible
@builds_on_layers
def test_three_layer_losses_of_a_small_net():
    for reg, expected in ((0.0, 1.2526552030100768), (0.5, 11.566302434275709)):
        net, X, y = small_net(reg)
        loss, _ = unpack(net.loss(X, y), "loss, grads")
        assert_close(loss, expected, rtol=LOSS_RTOL, name=f"loss at reg={reg}")


@builds_on_layers
@pytest.mark.hint(
    "A padding of (filter_size - 1) / 2 keeps the size of the image; the pool halves its height and its width."
)
def test_three_layer_scores_for_images_and_filters_of_other_sizes(rng):
    for shape, filters in [
        ((3, 2, 4, 6), (4, 3)),
        ((2, 1, 6, 4), (3, 5)),
        ((2, 3, 4, 4), (5, 1)),
        ((1, 3, 2, 8), (2, 7)),
    ]:
        X, _, params = draw(rng, *shape, filters=filters)
        expected = true_net(params, shape[1:]).loss(X)
        with remark_changes("ThreeLayerConvNet.loss", X=X):
            assert_close(build(ThreeLayerConvNet, params, shape[1:]).loss(X), expected, name="scores")


@builds_on_layers
def test_three_layer_scores_take_single_precision_and_strided_arrays(rng):
    X, _, params = draw(rng, 3, 2, 4, 6)
    net, true = build(ThreeLayerConvNet, params, (2, 4, 6)), true_net(params, (2, 4, 6))
    for batch in (X.astype(np.float32), X[::2, ::-1], np.asfortranarray(X)):
        assert_close(net.loss(batch), true.loss(batch), rtol=1e-4, atol=1e-5, name="scores")
    for name, value in params.items():  # as training does
        net.params[name] = value - 0.1
        true.params[name] = value - 0.1
    assert_close(net.loss(X), true.loss(X), rtol=1e-4, atol=1e-5, name="scores with other parameters")


@builds_on_layers
@pytest.mark.hint("The term is 0.5 * reg * sum(W * W) over W1, W2 and W3, without the biases.")
def test_three_layer_loss_regularises_the_weights_of_every_layer_only(rng):
    X, y, params = draw(rng, 4, 2, 4, 4)
    plain, _ = unpack(build(ThreeLayerConvNet, params, (2, 4, 4)).loss(X, y), "loss, grads")
    assert_close(plain, true_loss(X, y, 0.0)(params), rtol=LOSS_RTOL, name="the loss at reg=0")
    first, _ = unpack(build(ThreeLayerConvNet, params, (2, 4, 4)).loss(X, 0 * y), "loss, grads")
    assert_close(first, true_loss(X, 0 * y, 0.0)(params), rtol=LOSS_RTOL, name="the loss where all are of class 0")
    loss, _ = unpack(build(ThreeLayerConvNet, params, (2, 4, 4), reg=0.7).loss(X, y), "loss, grads")
    term = 0.35 * sum(np.sum(params[name] ** 2) for name in ("W1", "W2", "W3"))
    difference = as_array(loss, "loss") - as_array(plain, "loss")
    assert_close(difference, term, rtol=LOSS_RTOL, name="the regularisation term of the loss")
    X += 1e-9 * rng.standard_normal(X.shape)
    doubles, true = build(ThreeLayerConvNet, params, (2, 4, 4), dtype=np.float64), true_net(params, (2, 4, 4))
    assert_close(doubles.loss(X), true.loss(X), rtol=1e-9, atol=1e-11, name="scores in double precision")


@builds_on_layers
def test_three_layer_gradients_without_regularisation(rng):
    X, y, params = draw(rng, 3, 2, 4, 2, filters=(2, 3), hidden=5)
    grads = gradients(params, X.copy(), y, 0.0, dtype=np.float64)
    assert_gradients(grads, true_loss(X, y, 0.0), params, label="grads[{!r}]")


@pytest.mark.points(2)
@builds_on_layers
@pytest.mark.hint(
    "The loss and its gradient have to agree: reg * W for the weights of every layer, nothing for biases."
)
def test_three_layer_gradients_with_regularisation(rng):
    X, y, params = draw(rng, 1, 1, 4, 2, filters=(2, 5), hidden=5)
    grads = gradients(params, X.copy(), y, 0.6, dtype=np.float64)
    assert_gradients(grads, true_loss(X, y, 0.6), params, label="grads[{!r}]")
    X, y, params = draw(rng, 6, 3, 12, 12, filters=(5, 5), hidden=30, classes=10, margin=1e-6)
    grads = gradients(params, X.copy(), y, 0.02, dtype=np.float64)
    assert_gradients_along(grads, true_loss(X, y, 0.02), params, rng, label="grads[{!r}]")


@builds_on_layers
def test_three_layer_gradients_in_single_precision(rng):
    X, y, params = draw(rng, 3, 1, 2, 4, filters=(2, 3), hidden=4, margin=1e-3)
    params = {name: value.astype(np.float32).astype(float) for name, value in params.items()}
    net = build(ThreeLayerConvNet, {name: value.astype(np.float32) for name, value in params.items()}, (1, 2, 4), 0.1)
    _, grads = unpack(net.loss(X.astype(np.float32), y), "loss, grads")
    own = {name: entry(grads, name) for name in params}
    assert_gradients(own, true_loss(X, y, 0.1), params, rtol=1e-3, atol=1e-5, label="grads[{!r}]")


@builds_on_layers
def test_three_layer_learns_a_small_set_by_solver(rng):
    X, y = stripes(rng, 60)
    net = ThreeLayerConvNet((1, 6, 6), num_filters=4, filter_size=3, hidden_dim=12, num_classes=2, weight_scale=0.3)
    X_val, y_val = stripes(rng, 100)
    data = {"X_train": X, "y_train": y, "X_val": X_val, "y_val": y_val}
    settings = {"optim_config": {"learning_rate": 0.2}, "num_epochs": 25, "batch_size": 20}
    Solver(net, data, update_rule="sgd", verbose=False, **settings).train()
    fresh, labels = stripes(rng, 60)  # the student's process never holds these labels
    for images, classes in ((X, y), (fresh, labels)):
        if accuracy_of_scores(net.loss(images), classes) < 0.9:
            raise CheckFailure("after training by Solver, the scores put too few images into their class")
