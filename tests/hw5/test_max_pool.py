"""Max pooling: the largest number of every window, and the gradient, which goes to where that number was."""

import numpy as np
import pytest
from nndl.conv_layers import max_pool_backward_naive, max_pool_forward_naive
from reference.nndl import conv_layers as reference

from autograder.checks import (
    CheckFailure,
    as_array,
    assert_close,
    assert_double,
    assert_gradients,
    assert_gradients_along,
    remark_changes,
    remark_failure,
    unpack,
    weigh,
)

pytestmark = pytest.mark.question("max_pool")


def pool_param(height, width, stride):
    return {"pool_height": height, "pool_width": width, "stride": stride}


def forward(x, *pool):
    """Return the student's output alone."""
    out, _ = unpack(max_pool_forward_naive(x, pool_param(*pool)), "out, cache")
    return out


def backward(dout, x, *pool):
    """Return the student's gradient; of the forward pass only the cache is used."""
    _, cache = unpack(max_pool_forward_naive(x, pool_param(*pool)), "out, cache")
    with remark_changes("max_pool_backward_naive", dout=dout):
        return max_pool_backward_naive(dout, cache)


def true_forward(*pool):
    """Return the reference's output as a function of the images."""
    return lambda x: reference.max_pool_forward_naive(x, pool_param(*pool))[0]


