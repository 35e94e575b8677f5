"""Softmax: scores that are linear in the pixels."""

import numpy as np
import pytest
from torch_models.arrays import backpropagate, get_parameters, get_scores, set_parameters
from torch_models.softmax import Softmax

from autograder.checks import CheckFailure, assert_close, by_shape, log_probabilities

pytestmark = pytest.mark.question("softmax")


def draw(rng, im_size, n_classes):
    """Draw a weight for each pixel and class, and biases."""
    pixels = int(np.prod(im_size))
    return {
        "w": rng.standard_normal((n_classes, pixels)).astype(np.float32),
        "b": rng.standard_normal(n_classes).astype(np.float32),
    }


def check_scores(rng, im_size, n_classes, count):
    """Compare the student's model with the formula, up to what is the same for all classes of an example."""
    values, images = draw(rng, im_size, n_classes), rng.standard_normal((count, *im_size)).astype(np.float32) / 4
    model = Softmax(im_size, n_classes)
    set_parameters(model, by_shape(get_parameters(model), values))
    scores = images.reshape(count, -1).astype(float) @ values["w"].T + values["b"]
    expected = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    found = log_probabilities(get_scores(model, images), count)
    assert_close(found, expected, rtol=1e-3, atol=1e-3, name="log-probabilities of the classes")


@pytest.mark.visible
def test_softmax_has_a_weight_for_each_pixel_and_class():
    shapes = sorted(value.shape for value in get_parameters(Softmax((3, 4, 5), 7)).values())
    if shapes not in ([(7,), (7, 60)], [(7,), (60, 7)]):
        raise CheckFailure(
            f"parameters have the shapes {shapes}; expected are (7, 60) for the weights, (7,) for biases"
        )


@pytest.mark.visible
def test_softmax_scores_of_small_images(rng):
    check_scores(rng, (1, 2, 3), 4, count=5)


def test_softmax_scores_of_images_of_any_size_and_number(rng):
    for im_size, n_classes, count in [((3, 8, 8), 10, 3), ((2, 5, 3), 6, 1), ((1, 1, 4), 2, 9)]:
        check_scores(rng, im_size, n_classes, count)


@pytest.mark.hint("Every parameter has to take part in forward, as a tensor: NumPy and .detach() stop gradients.")
def test_softmax_parameters_receive_gradients(rng):
    model = Softmax((3, 4, 4), 5)
    images, labels = rng.standard_normal((6, 3, 4, 4)).astype(np.float32), rng.integers(0, 5, 6)
    for name, gradient in backpropagate(model, images, labels).items():
        if gradient is None or not np.any(gradient):
            raise CheckFailure(f"no gradient reaches {name}")


def test_softmax_starts_from_small_random_weights():
    weights = [value for value in get_parameters(Softmax((3, 8, 8), 10)).values() if value.ndim == 2]
    spread = max((float(weight.std()) for weight in weights), default=0.0)
    if not 1e-6 < spread < 0.5:
        raise CheckFailure(f"new weights have a standard deviation of {spread:.3g}; PyTorch's own defaults are fine")
