"""ReLU: ``max(0, x)`` entry by entry, and its gradient, of which both 0 and 1 are right at exactly 0."""

import numpy as np
import pytest
from nndl.layers import relu_backward, relu_forward
from reference.nndl import layers as reference

from autograder.checks import (
    as_array,
    assert_close,
    assert_gradients,
    assert_gradients_along,
    remark_changes,
    unpack,
    weigh,
)

pytestmark = pytest.mark.question("relu")


def forward(x):
    """Return the student's output alone."""
    out, _ = unpack(relu_forward(x), "out, cache")
    return out


def backward(dout, x):
    """Return the student's gradient; of the forward pass only the cache is used."""
    _, cache = unpack(relu_forward(x), "out, cache")
    with remark_changes("relu_backward", dout=dout):
        return relu_backward(dout, cache)


def draw(rng, *shape):
    """Draw inputs that are too far from 0 for a numeric derivative to step across."""
    return rng.choice([-1.0, 1.0], shape) * rng.uniform(0.1, 2.0, shape)


def check_forward(x):
    expected, _ = reference.relu_forward(x.astype(float))
    with remark_changes("relu_forward", x=x):
        assert_close(forward(x), expected, name="out")


def check_backward(dout, x):
    """Compare every entry of the gradient with differences of the reference's output."""
    loss, at = weigh(reference.relu_forward, dout), {"x": x.copy()}
    assert_gradients({"x": backward(dout, x)}, loss, at)


@pytest.mark.visible
def test_relu_forward_gives_the_numbers_of_the_notebook():
    x = np.linspace(-0.5, 0.5, num=12).reshape(3, 4)
    expected = [
        [0.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.04545455, 0.13636364],
        [0.22727273, 0.31818182, 0.40909091, 0.5],
    ]
    assert_close(forward(x), expected, rtol=1e-7, atol=1e-8, name="out")


def test_relu_forward_takes_batches_of_any_shape(rng):
    for shape in [(5, 4), (1, 6), (3, 2, 5), (2, 3, 2, 4)]:
        check_forward(draw(rng, *shape))
    check_forward(np.array([[-1.0, 0.0, 2.0, -0.0]]))


def test_relu_forward_takes_integers_single_precision_and_strided_arrays(rng):
    x = draw(rng, 6, 4)
    check_forward(rng.permutation(np.arange(-8, 8)).reshape(4, 4))
    check_forward(x.astype(np.float32))
    check_forward(np.asfortranarray(x))
    check_forward(x[::2, ::-1])


@pytest.mark.visible
@pytest.mark.requires("relu_forward")
def test_relu_backward_gives_a_gradient_worked_out_by_hand():
    x = np.array([[2.0, -1.0, 3.0], [-4.0, 5.0, -6.0]])
    dout = np.array([[1.0, 2.0, -3.0], [-4.0, -5.0, 6.0]])
    assert_close(backward(dout, x), [[1.0, 0.0, -3.0], [0.0, -5.0, 0.0]], name="dx")


@pytest.mark.requires("relu_forward")
@pytest.mark.hint("The sign of the input x decides, not the sign of dout.")
def test_relu_backward_of_small_and_large_batches(rng):
    for shape in [(4, 5), (2, 3, 4)]:
        check_backward(rng.standard_normal(shape), draw(rng, *shape))
        check_backward(rng.standard_normal(shape), 20 * draw(rng, *shape))
    x, dout = draw(rng, 100, 200), rng.standard_normal((100, 200))
    loss, at = weigh(reference.relu_forward, dout), {"x": x.copy()}
    assert_gradients_along({"x": backward(dout, x)}, loss, at, rng)


@pytest.mark.requires("relu_forward")
@pytest.mark.hint(
    "What the backward pass needs comes from its cache: other batches may have been passed through since."
)
def test_relu_backward_is_about_its_own_forward_pass(rng):
    x, dout = draw(rng, 3, 4), rng.standard_normal((3, 4))
    _, cache = unpack(relu_forward(x.copy()), "out, cache")
    relu_forward(-x)
    assert_close(relu_backward(dout.copy(), cache), dout * (x > 0), name="dx")


@pytest.mark.requires("relu_forward")
def test_relu_backward_takes_batches_of_one_strided_arrays_and_zeros(rng):
    dout = rng.standard_normal((4, 6))
    check_backward(dout[:1], draw(rng, 1, 6))
    check_backward(np.asfortranarray(dout), draw(rng, 6, 4).T)
    check_backward(np.repeat(dout, 2, axis=1)[:, ::2], draw(rng, 4, 12)[:, ::2])
    x = np.array([[0.0, 1.5, -2.0, -0.0, 1e-3, -1e-3, 1e-6, -1e-6]])
    dout = rng.standard_normal((1, 8))
    expected, judged = dout * (x > 0), x != 0
    assert_close(as_array(backward(dout, x), "dx") * judged, expected, name="dx")
