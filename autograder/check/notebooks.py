"""Holds the graded cells of an assignment's notebooks against its questions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Assignment, Question
from autograder.errors import Problem, nearest
from autograder.release.draft import Draft
from autograder.release.notebooks import Notebook, roles


@dataclass(frozen=True, kw_only=True)
class _Graded:
    """A cell that nbgrader gives points for."""

    file: Path
    name: str
    points: object
    by_hand: bool


def notebook_problems(draft: Draft) -> Iterator[Problem]:
    """Yield saved outputs, graded cells that course.yaml contradicts, and manual questions without a cell."""
    assignment = draft.assignment
    for file, notebook in draft.notebooks.items():
        yield from _outputs(file, notebook)
        cells = list(_graded(file, notebook))
        for cell in cells:
            for message in _mistakes(cell, assignment):
                line = _line(file, f'"grade_id": {json.dumps(cell.name)}')
                yield Problem(file=file, line=line, message=f"cell {cell.name!r} {message}")
        names = [cell.name for cell in cells]
        for name, question in assignment.questions.items():
            if question.manual and question.notebook == file.name and name not in names:
                message = f"no graded cell of {file} has the grade_id {name!r}{nearest(name, names)}"
                yield draft.course.problem(message, "assignments", assignment.name, "questions", name)


def _outputs(file: Path, notebook: Notebook) -> Iterator[Problem]:
    """Yield a problem where outputs were saved: they make differences unreadable, and can show solutions."""
    count = sum(bool(cell.get("outputs")) for cell in notebook.cells)
    if count:
        message = f"cells with saved outputs: {count}; clear all outputs and save"
        yield Problem(file=file, line=_line(file, '"output_type"'), message=message)


def _graded(file: Path, notebook: Notebook) -> Iterator[_Graded]:
    for cell in notebook.cells:
        marks = roles(cell)
        if marks.get("grade") or marks.get("task"):
            by_hand = bool(marks.get("solution") or marks.get("task"))
            yield _Graded(file=file, name=str(marks.get("grade_id")), points=marks.get("points"), by_hand=by_hand)


def _mistakes(cell: _Graded, assignment: Assignment) -> Iterator[str]:
    question = assignment.questions.get(cell.name)
    if question is None:
        hint = nearest(cell.name, assignment.questions)
        yield f"is graded, but {assignment.name} has no question of that name{hint}"
        return
    if cell.points != question.points:
        yield f"has {cell.points} points, but course.yaml gives question {cell.name!r} {question.points:g}"
    yield from _by_whom(cell, question)


def _by_whom(cell: _Graded, question: Question) -> Iterator[str]:
    if question.manual and not cell.by_hand:
        yield "is an autograder test, but its question is manual: make it a manually graded answer or task"
    if cell.by_hand and not question.manual:
        yield "is graded by hand, but course.yaml does not say `manual: true` of its question"
    if question.notebook not in (None, cell.file.name):
        yield f"belongs to {question.notebook} according to course.yaml: move it, or mend `notebook:`"


def _line(file: Path, text: str) -> int | None:
    """Return the first line of a file that holds `text`; None where the JSON is written in another way."""
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    return next((number for number, line in lines if text in line), None)
