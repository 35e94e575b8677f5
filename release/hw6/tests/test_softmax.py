"""Checks of hw6 that you can run yourself; grading has more."""

import numpy as np
import pytest
from torch_models.arrays import get_parameters, get_scores, set_parameters
from torch_models.softmax import Softmax

from checks import CheckFailure, assert_close, by_shape, log_probabilities

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


def test_softmax_has_a_weight_for_each_pixel_and_class():
    shapes = sorted(value.shape for value in get_parameters(Softmax((3, 4, 5), 7)).values())
    if shapes not in ([(7,), (7, 60)], [(7,), (60, 7)]):
        raise CheckFailure(
            f"parameters have the shapes {shapes}; expected are (7, 60) for the weights, (7,) for biases"
        )


def test_softmax_scores_of_small_images(rng):
    check_scores(rng, (1, 2, 3), 4, count=5)
