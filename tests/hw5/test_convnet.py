"""The two-layer convolutional network as functions over a dictionary: parameters, scores, loss, gradients."""

import numpy as np
import pytest
from nndl.convnet import init_two_layer_convnet, two_layer_convnet
from reference.nndl import conv_layers
from reference.nndl import convnet as reference

from autograder.checks import (
    CheckFailure,
    as_array,
    assert_close,
    assert_gradients,
    assert_gradients_along,
    assert_normal,
    assert_repeated,
    entry,
    remark_changes,
    unpack,
)

LOSS_RTOL = 1e-4  # some add a small number inside the logarithm
NAMES = ("W1", "b1", "W2", "b2")

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


def copied(model):
    return {name: value.copy() for name, value in model.items()}


def true_loss(X, y, reg):
    """Return the reference's loss as a function of the parameters."""
    return lambda model: reference.two_layer_convnet(X, model, y, reg)[0]


def draw(rng, *shape, filters=(3, 3), classes=4, margin=1e-4):
    """Draw images, labels and a model; no small step switches a unit or changes which pixel is the largest.

    `filters` are their number and size.
    """
    _, channels, height, width = shape
    count, size = filters
    pooled = count * (height // 2) * (width // 2)
    while True:
        X = rng.standard_normal(shape)
        model = {
            "W1": rng.standard_normal((count, channels, size, size)) / np.sqrt(channels * size * size),
            "b1": 0.5 * rng.standard_normal(count),
            "W2": rng.standard_normal((pooled, classes)) / np.sqrt(pooled),
            "b2": rng.standard_normal(classes),
        }
        if nearest_to_a_switch(X, model) > margin:
            return X, rng.integers(classes, size=len(X)), model


def nearest_to_a_switch(X, model):
    """Return how near a pixel comes to 0 before the ReLU, or the largest of a window to the second."""
    conv_param = {"stride": 1, "pad": model["W1"].shape[2] // 2}
    a, _ = conv_layers.conv_forward_naive(X, model["W1"], model["b1"], conv_param)
    n, f, height, width = a.shape
    windows = np.maximum(a, 0).reshape(n, f, height // 2, 2, width // 2, 2)
    ordered = np.sort(windows.transpose(0, 1, 2, 4, 3, 5).reshape(-1, 4))
    gaps = (ordered[:, 3] - ordered[:, 2])[ordered[:, 3] > 0]
    return min(np.abs(a).min(), gaps.min()) if gaps.size else 0.0  # without a living unit there is nothing to see


def gradients(model, X, y, reg):
    """Return the student's gradients of a call, which those before must not have influenced."""
    with remark_changes("two_layer_convnet", X=X, y=y, **model):
        first, _ = unpack(two_layer_convnet(X, model, y, reg), "loss, grads")
    two_layer_convnet(1 - X, copied(model), y, 0.9)
    loss, grads = unpack(two_layer_convnet(X, model, y, reg), "loss, grads")
    assert_repeated(first, loss)
    return {name: entry(grads, name) for name in NAMES}


def small_model():
    """Return a model for images of 4x6 pixels, a batch of two and labels, the same ones every time."""
    random = np.random.RandomState(7)
    shapes = {"W1": (3, 2, 3, 3), "b1": (3,), "W2": (18, 3), "b2": (3,)}
    model = {name: 0.5 * random.randn(*shape) for name, shape in shapes.items()}
    X = np.sin(np.arange(96.0)).reshape(2, 2, 4, 6)
    return model, X, np.array([2, 0])


def test_convnet_parameters_have_the_right_shapes_and_spread():
    settings = {"weight_scale": 0.02, "bias_scale": 0.5, "num_classes": 60, "num_filters": 50, "filter_size": 5}
    model, other = (init_two_layer_convnet(input_shape=(3, 8, 12), **settings) for _ in range(2))
    for name, shape, std in (
        ("W1", (50, 3, 5, 5), 0.02),
        ("b1", (50,), 0.5),
        ("W2", (1200, 60), 0.02),
        ("b2", (60,), 0.5),
    ):
        values = as_array(entry(model, name, "model"), f"model[{name!r}]")
        if values.shape not in {shape, (1, *shape)}:
            raise CheckFailure(f"model[{name!r}] has shape {values.shape}, {shape} was expected")
        again = entry(other, name, "model")
        assert_normal(values, std=std, name=f"model[{name!r}]", again=again)


def test_convnet_biases_are_zero_unless_asked():
    model = init_two_layer_convnet(input_shape=(1, 4, 4), num_filters=6, filter_size=3)
    for name, size in (("b1", 6), ("b2", 10)):
        assert_close(entry(model, name, "model"), np.zeros(size), name=f"model[{name!r}]", like_vector=True)


@pytest.mark.visible
@builds_on_layers
def test_convnet_scores_of_a_small_model():
    model, X, _ = small_model()
    expected = [[1.51680115, 1.29281403, 1.74323043], [4.94426639, -0.2104112, 2.66723773]]
    assert_close(two_layer_convnet(X, model), expected, rtol=1e-6, atol=1e-7, name="scores")


@pytest.mark.visible
@builds_on_layers
def test_convnet_losses_of_a_small_model():
    for reg, expected in ((0.0, 0.49636080397307003), (0.5, 7.409669164849451)):
        model, X, y = small_model()
        loss, _ = unpack(two_layer_convnet(X, model, y, reg), "loss, grads")
        assert_close(loss, expected, rtol=LOSS_RTOL, name=f"loss at reg={reg}")


@builds_on_layers
@pytest.mark.hint(
    "A padding of (filter_size - 1) / 2 keeps the size of the image; the pool halves its height and its width."
)
def test_convnet_scores_for_images_and_filters_of_other_sizes(rng):
    for shape, filters in [
        ((3, 2, 4, 6), (4, 3)),
        ((2, 1, 6, 4), (3, 5)),
        ((1, 3, 2, 8), (2, 7)),
        ((2, 2, 4, 4), (3, 1)),
    ]:
        X, _, model = draw(rng, *shape, filters=filters)
        expected = reference.two_layer_convnet(X, model)
        with remark_changes("two_layer_convnet", X=X, **model):
            assert_close(two_layer_convnet(X, model), expected, name="scores")


@builds_on_layers
@pytest.mark.hint("The term is 0.5 * reg * sum(W * W) over W1 and W2, without the biases.")
def test_convnet_loss_regularises_the_weights_and_only_those(rng):
    X, y, model = draw(rng, 4, 2, 4, 4)
    plain, _ = unpack(two_layer_convnet(X, copied(model), y), "loss, grads")
    assert_close(plain, true_loss(X, y, 0.0)(model), rtol=LOSS_RTOL, name="the loss at reg=0")
    first, _ = unpack(two_layer_convnet(X, copied(model), 0 * y), "loss, grads")
    assert_close(first, true_loss(X, 0 * y, 0.0)(model), rtol=LOSS_RTOL, name="the loss where all are of class 0")
    loss, _ = unpack(two_layer_convnet(X, copied(model), y, reg=0.7), "loss, grads")
    term = 0.35 * sum(np.sum(model[name] ** 2) for name in ("W1", "W2"))
    difference = as_array(loss, "loss") - as_array(plain, "loss")
    assert_close(difference, term, rtol=LOSS_RTOL, name="the regularisation term of the loss")
    loss, _ = unpack(two_layer_convnet(X, copied(model), y, reg=1), "loss, grads")
    assert_close(loss, true_loss(X, y, 1.0)(model), rtol=LOSS_RTOL, name="the loss at reg=1, a whole number")


@builds_on_layers
def test_convnet_gradients_without_regularisation(rng):
    X, y, model = draw(rng, 3, 2, 4, 2, filters=(2, 3))
    grads = gradients(copied(model), X.copy(), y, 0.0)
    assert_gradients(grads, true_loss(X, y, 0.0), model, label="grads[{!r}]")


@pytest.mark.points(2)
@builds_on_layers
@pytest.mark.hint("The loss and its gradient have to agree: reg * W for both weights, nothing for biases.")
def test_convnet_gradients_with_regularisation(rng):
    X, y, model = draw(rng, 1, 1, 4, 2, filters=(2, 5))
    grads = gradients(copied(model), X.copy(), y, 0.6)
    assert_gradients(grads, true_loss(X, y, 0.6), model, label="grads[{!r}]")
    X, y, model = draw(rng, 6, 3, 12, 12, filters=(5, 5), classes=10, margin=1e-6)
    grads = gradients(copied(model), X.copy(), y, 0.02)
    assert_gradients_along(grads, true_loss(X, y, 0.02), model, rng, label="grads[{!r}]")
