"""What course.yaml may say: one model for each of its mappings, which the JSON schema is made from too.

Rules that concern several keys at once are in `autograder.course.rules`, so that all mistakes are
found together.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.config import JsonDict

from autograder import types

_NAME = r"^[A-Za-z][A-Za-z0-9_-]*$"
_IDENTIFIER = r"^[A-Za-z_][A-Za-z0-9_]*$"
_DOTTED = r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+$"
_NOTEBOOK = r"^[^/\\]+\.ipynb$"
_FILE_NAME = r"^[^/\\]+\.(ipynb|npz)$"
_TEXT = r"\S"

# Each pattern in words, for messages.
PATTERNS = {
    _NAME: "a name of letters, digits, '_' and '-' that starts with a letter",
    _IDENTIFIER: "a Python name, such as nndl",
    _DOTTED: "a dotted name below the package, such as nndl.layers.affine_forward",
    _NOTEBOOK: "the file name of a notebook, such as two_layer_nn.ipynb",
    _FILE_NAME: "the file name of a notebook or of weights, such as best_model.npz",
    _TEXT: "text that is not blank",
}

TIME_EXAMPLE = "2026-11-30T23:59:00-08:00"


def _aware(value: object) -> object:
    """Read a time with its offset; what is not text is left to pydantic."""
    if not isinstance(value, str):
        return value
    try:
        time = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"an ISO 8601 time with its offset, such as {TIME_EXAMPLE}") from error
    if time.tzinfo is None:
        raise ValueError(f"a time with its offset from UTC, such as {TIME_EXAMPLE}")
    return time


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, ZoneInfoNotFoundError) as error:
        raise ValueError("the name of a time zone, such as America/Los_Angeles") from error
    return name


Text = Annotated[str, Field(pattern=_TEXT)]
Name = Annotated[str, Field(pattern=_NAME)]
Identifier = Annotated[str, Field(pattern=_IDENTIFIER)]
Hole = Annotated[str, Field(pattern=_DOTTED)]
Dotted = Annotated[str, Field(pattern=_DOTTED)]
Notebook = Annotated[str, Field(pattern=_NOTEBOOK)]
# YAML gives lists and text; nothing else in a strict model is converted.
Holes = Annotated[tuple[Hole, ...], Field(strict=False)]
Notebooks = Annotated[tuple[Notebook, ...], Field(strict=False)]
FileNames = Annotated[tuple[Annotated[str, Field(pattern=_FILE_NAME)], ...], Field(strict=False)]
Time = Annotated[
    datetime,
    BeforeValidator(_aware),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-?\d\d-?\d\dT.*(Z|[-+]\d\d(:?\d\d)?)$"}),
]
Zone = Annotated[str, AfterValidator(_zone)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Fraction = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Images = Annotated[int, Field(ge=10)]


_NAMED: JsonDict = {"additionalProperties": False}  # for editors: no key that is not a name


class Entry(BaseModel):
    """A mapping of course.yaml: no other keys, no conversions, no infinities, never changed."""

    model_config = ConfigDict(defer_build=True, strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class CourseNames(Entry):
    """The course itself."""

    name: Text = Field(description="What the course is called.")
    term: Text = Field(description="When it is taught, such as 2026 fall.")
    secret: str = Field(
        default="",
        description="Words that students do not know: seeds come from them. Needed where hidden suites are public.",
    )


class Dataset(Entry):
    """Where the images of accuracy questions come from."""

    kind: Literal["cifar10", "shapes10"] = Field(
        description="cifar10: the published archive. shapes10: images drawn from a seed, nothing to download."
    )


class LimitsEntry(Entry):
    """What grading one submission may use."""

    time_s: Positive = Field(default=types.Limits.time_s, description="Seconds for a whole submission.")
    check_time_s: Positive = Field(default=types.Limits.check_time_s, description="Seconds for one check.")
    memory_mb: Annotated[int, Field(gt=0)] = Field(default=types.Limits.memory_mb, description="Memory in MB.")
    processes: Annotated[int, Field(gt=0)] = Field(
        default=types.Limits.processes, description="Processes and threads at a time."
    )
    output_mb: Positive = Field(default=types.Limits.output_mb, description="Printed output that is kept, in MB.")


class Late(Entry):
    """What handing in late costs; by default nothing."""

    slip_days: Count = Field(default=0, description="Days late that cost nothing.")
    penalty_per_day: Fraction = Field(default=0.0, description="Part of the score lost for each day beyond those.")
    max_days: Count | None = Field(default=None, description="Days after which nothing is accepted; null: no such end.")
    time_zone: Zone | None = Field(
        default=None,
        description="Where days late end at the due time by the clock on the wall, such as America/Los_Angeles; "
        "null: after 24 hours each.",
    )


class Feedback(Entry):
    """What students are told of checks that they do not have, besides the points; never what such a check printed."""

    hidden: Literal["name", "hint", "nothing"] = Field(
        default="hint",
        description="hint: whether each hidden check passed, and its hint. name: its name too, without parameters. "
        "nothing: only the points of the question.",
    )
    causes: bool = Field(default=True, description="Whether the causes that were recognised are told as well.")


class Bonus(Entry):
    """Points on top: `points` for each whole `per` that the metric lies above `above`, at most `max`."""

    per: Positive = Field(description="Step of the metric that earns `points`.")
    above: float = Field(description="Value of the metric from which steps are counted.")
    points: Positive = Field(description="Points for each step.")
    max: Positive = Field(description="Most points that can be earned.")


class Fairness(Entry):
    """How a metric is measured, and what decides when the result lies within the noise of a threshold."""

    policy: Literal["point", "benefit", "decide"] = Field(
        default="point",
        description="point: the estimate counts. benefit: the upper end of its interval does. decide: more images "
        "and trainings are tried until it is certain, or the budget is used up.",
    )
    images: Images = Field(default=1000, description="New images that the metric is measured on.")
    most_images: Images = Field(default=8000, description="Most images in all, where the policy is decide.")
    most_runs: Annotated[int, Field(gt=0)] = Field(default=3, description="Most trainings, where the policy is decide.")
    spread: Fraction = Field(default=0.0, description="Standard deviation of the reference's metric over seeds.")
    confidence: Annotated[float, Field(gt=0, lt=1)] = Field(default=0.95, description="Of the interval.")


class QuestionEntry(Entry):
    """One question of an assignment."""

    model_config = ConfigDict(
        json_schema_extra={
            "dependentRequired": {"formula": ["metric"], "bonus": ["metric"], "fairness": ["metric"]},
            "if": {"properties": {"manual": {"const": True}}, "required": ["manual"]},
            "then": {"required": ["notebook"]},
        }
    )

    points: NotNegative = Field(description="Points of the question; 0 only for manual or bonus questions.")
    title: Text | None = Field(default=None, description="What students read; by default the question's name.")
    formula: Text | None = Field(
        default=None, description="Part of the points earned, from 0 to 1, as an expression in x, the metric."
    )
    metric: Identifier | None = Field(default=None, description="Metric that the formula or the bonus is about.")
    bonus: Bonus | None = Field(default=None, description="Points on top of the question's own.")
    fairness: Fairness | None = Field(default=None, description="How the metric is measured.")
    manual: bool = Field(default=False, description="Graded by a person, in the notebook.")
    notebook: Notebook | None = Field(default=None, description="Notebook that holds the question's cell.")


class AssignmentEntry(Entry):
    """One assignment."""

    title: Text = Field(description="What students read.")
    due: Time = Field(description=f"When it is due, with the offset from UTC, such as {TIME_EXAMPLE}.")
    package: Identifier = Field(description="Package that students hand in, such as nndl.")
    needs: Annotated[tuple[Identifier, ...], Field(strict=False)] = Field(
        default=(),
        description="Modules that submissions import besides NumPy and are not always installed, such as torch.",
    )
    notebooks: Notebooks = Field(default=(), description="Notebooks in source/<assignment>/.")
    holes: Holes = Field(default=(), description="What students fill in, new in this assignment.")
    carried: Holes = Field(default=(), description="Holes that students bring along from earlier assignments.")
    also: FileNames = Field(
        default=(), description="Other files that checks read, such as best_model.npz; notebooks are such files too."
    )
    cascade: Literal["unchecked", "substitute"] = Field(
        default="unchecked",
        description="What becomes of a failed check that builds on a wrong function: left unchecked, "
        "or run again with the reference's function in its place.",
    )
    questions: Annotated[Mapping[Name, QuestionEntry], Field(min_length=1)] = Field(
        description="Questions by name.", json_schema_extra=_NAMED
    )


class ArgumentEntry(Entry):
    """How a submission may take an argument; of several, the one whose name its signature has."""

    name: Identifier | None = Field(
        default=None, description="What the argument is called; without a name, there is none."
    )
    omit: Annotated[tuple[str | bool | int | float | None, ...], Field(strict=False)] = Field(
        default=(), description="Values that are left out, so that the submission's own default counts."
    )
    when_true: Text | None = Field(default=None, description="What stands for true, such as batchnorm.")
    factor: Positive = Field(default=1.0, description="What numbers are multiplied by.")


ArgumentForms = Annotated[tuple[ArgumentEntry, ...], Field(strict=False)]


class AdaptationEntry(Entry):
    """How a function, or all of a class or module, differs from what the suites say."""

    title: Text | None = Field(default=None, description="What results call this way, where there are several.")
    arguments: Mapping[Identifier, ArgumentForms] = Field(
        default={}, description="Arguments by the name that the suites' package has for them.", json_schema_extra=_NAMED
    )
    entries: Mapping[Identifier, Identifier] = Field(
        default={}, description="Entries of dicts that go in and come out: our key, and the submission's."
    )
    returns: Annotated[tuple[Identifier, ...], Field(strict=False)] = Field(
        default=(), description="Names of what comes out, for `transposed`."
    )
    transposed: Annotated[tuple[Identifier, ...], Field(strict=False)] = Field(
        default=(), description="Arrays that are the other way round: arguments, results, attributes, entries of dicts."
    )


Ways = Annotated[tuple[AdaptationEntry, ...], Field(strict=False)]


class DialectEntry(Entry):
    """Another package that the same suites grade, and what is called or done differently in it."""

    title: Text = Field(description="What results call it, such as CS231n.")
    package: Identifier = Field(description="Package by which it is recognised, such as cs231n.")
    names: Annotated[Mapping[Hole, Dotted], Field(min_length=1)] = Field(
        description="Modules, functions, classes and attributes by the suites' name; what is below goes with them."
    )
    lacks: Holes = Field(default=(), description="What such packages do not have; checks of it are not asked of them.")
    adaptations: Mapping[Hole, Ways] = Field(
        default={},
        description="Differences by the suites' name of a module, class or function. Of several ways, the one by "
        "which most checks pass is taken: for what no signature shows.",
    )


class CourseEntry(Entry):
    """All of course.yaml."""

    format: Literal[1] = Field(description="Version of this format: 1.")
    course: CourseNames = Field(description="The course itself.")
    datasets: Mapping[Name, Dataset] = Field(default={}, description="Datasets by name.", json_schema_extra=_NAMED)
    limits: LimitsEntry = Field(default_factory=LimitsEntry, description="What grading one submission may use.")
    late: Late = Field(default_factory=Late, description="What handing in late costs.")
    feedback: Feedback = Field(default_factory=Feedback, description="What students are told of hidden checks.")
    old_code: Literal["run", "refuse"] = Field(
        default="run", description="Code for Python 2 and older NumPys: run as it was meant, with a remark, or not."
    )
    dialects: Mapping[Name, DialectEntry] = Field(
        default={}, description="Other packages that the suites grade, by name.", json_schema_extra=_NAMED
    )
    assignments: Annotated[Mapping[Name, AssignmentEntry], Field(min_length=1)] = Field(
        description="Assignments by name.", json_schema_extra=_NAMED
    )
