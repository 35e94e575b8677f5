"""Individual extensions: a table of who has how much more time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError, nearest
from autograder.intake import HandIn, Roster
from autograder.late import Extension
from autograder.moments import moment
from autograder.tables import Row, read_table, same
from autograder.text import one_line

_COLUMNS = {"student", "assignment", "due", "days", "slip days"}
_MOST_DAYS = 366


@dataclass(frozen=True, kw_only=True)
class Extensions:
    """Extensions for one assignment by who has them, as the table says it."""

    by_student: Mapping[str, Extension]
    roster: Roster | None = None

    def of(self, hand_in: HandIn) -> Extension | None:
        """Return a student's extension: the table may name the student as results, the roster or the system do."""
        mine = {same(alias) for alias in (hand_in.student, hand_in.id, hand_in.email) if alias}
        for alias, extension in self.by_student.items():
            if alias in mine or (hand_in.enrolled and self.roster and self.roster.by_account(alias) == hand_in.student):
                return extension
        return None

    def unused(self, hand_ins: Collection[HandIn]) -> list[str]:
        """Return who has an extension and no hand-in."""
        used = {id(self.of(hand_in)) for hand_in in hand_ins}
        return [alias for alias, extension in self.by_student.items() if id(extension) not in used]


def read_extensions(path: Path, assignment: str, known: Collection[str], roster: Roster | None = None) -> Extensions:
    """Read the extensions for an assignment from a CSV file; UsageError with the line of a mistake.

    Columns: ``student``; ``due``, a time with its offset, or ``days``; ``slip_days`` on top of the course's; and
    ``assignment``, which is blank where a row is for all.
    """
    found: dict[str, Extension] = {}
    for line, row in read_table(path):
        place = f"{one_line(str(path))}:{line}"
        extension = _extension(row, place, known)
        if row.get("assignment", "") in ("", assignment):
            student = same(row["student"])
            if student in found:
                raise UsageError(f"{place}: {one_line(row['student'])} has another row for {assignment}: keep one")
            found[student] = extension
    return Extensions(by_student=found, roster=roster)


def _extension(row: Row, place: str, known: Collection[str]) -> Extension:
    for column in filter(None, row):
        if column not in _COLUMNS:
            raise UsageError(f"{place}: unknown column {one_line(column)!r}{nearest(column, _COLUMNS)}")
    if not row.get("student"):
        raise UsageError(f"{place}: no student: fill in the column student")
    name = row.get("assignment", "")
    if name and name not in known:
        raise UsageError(f"{place}: no assignment {one_line(name)!r} in course.yaml{nearest(name, known)}")
    try:
        due = moment(row["due"]) if row.get("due") else None
    except ValueError as error:
        raise UsageError(f"{place}: due: expected a time with its offset, such as 2026-11-30T23:59:00-08:00") from error
    return Extension(due=due, days=_count(row, "days", place), slip_days=_count(row, "slip days", place))


def _count(row: Row, column: str, place: str) -> int:
    text = row.get(column) or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= _MOST_DAYS):
        raise UsageError(
            f"{place}: {column}: expected a whole number of days, up to {_MOST_DAYS}, not {one_line(text)!r}"
        )
    return int(text)
