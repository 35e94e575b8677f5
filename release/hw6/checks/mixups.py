"""How a wrong gradient is related to the others, and to the array that it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .causes import relation
from .closeness import as_array
from .failure import Cause, CheckFailure

Array = npt.NDArray[np.float64]

_RTOL = 1e-5  # to recognise numbers in another shape
_SEVERAL = 3  # gradients, of which a single wrong one is worth telling


@dataclass(frozen=True)
class Wrong:
    """The gradient called `name` among others, of which `expected` gives what they should be."""

    gradients: Mapping[str, object]
    expected: Callable[[str], Array]
    at: Mapping[str, npt.ArrayLike]
    name: str
    label: str
    rtol: float
    atol: float

    def causes(self) -> Iterator[Cause]:
        """Yield the first thing that is certain."""
        values = self._values(self.name)
        if values is None:
            return
        for find in (self._reshaped, self._swapped, self._regularised, self._alone):
            if words := find(values):
                yield Cause(find.__name__.strip("_"), f"{self.label.format(self.name)} is {words}")
                return

    def _values(self, name: str) -> Array | None:
        try:
            array = as_array(self.gradients[name], self.label.format(name))
        except CheckFailure:
            return None
        return array.astype(np.float64) if np.isfinite(array).all() else None

    def _right(self, values: Array, name: str) -> bool:
        wanted = self.expected(name)
        if np.squeeze(values).shape != np.squeeze(wanted).shape:
            return False
        return bool((np.abs(values.reshape(wanted.shape) - wanted) <= self.atol + self.rtol * np.abs(wanted)).all())

    def _reshaped(self, values: Array) -> str:
        wanted = self.expected(self.name)
        found = relation(values, wanted, _RTOL, 0.0) if values.shape != wanted.shape else None
        return found.words if found else ""

    def _swapped(self, values: Array) -> str:
        for other in self.gradients:
            if other != self.name and self._right(values, other):
                if (theirs := self._values(other)) is not None and self._right(theirs, other):
                    return f"the same as {self.label.format(other)}, which is right: are both computed in the same way?"
                return f"what {self.label.format(other)} should be: are they returned in the right order?"
        return ""

    def _regularised(self, values: Array) -> str:
        """Tell whether what is missing, or too much, is a multiple of the array itself."""
        array = np.asarray(self.at[self.name], dtype=np.float64)
        missing = self.expected(self.name) - values if values.shape == array.shape else np.zeros(1)
        if array.ndim < 2 or missing.shape != array.shape:
            return ""
        factor = float((missing * array).sum() / (array * array).sum())
        if not np.allclose(missing, factor * array, rtol=1e-4, atol=1e-4 * float(np.abs(missing).max())):
            return ""
        what = "short of" if factor > 0 else "too large by"
        return f"{what} a multiple of {self.name} itself: look at what regularisation adds to it"

    def _alone(self, values: Array) -> str:
        others = [name for name in self.gradients if name != self.name]
        given = [(each, name) for name in others if (each := self._values(name)) is not None]
        if len(others) < _SEVERAL - 1 or len(given) < len(others) or not all(self._right(*pair) for pair in given):
            return ""
        return f"the only one that is wrong, of {' and '.join(map(self.label.format, self.gradients))}"
