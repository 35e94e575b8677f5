"""The command ``autograder report``: results for people and for other systems."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from autograder.console import warn
from autograder.session import Session
from autograder.text import printable

_MOST_NOTES = 20  # of one format


def report(
    context: typer.Context,
    assignment: Annotated[str, typer.Argument(help="Name of the assignment in course.yaml, such as hw3.")],
    formats: Annotated[
        list[str] | None, typer.Option("--format", metavar="FORMATS", help="Parted by commas. Default: html.")
    ] = None,
    results: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where DIR/ASSIGNMENT is. Default: the course's results.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write DIR/ASSIGNMENT. Default: the course's reports.")
    ] = None,
    submissions: Annotated[
        list[Path] | None, typer.Option(metavar="PATH", help="What was graded, for what compares submissions.")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV of the students: by what other systems know them.")
    ] = None,
    canvas_gradebook: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Downloaded from Canvas, for --format canvas.")
    ] = None,
    moodle_worksheet: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Downloaded from Moodle, for --format moodle.")
    ] = None,
    column: Annotated[
        str, typer.Option(metavar="TEXT", help="The assignment in Canvas, by title or number. Default: its title here.")
    ] = "",
    scale: Annotated[
        bool, typer.Option("--scale", help="Scale scores to the maximum in Canvas or Moodle, if that is another.")
    ] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="To Canvas and Moodle, also scores that wait for points by hand.")
    ] = False,
) -> int:
    """Write the results of a graded class for people and for other systems."""
    from autograder.intake import read_roster
    from autograder.report.class_results import ClassResults, Options, read_class
    from autograder.report.formats import chosen, write

    names = chosen(formats or ["html"])
    session: Session = context.obj
    course = session.course()
    known = course.assignment(assignment)
    material = ClassResults(
        course=course,
        assignment=known,
        results=read_class((results or course.root / "results") / known.name, known.name),
        output=(output or course.root / "reports") / known.name,
        options=Options(
            submissions=tuple(submissions or ()),
            canvas_gradebook=canvas_gradebook,
            moodle_worksheet=moodle_worksheet,
            column=column,
            roster=read_roster(roster) if roster else None,
            scale=scale,
            partial=partial,
        ),
    )
    for name in names:
        files = list(write(name, material))
        for note in material.notes[:_MOST_NOTES]:
            warn(f"{name}: {note}")
        if len(material.notes) > _MOST_NOTES:
            warn(f"{name}: ... and {len(material.notes) - _MOST_NOTES} more")
        material.notes.clear()
        print(f"{name}: wrote {_summary(files, material.output)}")
    return 0


def _summary(files: Sequence[Path], folder: Path) -> str:
    """Return ``37 files to reports/hw3: class.html, students/``."""
    if not files:
        return "nothing"
    names = [path.relative_to(folder) for path in files]
    tops = dict.fromkeys(f"{name.parts[0]}{os.sep}" if len(name.parts) > 1 else name.name for name in names)
    return printable(f"{len(names)} file{'s' * (len(names) != 1)} to {folder}: {', '.join(tops)}")
