"""Checks of hw4 that you can run yourself; grading has more."""

import numpy as np
import pytest
from nndl.layers import dropout_backward, dropout_forward

from checks import CheckFailure, as_array, assert_close, remark_changes, show_mask, unpack

pytestmark = pytest.mark.question("dropout")

SIGMAS = 6  # of a fraction's own error; a right mask fails once in 500 million


def forward(x, **dropout_param):
    """Return the student's output alone."""
    return forward_with_cache(x, **dropout_param)[0]


def forward_with_cache(x, **dropout_param):
    """Return the student's output, in the shape of x, and the cache."""
    with remark_changes("dropout_forward", x=x):
        out, cache = unpack(dropout_forward(x, dropout_param), "out, cache")
    out = as_array(out, "out")
    if out.shape != x.shape:
        raise CheckFailure(f"out has shape {out.shape}, x has shape {x.shape}")
    return out, cache


def backward(dout, cache):
    with remark_changes("dropout_backward", dout=dout):
        return dropout_backward(dout, cache)


def check_mask_on_the_way_back(dout, x, **dropout_param):
    """See that what the forward pass does to x, it does to a gradient on its way back."""
    out, cache = forward_with_cache(x.copy(), mode="train", **dropout_param)
    kept = np.abs(out) > 0.01 * np.abs(x)  # else numbers next to nothing would pass for dropped and for kept
    if kept.all() or not kept.any():
        raise CheckFailure(f"in training, {'none' if kept.all() else 'all'} of {x.size} entries are dropped")
    assert_close(backward(dout.copy(), cache), dout * out / x, name="dx")


def mask_of(shape, **dropout_param):
    """Return the student's mask, scale included: what ones become. It has to drop some entries and keep others."""
    mask = forward(np.ones(shape), mode="train", **dropout_param)
    show_mask(mask)
    kept = np.count_nonzero(mask)
    if kept in (0, mask.size):
        raise CheckFailure(f"in training, {'all' if kept == 0 else 'none'} of {mask.size} entries are dropped")
    return mask


@pytest.mark.hint("What stays is divided by the probability of staying, so that the mean stays what it was.")
def test_dropout_in_training_preserves_the_mean():
    for p in (0.3, 0.6, 0.75):
        mask = mask_of((500, 500), p=p)
        error = np.std(mask) / np.sqrt(mask.size)
        if abs(mask.mean() - 1) > SIGMAS * error:
            raise CheckFailure(f"at p = {p}, the mean of the output is {mask.mean():.3f} times that of the input")


@pytest.mark.hint("Inverted dropout has done all its scaling in training: at test time the output is the input.")
def test_dropout_at_test_time_does_nothing():
    x = np.array([[1.5, -2.0, 0.0, 3.0], [-1.0, 0.25, 4.0, -0.5]])
    for p in (0.2, 0.5, 0.9):
        assert_close(forward(x.copy(), mode="test", p=p), x, name=f"in test mode at p = {p}, out")


@pytest.mark.requires("dropout_forward")
def test_dropout_backward_with_a_seed_agrees_with_the_forward_pass():
    x, dout = np.arange(1.0, 41.0).reshape(5, 8), np.arange(40.0, 0.0, -1.0).reshape(5, 8)
    for p in (0.25, 0.5):
        check_mask_on_the_way_back(dout, x, p=p, seed=3)
