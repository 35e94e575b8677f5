"""Which entries of a wrong array are wrong: those at the borders, those that should be 0, those of one row.

Patterns are looked for in arrays of some size only: in small ones they come about by chance. What is said completes a
sentence that begins with ``dx is``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

SOME = 4  # entries, at least, for a pattern to be one
_LONG = 6  # slices, of which one that is special is not the first or last by chance
_MOSTLY = 0.8  # of a slice has to be wrong for the slice to be called wrong


@dataclass(frozen=True)
class Case:
    """An array, what was expected in its place, and how close is close enough."""

    values: Array
    wanted: Array
    rtol: float
    atol: float

    def close(self, one: Array, other: Array) -> bool:
        """Tell whether two arrays of the same shape are the same."""
        return bool((np.abs(one - other) <= self.atol + self.rtol * np.abs(other)).all())

    @property
    def wrong(self) -> npt.NDArray[np.bool_]:
        """Which entries are wrong."""
        return np.asarray(np.abs(self.values - self.wanted) > self.atol + self.rtol * np.abs(self.wanted))

    @property
    def tells(self) -> bool:
        """Whether what is expected is large and various enough for a pattern to mean something."""
        return self.wanted.size >= SOME and bool(np.ptp(self.wanted) > 100 * self.atol)


def _signs(case: Case) -> str:
    if case.tells and case.close(np.abs(case.values), np.abs(case.wanted)):
        return "right but for the signs of some entries"
    return ""


def _clipped(case: Case) -> str:
    if not case.tells or not (case.wanted > case.atol).any() or not (case.wanted < -case.atol).any():
        return ""
    for words, kept in (("negative", np.maximum(case.wanted, 0)), ("positive", np.minimum(case.wanted, 0))):
        if case.close(case.values, kept):
            return f"right, but 0 where it should be {words}"
    return ""


def _unfinished(case: Case) -> str:
    wrong = case.wrong
    right = case.values[~wrong]
    if not case.tells or wrong.sum() < 2 or np.count_nonzero(right) < 2 or case.values[wrong].any():
        return ""
    along = _slice_in_words(wrong)
    return f"right where it is not 0, and left at 0 {along or 'in other entries, where it should not be'}"


def _not_zero(case: Case) -> str:
    """Tell of what passes where something should stop it, as a ReLU or a mask does."""
    wrong, zero = case.wrong, case.wanted == 0
    if not case.tells or wrong.sum() < 2 or (wrong & ~zero).any() or np.count_nonzero(~wrong & ~zero) < 2:
        return ""
    return f"right, but not 0 {'' if wrong[zero].all() else 'in some entries '}where it should be"


def _only_zeros_right(case: Case) -> str:
    wrong, zero = case.wrong, case.wanted == 0
    if not case.tells or min(np.count_nonzero(zero), wrong.sum()) < SOME or wrong[zero].any() or not wrong[~zero].all():
        return ""
    return "0 exactly where it should be, and wrong in all other entries"


def _bordered(case: Case) -> str:
    """Tell of the outermost rows and columns of images, the last two axes."""
    wrong = case.wrong
    if wrong.ndim < 4 or min(wrong.shape[-2:]) < 3:
        return ""
    for width in range(1, (min(wrong.shape[-2:]) - 1) // 2 + 1):
        inner = wrong[..., width:-width, width:-width]
        if not inner.any():
            words = "right but for the borders of the images: look at what padding, and the ends of loops, do there"
            return words if inner.size else ""
    return ""


def _sliced(case: Case) -> str:
    along = _slice_in_words(case.wrong, _LONG) if case.tells else ""
    return f"right but {along}" if along else ""


def _slice_in_words(wrong: npt.NDArray[np.bool_], least: int = 3) -> str:
    """Say so if all that is wrong is, or all that is right, the first or last along an axis."""
    for axis, length in enumerate(wrong.shape):
        if length < least or wrong.size < 2 * length:
            continue
        parts = np.moveaxis(wrong, axis, 0).reshape(length, -1).mean(axis=1)  # of each slice, how much is wrong
        for words, part, rest in (("first", parts[0], parts[1:]), ("last", parts[-1], parts[:-1])):
            if part > _MOSTLY and not rest.any():
                return f"for the {words} along axis {axis}"
            if part == 0 and rest.min() > _MOSTLY:
                return (
                    f"for what comes {'after the first' if words == 'first' else 'before the last'} along axis {axis}"
                )
    return ""


PATTERNS: dict[str, Callable[[Case], str]] = {
    "signs": _signs,
    "clipped": _clipped,
    "borders": _bordered,
    "unfinished": _unfinished,
    "not-zero": _not_zero,
    "only-zeros-right": _only_zeros_right,
    "slice": _sliced,
}
