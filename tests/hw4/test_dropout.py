"""Inverted dropout: masks, their scale and their randomness, test mode, and the gradient.

Whether p is the probability of keeping or of dropping an entry does not matter, as long as what stays is scaled to it.
"""

import numpy as np
import pytest
from nndl.layers import dropout_backward, dropout_forward

from autograder.checks import CheckFailure, as_array, assert_close, assert_double, remark_changes, show_mask, unpack

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


def check_fraction(fraction, p, size, name):
    """See that a fraction of entries is kept that p may stand for, and return that probability."""
    for keep in (1 - p, p):
        if abs(fraction - keep) <= SIGMAS * np.sqrt(keep * (1 - keep) / size):
            return keep
    raise CheckFailure(f"{name} are {fraction:.1%} of the entries at p = {p}: neither p nor 1 - p")


def signed(rng, *shape):
    """Draw numbers that are not near 0, so that a dropped entry can be told from a small one."""
    return rng.choice([-1.0, 1.0], shape) * rng.uniform(0.5, 3.0, shape)


@pytest.mark.visible
@pytest.mark.hint("What stays is divided by the probability of staying, so that the mean stays what it was.")
def test_dropout_in_training_preserves_the_mean():
    for p in (0.3, 0.6, 0.75):
        mask = mask_of((500, 500), p=p)
        error = np.std(mask) / np.sqrt(mask.size)
        if abs(mask.mean() - 1) > SIGMAS * error:
            raise CheckFailure(f"at p = {p}, the mean of the output is {mask.mean():.3f} times that of the input")


@pytest.mark.hint("p says how many entries are dropped: compare each of as many random numbers with it.")
def test_dropout_keeps_as_many_entries_as_p_says():
    meanings = set()
    for p in (0.2, 0.7, 0.9):
        mask = mask_of((300, 300), p=p)
        keep = check_fraction(np.count_nonzero(mask) / mask.size, p, mask.size, "kept")
        meanings.add(keep == p)
    if len(meanings) > 1:
        raise CheckFailure("p is the probability of keeping an entry in one case and of dropping it in another")
    if len({np.count_nonzero(mask_of((10, 8), p=0.5)) for _ in range(40)}) == 1:
        raise CheckFailure("as many entries are dropped in every call: each is dropped or kept on its own")


@pytest.mark.hint("An entry is dropped, or it is divided by the probability of staying; nothing else happens to it.")
def test_dropout_scales_what_stays_alike(rng):
    for p in (0.25, 0.6):
        x = signed(rng, 200, 150)
        out = forward(x.copy(), mode="train", p=p)
        kept = out != 0
        keep = check_fraction(kept.mean(), p, x.size, "kept")
        assert_close(out, np.where(kept, x / keep, 0), name="out")


@pytest.mark.hint("Draw a random number for every entry of x, in the shape of x.")
def test_dropout_drops_entries_and_not_whole_rows_or_columns():
    for shape in ((400, 300), (40, 3, 20, 25)):
        kept = mask_of(shape, p=0.4) != 0
        for axis in range(kept.ndim):
            alike = np.mean(np.take(kept, 0, axis) == np.take(kept, 1, axis))  # 0.52 where entries are independent
            if alike > 0.6:
                raise CheckFailure(f"{alike:.0%} of the mask are the same at neighbours along axis {axis} of x")


def test_dropout_is_random_and_a_seed_repeats_it():
    first, second = (mask_of((60, 50), p=0.5) for _ in range(2))
    if np.array_equal(first, second):
        raise CheckFailure("two calls without a seed drop the same entries")
    for p in (0.5, 0.8):
        seeded = [mask_of((60, 50), p=p, seed=seed) for seed in (11, 11, 12)]
        if not np.array_equal(seeded[0], seeded[1]):
            raise CheckFailure("two calls with the same seed drop different entries")
        if np.array_equal(seeded[0], seeded[2]):
            raise CheckFailure("two calls with different seeds drop the same entries")
        param = {"mode": "train", "p": p, "seed": 11}  # as a network has one for all calls
        again = [as_array(unpack(dropout_forward(np.ones((60, 50)), param), "out, cache")[0], "out") for _ in range(2)]
        if not np.array_equal(*again):
            raise CheckFailure("two calls with the same dropout_param, which has a seed, drop different entries")


@pytest.mark.visible
@pytest.mark.hint("Inverted dropout has done all its scaling in training: at test time the output is the input.")
def test_dropout_at_test_time_does_nothing():
    x = np.array([[1.5, -2.0, 0.0, 3.0], [-1.0, 0.25, 4.0, -0.5]])
    for p in (0.2, 0.5, 0.9):
        assert_close(forward(x.copy(), mode="test", p=p), x, name=f"in test mode at p = {p}, out")


def test_dropout_at_test_time_does_nothing_to_any_batch(rng):
    for shape in [(1, 5), (30, 2, 3, 4)]:
        x = signed(rng, *shape)
        for batch in (x, x.astype(np.float32), np.asfortranarray(x)):
            expected = batch.astype(float)
            assert_close(forward(batch, mode="test", p=0.4, seed=5), expected, name="out in test mode")


@pytest.mark.points(2)
@pytest.mark.requires("dropout_forward")
@pytest.mark.hint("The gradient passes where the entry was kept, with the same scale: use the same mask.")
def test_dropout_backward_uses_the_mask_of_the_forward_pass(rng):
    for shape, p in [((30, 20), 0.3), ((15, 40), 0.8)]:
        check_mask_on_the_way_back(signed(rng, *shape), signed(rng, *shape), p=p)


@pytest.mark.requires("dropout_forward")
@pytest.mark.hint(
    "What the backward pass needs comes from its cache: other batches may have been passed through since."
)
def test_dropout_backward_is_about_its_own_forward_pass(rng):
    x, dout = signed(rng, 20, 15), signed(rng, 20, 15)
    out, cache = forward_with_cache(x.copy(), mode="train", p=0.4)
    forward_with_cache(x.copy(), mode="train", p=0.4)
    dx = backward(dout.copy(), cache)
    assert_close(dx, dout * out / x, name="dx")
    assert_double(out, dx, name="an output or a gradient")


@pytest.mark.visible
@pytest.mark.requires("dropout_forward")
def test_dropout_backward_with_a_seed_agrees_with_the_forward_pass():
    x, dout = np.arange(1.0, 41.0).reshape(5, 8), np.arange(40.0, 0.0, -1.0).reshape(5, 8)
    for p in (0.25, 0.5):
        check_mask_on_the_way_back(dout, x, p=p, seed=3)


@pytest.mark.requires("dropout_forward")
def test_dropout_backward_at_test_time_passes_everything(rng):
    x, dout = signed(rng, 6, 7), signed(rng, 6, 7)
    _, cache = forward_with_cache(x, mode="test", p=0.4)
    assert_close(backward(dout.copy(), cache), dout, name="dx in test mode")
