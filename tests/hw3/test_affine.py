"""Affine layer: ``out = x @ w + b`` on flattened examples, and its gradients."""

import numpy as np
import pytest
from nndl.layers import affine_backward, affine_forward
from reference.nndl import layers as reference

from autograder.checks import (
    assert_close,
    assert_double,
    assert_gradients,
    assert_gradients_along,
    remark_changes,
    unpack,
    weigh,
)

pytestmark = pytest.mark.question("affine")


def forward(x, w, b):
    """Return the student's output alone."""
    out, _ = unpack(affine_forward(x, w, b), "out, cache")
    return out


def backward(dout, x, w, b):
    """Return the student's gradients; of the forward pass only the cache is used."""
    _, cache = unpack(affine_forward(x, w, b), "out, cache")
    with remark_changes("affine_backward", dout=dout):
        return unpack(affine_backward(dout, cache), "dx, dw, db")


def draw(rng, *shape, outputs=3):
    """Draw a batch of the given shape, weights, biases, and a gradient by the output."""
    inputs = int(np.prod(shape[1:]))
    return (
        rng.standard_normal(shape),
        rng.standard_normal((inputs, outputs)),
        rng.standard_normal(outputs),
        rng.standard_normal((shape[0], outputs)),
    )


def check_forward(x, w, b, **tolerances):
    expected, _ = reference.affine_forward(x.astype(float), w.astype(float), b.astype(float))
    with remark_changes("affine_forward", x=x, w=w, b=b):
        assert_close(forward(x, w, b), expected, name="out", **tolerances)


def check_backward(dout, x, w, b, which="xwb"):
    """Compare every entry of the gradients with differences of the reference's output."""
    loss, at = weigh(reference.affine_forward, dout), {"x": x.copy(), "w": w.copy(), "b": b.copy()}
    gradients = dict(zip("xwb", backward(dout, x, w, b), strict=True))
    assert_gradients({name: gradients[name] for name in which}, loss, at)


@pytest.mark.visible
def test_affine_forward_gives_the_numbers_of_the_notebook():
    x = np.linspace(-0.1, 0.5, num=2 * 120).reshape(2, 4, 5, 6)
    w = np.linspace(-0.2, 0.3, num=120 * 3).reshape(120, 3)
    b = np.linspace(-0.3, 0.1, num=3)
    expected = [[1.49834967, 1.70660132, 1.91485297], [3.25553199, 3.5141327, 3.77273342]]
    assert_close(forward(x, w, b), expected, rtol=1e-7, atol=1e-8, name="out")


@pytest.mark.hint("x may have any number of dimensions: make a row of each example first.")
def test_affine_forward_flattens_examples_of_any_shape(rng):
    for shape in [(4, 7), (3, 2, 5), (2, 3, 4, 2), (1, 2, 3)]:
        x, w, b, _ = draw(rng, *shape)
        check_forward(x, w, b)


def test_affine_forward_takes_integers_single_precision_and_strided_arrays(rng):
    x, w, b, _ = draw(rng, 4, 6)
    check_forward(rng.integers(-9, 9, x.shape), rng.integers(-9, 9, w.shape), rng.integers(1, 9, b.shape))
    single = (array.astype(np.float32) for array in (x, w, b))
    check_forward(*single, rtol=1e-4, atol=1e-5)  # sums in single precision may be kept in double
    check_forward(rng.integers(0, 9, x.shape), w, b)
    check_forward(np.asfortranarray(x), w[::-1], b[::-1])
    check_forward(np.repeat(x, 2, axis=1)[:, ::2], np.asfortranarray(w), b)


@pytest.mark.visible
@pytest.mark.requires("affine_forward")
def test_affine_backward_gives_gradients_worked_out_by_hand():
    x = np.array([[[1.0, 2.0]], [[3.0, -1.0]]])  # two examples of shape (1, 2)
    w = np.array([[1.0, 0.0, 2.0], [-1.0, 3.0, 1.0]])
    b = np.array([5.0, -5.0, 1.0])
    dout = np.array([[1.0, 2.0, -1.0], [0.0, 1.0, 4.0]])
    dx, dw, db = backward(dout, x, w, b)
    assert_close(dx, [[[-1.0, 4.0]], [[8.0, 7.0]]], name="dx")
    assert_close(dw, [[1.0, 5.0, 11.0], [2.0, 3.0, -6.0]], name="dw")
    assert_close(db, [1.0, 3.0, 3.0], name="db", like_vector=True)


@pytest.mark.requires("affine_forward")
@pytest.mark.hint("dx has the shape of x: undo the flattening of the forward pass.")
def test_affine_gradient_of_the_input(rng):
    for shape in [(3, 2, 2), (2, 4), (2, 2, 1, 3)]:
        x, w, b, dout = draw(rng, *shape)
        check_backward(dout, x, w, b, "x")


@pytest.mark.requires("affine_forward")
def test_affine_gradient_of_the_weights(rng):
    x, w, b, dout = draw(rng, 4, 5)
    check_backward(dout, x, w, b, "w")


@pytest.mark.requires("affine_forward")
@pytest.mark.hint("b is added to every example, so its gradient sums over the batch.")
def test_affine_gradient_of_the_biases(rng):
    for outputs in (3, 4):  # as many as examples, too
        x, w, b, dout = draw(rng, 4, 5, outputs=outputs)
        check_backward(dout, x, w, b, "b")
    x[1], b[:2] = 0, 0
    check_backward(dout, x, w, b, "b")


@pytest.mark.requires("affine_forward")
@pytest.mark.hint(
    "What the backward pass needs comes from its cache: other batches may have been passed through since."
)
def test_affine_backward_is_about_its_own_forward_pass(rng):
    x, w, b, dout = draw(rng, 3, 4)
    out, cache = unpack(affine_forward(x.copy(), w.copy(), b.copy()), "out, cache")
    affine_forward(2 * x + 1, w - 1, b)
    gradients = dict(zip("xwb", unpack(affine_backward(dout.copy(), cache), "dx, dw, db"), strict=True))
    assert_double(out, *gradients.values(), name="an output or a gradient")
    assert_gradients(gradients, weigh(reference.affine_forward, dout), {"x": x, "w": w, "b": b})


@pytest.mark.requires("affine_forward")
@pytest.mark.points(2)
def test_affine_backward_of_a_large_layer(rng):
    x, w, b, dout = draw(rng, 50, 300, outputs=40)
    loss, at = weigh(reference.affine_forward, dout), {"x": x.copy(), "w": w.copy(), "b": b.copy()}
    gradients = dict(zip("xwb", backward(dout, x, w, b), strict=True))
    assert_gradients_along(gradients, loss, at, rng)


@pytest.mark.requires("affine_forward")
def test_affine_backward_takes_batches_of_one_and_strided_arrays(rng):
    x, w, b, dout = draw(rng, 1, 5)
    check_backward(dout, x, w, b)
    x, w, b, dout = draw(rng, 4, 3)
    check_backward(np.asfortranarray(dout), x[::-1], w.T.copy().T, b[::-1])
    check_backward(np.repeat(dout, 2, axis=1)[:, ::2], np.repeat(x, 2, axis=0)[::2], w, b)
