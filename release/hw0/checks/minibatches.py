"""Whether a training draws minibatches of the right size at random, seen from its losses while nothing moves."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .closeness import Array
from .failure import CheckFailure


def assert_minibatches(
    history: Array,
    single: Array,
    labels: npt.NDArray[Any],
    *,
    tolerance: float = 1e-4,
    name: str = "loss_history",
    examples: str = "examples",
) -> None:
    """Check that losses at learning rate 0 and a batch size of two are those of pairs drawn from all examples.

    Parameters
    ----------
    history : ndarray of shape (T,)
        The loss of each iteration.
    single : ndarray of shape (N,)
        The right loss of each example alone: that of a minibatch is their mean.
    labels : integer ndarray of shape (N,)
        The classes of the examples, of which a minibatch has no single one.
    tolerance : float
        How far a loss may be from that of a pair.
    name, examples : str
        What messages call the losses and the examples.

    Raises
    ------
    CheckFailure
        Saying how the minibatches are drawn instead.
    """
    pairs = (single[:, np.newaxis] + single) / 2
    of_pair = np.abs(history[:, np.newaxis, np.newaxis] - pairs) < tolerance
    if not of_pair.any(axis=(1, 2)).all():
        raise CheckFailure(f"{name} has losses that are not those of batch_size {examples} and their labels")
    if np.abs(history[:, np.newaxis] - single).min(axis=1).max() < 1e-6:
        raise CheckFailure(f"every loss is that of a single one of the {examples}, whatever batch_size is")
    steps = np.arange(len(history))
    if of_pair[steps, 2 * steps % len(single), (2 * steps + 1) % len(single)].all():
        raise CheckFailure(f"the minibatches are the {examples} in their order: draw them at random")
    if np.ptp(history) < 1e-6:
        raise CheckFailure(f"{name} stays the same at learning rate 0: all minibatches are the same")
    if np.mean(np.abs(np.diff(history)) < 1e-9) > 0.4:  # of independent draws of pairs from four, a ninth
        raise CheckFailure(f"{name} repeats itself: each iteration needs a minibatch of its own")
    if not of_pair.any(axis=(0, 2)).all():  # where losses are equal, several pairs may have been drawn
        raise CheckFailure(f"some of the {examples} are in no minibatch, however many are drawn")
    if of_pair[:, labels[:, np.newaxis] == labels].any(axis=1).all():
        raise CheckFailure(f"every minibatch has {examples} of a single class: draw from all of them")


def assert_batch_size(
    history: Array, single: Array, size: int, *, name: str = "loss_history", examples: str = "examples"
) -> None:
    """Check that losses at learning rate 0 are means over `size` examples, each of one of two kinds.

    Parameters
    ----------
    history : ndarray of shape (T,)
        The loss of each iteration.
    single : ndarray of shape (2,)
        The right loss of an example of either kind; they differ.
    size : int
        A prime, so that the share of a kind in a smaller batch is that of no number of examples in this one.
    name, examples : str
        What messages call the losses and the examples.

    Raises
    ------
    CheckFailure
        When a loss is that of no such minibatch.
    """
    counts = size * (history - single[0]) / (single[1] - single[0])
    if not np.abs(counts - counts.round().clip(0, size)).max() <= 0.05:  # nor where NaN says that the kinds are alike
        raise CheckFailure(f"with batch_size={size}, {name} has losses that are not the mean of {size} {examples}")