def draw(rng, *shape):
    """Draw images in which no two numbers are so close that a numeric derivative changes which is larger."""
    return (rng.permutation(np.prod(shape)).reshape(shape) - np.prod(shape) // 2) / 8


def check_forward(x, *pool):
    expected = true_forward(*pool)(x.astype(float))
    with remark_changes("max_pool_forward_naive", x=x):
        assert_close(forward(x, *pool), expected, name="out")


def check_backward(rng, x, *pool):
    """Compare every entry of the gradient with differences of the reference's output."""
    dout = rng.standard_normal(true_forward(*pool)(x).shape)
    loss, at = weigh(true_forward(*pool), dout), {"x": x.copy()}
    assert_gradients({"x": backward(dout, x, *pool)}, loss, at)


@pytest.mark.visible
def test_max_pool_forward_gives_the_numbers_of_the_notebook():
    x = np.linspace(-0.3, 0.4, num=2 * 3 * 4 * 4).reshape(2, 3, 4, 4)
    expected = [
        [
            [[-0.26315789, -0.24842105], [-0.20421053, -0.18947368]],
            [[-0.14526316, -0.13052632], [-0.08631579, -0.07157895]],
            [[-0.02736842, -0.01263158], [0.03157895, 0.04631579]],
        ],
        [
            [[0.09052632, 0.10526316], [0.14947368, 0.16421053]],
            [[0.20842105, 0.22315789], [0.26736842, 0.28210526]],
            [[0.32631579, 0.34105263], [0.38526316, 0.4]],
        ],
    ]
    assert_close(forward(x, 2, 2, 2), expected, rtol=1e-7, atol=1e-8, name="out")


@pytest.mark.hint("The largest number of a window can be negative: what do you compare it with at first?")
def test_max_pool_forward_of_negative_numbers(rng):
    check_forward(-1 - np.abs(draw(rng, 2, 3, 4, 4)), 2, 2, 2)


@pytest.mark.hint("Height and width have their own sizes: which of them does each of your loops and slices use?")
def test_max_pool_forward_of_images_that_are_not_square(rng):
    for shape in [(2, 3, 4, 8), (3, 2, 6, 4), (1, 4, 2, 6)]:
        check_forward(draw(rng, *shape), 2, 2, 2)


@pytest.mark.hint("pool_height, pool_width and stride say where a window is: not always 2.")
def test_max_pool_forward_with_windows_of_other_sizes(rng):
    check_forward(draw(rng, 2, 3, 6, 9), 3, 3, 3)
    check_forward(draw(rng, 3, 2, 4, 4), 4, 4, 4)
    check_forward(draw(rng, 1, 1, 3, 2), 1, 1, 1)
    with remark_failure("overlapping-pools", "max_pool_forward_naive does not work where windows overlap"):
        check_forward(draw(rng, 2, 2, 5, 7), 3, 3, 2)
    with remark_failure("rectangular-pools", "max_pool_forward_naive does not work where windows are not square"):
        check_forward(draw(rng, 2, 2, 4, 6), 2, 3, 1)


def test_max_pool_forward_takes_single_precision_and_strided_arrays(rng):
    x = draw(rng, 2, 3, 4, 4)
    check_forward(x.astype(np.float32), 2, 2, 2)
    check_forward(np.asfortranarray(x), 2, 2, 2)
    check_forward(x[::-1, :, :, ::-1], 2, 2, 2)


@pytest.mark.visible
@pytest.mark.requires("max_pool_forward_naive")
def test_max_pool_backward_gives_a_gradient_worked_out_by_hand():
    x = np.array([[[[1.0, 3.0, -1.0, -2.0], [2.0, 0.0, -4.0, -3.0]], [[5.0, 6.0, 0.0, 1.0], [7.0, 8.0, 3.0, 2.0]]]])
    dout = np.array([[[[1.0, -2.0]], [[3.0, 4.0]]]])
    expected = [[[[0.0, 1.0, -2.0, 0.0], [0.0, 0.0, 0.0, 0.0]], [[0.0, 0.0, 0.0, 0.0], [0.0, 3.0, 4.0, 0.0]]]]
    assert_close(backward(dout, x, 2, 2, 2), expected, name="dx")


@pytest.mark.requires("max_pool_forward_naive")
def test_max_pool_backward_of_small_batches(rng):
    for shape in [(2, 3, 4, 4), (1, 1, 2, 2), (4, 1, 4, 4), (1, 5, 2, 2)]:
        check_backward(rng, draw(rng, *shape), 2, 2, 2)


@pytest.mark.requires("max_pool_forward_naive")
@pytest.mark.hint("Does a loop inside use a variable that a loop around it still needs?")
def test_max_pool_backward_of_images_that_are_not_square(rng):
    for shape in [(2, 3, 4, 6), (3, 2, 6, 2), (1, 4, 2, 8)]:
        check_backward(rng, draw(rng, *shape), 2, 2, 2)


@pytest.mark.requires("max_pool_forward_naive")
def test_max_pool_backward_with_windows_of_other_sizes(rng):
    check_backward(rng, draw(rng, 2, 2, 3, 6), 3, 3, 3)
    check_backward(rng, draw(rng, 1, 2, 4, 4), 4, 4, 4)
    with remark_failure(
        "overlapping-pools", "max_pool_backward_naive does not work where windows overlap: add with +="
    ):
        check_backward(rng, draw(rng, 2, 2, 5, 7), 3, 3, 2)
    with remark_failure("rectangular-pools", "max_pool_backward_naive does not work where windows are not square"):
        check_backward(rng, draw(rng, 2, 2, 4, 6), 2, 3, 1)


@pytest.mark.requires("max_pool_forward_naive")
@pytest.mark.hint(
    "After a ReLU whole windows are 0. Their gradient goes to one of the largest pixels or to all of them."
)
def test_max_pool_backward_where_several_pixels_are_the_largest(rng):
    x = np.maximum(draw(rng, 2, 3, 4, 4), 0)
    x[0, 0], x[1, 2, :2] = 0, 7
    dout = rng.uniform(1, 2, (2, 3, 2, 2))
    dx = as_array(backward(dout.copy(), x.copy(), 2, 2, 2), "dx")
    if dx.shape != x.shape:
        raise CheckFailure(f"dx has shape {dx.shape}, {x.shape} was expected")
    largest = np.kron(true_forward(2, 2, 2)(x), np.ones((2, 2))) == x
    assert_close(dx * ~largest, np.zeros(x.shape), name="dx of pixels that are not the largest")
    sums = dx.reshape(2, 3, 2, 2, 2, 2).sum(axis=(3, 5))
    counts = largest.reshape(2, 3, 2, 2, 2, 2).sum(axis=(3, 5))
    if (dx > 1.001 * np.kron(dout, np.ones((2, 2)))).any():
        raise CheckFailure("a pixel gets more than the gradient of its window")
    one, every = np.isclose(sums, dout), np.isclose(sums, counts * dout)
    if not (one | every).all():
        raise CheckFailure(
            "the gradient of a window with several largest pixels goes neither to one of them nor to all"
        )


@pytest.mark.requires("max_pool_forward_naive")
@pytest.mark.hint(
    "What the backward pass needs comes from its cache: other batches may have been passed through since."
)
def test_max_pool_backward_is_about_its_own_forward_pass(rng):
    x, dout = draw(rng, 2, 3, 4, 4), rng.standard_normal((2, 3, 2, 2))
    out, cache = unpack(max_pool_forward_naive(x.copy(), pool_param(2, 2, 2)), "out, cache")
    max_pool_forward_naive(-x, pool_param(2, 2, 2))
    dx = max_pool_backward_naive(dout.copy(), cache)
    assert_double(out, dx, name="an output or a gradient")
    assert_gradients({"x": dx}, weigh(true_forward(2, 2, 2), dout), {"x": x})


@pytest.mark.requires("max_pool_forward_naive")
def test_max_pool_backward_of_realistic_images(rng):
    x = draw(rng, 5, 4, 16, 16)
    dout = rng.standard_normal((5, 4, 8, 8))
    loss, at = weigh(true_forward(2, 2, 2), dout), {"x": x.copy()}
    assert_gradients_along({"x": backward(dout, x, 2, 2, 2)}, loss, at, rng)
