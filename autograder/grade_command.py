"""The command ``autograder grade``."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.console import BELOW, DONE, FAULT, Assignment, say, warn
from autograder.errors import UsageError
from autograder.session import Session
from autograder.text import printable

if TYPE_CHECKING:
    from autograder.grade import Graded, Order
    from autograder.intake import Found
    from autograder.report import Bar, Events, Lines
    from autograder.rows import Row
    from autograder.types import Limits


def grade(
    context: typer.Context,
    assignment: Assignment,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Folders, zips, notebooks, or folders of these.")
    ],
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to write DIR/ASSIGNMENT. Default: the course's results.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Submissions at a time. Default: one for each core.")] = None,
    isolation: Annotated[str, typer.Option(metavar="LEVEL", help="auto, bwrap, landlock, account or none.")] = "auto",
    timeout: Annotated[
        float | None, typer.Option(min=0.1, metavar="SECONDS", help="For a submission. Default: in course.yaml.")
    ] = None,
    fail_under: Annotated[
        float | None, typer.Option(min=0, max=100, metavar="PERCENT", help="Exit 1 if anyone has less, automatically.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=(1 << 53) - 1, help="Of an earlier result, to replay it exactly.")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV of the students: who a hand-in is of.")
    ] = None,
    attempt: Annotated[
        str, typer.Option(metavar="WHICH", help="Of several: latest, best, or the latest until a TIME.")
    ] = "latest",
    extensions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV of who has more time: student, due or days.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show who was recognised how, and how late it is.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Grade, show whose score changes and why, and write nothing.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh/--resume", help="Grade again what has been graded under the same conditions.")
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Grade on the Dask cluster of this scheduler, tcp://HOST:PORT."),
    ] = None,
    json: Annotated[
        bool,
        typer.Option("--json", help="Print all results as one JSON document; progress as JSON lines on stderr."),
    ] = False,
) -> int:
    """Grade submissions and write a result for each."""
    if dry_run + diff + json > 1:
        raise UsageError("--dry-run, --diff and --json each print something else: give one of them")
    from autograder.suite.launching import host_process

    session: Session = context.obj
    # a process here loads while this one finds out what to grade
    with nullcontext() if scheduler else host_process() as process:
        from autograder import report
        from autograder.extensions import Extensions, read_extensions
        from autograder.grade import Order
        from autograder.intake import Choice, find, read_roster

        course = session.course()
        known = course.assignment(assignment)
        enrolled = read_roster(roster) if roster else None
        found = find(paths, known, course.assignments, course.dialects, enrolled, Choice.parse(attempt))
        more_time = Extensions(by_student={})
        if extensions:
            more_time = read_extensions(extensions, assignment, course.assignments, enrolled)
        order = Order(
            course=course,
            assignment=known,
            output=output or course.root / "results",
            jobs=jobs or len(os.sched_getaffinity(0)),
            isolation=isolation,
            limits=_limits(course.limits, timeout),
            extensions=more_time,
            scheduler=scheduler or "",
            process=process,
            seed=seed,
            fresh=fresh,
        )
        for student in more_time.unused(found.hand_ins):
            warn(f"{extensions}: {student} has an extension, and no hand-in here")
        if dry_run:
            report.show_found(order, found)
            return DONE
        if diff:
            return _diff(order, found)
        graded = _grade(order, found, events=json)
        if json:
            report.print_json(graded)
        else:
            report.show_class(graded, known)
        return _code(graded.rows, fail_under)


def _limits(limits: Limits, timeout_s: float | None) -> Limits:
    """Return the limits with another time for a submission; a check's share of a shorter one stays the same."""
    if timeout_s is None:
        return limits
    share = min(1.0, timeout_s / limits.time_s)
    return replace(limits, time_s=timeout_s, check_time_s=limits.check_time_s * share)


def _grade(order: Order, found: Found, *, events: bool) -> Graded:
    from autograder import grade, report

    progress: Bar | Lines | Events = report.Events()
    if not events:
        progress = report.Bar() if sys.stdout.isatty() else report.Lines()
        for note in found.notes:
            print(note, flush=True)
    if order.isolation == "none":
        warn("--isolation none: students' code can read and change whatever you can; use it for code you trust")
    try:
        graded = grade.grade(order, found.hand_ins, progress)
    finally:
        progress.close()
    for warning in graded.warnings:
        warn(warning)
    return graded


def _diff(order: Order, found: Found) -> int:
    """Grade into a folder that is removed again, and print what that would change."""
    from tempfile import TemporaryDirectory

    from autograder.changes import changes, require_earlier

    before = order.output / order.assignment.name
    require_earlier(before)
    with TemporaryDirectory(prefix=".diff-", dir=order.output) as folder:
        graded = _grade(replace(order, output=Path(folder), earlier=before), found, events=False)
        lines = list(changes(before, graded.folder, (row.student for row in graded.rows)))
    for line in lines:
        print(printable(line))
    changed = sum(not line.startswith(" ") for line in lines)
    print(f"{len(graded.rows)} graded, {changed} with another score; nothing written, without --diff it will be")
    return _code(graded.rows, None)


def _code(rows: Sequence[Row], fail_under: float | None) -> int:
    """Return the exit code for a graded class; say on standard error why it is not 0."""
    ungraded = [row for row in rows if row.ungraded]
    if ungraded:
        first = ungraded[0]
        words = f"{', '.join(first.ungraded)} not graded; first reason, for {first.student}: {first.reason}"
        return say(f"{len(ungraded)} of {len(rows)} students: {words}", FAULT)
    if fail_under is not None:
        below = [row.student for row in rows if row.automatic[0] * 100 < fail_under * row.automatic[1]]
        if below:
            return say(f"{len(below)} of {len(rows)} students are below {fail_under:g}%", BELOW)
    return DONE
