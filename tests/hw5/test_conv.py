"""Convolution: ``out[n, f]`` is filter f laid over the padded image n, step by step, and its gradients."""

import numpy as np
import pytest
from nndl.conv_layers import conv_backward_naive, conv_forward_naive
from reference.nndl import conv_layers as reference

from autograder.checks import (
    assert_close,
    assert_double,
    assert_gradients,
    assert_gradients_along,
    remark_changes,
    remark_failure,
    unpack,
    weigh,
)

SINGLE = {"rtol": 1e-4, "atol": 1e-4}  # an output in double precision may be computed in single

pytestmark = pytest.mark.question("conv")


def forward(x, w, b, stride, pad):
    """Return the student's output alone."""
    out, _ = unpack(conv_forward_naive(x, w, b, {"stride": stride, "pad": pad}), "out, cache")
    return out


def backward(dout, x, w, b, stride, pad):
    """Return the student's gradients; of the forward pass only the cache is used."""
    _, cache = unpack(conv_forward_naive(x, w, b, {"stride": stride, "pad": pad}), "out, cache")
    with remark_changes("conv_backward_naive", dout=dout):
        return unpack(conv_backward_naive(dout, cache), "dx, dw, db")


def true_forward(stride, pad):
    """Return the reference's output as a function of the arrays."""
    return lambda x, w, b: reference.conv_forward_naive(x, w, b, {"stride": stride, "pad": pad})[0]


def draw(rng, images, filters, stride, pad):
    """Draw images (N, C, H, W), filters (F, HH, WW), biases, and a gradient by the output."""
    x = rng.standard_normal(images)
    w = rng.standard_normal((filters[0], images[1], *filters[1:]))
    b = rng.standard_normal(filters[0])
    return x, w, b, rng.standard_normal(true_forward(stride, pad)(x, w, b).shape)


def check_forward(x, w, b, stride, pad, **tolerances):
    expected = true_forward(stride, pad)(x.astype(float), w.astype(float), b.astype(float))
    with remark_changes("conv_forward_naive", x=x, w=w, b=b):
        assert_close(forward(x, w, b, stride, pad), expected, name="out", **tolerances)


def check_backward(dout, x, w, b, stride, pad, which="xwb"):
    """Compare every entry of the gradients with differences of the reference's output."""
    loss, at = weigh(true_forward(stride, pad), dout), {"x": x.copy(), "w": w.copy(), "b": b.copy()}
    gradients = dict(zip("xwb", backward(dout, x, w, b, stride, pad), strict=True))
    assert_gradients({name: gradients[name] for name in which}, loss, at)


def small():
    """Return an image of two channels, two filters, biases and a gradient, all whole numbers."""
    x = np.array([[[[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]], [[0.0, 1.0, 1.0], [2.0, 0.0, -2.0]]]])
    w = np.array(
        [[[[1.0, 0.0], [2.0, -1.0]], [[0.0, 1.0], [1.0, 0.0]]], [[[0.0, 1.0], [0.0, 0.0]], [[1.0, 1.0], [0.0, -1.0]]]]
    )
    dout = np.arange(-6.0, 18.0).reshape(1, 2, 3, 4)
    return x, w, np.array([1.0, -2.0]), dout


@pytest.mark.visible
def test_conv_forward_gives_the_numbers_of_the_notebook():
    x = np.linspace(-0.1, 0.5, num=2 * 3 * 4 * 4).reshape(2, 3, 4, 4)
    w = np.linspace(-0.2, 0.3, num=3 * 3 * 4 * 4).reshape(3, 3, 4, 4)
    b = np.linspace(-0.1, 0.2, num=3)
    expected = [
        [
            [[-0.08759809, -0.10987781], [-0.18387192, -0.2109216]],
            [[0.21027089, 0.21661097], [0.22847626, 0.23004637]],
            [[0.50813986, 0.54309974], [0.64082444, 0.67101435]],
        ],
        [
            [[-0.98053589, -1.03143541], [-1.19128892, -1.24695841]],
            [[0.69108355, 0.66880383], [0.59480972, 0.56776003]],
            [[2.36270298, 2.36904306], [2.38090835, 2.38247847]],
        ],
    ]
    assert_close(forward(x, w, b, 2, 1), expected, rtol=1e-7, atol=1e-8, name="out")


