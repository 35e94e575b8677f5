"""Tables for whoever grades: grades.csv, a line for each student, and checks.csv, a line for each check of each.

They hold hidden checks with their messages, and are not for students.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.report.class_results import ClassResults
from autograder.results import Result
from autograder.text import as_cell, one_line

_CHECKS = ("student", "question", "check", "verdict", "points", "max_points", "visible", "seconds", "message")


def write(results: ClassResults) -> Iterator[Path]:
    """Write ``grades.csv`` and ``checks.csv``."""
    names = list(results.assignment.questions)
    totals = ("score", "max_score", "bonus", "late_days", "penalty", "final", "status")
    grades = (_grades(result, names) for result in results.results)
    yield results.write("grades.csv", table(("student", *names, *totals), grades))
    checks = (line for result in results.results for line in _checks(result))
    yield results.write("checks.csv", table(_CHECKS, checks))


def table(header: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    """Return lines as CSV in which no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([as_cell(cell) for cell in line] for line in lines)
    return text.getvalue()


def number(value: float | None) -> str:
    """Return a number without rounding errors; nothing for what is not graded."""
    return "" if value is None else format(round(value, 6) + 0.0, ".12g")


def _grades(result: Result, names: list[str]) -> Iterator[str]:
    points = {question.name: question.points for question in result.questions}
    yield result.student
    yield from (number(points.get(name)) for name in names)
    late = result.late
    yield from map(number, (result.score, result.max_score, result.bonus, late.days, late.penalty, result.final))
    yield result.status


def _checks(result: Result) -> Iterator[tuple[str, ...]]:
    for question in result.questions:
        for check in question.checks:
            numbers = (number(check.points), number(check.max_points))
            visible = "yes" if check.visible else "no"
            told = (visible, number(check.seconds), one_line(check.message))
            yield result.student, question.name, check.name, check.verdict.value, *numbers, *told
