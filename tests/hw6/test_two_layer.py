"""TwoLayerNN: affine, ReLU, affine."""

import numpy as np
import pytest
from torch_models.arrays import backpropagate, get_parameters, get_scores, set_parameters
from torch_models.twolayernn import TwoLayerNN

from autograder.checks import CheckFailure, assert_close, by_shape, log_probabilities

pytestmark = pytest.mark.question("two_layer")


def draw(rng, im_size, hidden_dim, n_classes):
    """Draw weights and biases of both layers; sizes have to differ, so that each is known by its shape."""
    pixels = int(np.prod(im_size))
    shapes = {"w1": (hidden_dim, pixels), "b1": (hidden_dim,), "w2": (n_classes, hidden_dim), "b2": (n_classes,)}
    return {name: rng.standard_normal(shape).astype(np.float32) / 2 for name, shape in shapes.items()}


def check_scores(rng, im_size, hidden_dim, n_classes, count):
    """Compare the student's model with the formula, up to what is the same for all classes of an example."""
    values = draw(rng, im_size, hidden_dim, n_classes)
    images = rng.standard_normal((count, *im_size)).astype(np.float32) / 4
    model = TwoLayerNN(im_size, hidden_dim, n_classes)
    set_parameters(model, by_shape(get_parameters(model), values))
    hidden = np.maximum(0, images.reshape(count, -1).astype(float) @ values["w1"].T + values["b1"])
    scores = hidden @ values["w2"].T + values["b2"]
    expected = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    found = log_probabilities(get_scores(model, images), count)
    assert_close(found, expected, rtol=1e-3, atol=1e-3, name="log-probabilities of the classes")


@pytest.mark.visible
def test_two_layer_has_weights_and_biases_of_two_layers(rng):
    by_shape(get_parameters(TwoLayerNN((3, 4, 5), 8, 7)), draw(rng, (3, 4, 5), 8, 7))


@pytest.mark.visible
@pytest.mark.hint("affine - ReLU - affine, and nothing after the second affine layer.")
def test_two_layer_scores_of_small_images(rng):
    check_scores(rng, (1, 2, 3), 5, 4, count=6)


@pytest.mark.hint("affine - ReLU - affine, and nothing after the second affine layer.")
def test_two_layer_scores_of_images_of_any_size_and_number(rng):
    for im_size, hidden_dim, n_classes, count in [((3, 8, 8), 20, 10, 3), ((2, 5, 3), 7, 6, 1), ((1, 1, 4), 9, 2, 8)]:
        check_scores(rng, im_size, hidden_dim, n_classes, count)


@pytest.mark.hint("Every parameter has to take part in forward, as a tensor: NumPy and .detach() stop gradients.")
def test_two_layer_parameters_receive_gradients(rng):
    model = TwoLayerNN((3, 4, 4), 30, 5)
    images, labels = rng.standard_normal((8, 3, 4, 4)).astype(np.float32), rng.integers(0, 5, 8)
    for name, gradient in backpropagate(model, images, labels).items():
        if gradient is None or not np.any(gradient):
            raise CheckFailure(f"no gradient reaches {name}")


@pytest.mark.hint("Layers made in forward are new at every call; make them in __init__.")
def test_two_layer_gives_the_same_scores_twice(rng):
    model, images = TwoLayerNN((3, 4, 4), 6, 5), rng.standard_normal((4, 3, 4, 4)).astype(np.float32)
    first = get_scores(model, images)
    assert_close(get_scores(model, images), first, name="scores of a second call")
