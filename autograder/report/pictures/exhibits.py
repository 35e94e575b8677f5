"""Pictures of exhibits: what a failed check has noted."""

from __future__ import annotations

import math
from collections.abc import Iterator

from markupsafe import Markup

from autograder.report.pictures.charts import Bar, bars, curve, histogram
from autograder.report.pictures.svg import drawing, rect
from autograder.report.pictures.svg import line as svg_line
from autograder.results import ExhibitResult

_WIDTH = 480.0
_SMALLEST, _LARGEST = 6.0, 24.0  # sides of a cell
_GAP = 4.0  # between images
_MOST_TITLES = 300  # cells with words of their own
_FAINTEST = 0.35
_LEAST_EXPONENT = -12.0  # of errors that are told apart


def picture(exhibit: ExhibitResult) -> Markup:
    """Return the picture of an exhibit."""
    if exhibit.kind == "difference":
        return _cells(exhibit, list(_differences(exhibit)))
    if exhibit.kind == "mask":
        return _cells(exhibit, [(row, column, "kept", 1.0, "") for row, column, value in _values(exhibit) if value])
    if exhibit.kind == "errors":
        return _errors(exhibit)
    if exhibit.kind == "spread":
        given = [value or 0.0 for value in exhibit.values]
        return histogram(given, exhibit.labels, caption(exhibit), exhibit.expected)
    count = exhibit.shape[0] if exhibit.shape else len(exhibit.values)
    return curve(exhibit.values, caption(exhibit), str(count))


def caption(exhibit: ExhibitResult) -> str:
    """Return in words what the picture of an exhibit shows."""
    name, values = exhibit.name, [value for _, _, value in _values(exhibit)]
    if exhibit.kind == "difference":
        wrong = [value for value in values if value != 0]
        largest = max((abs(value) for value in wrong if value is not None), default=0.0)
        size = f", by up to {largest:.3g}" if largest else ""
        none = " There is no finite number where it is crossed out." if None in wrong else ""
        where = f"Where {name}, {_shape(exhibit)}, is too large, too small or right{size}: "
        return f"{where}{len(wrong)} of {len(values)} squares are wrong.{_blocks(exhibit)}{none}"
    if exhibit.kind == "mask":
        kept = sum(1 for value in values if value) / len(values)
        part = "" if len(values) == math.prod(exhibit.shape) else f", of which this is a corner of {_size(exhibit)}"
        return f"What {name}, {_shape(exhibit)}{part}, keeps and drops: {kept:.0%} are kept here."
    if exhibit.kind == "errors":
        each = ", ".join(
            f"{label} {_error(value)}" for label, value in zip(exhibit.labels, exhibit.values, strict=True)
        )
        return f"Relative error of {name}, right up to {exhibit.limit:.0e}: {each}."
    if exhibit.kind == "spread":
        return f"How the {math.prod(exhibit.shape)} numbers of {name} are spread (bars), and how they should be (line)."
    return f"{name}, {exhibit.shape[0] if exhibit.shape else len(exhibit.values)} numbers one after the other."


def _values(exhibit: ExhibitResult) -> Iterator[tuple[int, int, float | None]]:
    for row, cells in enumerate(exhibit.cells):
        for column, value in enumerate(cells):
            yield row, column, value


def _differences(exhibit: ExhibitResult) -> Iterator[tuple[int, int, str, float, str]]:
    """Yield row, column, class, opacity and words of what is wrong."""
    largest = max((abs(value) for _, _, value in _values(exhibit) if value), default=0.0)
    few = sum(map(len, exhibit.cells)) <= _MOST_TITLES
    for row, column, value in _values(exhibit):
        if value is None:
            yield row, column, "nonfinite", 1.0, "not a finite number" if few else ""
        elif value:
            words = f"{abs(value):.3g} too {'large' if value > 0 else 'small'}" if few else ""
            yield row, column, "high" if value > 0 else "low", _FAINTEST + (1 - _FAINTEST) * abs(value) / largest, words


def _cells(exhibit: ExhibitResult, marked: list[tuple[int, int, str, float, str]]) -> Markup:
    """Return a table of cells, images apart from each other, with some of them marked."""
    rows, columns = len(exhibit.cells), max(map(len, exhibit.cells), default=0)
    side = min(_LARGEST, max(_SMALLEST, _WIDTH / max(columns, 1)))
    height, width = exhibit.tile or (rows, columns)

    def x(column: int) -> float:
        return column * side + column // width * _GAP

    def y(row: int) -> float:
        return row * side + row // height * _GAP

    parts = [
        rect(x(column), y(row), min(width, columns - column) * side, min(height, rows - row) * side, "ground")
        for row in range(0, rows, height)
        for column in range(0, columns, width)
    ]
    line = 1.0 if side > 8 else 0.5
    for row, column, kind, opacity, words in marked:
        parts.append(rect(x(column), y(row), side - line, side - line, kind, opacity, words))
        if kind == "nonfinite":
            left, top, end = x(column), y(row), side - line
            parts.append(svg_line(left, top, left + end, top + end, "cross"))
            parts.append(svg_line(left, top + end, left + end, top, "cross"))
    return drawing(x(columns - 1) + side, y(rows - 1) + side, caption(exhibit), parts)


def _errors(exhibit: ExhibitResult) -> Markup:
    each = [
        Bar(label, _length(value), _error(value), "wrong" if value is None or value > exhibit.limit else "right")
        for label, value in zip(exhibit.labels, exhibit.values, strict=True)
    ]
    return bars(each, caption(exhibit), _length(exhibit.limit), f"right up to {exhibit.limit:.0e}")


def _length(error: float | None) -> float:
    """Return the length of an error's bar on a scale of powers of ten."""
    if error is None:
        return 1.0
    exponent = math.log10(error) if error > 0 else _LEAST_EXPONENT
    return min(1.0, max(0.0, 1 - exponent / _LEAST_EXPONENT))


def _error(value: float | None) -> str:
    return "no number" if value is None else f"{value:.1e}" if value else "0"


def _shape(exhibit: ExhibitResult) -> str:
    return " x ".join(map(str, exhibit.shape)) + (" entries" if len(exhibit.shape) == 1 else "")


def _size(exhibit: ExhibitResult) -> str:
    return f"{len(exhibit.cells)} x {len(exhibit.cells[0])}"


def _blocks(exhibit: ExhibitResult) -> str:
    entries = math.prod(exhibit.shape) / max(sum(map(len, exhibit.cells)), 1)
    return f" Each stands for the worst of about {entries:.0f} entries." if entries > 1 else ""
