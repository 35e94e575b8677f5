"""What a failed check shows in a picture: small data, whatever the size of what it is about.

A check notes exhibits as it goes along; they are kept where it fails. Only what fits on a page is noted: an array
becomes at most `ROWS` by `COLUMNS` cells, each of which stands for a block of entries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .recorder import note_exhibit

Array = npt.NDArray[np.float64]

ROWS, COLUMNS = 20, 40
_POINTS = 100  # of a curve
_BINS = 21
_WIDEST = 1e4  # standard deviations


class Exhibit(NamedTuple):
    """Data for one picture; which of it there is depends on `kind`.

    difference: `cells` with what was given minus what was expected, 0 where that is right, None where no number
    was given. mask: `cells` with the part that is kept. errors: `values` by `labels`, None where there is none, and
    the `limit` up to which they are right. spread: `values` and `expected`, parts that lie in bins whose middles are
    the `labels`. curve: `values` one after the other.
    """

    kind: str
    name: str  # what it is of, such as dx
    shape: tuple[int, ...] = ()  # of the array that cells stand for
    tile: tuple[int, ...] = ()  # rows and columns of cells of an image, where there are images
    cells: tuple[tuple[float | None, ...], ...] = ()
    labels: tuple[str, ...] = ()
    values: tuple[float | None, ...] = ()
    expected: tuple[float, ...] = ()
    limit: float = 0.0


def show_difference(values: Array, wanted: Array, wrong: npt.NDArray[np.bool_], name: str) -> None:
    """Note where `values` differ from `wanted`, of the same shape; `wrong` says where that is too much."""
    if values.ndim == 0 or not values.size:
        return
    with np.errstate(over="ignore", invalid="ignore"):
        difference = np.where(wrong, values - wanted, 0.0)
    grid, tile = _flat(difference)
    cells, tile = _blocks(grid, tile, _worst)
    note_exhibit(Exhibit("difference", name, values.shape, tile, cells))


def show_mask(kept: npt.ArrayLike, name: str = "mask") -> None:
    """Note which entries of an array a mask keeps: those that are not 0.

    Parameters
    ----------
    kept : array_like
        The mask, or what it made of ones.
    """
    mask = (np.asarray(kept) != 0).astype(np.float64)
    if mask.ndim == 0 or not mask.size:
        return
    grid, tile = _flat(mask)
    # Blocks of a large mask would all look alike: of that, a corner is shown entry by entry.
    note_exhibit(Exhibit("mask", name, mask.shape, tile, _numbers(grid[:ROWS, :COLUMNS])))


def show_errors(errors: Mapping[str, float | None], limit: float, name: str = "gradients") -> None:
    """Note the relative error of each of several arrays; None for one that is not even of the right shape."""
    note_exhibit(
        Exhibit("errors", name, labels=tuple(errors), values=tuple(map(_number, errors.values())), limit=limit)
    )


def show_spread(values: Array, mean: float, std: float, name: str) -> None:
    """Note how numbers are spread that should be normal with this mean and standard deviation."""
    widest = max(4 * std, float(np.abs(values - mean).max()) if values.size else 0.0)
    if widest > _WIDEST * std:  # all but one bin would be empty
        return
    edges = np.linspace(mean - widest, mean + widest, _BINS + 1)
    middles, width = (edges[1:] + edges[:-1]) / 2, edges[1] - edges[0]
    density = np.exp(-(((middles - mean) / std) ** 2) / 2) / (std * np.sqrt(2 * np.pi))
    counts, _ = np.histogram(values, edges)
    note_exhibit(
        Exhibit(
            "spread",
            name,
            values.shape,
            labels=tuple(f"{middle:.3g}" for middle in middles),
            values=tuple(_rounded(counts / max(values.size, 1))),
            expected=tuple(_rounded(np.minimum(density * width, 1.0))),
        )
    )


def show_curve(values: Sequence[float] | Array, name: str) -> None:
    """Note numbers that belong one after the other, such as losses during training."""
    array = np.asarray(values, dtype=np.float64)
    step = -(-len(array) // _POINTS) or 1
    note_exhibit(Exhibit("curve", name, array.shape, values=tuple(map(_number, array[::step]))))


def _flat(array: Array) -> tuple[Array, tuple[int, ...]]:
    """Return an array as a table, images beside and below each other, with the size of an image.

    (N, D) stays as it is; (N, C, H, W) becomes N rows of C images; what has more dimensions is a batch of these.
    """
    if array.ndim <= 2:
        return array.reshape(-1, array.shape[-1]), ()
    channels, height, width = array.shape[-3:]
    images = array.reshape(-1, channels, height, width).transpose(0, 2, 1, 3)
    return images.reshape(-1, channels * width), (height, width)


def _blocks(grid: Array, tile: tuple[int, ...], reduce: Any) -> tuple[Any, tuple[int, ...]]:
    """Return a table that is small enough, each cell made of a block by `reduce`."""
    rows, columns = (-(-length // most) for length, most in zip(grid.shape, (ROWS, COLUMNS), strict=True))
    if (rows, columns) == (1, 1):
        return _numbers(grid), tile
    parts = [np.array_split(strip, -(-grid.shape[1] // columns), axis=1) for strip in _strips(grid, rows)]
    return _numbers(np.array([[reduce(block) for block in strip] for strip in parts])), ()


def _strips(grid: Array, rows: int) -> list[Array]:
    return np.array_split(grid, -(-grid.shape[0] // rows), axis=0)


def _worst(block: Array) -> float:
    """Return the entry that is farthest from 0, or NaN if one is no number."""
    return float(block.flat[int(np.argmax(np.where(np.isfinite(block), np.abs(block), np.inf)))])


def _numbers(grid: Array) -> tuple[tuple[float | None, ...], ...]:
    return tuple(tuple(map(_number, row)) for row in grid)


def _number(value: float | None) -> float | None:
    """Return a number with 3 digits, which is all that a picture can show, or None if it is not finite."""
    return float(f"{value:.3g}") if value is not None and np.isfinite(value) else None


def _rounded(values: Array) -> list[float]:
    return [float(f"{value:.3g}") for value in values]