@pytest.mark.visible
def test_conv_forward_of_an_image_worked_out_by_hand():
    x, w, b, _ = small()
    expected = [
        [
            [[0.0, 1.0, 6.0, 2.0], [1.0, 6.0, -1.0, 5.0], [3.0, 1.0, -2.0, 4.0]],
            [[-2.0, -3.0, -3.0, -2.0], [-3.0, 1.0, 2.0, -1.0], [0.0, -1.0, -1.0, -4.0]],
        ]
    ]
    assert_close(forward(x, w, b, 1, 1), expected, name="out")


@pytest.mark.hint("Height and width have their own sizes: which of them does each of your loops and slices use?")
def test_conv_forward_of_images_and_filters_that_are_not_square(rng):
    for images, filters in [((2, 5, 4, 7), (4, 3, 3)), ((2, 2, 6, 5), (3, 3, 5)), ((1, 2, 3, 6), (2, 5, 3))]:
        x, w, b, _ = draw(rng, images, filters, 1, 1)
        check_forward(x, w, b, 1, 1)


@pytest.mark.hint("The window of out[:, :, i, j] begins at [i * stride, j * stride] of the padded image.")
def test_conv_forward_with_other_strides_and_paddings(rng):
    for images, filters, stride, pad in [
        ((2, 3, 5, 7), (4, 3, 3), 2, 1),
        ((2, 2, 6, 9), (3, 4, 4), 3, 2),
        ((2, 2, 4, 6), (3, 4, 4), 2, 3),
    ]:
        x, w, b, _ = draw(rng, images, filters, stride, pad)
        check_forward(x, w, b, stride, pad)


def test_conv_forward_of_one_image_with_one_channel_and_one_filter(rng):
    for images, filters, stride in [
        ((1, 1, 4, 4), (1, 3, 3), 1),
        ((1, 3, 2, 2), (2, 4, 4), 1),
        ((3, 1, 3, 3), (2, 1, 1), 2),
    ]:
        x, w, b, _ = draw(rng, images, filters, stride, 1)
        check_forward(x, w, b, stride, 1)


def test_conv_forward_takes_single_precision_and_strided_arrays(rng):
    x, w, b, _ = draw(rng, (2, 3, 5, 5), (4, 3, 3), 1, 1)
    single = (array.astype(np.float32) for array in (x, w, b))
    check_forward(*single, 1, 1, **SINGLE)
    check_forward(rng.integers(0, 9, x.shape), w, b, 1, 1)
    check_forward(np.asfortranarray(x), w[::-1], b[::-1], 1, 1)
    check_forward(np.repeat(x, 2, axis=3)[..., ::2], np.asfortranarray(w), b, 1, 1)


def test_conv_forward_of_realistic_images(rng):
    x, w, b, _ = draw(rng, (4, 3, 16, 16), (8, 5, 5), 1, 2)
    check_forward(x, w, b, 1, 2)
    with remark_failure("no-padding", "conv_forward_naive does not work with pad=0"):
        check_forward(x, w, b, 1, 0)


@pytest.mark.visible
@pytest.mark.requires("conv_forward_naive")
def test_conv_backward_gives_gradients_worked_out_by_hand():
    x, w, b, dout = small()
    dx, dw, db = backward(dout, x, w, b, 1, 1)
    assert_close(dx, [[[[5.0, 8.0, 11.0], [17.0, 20.0, 23.0]], [[8.0, 11.0, 14.0], [20.0, 23.0, 26.0]]]], name="dx")
    first = [[[10.0, 5.0], [-10.0, -15.0]], [[-3.0, -5.0], [-11.0, -13.0]]]
    second = [[[70.0, 65.0], [50.0, 45.0]], [[21.0, 19.0], [13.0, 11.0]]]
    assert_close(dw, [first, second], name="dw")
    assert_close(db, [-6.0, 138.0], name="db", like_vector=True)


