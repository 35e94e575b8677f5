"""Results on a terminal: progress while a class is graded, and the class table at the end.

Rich is imported only when something is shown, because the suite's process can start meanwhile. Names and
messages that students chose are never interpreted as markup.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.results import SUMMARY, QuestionResult, Result
from autograder.scoring import points_text
from autograder.text import one_line, printable
from autograder.types import Fault, Verdict

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID
    from rich.table import Table
    from rich.text import Text

_PLAIN_WIDTH = 160  # of a table that goes to a file or a pipe
_MOST_REMARKS = 30
_STYLES = {Fault.STUDENT: "red", Fault.NOBODY: "yellow", Fault.INSTRUCTOR: "magenta", Fault.GRADER: "magenta"}


class Bar:
    """Progress as a bar, drawn when a result arrives and without a thread."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def begin(self, total: int) -> None:
        """Draw the empty bar."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
        self._progress = Progress(*columns, auto_refresh=False, transient=True)
        self._task = self._progress.add_task("", total=total)
        self._progress.start()
        self._progress.refresh()

    def finished(self, result: Result) -> None:
        """Advance the bar and name the student."""
        from rich.markup import escape

        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, advance=1, description=escape(result.student), refresh=True)

    def close(self) -> None:
        """Remove the bar."""
        if self._progress is not None:
            self._progress.stop()


class Lines:
    """Progress as a line for each result, for logs."""

    def __init__(self) -> None:
        self._total = 0
        self._done = 0

    def begin(self, total: int) -> None:
        """Remember how many there will be."""
        import rich.console
        import rich.table  # noqa: F401 -- both for the table at the end; the suite is collected meanwhile

        self._total = total

    def finished(self, result: Result) -> None:
        """Print a line."""
        self._done += 1
        width = len(str(self._total))
        words = f"{_total(result)} of {points_text(result.max_score)} ({flag(result)})"
        print(f"[{self._done:{width}}/{self._total}] {result.student}: {words}", flush=True)

    def close(self) -> None:
        """Do nothing more."""


class Silent:
    """No progress, where only the outcome is wanted."""

    def begin(self, total: int) -> None:
        """Print nothing."""

    def finished(self, result: Result) -> None:
        """Print nothing."""

    def close(self) -> None:
        """Do nothing more."""


def show_class(folder: Path, results: Sequence[Result], remarks: Sequence[str] = ()) -> None:
    """Print the class table, what its numbers leave out, remarks on hand-ins, and what was written where."""
    from rich.console import Console

    console = Console(highlight=False, width=None if sys.stdout.isatty() else _PLAIN_WIDTH)
    console.print(class_table(results))
    shown = [printable(remark) for remark in remarks[:_MOST_REMARKS]]
    if len(remarks) > _MOST_REMARKS:
        shown.append(f"... and {len(remarks) - _MOST_REMARKS} more remarks, in the results")
    written = f"wrote {len(results)} results and {SUMMARY} to {printable(str(folder))}"
    for line in [*shown, *_notes(results), written]:
        console.print(line, markup=False, soft_wrap=True)


def class_table(results: Sequence[Result]) -> Table:
    """Return the table of a class, a row for each student by name and a column for each automatic question."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("student", overflow="fold", min_width=8)
    shown = _shown(results)
    for question in results[0].questions:
        if question.name in shown:
            table.add_column(_heading(question), justify="right")
    table.add_column(Text(f"total\n/{points_text(results[0].max_score)}"), justify="right")
    table.add_column("", overflow="fold")
    for result in sorted(results, key=lambda result: result.student.casefold()):
        cells = [_cell(question) for question in result.questions if question.name in shown]
        table.add_row(Text(result.student), *cells, Text(_total(result), "bold"), _flags(result))
    return table


def _shown(results: Sequence[Result]) -> set[str]:
    """Return the questions that get a column: graded by checks, and worth something or somebody's bonus."""
    questions = (question for result in results for question in result.questions if not question.manual)
    return {question.name for question in questions if question.max_points or question.bonus or not question.checks}


def flag(result: Result) -> str:
    """Return what there is to say of a result in a few words."""
    if result.status == "unusable":
        return one_line(result.problem, 120)
    counts = Counter(_verdicts(result))
    verdicts = [f"{counts[verdict]} {_word(verdict)}" for verdict in Verdict if counts[verdict]]
    return ", ".join(verdicts) if set(counts) != {Verdict.PASSED} else "all passed"


def _verdicts(result: Result) -> Iterator[Verdict]:
    """Yield the verdicts of all checks but those that nobody asked for, such as of a bonus that was not tried for."""
    for question in result.questions:
        for check in question.checks:
            if question.max_points or check.verdict is not Verdict.UNCHECKED:
                yield check.verdict


def _flags(result: Result) -> Text:
    from rich.text import Text

    verdicts = set(_verdicts(result))
    worst = max(verdicts - {Verdict.PASSED}, key=list(Verdict).index, default=None)
    return Text(flag(result), "green" if worst is None else _STYLES[worst.fault])


def _cell(question: QuestionResult) -> Text:
    from rich.text import Text

    text = points_text(question.points, question.max_points)
    if question.bonus:
        text += f"+{points_text(question.bonus)}"
    if question.points is None:
        return Text(text, "magenta")
    return Text(text, "green" if question.points >= question.max_points else "red" if not question.points else "yellow")


def _heading(question: QuestionResult) -> Text:
    """Return a question's name, broken at its underscores to keep the column narrow, above its points."""
    from rich.text import Text

    return Text("\n".join([*question.name.split("_"), f"/{points_text(question.max_points)}"]))


def _total(result: Result) -> str:
    bonus = f"+{points_text(result.bonus)}" if result.bonus else ""
    return points_text(result.score, result.max_score) + bonus


def _notes(results: Sequence[Result]) -> list[str]:
    notes = []
    manual = [question for question in results[0].questions if question.manual]
    if manual:
        points = points_text(sum(question.max_points for question in manual))
        names = ", ".join(question.name for question in manual)
        notes.append(f"{points} of the {points_text(results[0].max_score)} points are graded by hand: {names}")
    ungraded = sorted({name for result in results for name in result.ungraded})
    if ungraded:
        notes.append(f"- not graded, through no fault of the student: {', '.join(ungraded)}")
    notes.append(f"isolation: {', '.join(sorted({result.isolation for result in results}))}")
    return notes


def _word(verdict: Verdict) -> str:
    return verdict.value.replace("_", " ")
