"""How a wrong array is related to the right one, where the numbers leave no doubt.

How it works
------------
Each function below takes what student code gave and what was expected, and says in words what the one is of the
other, or nothing; the first that says something is told. What it says completes a sentence that begins with ``dx is``,
and never holds an expected value or a shape, which students are not told of hidden checks. Patterns are looked for
in arrays of some size only: in small ones they come about by chance.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from . import recorder
from .patterns import PATTERNS, SOME, Array, Case

_NAMED_FACTORS = {
    -1: "the negative of what was expected",
    2: "twice what was expected",
    0.5: "half of what was expected",
}
_LOGARITHMS = {"log10": np.log10(np.e), "log2": np.log2(np.e)}  # of what the natural logarithm is, by its name
_LARGEST_FACTOR = 100  # a batch size or a number of units; beyond, whole numbers are met by chance
_TIMES = "times what was expected, N being the number of examples"
_PRECISION = 1e-4  # of a factor


class Relation(NamedTuple):
    """What an array is of another, by a name for counting, in words that complete a sentence."""

    name: str
    words: str


def relation(values: Array, wanted: Array, rtol: float, atol: float) -> Relation | None:
    """Return what `values` are instead of `wanted`, which may have another shape."""
    if not wanted.size or not np.abs(wanted).max() > atol:
        return None
    case = Case(values, wanted, rtol, atol)
    known = _SAME_SHAPE if values.shape == wanted.shape else _OTHER_SHAPE
    with np.errstate(all="ignore"):  # values may be as large as doubles go
        found = ((name, find(case)) for name, find in known.items())
        return next((Relation(name, words) for name, words in found if words), None)


def factor_in_words(factor: float, largest: int = _LARGEST_FACTOR, precision: float = _PRECISION) -> str:
    """Say that a result is `factor` times too large, if that is a whole number or one over it."""
    for name, ratio in _LOGARITHMS.items():
        if abs(factor / ratio - 1) < precision:
            return f"{ratio:.4f} times what was expected, as with {name}: np.log is the natural logarithm"
    if not 0.99 / largest < abs(factor) < 1.01 * largest or abs(factor - 1) < precision:
        return ""
    whole, part, count = round(factor), round(1 / factor), recorder.examples()
    if abs(factor - whole) < precision * abs(factor):
        by_count = f"N {_TIMES}: was the 1/N of a mean forgotten?"
        return by_count if whole == count > 2 else _NAMED_FACTORS.get(whole, f"{whole} times what was expected")
    if abs(factor * part - 1) < precision:
        by_count = f"1/N {_TIMES}: is it divided by N once too often?"
        return by_count if part == count > 2 else _NAMED_FACTORS.get(1 / part, f"1/{part} of what was expected")
    return ""


# -- of the same shape -----------------------------------------------------------------------------


def _zeros(case: Case) -> str:
    return "" if case.values.any() else "0" if case.values.ndim == 0 else "all zeros"


def _factor(case: Case) -> str:
    factor = float((case.wanted * case.values).sum() / (case.wanted * case.wanted).sum())
    if not case.close(case.values, factor * case.wanted):
        return ""
    if case.values.size > 1:
        return factor_in_words(factor)
    return factor_in_words(factor, max(2, recorder.examples()), min(_PRECISION, case.rtol))


def _transposed(case: Case) -> str:
    for axes in _orders(case.values.ndim):
        turned = case.values.transpose(axes)
        if turned.shape == case.wanted.shape and case.close(turned, case.wanted):
            return _order_in_words(axes)
    return ""


def _reversed(case: Case) -> str:
    for axis, length in enumerate(case.values.shape):
        if case.tells and length > 1 and case.close(np.flip(case.values, axis), case.wanted):
            return f"in reverse order along axis {axis}"
    return ""


def _shifted(case: Case) -> str:
    if not case.tells or case.values.shape[0] < 3:
        return ""
    off = case.values - case.wanted
    if case.close(case.values, case.wanted + off.mean()):
        return "off by the same amount in every entry"
    if case.values.ndim > 1 and case.close(case.values, case.wanted + off.mean(axis=0)):
        return "off by the same amounts for every example (along axis 0): is something like a bias wrong or missing?"
    return ""


def _spread(case: Case) -> str:
    for axes in _subsets(case.wanted.ndim) if case.tells else ():
        for words, of in (("sum", np.sum), ("mean", np.mean)):
            if case.close(case.values, np.broadcast_to(of(case.wanted, axis=axes, keepdims=True), case.wanted.shape)):
                return f"the {words} over {_axes_in_words(axes)} in every entry"
    return ""


def _rooted(case: Case) -> str:
    if not case.tells or (case.wanted < 0).any() or (case.values < 0).any():
        return ""
    if case.close(case.values, np.sqrt(case.wanted)):
        return "the square root of what was expected"
    if case.close(np.sqrt(case.values), np.sqrt(np.abs(case.wanted) ** 2)):
        return "the square of what was expected"
    return ""


def _whole(case: Case) -> str:
    whole = case.tells and np.array_equal(case.values, np.trunc(case.values))
    if whole and (case.close(case.values, np.trunc(case.wanted)) or case.close(case.values, np.round(case.wanted))):
        return "cut to whole numbers: is it kept in an array of integers, or divided as integers are?"
    return ""


def _coarse(case: Case) -> str:
    half = np.abs(case.values).max() < np.finfo(np.float16).max
    if case.tells and half and np.array_equal(case.values, case.values.astype(np.float16)):
        loose = Case(case.values, case.wanted, 2e-3, 1e-3 * float(np.abs(case.wanted).max()))
        return "right to 3 digits only: is it kept in half precision (float16)?" if not loose.wrong.any() else ""
    return ""


def _reordered(case: Case) -> str:
    fractions = np.unique(case.wanted[case.wanted != np.trunc(case.wanted)])  # of whole numbers, many are alike
    if (
        case.tells
        and fractions.size > SOME
        and case.close(np.sort(case.values, axis=None), np.sort(case.wanted, axis=None))
    ):
        return "right but for the places of its numbers: look at reshape and transpose, and at the order of loops"
    return ""


def _scaled(case: Case) -> str:
    """Tell of factors that differ from column to column, or from row to row, and from nothing else."""
    if not case.tells or case.values.ndim < 2 or min(case.values.shape) < 3:
        return ""
    for axis, words in ((0, "column"), (-1, "row")):
        squares = (case.wanted * case.wanted).sum(axis=axis, keepdims=True)
        if squares.all():
            factors = (case.wanted * case.values).sum(axis=axis, keepdims=True) / squares
            if np.ptp(factors) > _PRECISION and case.close(case.values, factors * case.wanted):
                return f"right but for a factor of its own in every {words}: is one missing, or there twice?"
    return ""


_SAME_SHAPE: dict[str, Callable[[Case], str]] = {
    "zeros": _zeros,
    "factor": _factor,
    "transposed": _transposed,
    "reversed": _reversed,
    "shifted": _shifted,
    "spread": _spread,
    "root-or-square": _rooted,
    "whole-numbers": _whole,
    "half-precision": _coarse,
    **PATTERNS,
    "scaled": _scaled,
    "reordered": _reordered,
}


# -- of another shape ------------------------------------------------------------------------------


def _reshaped(case: Case) -> str:
    if case.values.size == case.wanted.size and case.close(case.values.reshape(case.wanted.shape), case.wanted):
        return "right but for its shape: the same numbers are expected in another one"
    return ""


def _not_summed(case: Case) -> str:
    for axes in _subsets(case.values.ndim):
        for words, reduced in (("summed", case.values.sum(axis=axes)), ("averaged", case.values.mean(axis=axes))):
            if reduced.shape == case.wanted.shape and case.close(reduced, case.wanted):
                return f"right once it is {words} over {_axes_in_words(axes)}"
    return ""


def _summed_too_far(case: Case) -> str:
    for axes in _subsets(case.wanted.ndim):
        for words, reduced in (("summed", case.wanted.sum(axis=axes)), ("averaged", case.wanted.mean(axis=axes))):
            if reduced.size == case.values.size and case.close(case.values.reshape(reduced.shape), reduced):
                return f"{words} over {_axes_in_words(axes)} too, which should stay"
    return ""


_OTHER_SHAPE: dict[str, Callable[[Case], str]] = {
    "transposed": _transposed,
    "shape": _reshaped,
    "not-summed": _not_summed,
    "summed-too-far": _summed_too_far,
}


def _orders(ndim: int) -> Iterator[tuple[int, ...]]:
    """Yield the orders of up to four axes, but for the usual one."""
    if 2 <= ndim <= 4:
        yield from itertools.islice(itertools.permutations(range(ndim)), 1, None)


def _order_in_words(axes: Sequence[int]) -> str:
    if len(axes) == 2:
        return "transposed"
    back = ", ".join(str(axis) for axis in axes)
    return f"right but for the order of its axes: transpose({back}) would mend it"


def _subsets(ndim: int) -> Iterator[tuple[int, ...]]:
    for count in range(1, min(ndim, 4) + 1):
        yield from itertools.combinations(range(ndim), count)


def _axes_in_words(axes: Sequence[int]) -> str:
    return f"{'axis' if len(axes) == 1 else 'axes'} {' and '.join(map(str, axes))}"
