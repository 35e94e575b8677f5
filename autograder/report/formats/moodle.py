"""Moodle's offline grading worksheet, to be uploaded there: the file that was downloaded, with grades and feedback.

Moodle translates the names of columns, so they are known by where they are and what is in them too: the participant's
number is at the end of the first column, the grade is before the maximum, which is the same everywhere. Rows above the
maximum are skipped by Moodle without a word, so what exceeds it is taken off, and the feedback says so. Nothing
but grades and feedback is changed.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.report import lms, plain
from autograder.report.audience import shown
from autograder.report.class_results import ClassResults
from autograder.results import Result
from autograder.scoring import points_text
from autograder.tables import column_name, read_lines
from autograder.text import one_line

_PARTICIPANT = re.compile(r"\d+$")
_DECIMAL = re.compile(r"^-?\d+([.,]\d+)?$")
_FEEDBACK = ("feedback comments",)


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Where in a worksheet things are; -1 for what is not there."""

    grade: int
    maximum: int
    feedback: int


def write(results: ClassResults) -> Iterator[Path]:
    """Write ``moodle.csv``."""
    file = results.options.moodle_worksheet
    if file is None:
        raise UsageError("moodle needs the grading worksheet that was downloaded there: --moodle-worksheet FILE")
    found = read_lines(file)
    header, *rows = [list(cells) for _, cells in found.lines] or [[]]
    columns = _columns(file, header, rows)
    lines = [_line(place, cells, columns) for place, cells in enumerate(rows)]
    joined = lms.join(results.results, lines, results.options.roster)
    results.notes.extend(joined.notes)
    for place, result in sorted(joined.by_place.items()):
        _fill(results, result, rows[place], columns)
    text = io.StringIO()
    csv.writer(text, delimiter=found.delimiter, lineterminator="\n").writerows([header, *rows])
    yield results.write("moodle.csv", "\ufeff" * found.mark + text.getvalue())


def _fill(results: ClassResults, result: Result, cells: list[str], columns: Columns) -> None:
    decimal = "," if "," in cells[columns.maximum] else "."
    maximum = _value(cells[columns.maximum])
    score = lms.points(results, result, maximum)
    if isinstance(score, str):
        results.notes.append(f"{one_line(result.student)}: {score}")
        return
    above = max(0.0, score - maximum)
    if above:
        results.notes.append(f"{one_line(result.student)}: {points_text(above)} above the maximum are left out")
    cells[columns.grade] = lms.number(score - above, decimal)
    if columns.feedback >= 0:
        cells[columns.feedback] = feedback(results, result, above)


def feedback(results: ClassResults, result: Result, above: float) -> str:
    """Return what a student reads beside the grade, as the HTML that Moodle takes."""
    view = shown(result, results.course)
    lines = plain.overview(view).splitlines()
    if above:
        without = f"its grade is without {points_text(above)} of these"
        lines.append(f"Moodle takes no more than its maximum: {without}.")
    for question in view.questions:
        if question.points is not None:
            failed = [check.title for check in question.checks if not check.passed]
            points = plain.scored(question.points, question.max_points)
            lines.append(f"{question.title}: {points}" + (f"; not passed: {', '.join(failed)}" if failed else ""))
    return "".join(f"<p>{html.escape(one_line(text, 1000))}</p>" for text in lines)


def _line(place: int, cells: Sequence[str], columns: Columns) -> lms.Line:
    """Return a line: the participant's number, and whatever else stands before the status identifies or names."""
    number = _PARTICIPANT.search(cells[0].strip())
    before = [cell.strip() for cell in cells[1 : columns.grade]]
    accounts = [number[0] if number else "", *(cell for cell in before[1:3] if cell and " " not in cell)]
    return lms.line(place, f"{cells[0]} {before[0] if before else ''}".strip(), accounts, before[:1])


def _columns(file: Path, header: Sequence[str], rows: list[list[str]]) -> Columns:
    names = [column_name(cell) for cell in header]
    for cells in rows:
        cells += [""] * (len(header) - len(cells))
    if not rows or not all(_PARTICIPANT.search(cells[0].strip()) for cells in rows):
        raise UsageError(
            f"{one_line(str(file))} is no grading worksheet of Moodle: its first column has no participants"
        )
    maximum = names.index("maximum grade") if "maximum grade" in names else _maximum(file, header, rows)
    grade = names.index("grade") if "grade" in names else maximum - 1
    later = range(maximum + 1, len(header))
    feedback = [number for number in later if names[number] in _FEEDBACK]
    if not feedback and "grade" not in names:  # in another language: the column after the dates of submission and grade
        feedback = [number for number in later[-1:] if len(later) >= 4 and not any(map(_is_date, _cells(rows, number)))]
    if any(not _DECIMAL.match(cell) for cell in _cells(rows, maximum)):
        raise UsageError(f"{one_line(str(file))}: a maximum grade is no number: give the assignment points in Moodle")
    return Columns(grade=grade, maximum=maximum, feedback=feedback[0] if feedback else -1)


def _maximum(file: Path, header: Sequence[str], rows: list[list[str]]) -> int:
    """Return the column with the same number everywhere, before which there are grades."""
    fitting = [
        number
        for number in range(2, len(header))
        if len(values := set(_cells(rows, number))) == 1
        and _DECIMAL.match(next(iter(values)))
        and _value(next(iter(values))) > 0
        and all(cell in ("", "-") or _DECIMAL.match(cell) for cell in _cells(rows, number - 1))
    ]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(lms.columns(header))
    raise UsageError(f"{one_line(str(file))}: no column has the maximum grade; it has {known}")


def _cells(rows: list[list[str]], number: int) -> list[str]:
    return [cells[number].strip() for cells in rows]


def _is_date(cell: str) -> bool:
    return bool(re.search(r"\d{4}.*\d{1,2}[:.]\d{2}", cell))


def _value(cell: str) -> float:
    return float(cell.strip().replace(",", "."))
