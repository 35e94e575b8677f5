"""A course with written answers, a class that has handed some in, and a gradebook for it, for tests of both ways."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder import cli
from autograder.authoring import alembic_on_path, quiet
from autograder.results import QuestionResult, Result, read_result
from autograder.tests.sample_course import COURSE, WHOLE, write, write_course

STUB = "**Your answer:**\n\nYOUR ANSWER HERE"
LATE = "late: {slip_days: 0, penalty_per_day: 0.1, max_days: 5}\n"


def marks(name: str, points: float | None = None) -> dict[str, Any]:
    """Return nbgrader's metadata of an answer, which is graded by hand if it has points."""
    graded = {} if points is None else {"points": points}
    roles = {"grade": points is not None, "solution": True, "locked": False, "task": False}
    return {"nbgrader": {"schema_version": 3, "grade_id": name, **roles, **graded}}


def markdown(source: str, metadata: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "cell_type": "markdown",
        "id": f"c{abs(hash(source))}",
        "metadata": metadata or {},
        "source": source,
        **more,
    }


def code(source: str, metadata: dict[str, Any] | None = None, outputs: tuple[Any, ...] = ()) -> dict[str, Any]:
    parts = {"outputs": list(outputs), "execution_count": 1, "metadata": metadata or {}, "source": source}
    return {"cell_type": "code", "id": _id(source), **parts}


def _id(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:8]


def notebook(*cells: dict[str, Any]) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def answered(text: str | None, tuned: str = "x = 1") -> bytes:
    """Return fc_nets.ipynb with this answer; with the words that students were given if it is None."""
    answer = markdown(STUB if text is None else text, marks("inline", 4))
    return notebook(markdown("Why?"), answer, code(tuned, marks("tune")))


def make_course(folder: Path) -> Path:
    """Write the course, which is late by the day, with a release that has a question and an answer beside it."""
    course = write_course(folder)
    (course / "course.yaml").write_text(COURSE.replace("assignments:", LATE + "assignments:"))
    given = answered(None, "raise NotImplementedError()")
    return write(course, {"source/hw3/fc_nets.ipynb": given, "release/hw3/fc_nets.ipynb": given})


def hand_in(course: Path, student: str, *, layers: str = "# fine", **notebooks: bytes) -> None:
    """Write a hand-in; two underscores in a name of a notebook stand for a folder."""
    files = {f"{name.replace('__', '/')}.ipynb": data for name, data in notebooks.items()}
    folder = course / "class" / student
    shutil.rmtree(folder, ignore_errors=True)
    write(folder, {**WHOLE, "nndl/layers.py": layers.encode(), **files})


def run(*arguments: str) -> int:
    return cli.run(arguments)


def result(course: Path, student: str) -> Result:
    return read_result(course / f"results/hw3/{student}.json")


def question(course: Path, student: str, name: str) -> QuestionResult:
    return next(each for each in result(course, student).questions if each.name == name)


class Grader:
    """What a person sees and enters in formgrader, by the same rules, through nbgrader's own API."""

    def __init__(self, url: str) -> None:
        self.url = url

    @contextmanager
    def open(self) -> Iterator[Any]:
        from nbgrader.api import Gradebook

        with quiet(), alembic_on_path(), Gradebook(self.url) as gradebook:
            yield gradebook

    def enter(
        self,
        student: str,
        name: str = "inline",
        score: float | None = None,
        *,
        extra: float | None = None,
        comment: str | None = None,
        sheet: str = "fc_nets",
    ) -> None:
        """Enter points and a comment; None clears them, as an emptied field does."""
        with self.open() as gradebook:
            if name != "tune":
                grade = gradebook.find_grade(name, sheet, "hw3", student)
                grade.manual_score, grade.extra_credit = score, extra
                grade.needs_manual_grade = score is None and grade.auto_score is None
            if comment is not None:
                gradebook.find_comment(name, sheet, "hw3", student).manual_comment = comment
            gradebook.db.commit()

    def grade(self, student: str, name: str = "inline", sheet: str = "fc_nets") -> dict[str, Any]:
        with self.open() as gradebook:
            return dict(gradebook.find_grade(name, sheet, "hw3", student).to_dict())

    def comment(self, student: str, name: str = "inline", sheet: str = "fc_nets") -> dict[str, Any]:
        with self.open() as gradebook:
            return dict(gradebook.find_comment(name, sheet, "hw3", student).to_dict())

    def totals(self) -> dict[str, tuple[float, float]]:
        """Return what nbgrader makes of each student: points without and with what is lost for being late."""
        with self.open() as gradebook:
            found = gradebook.assignment_submissions("hw3")
            return {
                each.student.id: (each.score, max(0.0, each.score - each.late_submission_penalty)) for each in found
            }

    def counts(self) -> tuple[int, ...]:
        """Return how many rows there are of each kind."""
        from nbgrader import api

        kinds = (api.Assignment, api.Notebook, api.BaseCell, api.SubmittedNotebook, api.Grade, api.Comment)
        with self.open() as gradebook:
            return tuple(gradebook.db.query(kind).count() for kind in kinds)


def push(*options: str) -> int:
    """Push the class and its notebooks."""
    return run("gradebook", "push", "hw3", "class", *options)


def pull() -> int:
    return run("gradebook", "pull", "hw3")
