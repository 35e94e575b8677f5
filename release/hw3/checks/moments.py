"""Whether drawn numbers have the distribution that they should have, judged by mean and spread."""

from __future__ import annotations

import numpy as np

from . import recorder
from .closeness import as_array, assert_finite
from .exhibits import show_spread
from .failure import Cause, CheckFailure

_SIGMAS = 6  # of the estimate's own error; a right draw fails once in 500 million


def assert_normal(values: object, *, std: float, mean: float = 0.0, name: str = "result", again: object = None) -> None:
    """Check that mean and standard deviation are those of as many independent normal draws.

    `again` is what a second call gave, if there was one: other numbers, where no seed is set.

    Raises
    ------
    CheckFailure
        Saying what mean or standard deviation the values have instead, or that they are always the same.
    """
    array = as_array(values, name).astype(np.float64)
    assert_finite(array, name)
    with np.errstate(over="ignore", invalid="ignore"):
        spread, centre = float(array.std()), float(array.mean())
    near = abs(spread - std) <= _SIGMAS * std / np.sqrt(2 * array.size)  # not so for NaN, which huge values lead to
    if near and abs(centre - mean) <= _SIGMAS * std / np.sqrt(array.size):
        if again is not None and np.array_equal(array, as_array(again, name)):
            raise CheckFailure(f"{name} has the same numbers at every call: draw them without setting a seed")
        if np.unique(array).size < 0.99 * array.size:
            raise CheckFailure(f"{name} has the same numbers again and again: draw each of them")
        recorder.held()
        return
    show_spread(array, mean, std, name)
    what, given, wanted = ("standard deviation", spread, std) if not near else ("mean", centre, mean)
    message, why = f"{name} has {what} {given:.3g}: not the one that was asked for", _reason(spread, std, array.size)
    causes = (Cause("spread", f"{name} {why}"),) if why and not near else ()
    raise CheckFailure(message, f"expected: about {wanted:.3g}", causes)


def _reason(spread: float, std: float, size: int) -> str:
    """Say what was done with the standard deviation instead, if the spread shows it and leaves no doubt."""
    ways = {
        1.0: "is not scaled: multiply what randn draws by the standard deviation",
        std**2: "has the square of the standard deviation that was asked for: normal takes the standard deviation",
        std**0.5: "has the root of the standard deviation that was asked for: which is not a variance",
    }
    error = _SIGMAS / np.sqrt(2 * size)
    fitting = [words for way, words in ways.items() if abs(spread - way) <= error * way]
    return fitting[0] if len(fitting) == 1 else ""
