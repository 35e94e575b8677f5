"""Which parameter is which, in a model whose author was free to name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from .failure import CheckFailure


def by_shape(parameters: Mapping[str, npt.NDArray[Any]], values: Mapping[str, npt.NDArray[Any]]) -> dict[str, Any]:
    """Return `values` under the names of the parameters of their shapes, to be copied into these.

    A matrix also fits a parameter of the transposed shape. Shapes have to be different, but for vectors, which fit in
    the order of `parameters`.

    Raises
    ------
    CheckFailure
        If a value fits no parameter, or there are others.
    """
    left = dict(parameters)
    found = {}
    for value in values.values():
        name, fitting = _fit(left, value)
        found[name] = fitting
        del left[name]
    if left:
        raise CheckFailure(f"the model has more parameters than were asked for: {_listed(left)}")
    return found


def _fit(left: Mapping[str, npt.NDArray[Any]], value: npt.NDArray[Any]) -> tuple[str, npt.NDArray[Any]]:
    for fitting in (value, value.T if value.ndim == 2 else value):
        for name, parameter in left.items():
            if np.shape(parameter) == fitting.shape:
                return name, fitting
    raise CheckFailure(f"no parameter of shape {value.shape}; the model has {_listed(left) or 'none'}")


def _listed(parameters: Mapping[str, npt.NDArray[Any]]) -> str:
    return ", ".join(f"{name} {np.shape(value)}" for name, value in parameters.items())
