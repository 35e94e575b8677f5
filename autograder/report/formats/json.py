"""One JSON document of a class, for programs: class.json, whose schema is schemas/class.schema.json.

``python -m autograder.report.formats.json`` writes the schema. The whole of a result, with its checks, is in
``results/<assignment>/<student>.json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

import autograder
from autograder.report.class_results import ClassResults
from autograder.results import Result, Status

SCHEMA_FILE = Path(autograder.__file__).parent / "schemas" / "class.schema.json"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Question(_Model):
    """One question of the assignment."""

    name: str
    title: str
    points: float
    manual: bool


class Earned(_Model):
    """What a student earned with a question."""

    points: float | None = Field(description="null: not graded yet, which never means 0.")
    bonus: float
    comment: str


class Student(_Model):
    """One student's totals."""

    student: str
    score: float = Field(description="Sum of the points of all questions that are graded, without bonus.")
    max_score: float
    bonus: float
    late_days: int
    penalty: float
    final: float | None = Field(description="What counts; null while a question waits to be graded again.")
    status: Status
    problem: str = Field(description="Why nothing could be graded, or empty.")
    questions: dict[str, Earned]


class ClassDocument(_Model):
    """The results of a class in one assignment."""

    format: Literal[1] = 1
    course: str
    term: str
    assignment: str
    title: str
    due: str = Field(description="ISO 8601.")
    questions: tuple[Question, ...]
    students: tuple[Student, ...]


def write(results: ClassResults) -> Iterator[Path]:
    """Write ``class.json``."""
    yield results.write("class.json", document(results).model_dump_json(indent=2) + "\n")


def document(results: ClassResults) -> ClassDocument:
    """Return a class as one document."""
    assignment = results.assignment
    return ClassDocument(
        course=results.course.name,
        term=results.course.term,
        assignment=assignment.name,
        title=assignment.title,
        due=assignment.due.isoformat(),
        questions=tuple(
            Question(name=each.name, title=each.title, points=each.points, manual=each.manual)
            for each in assignment.questions.values()
        ),
        students=tuple(_student(result) for result in results.results),
    )


def schema_text() -> str:
    """Return the JSON schema of the document as the text of its file."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ClassDocument.model_json_schema(),
        "title": "Results of a class, format 1",
    }
    return json.dumps(schema, indent=2) + "\n"


def _student(result: Result) -> Student:
    return Student(
        student=result.student,
        score=result.score,
        max_score=result.max_score,
        bonus=result.bonus,
        late_days=result.late.days,
        penalty=result.late.penalty,
        final=result.final,
        status=result.status,
        problem=result.problem,
        questions={
            each.name: Earned(points=each.points, bonus=each.bonus, comment=each.comment) for each in result.questions
        },
    )


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
