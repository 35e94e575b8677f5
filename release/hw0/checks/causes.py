"""Simple causes of a wrong result, each named only where the numbers leave no doubt."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_NAMED_FACTORS = {
    -1: "the negative of what was expected",
    2: "twice what was expected",
    0.5: "half of what was expected",
}
_LARGEST_FACTOR = 100  # a batch size or a number of units; beyond, whole numbers are met by chance


def simple_cause(values: Array, wanted: Array, rtol: float, atol: float) -> str:
    """Say in words what `values` are instead of `wanted`, of the same shape, or return an empty string."""
    if not np.abs(wanted).max() > atol:
        return ""
    if not values.any():
        return "0" if values.ndim == 0 else "all zeros"
    factor = float((wanted * values).sum() / (wanted * wanted).sum())
    if np.allclose(values, factor * wanted, rtol=rtol, atol=atol):
        return factor_in_words(factor, 2 if values.size == 1 else _LARGEST_FACTOR)
    if values.ndim == 2 and values.shape[0] == values.shape[1] and np.allclose(values.T, wanted, rtol, atol):
        return "transposed"
    return ""


def factor_in_words(factor: float, largest: int = _LARGEST_FACTOR) -> str:
    """Say that a result is `factor` times too large, if that is a whole number or one over it."""
    if not 0.99 / largest < abs(factor) < 1.01 * largest or abs(factor - 1) < 1e-4:
        return ""
    whole, part = round(factor), round(1 / factor)
    if abs(factor - whole) < 1e-4 * abs(factor):
        return _NAMED_FACTORS.get(whole, f"{whole} times what was expected")
    if abs(factor * part - 1) < 1e-4:
        return _NAMED_FACTORS.get(1 / part, f"1/{part} of what was expected")
    return ""
