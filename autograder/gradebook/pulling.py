"""From nbgrader's gradebook to results: points, extra credit and comments that a person entered.

The gradebook is only read. A result says the same after any number of pulls, and what was taken back in the gradebook
is taken back in the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograder.authoring import tool
from autograder.by_hand import Given, merged
from autograder.gradebook.layout import Layout
from autograder.late import Policy
from autograder.results import CellComment, Result

_REVIEW = "waits in the gradebook to be looked at again"


def pulled(gradebook: Any, layout: Layout, result: Result, policy: Policy) -> Result | None:
    """Return a student's result with what the gradebook has for it, or None if that has no such student."""
    try:
        submission = gradebook.find_submission(layout.assignment, result.student)
    except tool("nbgrader.api").MissingEntry:
        return None
    rows = {row.notebook.name: row for row in submission.notebooks}
    given: dict[str, Given] = {}
    comments: list[CellComment] = []
    for sheet in layout.sheets:
        if sheet.name not in rows:
            continue
        grades = {grade.cell.name: grade for grade in rows[sheet.name].grades}
        written = {comment.cell.name: comment for comment in rows[sheet.name].comments}
        for place in sheet.places:
            comment = written.get(place.name)
            if place.points is None:
                comments += _on_cell(sheet.file, place.name, comment)
            elif place.name in grades:
                given[place.name] = _given(grades[place.name], comment)
    return merged(result, given, policy, comments)


def _given(grade: Any, comment: Any) -> Given:
    return Given(
        score=grade.manual_score,
        extra=grade.extra_credit or 0.0,
        unanswered=grade.auto_score is not None,
        comment=(comment.manual_comment or comment.auto_comment or "") if comment is not None else "",
        review=_REVIEW if grade.needs_manual_grade and grade.manual_score is not None else "",
    )


def _on_cell(notebook: str, cell: str, comment: Any) -> Iterator[CellComment]:
    if comment is not None and comment.manual_comment:
        yield CellComment(notebook=notebook, cell=cell, text=comment.manual_comment)
