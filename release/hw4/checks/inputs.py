"""Functions that change arrays which they were only given to read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from .recorder import remark


@contextmanager
def remark_changes(function: str, **arrays: npt.NDArray[Any]) -> Iterator[None]:
    """Record a remark for each of `arrays` that the block changes; it costs no points.

    The change stays. What is compared with the result is therefore computed before the block, or from
    a copy. An array that the function may change by contract is not given here.

    Parameters
    ----------
    function : str
        What the remark calls the function.
    arrays : ndarrays by the names that the function has for them
    """
    before = {name: array.copy() for name, array in arrays.items()}
    yield
    for name, array in arrays.items():
        if not np.array_equal(array, before[name], equal_nan=array.dtype.kind in "fc"):
            remark("changed-input", f"{function} changes its argument {name}: compute a new array instead")
