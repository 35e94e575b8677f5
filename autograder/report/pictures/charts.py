"""Charts: bars, histograms, curves, and an accuracy with its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from autograder.report.pictures.svg import circle, drawing, line, path, rect, text
from autograder.results import MeasurementResult

_WIDTH = 480.0
_LETTER = 7.0  # width of a character, about


class Bar(NamedTuple):
    """One bar of several: `part` is its length, from 0 to 1."""

    label: str
    part: float
    words: str  # what it stands for
    kind: str = "bar"


def bars(each: Sequence[Bar], label: str, mark: float | None = None, mark_words: str = "") -> Markup:
    """Return horizontal bars below each other, with a line across all of them at `mark`."""
    left = min(160.0, max(len(bar.label) for bar in each) * _LETTER + 12)
    right = max(len(bar.words) for bar in each) * _LETTER + 12
    width, height, top = _WIDTH - left - right, 22.0, 18.0 if mark is not None else 4.0
    parts = []
    for number, bar in enumerate(each):
        y = top + number * height
        parts.append(text(left - 8, y + 15, bar.label, "label", "end"))
        parts.append(rect(left, y + 3, width, height - 6, "rail"))
        parts.append(rect(left, y + 3, max(bar.part, 0.005) * width, height - 6, bar.kind))
        parts.append(text(left + width + 8, y + 15, bar.words, "number"))
    if mark is not None:
        x = left + mark * width
        parts.append(line(x, top - 2, x, top + len(each) * height, "limit"))
        parts.append(text(x, top - 6, mark_words, "note", "middle"))
    return drawing(_WIDTH, top + len(each) * height + 4, label, parts)


def histogram(
    given: Sequence[float], labels: Sequence[str], label: str, expected: Sequence[float] = (), words: Sequence[str] = ()
) -> Markup:
    """Return upright bars side by side, with steps for what was expected; `words` are told of each bar."""
    highest = max([*given, *expected, 0.0]) or 1.0
    top, bottom, height = 8.0, 20.0, 140.0
    step = _WIDTH / len(given)
    parts = [line(0, top + height, _WIDTH, top + height, "axis")]
    for number, value in enumerate(given):
        size = height * value / highest
        title = words[number] if words else ""
        parts.append(rect(number * step + 1, top + height - size, step - 2, size, "bar", title=title))
    if expected:
        tops = [(number, top + height - height * value / highest) for number, value in enumerate(expected)]
        parts.append(path([point for n, y in tops for point in ((n * step, y), ((n + 1) * step, y))], "expected"))
    every = max(1, math.ceil(len(labels) * max(len(each) for each in labels) * _LETTER * 1.3 / _WIDTH))
    for number in range(0, len(labels), every):
        half = len(labels[number]) * _LETTER / 2 + 4
        x = min(max((number + 0.5) * step, half), _WIDTH - half)  # the last one is to be seen as a whole
        parts.append(text(x, top + height + 15, labels[number], "number", "middle"))
    return drawing(_WIDTH, top + height + bottom, label, parts)


def curve(values: Sequence[float | None], label: str, last: str = "") -> Markup:
    """Return a line through numbers, one after the other, with gaps where there is none; `last` labels their end."""
    finite = [value for value in values if value is not None]
    if not finite:
        return drawing(_WIDTH, 30, label, [text(0, 20, "no finite numbers", "note")])
    low, high = min(finite), max(finite)
    left, top, height = 64.0, 10.0, 130.0
    step = (_WIDTH - left - 10) / max(len(values) - 1, 1)

    def point(number: int, value: float) -> tuple[float, float]:
        share = (value - low) / (high - low) if high > low else 0.5
        return left + number * step, top + height * (1 - share)

    parts = [line(left, top, left, top + height, "axis"), line(left, top + height, _WIDTH, top + height, "axis")]
    parts += [path(piece, "curve") for piece in _pieces(values, point)]
    parts += [text(left - 6, top + 10, f"{high:.3g}", "number", "end"), text(left, top + height + 16, "0", "number")]
    if high > low:
        parts.append(text(left - 6, top + height, f"{low:.3g}", "number", "end"))
    parts.append(text(_WIDTH, top + height + 16, last or str(len(values)), "number", "end"))
    return drawing(_WIDTH, top + height + 22, label, parts)


def _pieces(values: Sequence[float | None], point: object) -> list[list[tuple[float, float]]]:
    pieces: list[list[tuple[float, float]]] = [[]]
    for number, value in enumerate(values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(point(number, value))  # type: ignore[operator]
    return [piece if len(piece) > 1 else piece * 2 for piece in pieces if piece]


def accuracy(measured: MeasurementResult) -> Markup:
    """Return a line from 0% to 100% with the interval that an accuracy lies in, and what of it counts."""
    left, width, y = 10.0, _WIDTH - 20, 26.0

    def at(value: float) -> float:
        return left + width * min(max(value, 0.0), 1.0)

    words = f"{measured.metric} {measured.estimate:.1%}, between {measured.low:.1%} and {measured.high:.1%}"
    parts = [
        rect(left, y - 3, width, 6, "rail"),
        rect(at(measured.low), y - 3, at(measured.high) - at(measured.low), 6, "bar"),
    ]
    parts.append(circle(at(measured.estimate), y, 5, "dot"))
    if measured.claimed is not None:
        parts.append(line(at(measured.claimed), y - 10, at(measured.claimed), y + 10, "limit"))
        words += f"; your notebook says {measured.claimed:.1%}"
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(
            text(
                at(value), y + 24, f"{value:.0%}", "number", "start" if not value else "end" if value == 1 else "middle"
            )
        )
    return drawing(_WIDTH, y + 30, words, parts)
