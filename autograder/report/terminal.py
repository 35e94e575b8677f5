"""Results on a terminal: the class table at the end, and a result in few words.

Rich is imported only when something is shown, because the suite's process can start meanwhile. Names and
messages that students chose are never interpreted as markup.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import compress
from typing import TYPE_CHECKING

from autograder.rows import SUMMARY, Cell, Row
from autograder.scoring import points_text
from autograder.text import one_line, printable
from autograder.types import Fault, Verdict

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from autograder.course import Assignment, Question
    from autograder.grade import Graded

_PLAIN_WIDTH = 160  # of a table that goes to a file or a pipe
_MOST_REMARKS = 30
_STYLES = {Fault.STUDENT: "red", Fault.NOBODY: "yellow", Fault.INSTRUCTOR: "magenta", Fault.GRADER: "magenta"}


def show_class(graded: Graded, assignment: Assignment) -> None:
    """Print the class table, what its numbers leave out, remarks on hand-ins, and what was written where."""
    from rich.console import Console

    console = Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else _PLAIN_WIDTH)
    console.print(class_table(graded.rows, assignment))
    shown = [printable(remark) for remark in graded.remarks[:_MOST_REMARKS]]
    if len(graded.remarks) > _MOST_REMARKS:
        shown.append(f"... and {len(graded.remarks) - _MOST_REMARKS} more remarks, in the results")
    written = f"wrote {len(graded.rows)} results and {SUMMARY} to {printable(str(graded.folder))}"
    for line in [*shown, *_notes(graded, assignment), written]:
        console.print(line, markup=False, soft_wrap=True)


def class_table(rows: Sequence[Row], assignment: Assignment) -> Table:
    """Return the table of a class, a row for each student by name and a column for each automatic question."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("student", overflow="fold", min_width=8)
    automatic = [question for question in assignment.questions.values() if not question.manual]
    columns = zip(*(row.cells for row in rows), strict=True)
    shown = [any(cell.max_points or cell.bonus for cell in cells) for cells in columns]
    for question in compress(automatic, shown):  # no column for a bonus that nobody tried for
        table.add_column(_heading(question), justify="right")
    table.add_column(Text(f"total\n/{points_text(rows[0].max_score)}"), justify="right")
    table.add_column("", overflow="fold")
    for row in sorted(rows, key=lambda row: row.student.casefold()):
        cells = map(_cell, compress(row.cells, shown))
        table.add_row(Text(row.student), *cells, Text(total(row), "bold"), _flags(row))
    return table


def flag(row: Row) -> str:
    """Return what there is to say of a result in a few words."""
    if row.status == "unusable":
        return one_line(row.reason, 120)
    verdicts = [f"{count} {_word(verdict)}" for verdict, count in row.verdicts]
    return ", ".join(verdicts) if [verdict for verdict, _ in row.verdicts] != [Verdict.PASSED] else "all passed"


def _flags(row: Row) -> Text:
    from rich.text import Text

    worst = max((verdict for verdict, _ in row.verdicts), key=list(Verdict).index, default=Verdict.PASSED)
    return Text(flag(row), "green" if worst is Verdict.PASSED else _STYLES[worst.fault])


def _cell(cell: Cell) -> Text:
    from rich.text import Text

    text = points_text(cell.points, cell.max_points)
    if cell.bonus:
        text += f"+{points_text(cell.bonus)}"
    if cell.points is None:
        return Text(text, "magenta")
    return Text(text, "green" if cell.points >= cell.max_points else "red" if not cell.points else "yellow")


def _heading(question: Question) -> Text:
    """Return a question's name, broken at its underscores to keep the column narrow, above its points."""
    from rich.text import Text

    return Text("\n".join([*question.name.split("_"), f"/{points_text(question.points)}"]))


def total(row: Row) -> str:
    """Return the points of a result, and its bonus."""
    bonus = f"+{points_text(row.bonus)}" if row.bonus else ""
    return points_text(row.score, row.max_score) + bonus


def _notes(graded: Graded, assignment: Assignment) -> list[str]:
    notes = []
    manual = [question for question in assignment.questions.values() if question.manual]
    if manual:
        points = points_text(sum(question.points for question in manual))
        names = ", ".join(question.name for question in manual)
        notes.append(f"{points} of the {points_text(graded.rows[0].max_score)} points are graded by hand: {names}")
    ungraded = sorted({name for row in graded.rows for name in row.ungraded})
    if ungraded:
        notes.append(f"- not graded, through no fault of the student: {', '.join(ungraded)}")
    if graded.reused:
        notes.append(f"{graded.reused} of them graded before, or equal to others: --fresh grades them again")
    notes.append(f"isolation: {', '.join(sorted({row.isolation for row in graded.rows}))}")
    return notes


def _word(verdict: Verdict) -> str:
    return verdict.value.replace("_", " ")
