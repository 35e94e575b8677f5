"""CNN: convolution, ReLU, 2x2 max pool, affine."""

import numpy as np
import pytest
from torch_models.arrays import backpropagate, get_parameters, get_scores, set_parameters
from torch_models.convnet import CNN

from autograder.checks import CheckFailure, assert_close, by_shape, log_probabilities

pytestmark = pytest.mark.question("convnet")


def paddings(model, im_size, hidden_dim, kernel_size):
    """Return the padding of the convolution: the usual one, or another that fits the last layer's inputs."""
    sizes = {max(value.shape) for value in get_parameters(model).values() if value.ndim == 2}
    usual = (kernel_size - 1) // 2
    for pad in [usual, *range(kernel_size + 1)]:
        height, width = (side + 2 * pad - kernel_size + 1 for side in im_size[1:])
        if hidden_dim * (height // 2) * (width // 2) in sizes:
            return pad
    return usual


def draw(rng, im_size, hidden_dim, kernel_size, n_classes, pad):
    """Draw filters, weights and biases; sizes have to differ, so that each is known by its shape."""
    height, width = ((side + 2 * pad - kernel_size + 1) // 2 for side in im_size[1:])
    shapes = {
        "filters": (hidden_dim, im_size[0], kernel_size, kernel_size),
        "b1": (hidden_dim,),
        "w2": (n_classes, hidden_dim * height * width),
        "b2": (n_classes,),
    }
    return {name: rng.standard_normal(shape).astype(np.float32) / 3 for name, shape in shapes.items()}


def network(images, values, pad):
    """Return the scores (N, C) of images (N, C, H, W)."""
    padded = np.pad(images.astype(float), [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, values["filters"].shape[2:], axis=(2, 3))
    maps = np.einsum("nchwij,fcij->nfhw", windows, values["filters"]) + values["b1"][:, None, None]
    n, f, height, width = maps.shape
    maps = np.maximum(0, maps[:, :, : height // 2 * 2, : width // 2 * 2])
    pooled = maps.reshape(n, f, height // 2, 2, width // 2, 2).max(axis=(3, 5))
    return pooled.reshape(n, -1) @ values["w2"].T + values["b2"]


def check_scores(rng, im_size, hidden_dim, kernel_size, n_classes, count):
    """Compare the student's model with the formula, up to what is the same for all classes of an example."""
    model = CNN(im_size, hidden_dim, kernel_size, n_classes)
    pad = paddings(model, im_size, hidden_dim, kernel_size)
    values = draw(rng, im_size, hidden_dim, kernel_size, n_classes, pad)
    images = rng.standard_normal((count, *im_size)).astype(np.float32) / 4
    set_parameters(model, by_shape(get_parameters(model), values))
    scores = network(images, values, pad)
    expected = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    found = log_probabilities(get_scores(model, images), count)
    assert_close(found, expected, rtol=1e-3, atol=1e-3, name="log-probabilities of the classes")


@pytest.mark.visible
def test_cnn_has_filters_weights_and_biases(rng):
    model = CNN((3, 8, 8), 5, 3, 7)
    by_shape(get_parameters(model), draw(rng, (3, 8, 8), 5, 3, 7, paddings(model, (3, 8, 8), 5, 3)))


@pytest.mark.visible
@pytest.mark.hint("conv - ReLU - 2x2 max pool - affine, and nothing after the affine layer.")
def test_cnn_scores_of_small_images(rng):
    check_scores(rng, (1, 6, 6), 4, 3, 5, count=3)


@pytest.mark.hint("conv - ReLU - 2x2 max pool - affine, and nothing after the affine layer.")
def test_cnn_scores_with_other_sizes_of_images_and_filters(rng):
    for im_size, hidden_dim, kernel_size, n_classes, count in [
        ((3, 8, 8), 6, 5, 10, 2),
        ((2, 6, 10), 4, 3, 3, 5),
        ((3, 4, 4), 5, 1, 4, 1),
        ((1, 12, 8), 3, 7, 6, 4),
    ]:
        check_scores(rng, im_size, hidden_dim, kernel_size, n_classes, count)


@pytest.mark.hint("Every parameter has to take part in forward, as a tensor: NumPy and .detach() stop gradients.")
def test_cnn_parameters_receive_gradients(rng):
    model = CNN((3, 8, 8), 8, 3, 5)
    images, labels = rng.standard_normal((8, 3, 8, 8)).astype(np.float32), rng.integers(0, 5, 8)
    for name, gradient in backpropagate(model, images, labels).items():
        if gradient is None or not np.any(gradient):
            raise CheckFailure(f"no gradient reaches {name}")


@pytest.mark.hint("Layers made in forward are new at every call; make them in __init__.")
def test_cnn_gives_the_same_scores_twice(rng):
    model, images = CNN((3, 6, 6), 4, 3, 5), rng.standard_normal((4, 3, 6, 6)).astype(np.float32)
    first = get_scores(model, images)
    assert_close(get_scores(model, images), first, name="scores of a second call")
