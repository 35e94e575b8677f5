"""Derivatives by central differences, in double precision.

They are taken of functions that the suite trusts (or whose values it has pinned before): of a wrong
forward function the numeric gradient is as wrong as the backward function that belongs to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Loss = Callable[[Mapping[str, Array]], float]


def dot(a: Array, b: Array) -> float:
    """Return the sum of products of entries: without BLAS, whose threads cost more than they save here."""
    with np.errstate(over="ignore", invalid="ignore"):
        return float((a * b).sum())


def weigh(forward: Callable[..., Any], dout: npt.ArrayLike) -> Loss:
    """Return the loss ``sum(dout * out)``, whose gradients are what a backward function gets from `dout`.

    Parameters
    ----------
    forward : callable
        Takes the arrays by keyword; returns ``out`` or ``(out, cache)``.
    dout : array_like of the shape of ``out``
        It is copied, so that what a backward function does to it has no effect.

    Raises
    ------
    ValueError
        From the loss, if `dout` has another shape than the output.
    """
    weights = np.array(dout, dtype=np.float64)

    def loss(arrays: Mapping[str, Array]) -> float:
        result = forward(**arrays)
        out = result[0] if isinstance(result, tuple) else result
        if np.shape(out) != weights.shape:
            raise ValueError(f"dout has shape {weights.shape}, the output has shape {np.shape(out)}")
        return dot(weights, out)

    return loss


def numeric_gradient(loss: Loss, at: Mapping[str, npt.ArrayLike], name: str, h: float = 1e-5) -> Array:
    """Return the gradient of `loss` with respect to ``at[name]``, every entry by two evaluations.

    The error is about ``h**2`` by the third derivative plus ``1e-16 / h`` by the size of the loss.
    """
    arrays = _doubles(at)
    x = arrays[name]
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        value = x[index]
        x[index] = value + h
        above = loss(arrays)
        x[index] = value - h
        gradient[index] = (above - loss(arrays)) / (2 * h)
        x[index] = value
    return gradient


def directional_derivative(
    loss: Loss, at: Mapping[str, npt.ArrayLike], direction: Mapping[str, Array], h: float = 1e-6
) -> float:
    """Return the derivative of `loss` along `direction`, which may leave out arrays that stay fixed."""
    start = _doubles(at)
    above = {**start, **{name: start[name] + h * step for name, step in direction.items()}}
    below = {**start, **{name: start[name] - h * step for name, step in direction.items()}}
    return (loss(above) - loss(below)) / (2 * h)


def _doubles(at: Mapping[str, npt.ArrayLike]) -> dict[str, Array]:
    """Return copies in double precision, so that integers can be moved and nobody's array changes."""
    return {name: np.array(value, dtype=np.float64) for name, value in at.items()}
