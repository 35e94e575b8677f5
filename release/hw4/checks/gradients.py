"""Whether gradients that student code returned are those of a trusted loss.

At small shapes every entry is compared. At realistic ones that would take too long; there the slope
along a few random directions through all arrays at once is compared, which a wrong gradient matches
with a probability of about the tolerance.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from . import recorder
from .causes import factor_in_words
from .closeness import Array, as_array, assert_close, assert_finite
from .exhibits import show_errors
from .failure import Cause, CheckFailure
from .mixups import Wrong
from .numeric import Loss, directional_derivative, dot, numeric_gradient

_FLOAT32_RTOL = 1e-4


def assert_gradients(
    gradients: Mapping[str, object],
    loss: Loss,
    at: Mapping[str, npt.ArrayLike],
    *,
    rtol: float = 1e-5,
    atol: float = 1e-7,
    label: str = "d{}",
) -> None:
    """Check every entry of every gradient against central differences of `loss`.

    Parameters
    ----------
    gradients : mapping from names of arrays to what student code returned for them
        A gradient of a vector of length D may have shape (1, D).
    loss : callable
        Takes all arrays of `at` and returns a number. It must not be student code whose values are
        not checked as well.
    at : mapping from names to arrays
        Where the gradients were taken. An array that `gradients` leaves out is held fixed.
    label : str
        What messages call the gradient of an array; ``{}`` stands for the array's name.

    Raises
    ------
    CheckFailure
        For the first gradient that is wrong.
    """
    expected = functools.cache(lambda name: numeric_gradient(loss, at, name))
    for name, gradient in gradients.items():
        try:
            _in_shape(gradient, at, name, label)
            assert_close(gradient, expected(name), rtol=rtol, atol=atol, name=label.format(name), like_vector=True)
        except CheckFailure as failure:
            for other in gradients:
                with contextlib.suppress(CheckFailure):
                    as_array(gradients[other], label.format(other))  # so that all that is wrong is known
            if len(gradients) > 1:
                _show_all(gradients, expected, at, rtol, label)
            wrong = Wrong(gradients, expected, at, name=name, label=label, rtol=rtol, atol=atol)
            causes = failure.causes or tuple(wrong.causes())
            raise CheckFailure(failure.message, failure.detail, causes) from None


def assert_gradients_along(
    gradients: Mapping[str, object],
    loss: Loss,
    at: Mapping[str, npt.ArrayLike],
    rng: np.random.Generator,
    *,
    directions: int = 3,
    h: float = 1e-6,
    rtol: float = 1e-5,
    label: str = "d{}",
) -> None:
    """Check all gradients together against slopes of `loss` along random directions.

    A slope along a unit vector is about ``|g| / sqrt(n)`` for a gradient g of n entries; that is the
    least value that `rtol` refers to, so that a slope that happens to be near 0 asks for no more digits
    than there are. Where a ReLU or a maximum switches within a step of `h`, the slope of the loss is off although
    the gradients are right: they are wrong only if shorter steps along other directions disagree too. Only then are
    arrays moved one at a time, to name the one that is most wrong.

    Parameters and errors are those of `assert_gradients`.
    """
    if any(_is_single(gradient) for gradient in gradients.values()):
        rtol = max(rtol, _FLOAT32_RTOL)
    own = {name: _in_shape(gradient, at, name, label) for name, gradient in gradients.items()}
    for name, gradient in own.items():
        assert_finite(gradient, label.format(name))

    def slopes_along(part: Mapping[str, Array], step: float = h) -> list[_Slope]:
        draws = [_direction(part, rng) for _ in range(directions)]
        return [_Slope(_slope(part, draw), directional_derivative(loss, at, draw, step)) for draw in draws]

    if any(_agree(slopes_along(own, step), _typical(own), rtol) for step in (h, h / 10)):
        recorder.held()
        return
    parts = {name: slopes_along({name: gradient}) for name, gradient in own.items()}
    if len(parts) > 1:
        errors = {label.format(name): _relative(parts[name], _typical({name: own[name]})) for name in parts}
        show_errors(errors, rtol)
    name = max(parts, key=lambda name: _error(parts[name], own[name].size))
    known = "all zeros" if not own[name].any() else _common_factor(parts[name])
    message = f"{label.format(name)} is {known or 'wrong'}"
    raise CheckFailure(message, causes=(Cause("factor" if own[name].any() else "zeros", message),) if known else ())


class _Slope(NamedTuple):
    """Slopes along one direction, by the gradient given and by the loss."""

    given: float
    true: float


def _is_single(gradient: object) -> bool:
    return isinstance(gradient, np.ndarray) and gradient.dtype.kind == "f" and gradient.dtype.itemsize < 8


def _in_shape(gradient: object, at: Mapping[str, npt.ArrayLike], name: str, label: str) -> Array:
    """Return a gradient in the shape of the array that it belongs to."""
    array, shape = as_array(gradient, label.format(name)), np.shape(at[name])
    if array.shape != shape and not (len(shape) == 1 and array.shape == (1, *shape)):
        raise CheckFailure(
            f"{label.format(name)} has shape {array.shape}, {name} has shape {shape}: "
            "gradients have the shape of what they belong to"
        )
    return array.reshape(shape).astype(np.float64)


def _show_all(
    gradients: Mapping[str, object],
    expected: Callable[[str], Array],
    at: Mapping[str, npt.ArrayLike],
    rtol: float,
    label: str,
) -> None:
    """Note how wrong each gradient is, once one of them is."""
    errors: dict[str, float | None] = {}
    for name, gradient in gradients.items():
        errors[label.format(name)] = None
        if isinstance(gradient, np.ndarray) and gradient.dtype.kind in "iuf" and gradient.size == np.size(at[name]):
            true = expected(name)
            with np.errstate(over="ignore", invalid="ignore"):
                own = gradient.reshape(true.shape).astype(np.float64)
                size = float(np.linalg.norm(own) + np.linalg.norm(true))
                errors[label.format(name)] = float(np.linalg.norm(own - true)) / size if size else 0.0
    show_errors(errors, rtol)


def _direction(arrays: Mapping[str, Array], rng: np.random.Generator) -> dict[str, Array]:
    """Draw a unit vector through the joint space of `arrays`."""
    draw = {name: rng.standard_normal(array.shape) for name, array in arrays.items()}
    length = np.sqrt(sum(dot(part, part) for part in draw.values()))
    return {name: part / length for name, part in draw.items()}


def _slope(gradients: Mapping[str, Array], direction: Mapping[str, Array]) -> float:
    return sum(dot(gradient, direction[name]) for name, gradient in gradients.items())


def _typical(gradients: Mapping[str, Array]) -> float:
    """Return the typical slope along a unit vector, ``|g| / sqrt(n)``."""
    size = sum(gradient.size for gradient in gradients.values())
    return float(np.sqrt(sum(dot(gradient, gradient) for gradient in gradients.values()) / size))


def _agree(slopes: Sequence[_Slope], typical: float, rtol: float) -> bool:
    if not np.isfinite(typical):  # else entries of 1e200 would make the tolerance infinite
        return False
    return all(
        bool(np.isfinite(true)) and abs(given - true) <= rtol * max(abs(true), typical) for given, true in slopes
    )


def _error(slopes: Sequence[_Slope], size: int) -> float:
    """Estimate the norm of the error of a gradient with `size` entries."""
    return float(np.sqrt(size)) * max(abs(given - true) for given, true in slopes)


def _relative(slopes: Sequence[_Slope], typical: float) -> float:
    """Return the largest error of slopes in proportion to what they should be."""
    return max(abs(given - true) / max(abs(true), typical, 1e-300) for given, true in slopes)


def _common_factor(slopes: Sequence[_Slope]) -> str:
    """Name the factor if all slopes are too large by the same simple one."""
    factors = [given / true for given, true in slopes if true]
    return factor_in_words(factors[0]) if factors and np.allclose(factors, factors[0], rtol=1e-4) else ""
