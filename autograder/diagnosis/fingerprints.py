"""A few numbers by which what a student's function returned can be compared with what known wrong ones return.

How it works
------------
An array is projected on a few fixed random directions of its space. The mean square of the differences between two
such lists estimates the distance between the arrays, so that two lists agree only where the arrays do; but of an array
with more entries than directions nothing can be had back. What is not finite is projected by itself.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.checks.recorder import Examined, Sight
from autograder.types import Fingerprint, Trace

_DIRECTIONS = 8
_SEED = 20
_NAMES = 80  # characters
_DISTINCT = 4  # values that differ, at which an array says enough to be told from others

# How near two arrays have to be, by their length, to be the same. Valid variants of a formula, such as where eps
# stands, move a result a little; an array that is barely wrong has to be met the more closely. Where what is wrong is
# as small as the rounding of what is right, two wrong arrays cannot be told apart.
_NEAR, _NEAR_BY_ERROR, _LEAST_ERROR = 1e-4, 0.02, 1e-10
_NEAR_UNKNOWN = 1e-6
_LARGEST = float(np.finfo(np.float64).max)


def fingerprint(sight: Sight) -> Fingerprint | None:
    """Return that of what a check is looking at, if it is looking at anything."""
    if not sight.examined:
        return None
    return Fingerprint(passed=sight.held, traces=tuple(_trace(each) for each in sight.examined))


def same(known: Fingerprint, given: Fingerprint) -> bool:
    """Tell whether two failures of a check are over the same numbers."""
    return _alike(known, given) and all(
        _distance(one, other) <= _tolerance(one) for one, other in zip(known.traces, given.traces, strict=True)
    )


def similar(known: Fingerprint, given: Fingerprint) -> bool:
    """Tell whether they may be over the same numbers but for rounding and variants that are as good."""
    return _alike(known, given) and all(
        _distance(one, other) <= 10 * _NEAR for one, other in zip(known.traces, given.traces, strict=True)
    )


def expected(given: Fingerprint) -> bool:
    """Tell whether a failure is over numbers of which it is known what they should have been."""
    return any(trace.error is not None for trace in given.traces)


def weight(given: Fingerprint) -> int:
    """Return how much a failure says: 2 where many functions cannot have it in common, 0 for zeros and the like.

    What counts is what was looked at last, and what is known to be wrong; the rest may be right.
    """
    wrong = (trace for trace in given.traces if trace.error is not None and trace.error > _NEAR)
    return max(_weight(trace) for trace in (given.traces[-1], *wrong))


def _alike(known: Fingerprint, given: Fingerprint) -> bool:
    return known.passed == given.passed and [_kind(trace) for trace in known.traces] == [
        _kind(trace) for trace in given.traces
    ]


def _kind(trace: Trace) -> tuple[str, tuple[int, ...], int]:
    return trace.name, tuple(n for n in trace.shape if n != 1), len(trace.numbers)


def _distance(one: Trace, other: Trace) -> float:
    """Estimate how far two arrays are apart, by the length of the longer one."""
    size = max(one.size, other.size)
    if size == 0:
        return float(np.abs(np.subtract(one.numbers, other.numbers)).max())
    ours, theirs = (np.array(each.numbers) for each in (one, other))
    ours[:_DIRECTIONS] *= one.size / size
    theirs[:_DIRECTIONS] *= other.size / size
    return float(np.sqrt(np.mean((ours - theirs) ** 2)))


def _tolerance(known: Trace) -> float:
    """Return the largest distance at which an array is the same as a known one; below 0 if none can be."""
    if known.error is None:
        return _NEAR_UNKNOWN
    if known.error < _LEAST_ERROR:
        return -1.0
    return min(_NEAR, _NEAR_BY_ERROR * known.error)


def _weight(trace: Trace) -> int:
    if trace.distinct >= _DISTINCT:
        return 2
    return int(trace.size > 0 and trace.distinct > 0)


def _trace(examined: Examined) -> Trace:
    values = examined.values.astype(np.float64)
    finite = np.isfinite(values)
    kept = np.where(finite, values, 0.0)
    size, unit = _length(kept)
    numbers = _projected(unit)
    if not finite.all():
        kinds = np.where(np.isnan(values), 1.0, np.where(np.isinf(values), 2 * np.sign(values), 0.0))
        numbers = np.concatenate([numbers, _projected(kinds / np.sqrt(kinds.size))])
    return Trace(
        name=examined.name[:_NAMES],
        shape=values.shape,
        numbers=tuple(numbers.tolist()),
        size=size,
        distinct=_distinct(kept[finite]),
        error=_error(kept, examined.expected) if finite.all() else None,
    )


def _length(array: npt.NDArray[Any]) -> tuple[float, npt.NDArray[np.float64]]:
    """Return the length of an array as a vector, and the array divided by it, whatever its largest entry is."""
    largest = float(np.abs(array).max(initial=0.0))
    if largest == 0:
        return 0.0, array
    scaled = array / largest
    length = float(np.sqrt((scaled * scaled).sum()))
    return min(largest * length, _LARGEST), scaled / length


def _projected(array: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(_directions(array.size) @ array.reshape(-1))


@functools.lru_cache(maxsize=8)
def _directions(size: int) -> npt.NDArray[np.float64]:
    return np.random.default_rng([_SEED, size]).standard_normal((_DIRECTIONS, size))


def _distinct(values: Iterable[float]) -> int:
    found: set[float] = set()
    for value in values:
        found.add(value)
        if len(found) >= _DISTINCT:
            break
    return len(found)


def _error(values: npt.NDArray[np.float64], expected: npt.NDArray[Any] | None) -> float | None:
    """Return how far an array is from what was expected, by the length of the longer one; None if that is unknown.

    Right numbers in a wrong shape are as wrong as can be.
    """
    if expected is None or expected.size != values.size:
        return None
    if np.squeeze(expected).shape != np.squeeze(values).shape:
        return 1.0
    size = max(_length(values)[0], _length(np.asarray(expected, dtype=np.float64))[0])
    if not np.isfinite(size) or size == 0:
        return None
    return _length((values - expected.reshape(values.shape)) / size)[0]
