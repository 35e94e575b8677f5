"""The commands ``autograder gradebook push`` and ``pull``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.console import DONE, Assignment, warn
from autograder.session import Session
from autograder.text import printable

if TYPE_CHECKING:
    from autograder.gradebook import HandedIn
    from autograder.results import Result

gradebook = typer.Typer(help="nbgrader's gradebook: scores in, points and comments by hand out.", rich_markup_mode=None)
Database = Annotated[
    str | None,
    typer.Option(
        "--db",
        metavar="URL",
        envvar="AUTOGRADER_GRADEBOOK",
        show_envvar=False,
        help="SQLAlchemy URL, also from $AUTOGRADER_GRADEBOOK. Default: nbgrader_config.py's, or gradebook.db.",
    ),
]
Results = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Where DIR/ASSIGNMENT is. Default: the course's results.")
]


@gradebook.command()
def push(
    context: typer.Context,
    assignment: Assignment,
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="What was graded, for the written answers in it.")
    ] = None,
    results: Results = None,
    db: Database = None,
    roster: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV of the students: who a hand-in is of.")
    ] = None,
    forget: Annotated[
        list[str] | None, typer.Option(metavar="CELL", help="Drop what was entered for a question that is gone.")
    ] = None,
) -> int:
    """Write scores to the gradebook, and answers to where formgrader shows them."""
    from autograder import gradebook as books
    from autograder.report.class_results import read_class

    session: Session = context.obj
    course = session.course()
    known = course.assignment(assignment)
    graded = read_class((results or course.root / "results") / known.name, known.name)
    where = books.address(course, db)
    given = _handed_in(session, assignment, graded, paths, roster) if paths else books.HandedIn()
    pushed = books.push(course, known, graded, where, given, forget or ())
    _list(given.remarks, "")
    _list(pushed.ungraded, "not graded, through no fault of the student: grade again")
    _list(pushed.review, "what was graded by hand has changed: look at it again")
    who = "1 student is" if len(graded) == 1 else f"{len(graded)} students are"
    print(f"{who} in the gradebook, with notebooks of {len(given.hand_ins)}")
    return DONE


@gradebook.command()
def pull(context: typer.Context, assignment: Assignment, results: Results = None, db: Database = None) -> int:
    """Merge points and comments that were entered by hand into the results."""
    from autograder import gradebook as books
    from autograder.report.class_results import read_class

    session: Session = context.obj
    course = session.course()
    known = course.assignment(assignment)
    folder = results or course.root / "results"
    graded = read_class(folder / known.name, known.name)
    pulled = books.pull(course, known, folder, graded, books.address(course, db))
    _list(pulled.missing, "not in the gradebook: push first")
    for question, count in pulled.waiting.items():
        print(f"{question}: {count} still to be graded by hand")
    print(f"{len(pulled.changed)} of {len(graded)} results changed")
    return DONE


def _handed_in(
    session: Session, assignment: str, graded: Iterable[Result], paths: list[Path], roster: Path | None
) -> HandedIn:
    from autograder.gradebook import handed_in
    from autograder.intake import Choice, find, read_roster
    from autograder.report import Counter

    course = session.course()
    known = course.assignment(assignment)
    enrolled = read_roster(roster) if roster else None
    every = find(paths, known, course.assignments, course.dialects, enrolled, Choice.parse("best"))
    with Counter("reading") as counter:
        return handed_in(course, known, graded, every.hand_ins, counter)


def _list(lines: Iterable[str], what: str) -> None:
    """Warn of each line, with what it is about; of many the first few, and how many there are."""
    lines = list(lines)
    for line in lines[:20]:
        warn(printable(f"{line}: {what}" if what else line))
    if len(lines) > 20:
        warn(f"... and {len(lines) - 20} more")
