"""Whether drawn numbers have the distribution that they should have, judged by mean and spread."""

from __future__ import annotations

import numpy as np

from . import recorder
from .closeness import as_array, assert_finite
from .failure import CheckFailure

_SIGMAS = 6  # of the estimate's own error; a right draw fails once in 500 million


def assert_normal(values: object, *, std: float, mean: float = 0.0, name: str = "result") -> None:
    """Check that mean and standard deviation are those of as many independent normal draws.

    Raises
    ------
    CheckFailure
        Saying what mean or standard deviation the values have instead.
    """
    array = as_array(values, name).astype(np.float64)
    assert_finite(array, name)
    spread, centre = float(array.std()), float(array.mean())
    if abs(spread - std) > _SIGMAS * std / np.sqrt(2 * array.size):
        raise CheckFailure(
            f"{name} has standard deviation {spread:.3g}: not the one that was asked for", f"expected: about {std:.3g}"
        )
    if abs(centre - mean) > _SIGMAS * std / np.sqrt(array.size):
        raise CheckFailure(
            f"{name} has mean {centre:.3g}: not the one that was asked for", f"expected: about {mean:.3g}"
        )
    recorder.held()
