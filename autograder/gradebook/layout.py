"""Where the gradebook has an assignment's questions: in cells of its notebooks, or in a notebook of their own.

A question is the graded cell that bears its name, in the notebook that students were given. Questions that only the
hidden suite judges have no such cell; the gradebook has them in one more notebook, `AUTOMATIC`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Assignment, Course
from autograder.errors import UsageError
from autograder.text import one_line

AUTOMATIC = "automatic"


@dataclass(frozen=True, kw_only=True)
class Place:
    """One cell of the gradebook: a question, or (without points) an answer that may be commented on."""

    name: str
    kind: str  # code or markdown
    points: float | None  # None: only comments
    manual: bool = False
    task: bool = False
    commented: bool = False  # whether there is a field for comments: in nbgrader's solution and task cells
    released: str = ""  # what students were given there
    metadata: Mapping[str, Any] | None = None  # nbgrader's, of the cell that was released


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One notebook of the gradebook, by its name without ``.ipynb``."""

    name: str
    places: tuple[Place, ...]

    @property
    def file(self) -> str:
        """Its file name."""
        return f"{self.name}.ipynb"


@dataclass(frozen=True, kw_only=True)
class Layout:
    """All of an assignment: the notebooks that students were given, and the one for what has no cell there."""

    assignment: str
    given: tuple[Sheet, ...]
    automatic: Sheet

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Every notebook that has something in it, that of the suite's questions first."""
        return tuple(sheet for sheet in (self.automatic, *self.given) if sheet.places)


def layout_of(course: Course, assignment: Assignment) -> Layout:
    """Return where everything is, by the notebooks in the assignment's release.

    Raises
    ------
    UsageError
        If there is no release, or it does not have the cells of questions that are graded by hand.
    """
    folder = course.release(assignment.name)
    given = tuple(
        Sheet(name=Path(name).stem, places=tuple(_places(folder / name, assignment))) for name in assignment.notebooks
    )
    if AUTOMATIC in (sheet.name for sheet in given):
        raise UsageError(f"the gradebook has a notebook {AUTOMATIC}.ipynb of its own: give that of yours another name")
    places = [place for sheet in given for place in sheet.places]
    if len({place.name for place in places}) < len(places):
        raise UsageError(f"notebooks of {assignment.name} share a grade_id: give each cell its own, and release again")
    known = {place.name for place in places if place.points is not None}
    missing = [
        question.name for question in assignment.questions.values() if question.manual and question.name not in known
    ]
    if missing:
        raise UsageError(
            f"{one_line(str(folder))} has no cells for {', '.join(missing)}: run autograder release {assignment.name}"
        )
    rest = (question for question in assignment.questions.values() if question.name not in known)
    others = tuple(Place(name=question.name, kind="code", points=question.points) for question in rest)
    return Layout(assignment=assignment.name, given=given, automatic=Sheet(name=AUTOMATIC, places=others))


def _places(file: Path, assignment: Assignment) -> Iterator[Place]:
    for cell in _cells(file, assignment.name):
        marks = cell["metadata"].get("nbgrader", {})
        name, task = marks.get("grade_id", ""), bool(marks.get("task"))
        graded = bool(marks.get("grade")) or task
        if not graded and not marks.get("solution"):
            continue
        if graded and name not in assignment.questions:
            raise UsageError(
                f"{one_line(str(file))} grades {name!r}, which is no question of {assignment.name}: "
                "run autograder check"
            )
        yield Place(
            name=name,
            kind=cell["cell_type"],
            points=assignment.questions[name].points if graded else None,
            manual=graded and assignment.questions[name].manual,
            task=task,
            commented=task or bool(marks.get("solution")),
            released="".join(cell["source"]),
            metadata=marks,
        )


def _cells(file: Path, assignment: str) -> list[Any]:
    try:
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, LookupError) as error:
        raise UsageError(f"{one_line(str(file))} cannot be read: run autograder release {assignment}") from error
    return list(cells)
