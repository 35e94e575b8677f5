"""Describe an assignment to the gradebook: its notebooks, the cells that are graded, those that may be commented on.

What the gradebook has of an earlier state of the course and the course no longer has is removed, for its points would
count in every total; but not while it holds what a person entered.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from autograder.authoring import tool
from autograder.course import Assignment, Course
from autograder.errors import UsageError
from autograder.gradebook.layout import Layout, Place, Sheet
from autograder.text import one_line


def describe(gradebook: Any, course: Course, assignment: Assignment, layout: Layout, forget: frozenset[str]) -> None:
    """Bring an assignment's description up to date.

    Raises
    ------
    UsageError
        If a question is gone for which a person has entered something, and `forget` does not name it. Nothing has
        been written then.
    """
    api = tool("nbgrader.api")
    stale = list(_stale(gradebook, api, layout))
    for cell in stale:
        if cell.name not in forget and (entered := _entered(cell)):
            name, notebook = one_line(cell.name), one_line(cell.notebook.name)
            raise UsageError(
                f"{layout.assignment} has no {name!r} in {notebook}.ipynb any more, but the gradebook has {entered} "
                f"entries of a person there: bring it back into {course.file}, or drop them with --forget {name}"
            )
    for cell in stale:
        for row in (*cell.grades, *cell.comments, cell):
            gradebook.db.delete(row)
    due = assignment.due.astimezone(UTC).replace(tzinfo=None)
    gradebook.update_or_create_assignment(assignment.name, duedate=due)
    for sheet in layout.sheets:
        gradebook.update_or_create_notebook(sheet.name, assignment.name)
        for place in sheet.places:
            _describe_cell(gradebook, assignment.name, sheet, place)


def _describe_cell(gradebook: Any, assignment: str, sheet: Sheet, place: Place) -> None:
    where = (place.name, sheet.name, assignment)
    if place.task:
        gradebook.update_or_create_task_cell(*where, max_score=place.points, cell_type=place.kind)
        return
    if place.points is not None:
        gradebook.update_or_create_grade_cell(*where, max_score=place.points, cell_type=place.kind)
    if place.commented:
        gradebook.update_or_create_solution_cell(*where)


def _stale(gradebook: Any, api: Any, layout: Layout) -> Iterator[Any]:
    """Yield the cells that the gradebook has and the course has not."""
    try:
        notebooks = gradebook.find_assignment(layout.assignment).notebooks
    except api.MissingEntry:
        return
    wanted = {
        (sheet.name, place.name, kind) for sheet in layout.sheets for place in sheet.places for kind in _kinds(place)
    }
    for notebook in notebooks:
        for cell in (*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells):
            if (notebook.name, cell.name, cell.type) not in wanted:
                yield cell


def _kinds(place: Place) -> Iterator[str]:
    if place.task:
        yield "TaskCell"
        return
    if place.points is not None:
        yield "GradeCell"
    if place.commented:
        yield "SolutionCell"


def _entered(cell: Any) -> int:
    """Count the points and comments that a person entered for a cell."""
    scores = [grade for grade in cell.grades if grade.manual_score is not None or grade.extra_credit]
    return len(scores) + len([comment for comment in cell.comments if comment.manual_comment])
