"""Whether a result is the expected one, and, where it is not, how it differs.

Results come from student code: anything may be `None`, a string, of the wrong shape or full of NaN,
and each of these gets a message of its own. Messages show the student's values only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, SupportsIndex

import numpy as np
import numpy.typing as npt

from . import recorder
from .causes import relation
from .exhibits import show_difference
from .failure import Cause, CheckFailure

Array = npt.NDArray[np.float64]

# Single precision carries 7 digits, of which sums over many terms lose some: relative tolerance, and
# absolute tolerance in units of the largest expected entry.
_FLOAT32_RTOL = 1e-4
_FLOAT32_ATOL = 1e-5
_SHAPE_RTOL = 1e-5  # to recognise numbers in another shape


def assert_close(
    actual: object,
    expected: npt.ArrayLike,
    *,
    rtol: float = 1e-6,
    atol: float = 1e-9,
    name: str = "result",
    like_vector: bool = False,
) -> None:
    """Check that ``|actual - expected| <= atol + rtol * |expected|`` holds for every entry.

    Parameters
    ----------
    actual : object
        What student code returned: an array of numbers, a list of them, or, where a single number is
        expected, a number or an array with one entry. Tolerances widen for a result in single precision.
    expected : array_like
        Finite numbers.
    name : str
        What messages call the result, such as ``dx``.
    like_vector : bool
        Also accept shape (1, D) where (D,) is expected.

    Raises
    ------
    CheckFailure
        Naming the cause where it is simple and certain: the wrong shape, all zeros, twice too large.
    ValueError
        When `expected` is not finite, perhaps because it was computed from what student code returned.
    """
    wanted = np.asarray(expected, dtype=np.float64)
    if not np.isfinite(wanted).all():
        raise ValueError(f"what {name} should be is not finite")
    given = as_array(actual, name)
    recorder.expect(wanted)
    values = _fitted(given, wanted, name, like_vector).astype(np.float64)
    if given.dtype.kind == "f" and given.dtype.itemsize < 8 and wanted.size:
        rtol = max(rtol, _FLOAT32_RTOL)
        atol = max(atol, _FLOAT32_ATOL * float(np.abs(wanted).max()))
    _compare(values, wanted, rtol, atol, name)
    recorder.held()


def assert_double(*results: object, name: str = "the result") -> None:
    """Check that what was computed from arrays in double precision is not in single or half precision.

    A numeric gradient of such a function has hardly a right digit.

    Raises
    ------
    CheckFailure
        Naming the precision.
    """
    for result in results:
        array = as_array(result, name)
        if array.dtype.kind == "f" and array.dtype.itemsize < 8:
            raise CheckFailure(f"{name} is of type {array.dtype}, though all that was given is of type float64")


def assert_repeated(first: object, again: object, name: str = "loss") -> None:
    """Check that a second call with the same arguments gives the same number as the first.

    Raises
    ------
    CheckFailure
        Saying that something is kept from call to call.
    """
    before, after = as_array(first, name), as_array(again, name)
    if before.shape != after.shape or not np.allclose(before, after, rtol=1e-5, equal_nan=True):
        raise CheckFailure(f"a second call with the same arguments gives another {name}: what is kept from the first?")


def as_array(value: object, name: str = "result") -> npt.NDArray[Any]:
    """Return what student code gave as an array of integers or floats, or fail saying what it is instead."""
    if isinstance(value, list):
        value = _from_list(value, name)
    if not isinstance(value, int | float | complex | np.generic) and not hasattr(type(value), "__array__"):
        raise CheckFailure(f"{name} is {_described(value)}, an array was expected")
    array = np.asarray(value)
    if array.dtype.kind not in "iuf":
        raise CheckFailure(f"{name} holds values of type {array.dtype}, numbers were expected")
    recorder.examine(name, array)
    return array


def assert_finite(values: npt.NDArray[Any], name: str) -> None:
    """Fail if there is a NaN or an infinity, and say how many there are."""
    nan, infinite = int(np.isnan(values).sum()), int(np.isinf(values).sum())
    if not nan and not infinite:
        return
    if values.ndim == 0:
        raise CheckFailure(f"{name} is {values}")
    counts = [f"{count} {kind}" for count, kind in ((nan, "NaN"), (infinite, "inf")) if count]
    raise CheckFailure(f"{name} has {' and '.join(counts)} among {_entries(values.size)}")


def unpack(result: object, names: str) -> tuple[Any, ...]:
    """Return the parts of a returned tuple, or fail naming the parts that were expected.

    Parameters
    ----------
    names : str
        The parts, separated by commas: ``"dx, dw, db"``.
    """
    count = len(names.split(","))
    if isinstance(result, tuple | list) and len(result) == count:
        return tuple(result)
    raise CheckFailure(f"{_described(result)} was returned, ({names}) was expected")


def entry(mapping: Any, key: str, name: str = "grads") -> Any:
    """Return ``mapping[key]`` of what student code returned, or fail saying that there is no such key."""
    if isinstance(mapping, Mapping):
        if key not in mapping:
            keys = ", ".join(map(repr, mapping)) or "nothing"
            raise CheckFailure(f"{name} has no {key!r}; it has {keys}")
    elif not hasattr(type(mapping), "__getitem__") or isinstance(mapping, str | list | tuple | np.ndarray):
        raise CheckFailure(f"{name} is {_described(mapping)}, a dictionary was expected")
    return mapping[key]


def _from_list(value: list[Any], name: str) -> npt.NDArray[Any]:
    try:
        return np.asarray(value)
    except ValueError as error:
        if type(error) is not ValueError:  # not NumPy's own: the list could not be fetched
            raise
        raise CheckFailure(f"{name} is a list of unequal rows, an array was expected") from error


def _described(value: object) -> str:
    if value is None:
        return "None"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _fitted(array: npt.NDArray[Any], wanted: Array, name: str, like_vector: bool) -> npt.NDArray[Any]:
    """Return `array` in the expected shape if its own is as good."""
    shape = wanted.shape
    as_good = (not shape and array.size == 1) or (like_vector and len(shape) == 1 and array.shape == (1, *shape))
    if array.shape == shape or as_good:
        return array.reshape(shape)
    expected = f"shape {shape}" if shape else "a single number"
    causes = _causes(array.astype(np.float64), wanted, _SHAPE_RTOL, 0.0, name)
    raise CheckFailure(f"{name} has shape {array.shape}, {expected} was expected", causes=causes)


def _causes(values: Array, wanted: Array, rtol: float, atol: float, name: str) -> tuple[Cause, ...]:
    found = relation(values, wanted, rtol, atol) if np.isfinite(values).all() else None
    return (Cause(found.name, f"{name} is {found.words}"),) if found else ()


def _compare(values: Array, wanted: Array, rtol: float, atol: float, name: str) -> None:
    if not (finite := np.isfinite(values)).all():
        show_difference(values, wanted, ~finite, name)
        assert_finite(values, name)
    with np.errstate(over="ignore", invalid="ignore"):  # values may be as large as doubles go
        _compare_finite(values, wanted, rtol, atol, name)


def _compare_finite(values: Array, wanted: Array, rtol: float, atol: float, name: str) -> None:
    wrong = ~(np.abs(values - wanted) <= atol + rtol * np.abs(wanted))
    if not wrong.any():
        return
    show_difference(values, wanted, wrong, name)
    detail = f"expected: {_printed(wanted)}\nactual:   {_printed(values)}"
    causes = _causes(values, wanted, rtol, atol, name)
    if causes:
        raise CheckFailure(causes[0].message, detail, causes)
    raise CheckFailure(f"{name} is wrong: {_worst(values, wanted, wrong)}", detail)


def _worst(values: Array, wanted: Array, wrong: npt.NDArray[np.bool_]) -> str:
    """Say how many entries differ, and where most, by the relative error of the handouts."""
    relative = np.abs(values - wanted) / np.maximum(1e-8, np.abs(values) + np.abs(wanted))
    error = np.where(wrong, relative, 0.0)
    index = np.unravel_index(int(error.argmax()), error.shape)
    size = f"relative error {error[index]:.0e}"
    if values.ndim == 0:
        return f"yours is {values:.6g} ({size})"
    place = ", ".join(str(int(i)) for i in index)
    return (
        f"{int(wrong.sum())} of {_entries(values.size)} {'differs' if wrong.sum() == 1 else 'differ'}, "
        f"most at [{place}], where yours is {values[index]:.6g} ({size})"
    )


def _entries(count: SupportsIndex) -> str:
    number = int(count)
    return f"{number} entry" if number == 1 else f"{number} entries"


def _printed(array: Array) -> str:
    return np.array2string(array, precision=8, threshold=60, separator=", ", prefix=" " * 10)
