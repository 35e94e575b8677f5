"""The result of one submission as it is kept on disk.

``results/<assignment>/<student>.json`` is format 1; its JSON schema is schemas/result.schema.json, which
``python -m autograder.results`` writes.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)

from autograder.errors import UsageError
from autograder.text import one_line, printable
from autograder.types import Verdict
from autograder.writing import replace_file

SCHEMA_FILE = Path(__file__).parent / "schemas" / "result.schema.json"
_NUMBER = r"(?:-?[\d.eE+-]+|null)"
# In a JSON document; texts in it have no line breaks.
_ROW_OF_NUMBERS = re.compile(rf"\[\n *{_NUMBER}(?:,\n *{_NUMBER})*\n *\]")

Status = Literal["graded", "by hand", "unusable", "not graded"]
UNUSABLE = "unusable"  # code of the warning that says why a hand-in could not be graded

# Whatever a student's code printed or raised is stored so that showing it does no harm.
Text = Annotated[str, BeforeValidator(lambda value: printable(value) if isinstance(value, str) else value)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid", allow_inf_nan=False)


class TrainingResult(_Model):
    """A training run in the sandbox, stopped early where it led nowhere."""

    ended: Literal["finished", "diverged", "stalled", "over budget", "broken off"]
    iterations: int
    seconds: float
    seed: int
    losses: tuple[float | None, ...] = Field(description="Means of `stride` iterations each; null: not finite.")
    stride: int


class MeasurementResult(_Model):
    """A metric, what it was measured on, and what was made of the noise."""

    metric: str
    value: float = Field(description="What counts.")
    estimate: float = Field(description="Fraction of images that were right.")
    low: float
    high: float
    images: int
    seeds: tuple[int, ...] = Field(description="Of the trainings.")
    dataset: str
    policy: Literal["point", "benefit", "decide"]
    decision: str = Field(description="Why the value is what it is.")
    claimed: float | None = Field(description="By the outputs that were saved with the notebook.")


class ExhibitResult(_Model):
    """Data for a picture of why a check failed."""

    kind: Literal["difference", "mask", "errors", "spread", "curve"]
    name: Text = Field(description="What it is of, such as dx.")
    shape: tuple[int, ...] = Field(default=(), description="Of the array that cells stand for.")
    tile: tuple[int, ...] = Field(default=(), description="Rows and columns of cells of one image, if there are any.")
    cells: tuple[tuple[float | None, ...], ...] = Field(
        default=(),
        description="difference: given minus expected, 0 where right, null: no number. mask: 1 is kept.",
    )
    labels: tuple[Text, ...] = Field(default=(), description="errors: arrays. spread: middles of bins.")
    values: tuple[float | None, ...] = Field(
        default=(), description="errors: relative error. spread: part in each bin. curve: one after the other."
    )
    expected: tuple[float, ...] = Field(default=(), description="spread: part that should be in each bin.")
    limit: float = Field(default=0.0, description="errors: up to which they are right.")

    @model_serializer(mode="wrap")
    def _without_what_there_is_none_of(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return _without_empty(handler(self), set(type(self).model_fields) - {"kind", "name"})


def _without_empty(values: dict[str, Any], rare: set[str]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value or key not in rare}


class CauseResult(_Model):
    """Why a check failed, as far as the numbers leave no doubt; students may read it, for hidden checks too."""

    name: str = Field(description="Of the kind of mistake.")
    message: Text
    hint: Text = Field(description="What to do about it.")
    read: Text = Field(description="Where that is explained.")


class CheckResult(_Model):
    """One check: its verdict and what it earned."""

    name: str
    verdict: Verdict
    points: float
    max_points: float
    visible: bool = Field(description="Whether students have this check too.")
    message: Text
    hint: Text
    seconds: float
    output: Text = Field(description="What the student's code printed, bounded.")
    trainings: tuple[TrainingResult, ...] = Field(default=(), description="Only where something was trained.")
    measurements: tuple[MeasurementResult, ...] = Field(default=(), description="Only where a metric was measured.")
    exhibits: tuple[ExhibitResult, ...] = Field(default=(), description="Only where a failure can be shown.")
    causes: tuple[CauseResult, ...] = Field(default=(), max_length=2, description="Only where they are known.")

    @model_serializer(mode="wrap")
    def _without_what_there_is_none_of(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return _without_empty(handler(self), {"trainings", "measurements", "exhibits", "causes"})


class ByHand(_Model):
    """What a person gave for a question in the gradebook, and what the suite had given."""

    score: float | None = Field(description="Instead of the suite's; null: that counts.")
    extra: float = Field(description="Extra credit.")
    automatic: float | None = Field(description="Points by the suite; null: none, or not graded.")
    automatic_bonus: float


class CellComment(_Model):
    """What a person wrote about a cell that no question is about."""

    notebook: str
    cell: str
    text: Text


class QuestionResult(_Model):
    """One question. Without `points` it is still to be graded: by hand if `manual`, else again."""

    name: str
    title: str
    points: float | None = Field(description="null: not graded yet, which never means 0.")
    max_points: float
    bonus: float
    manual: bool
    checks: tuple[CheckResult, ...]
    by_hand: ByHand | None = Field(default=None, description="Only where a person gave points.")
    comment: Text = Field(default="", description="Only where a person wrote one, or nothing was answered.")

    @model_serializer(mode="wrap")
    def _without_what_there_is_none_of(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return _without_empty(handler(self), {"by_hand", "comment"})


class Late(_Model):
    """When it was handed in, where that is known, and what that costs."""

    due: str | None = Field(default=None, description="ISO 8601, with the student's extension.")
    submitted_at: str | None = None
    days: int = Field(default=0, ge=0, description="Days late that had begun.")
    slip_days: int = Field(default=0, ge=0, description="Those of them that cost nothing.")
    part: float = Field(default=0.0, ge=0, le=1, description="Part of the score, with bonus, that is lost.")
    penalty: float = Field(default=0.0, ge=0, description="Points: that part of the points that are graded so far.")
    rule: Text = Field(default="", description="The rule and its arithmetic, in a sentence.")


class Warned(_Model):
    """Something worth knowing that cost no points; with the code `unusable`, why nothing was graded."""

    code: str
    message: Text
    check: str = Field(default="", description="Name of the check that remarks it, if one does.")

    @model_serializer(mode="wrap")
    def _without_what_there_is_none_of(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return _without_empty(handler(self), {"check"})


class Result(_Model):
    """All that is known of one student's work on one assignment."""

    format: Literal[1] = 1
    assignment: str
    student: str
    score: float = Field(description="Sum of the points of all questions that are graded, without bonus.")
    max_score: float = Field(description="Sum of the points of all questions, graded or not.")
    bonus: float
    late: Late
    submission_sha256: Sha256
    suite_sha256: Sha256
    isolation: str
    seed: int
    started: str = Field(description="ISO 8601, UTC.")
    seconds: float
    questions: tuple[QuestionResult, ...]
    warnings: tuple[Warned, ...]
    comments: tuple[CellComment, ...] = Field(default=(), description="On cells that no question is about, if any.")

    @model_serializer(mode="wrap")
    def _without_what_there_is_none_of(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return _without_empty(handler(self), {"comments"})

    @property
    def status(self) -> Status:
        """What is still to be done: grade again, look at the hand-in, grade by hand, or nothing."""
        if self.ungraded:
            return "not graded"
        if self.problem:
            return "unusable"
        if any(question.points is None for question in self.questions):
            return "by hand"
        return "graded"

    @property
    def problem(self) -> str:
        """Why the hand-in could not be graded, or nothing."""
        return next((warning.message for warning in self.warnings if warning.code == UNUSABLE), "")

    @property
    def ungraded(self) -> tuple[str, ...]:
        """Names of the questions that the suite or the grader failed to judge."""
        return tuple(q.name for q in self.questions if q.points is None and not q.manual)

    @property
    def automatic(self) -> tuple[float, float]:
        """Points earned and points possible on the questions that the suite judged."""
        judged = [q for q in self.questions if q.points is not None and not q.manual]
        return math.fsum(q.points or 0 for q in judged), math.fsum(q.max_points for q in judged)

    @property
    def final(self) -> float | None:
        """Score with bonus and penalty; None while a question waits to be graded again."""
        if self.ungraded:
            return None
        return max(0.0, self.score + self.bonus - self.late.penalty)


def schema_text() -> str:
    """Return the JSON schema of a result as the text of its file."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Result.model_json_schema(),
        "title": "Result of a submission, format 1",
    }
    return json.dumps(schema, indent=2) + "\n"


def result_text(result: Result) -> bytes:
    """Return the content of a result's file."""
    text = _ROW_OF_NUMBERS.sub(lambda match: " ".join(match[0].split()), result.model_dump_json(indent=2))
    return f"{text}\n".encode()


def result_file(folder: Path, student: str) -> Path:
    """Return where a student's result is in a folder, or would be."""
    path = folder / f"{student}.json"
    if path.parent != folder or path.name.startswith("."):
        raise ValueError(f"{student!r} is no name for a result file")
    return path


def write_result(folder: Path, result: Result) -> Path:
    """Write a student's result, all of it or nothing, and return its path."""
    return replace_file(result_file(folder, result.student), result_text(result))


def read_result(path: Path) -> Result:
    """Read a result; UsageError if the file is not a result of format 1."""
    try:
        return Result.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{one_line(str(path))} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        message = f"{one_line(str(path))} is no result of format 1: {place}: {first['msg']}; grade again"
        raise UsageError(message) from error


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
