"""Canvas's gradebook, to be imported there: the assignment's column of a file that was downloaded from it.

Canvas finds an assignment by the number in its column's title, and makes a new one where it knows neither number nor
title; so a column is taken over as it is, number and all. Only students with a score are in the file: what is not
in it stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.errors import UsageError
from autograder.report import lms
from autograder.report.class_results import ClassResults
from autograder.report.formats.csv import table
from autograder.tables import column_name, read_lines
from autograder.text import one_line

_STUDENT = ("student", "id", "sis user id", "sis login id", "integration id", "root account", "section")
_POINTS_POSSIBLE = "points possible"
_NUMBERED = re.compile(r"^(?P<title>.*) \((?P<id>\d+)\)$")


def write(results: ClassResults) -> Iterator[Path]:
    """Write ``canvas.csv``."""
    file = results.options.canvas_gradebook
    if file is None:
        raise UsageError("canvas needs the gradebook that was downloaded there: --canvas-gradebook FILE")
    lines = [cells for _, cells in read_lines(file).lines]
    header = lines[0] if lines else []
    names = [column_name(cell) for cell in header]
    if "student" not in names or "id" not in names or "section" not in names:
        raise UsageError(f"{one_line(str(file))} is no gradebook of Canvas: it has no columns Student, ID and Section")
    kept = [names.index(name) for name in _STUDENT if name in names]
    column = _column(results, header, kept)
    top = next((number for number, cells in enumerate(lines) if _cell(cells, 0).casefold() == _POINTS_POSSIBLE), None)
    if top is None:
        raise UsageError(f"{one_line(str(file))} has no line Points Possible: download the gradebook again")
    maximum = _number(file, header[column], _cell(lines[top], column))
    scores = _scores(results, names, lines[top + 1 :], maximum)
    rows = [lines[top], *(cells for cells, _ in scores)]
    points = [_cell(lines[top], column), *(score for _, score in scores)]
    chosen = ([*(_raw(cells, place) for place in kept), score] for cells, score in zip(rows, points, strict=True))
    yield results.write("canvas.csv", table([header[place] for place in [*kept, column]], chosen))


def _scores(
    results: ClassResults, names: Sequence[str], students: Sequence[Sequence[str]], maximum: float
) -> list[tuple[Sequence[str], str]]:
    """Return the lines of those who have a score, with it."""
    lines = [_line(place, names, cells) for place, cells in enumerate(students)]
    joined = lms.join(results.results, lines, results.options.roster)
    results.notes.extend(joined.notes)
    found = []
    for place, result in sorted(joined.by_place.items()):
        score = lms.points(results, result, maximum)
        if isinstance(score, str):
            results.notes.append(f"{one_line(result.student)}: {score}")
        else:
            found.append((students[place], lms.number(score)))
    return found


def _line(place: int, names: Sequence[str], cells: Sequence[str]) -> lms.Line:
    cell = {name: _cell(cells, number) for number, name in enumerate(names)}
    accounts = [cell.get(name, "") for name in ("id", "sis user id", "sis login id", "integration id")]
    return lms.line(place, cell["student"], accounts, [cell["student"]])


def _column(results: ClassResults, header: Sequence[str], kept: Sequence[int]) -> int:
    """Return the assignment's column: the one that was named, else the one with its title or name."""
    found = {number: match for number, cell in enumerate(header) if (match := _NUMBERED.match(cell.strip()))}
    wanted = results.options.column
    titles = {wanted} if wanted else {results.assignment.title, results.assignment.name}
    folded = {title.casefold() for title in titles}
    fitting = [
        number
        for number, match in found.items()
        if number not in kept and {match["title"].casefold(), match["id"], match[0].casefold()} & folded
    ]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(one_line(match[0], 60) for match in found.values()) or "none with a number"
    what = f"no column {wanted!r}" if wanted else f"no column, or more than one, for {results.assignment.title!r}"
    raise UsageError(f"{what}: name one with --column, by its title or number; the gradebook has {known}")


def _number(file: Path, column: str, text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        what = f"{one_line(str(file))}: {one_line(column, 60)} has no points possible"
        raise UsageError(f"{what}, but {one_line(text, 30)!r}: give the assignment points in Canvas") from error


def _cell(cells: Sequence[str], place: int) -> str:
    return _raw(cells, place).strip()


def _raw(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""