SHAPES = [
    ((2, 2, 3, 3), (2, 3, 3), 1, 1),
    ((1, 3, 2, 4), (2, 3, 3), 1, 1),
    ((1, 1, 4, 3), (2, 5, 3), 1, 2),
]


@pytest.mark.requires("conv_forward_naive")
@pytest.mark.hint(
    "Each dout[n, f, i, j] adds w[f] times itself to its window of the padded dx; cut the padding off at last."
)
def test_conv_gradient_of_the_images(rng):
    for shapes in SHAPES:
        x, w, b, dout = draw(rng, *shapes)
        check_backward(dout, x, w, b, *shapes[2:], which="x")


@pytest.mark.requires("conv_forward_naive")
@pytest.mark.hint("Each dout[n, f, i, j] adds the window of the padded image below it, times itself, to dw[f].")
def test_conv_gradient_of_the_filters(rng):
    for shapes in SHAPES:
        x, w, b, dout = draw(rng, *shapes)
        check_backward(dout, x, w, b, *shapes[2:], which="w")


@pytest.mark.requires("conv_forward_naive")
@pytest.mark.hint("b[f] is added to every pixel of channel f, in every image of the batch.")
def test_conv_gradient_of_the_biases(rng):
    x, w, b, dout = draw(rng, (3, 2, 4, 5), (4, 3, 3), 1, 1)
    check_backward(dout, x, w, b, 1, 1, which="b")


@pytest.mark.requires("conv_forward_naive")
@pytest.mark.points(2)
@pytest.mark.hint("The windows are those of the forward pass: they begin at [i * stride, j * stride].")
def test_conv_backward_with_other_strides(rng):
    for shapes in [((2, 2, 5, 3), (2, 3, 3), 2, 1), ((1, 3, 6, 3), (2, 4, 4), 3, 2), ((2, 1, 4, 2), (3, 4, 2), 2, 1)]:
        x, w, b, dout = draw(rng, *shapes)
        check_backward(dout, x, w, b, *shapes[2:])


@pytest.mark.requires("conv_forward_naive")
@pytest.mark.points(2)
def test_conv_backward_of_realistic_images(rng):
    x, w, b, dout = draw(rng, (4, 3, 12, 12), (6, 5, 5), 1, 2)
    loss, at = weigh(true_forward(1, 2), dout), {"x": x.copy(), "w": w.copy(), "b": b.copy()}
    gradients = dict(zip("xwb", backward(dout, x, w, b, 1, 2), strict=True))
    assert_gradients_along(gradients, loss, at, rng)


@pytest.mark.requires("conv_forward_naive")
@pytest.mark.hint(
    "What the backward pass needs comes from its cache: other batches may have been passed through since."
)
def test_conv_backward_is_about_its_own_forward_pass(rng):
    x, w, b, dout = draw(rng, (2, 2, 3, 4), (3, 3, 3), 1, 1)
    out, cache = unpack(conv_forward_naive(x.copy(), w.copy(), b.copy(), {"stride": 1, "pad": 1}), "out, cache")
    conv_forward_naive(2 * x + 1, w - 1, b, {"stride": 1, "pad": 1})
    gradients = dict(zip("xwb", unpack(conv_backward_naive(dout.copy(), cache), "dx, dw, db"), strict=True))
    assert_gradients(gradients, weigh(true_forward(1, 1), dout), {"x": x, "w": w, "b": b})
    assert_double(out, *gradients.values(), name="an output or a gradient")


@pytest.mark.requires("conv_forward_naive")
def test_conv_backward_takes_a_batch_of_one_and_strided_arrays(rng):
    x, w, b, dout = draw(rng, (1, 1, 3, 3), (1, 3, 3), 1, 1)
    check_backward(dout, x, w, b, 1, 1)
    x, w, b, dout = draw(rng, (2, 1, 2, 3), (2, 3, 3), 1, 1)
    check_backward(np.asfortranarray(dout), x[::-1], np.asfortranarray(w), b[::-1], 1, 1)
    with remark_failure("no-padding", "conv_backward_naive does not work with pad=0: [pad:-pad] is empty then"):
        x, w, b, dout = draw(rng, (2, 1, 3, 4), (2, 3, 3), 1, 0)
        check_backward(dout, x, w, b, 1, 0)
