"""What is kept in memory of each result while a class is graded, and the summary that is made of that.

A result can be long, with all that a student's code printed; a row is short, whatever the result says.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.results import QuestionResult, Result, Status
from autograder.text import as_cell, one_line
from autograder.types import Verdict
from autograder.writing import replace_file

SUMMARY = "summary.csv"
_HEADER = ("student", "score", "max_score", "bonus", "late_days", "penalty", "final", "status")
_MAX_REASON = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """What a question earned; `points` is None while it is not graded."""

    points: float | None
    max_points: float
    bonus: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A result in a line."""

    student: str
    score: float
    max_score: float
    bonus: float
    late_days: int
    penalty: float
    final: float | None
    status: Status
    isolation: str
    seconds: float
    automatic: tuple[float, float]  # points earned and possible on what the suite judged
    cells: tuple[Cell, ...]  # a question each, but for those that are graded by hand
    verdicts: tuple[tuple[Verdict, int], ...]  # how many checks have each, in the order of `Verdict`
    ungraded: tuple[str, ...]  # questions that the suite or the grader failed to judge
    reason: str  # why nothing, or not all, could be graded


def row(result: Result) -> Row:
    """Return what there is to say of a result in a line."""
    counts = Counter(_verdicts(result))
    return Row(
        student=result.student,
        score=result.score,
        max_score=result.max_score,
        bonus=result.bonus,
        late_days=result.late.days,
        penalty=result.late.penalty,
        final=result.final,
        status=result.status,
        isolation=result.isolation,
        seconds=result.seconds,
        automatic=result.automatic,
        cells=tuple(_cell(question) for question in result.questions if not question.manual),
        verdicts=tuple((verdict, counts[verdict]) for verdict in Verdict if counts[verdict]),
        ungraded=result.ungraded,
        reason=one_line(_reason(result), _MAX_REASON),
    )


def _verdicts(result: Result) -> Iterator[Verdict]:
    """Yield the verdicts of all checks but those that nobody asked for, such as of a bonus that was not tried for."""
    for question in result.questions:
        for check in question.checks:
            if question.max_points or check.verdict is not Verdict.UNCHECKED:
                yield check.verdict


def _cell(question: QuestionResult) -> Cell:
    return Cell(points=question.points, max_points=question.max_points, bonus=question.bonus)


def _reason(result: Result) -> str:
    if result.problem or not result.ungraded:
        return result.problem
    checks = (check for question in result.questions for check in question.checks)
    reasons = [f"{check.name}: {check.message}" for check in checks if not check.verdict.graded]
    return [*reasons, *(warning.message for warning in result.warnings), "no reason given"][0]


def write_summary(folder: Path, rows: Iterable[Row]) -> Path:
    """Write summary.csv, a line for each row by name of student, all of it or nothing."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    writer.writerows(_line(each) for each in sorted(rows, key=lambda each: each.student))
    return replace_file(folder / SUMMARY, text.getvalue().encode())


def _line(each: Row) -> tuple[str, ...]:
    final = "" if each.final is None else _number(each.final)
    numbers = (each.score, each.max_score, each.bonus, each.late_days, each.penalty)
    return as_cell(each.student), *map(_number, numbers), final, each.status


def _number(value: float) -> str:
    return format(round(value, 6), ".12g")
