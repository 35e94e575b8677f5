"""The words that every part of the grader shares: verdicts, checks, submissions and their outcomes.

Leaves: nothing of the project is imported here but `errors`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace


class Fault(enum.Enum):
    """Who has to mend what a verdict reports."""

    STUDENT = "student"
    NOBODY = "nobody"
    INSTRUCTOR = "instructor"
    GRADER = "grader"


class Verdict(enum.StrEnum):
    """What became of one check; `fault` says whose it is."""

    PASSED = "passed"
    FAILED = "failed"  # wrong value, shape or dtype
    ERROR = "error"  # the student's code raised
    MISSING = "missing"  # not there, or left as a hole
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"  # the process died
    BLOCKED = "blocked"  # tried what the sandbox forbids
    UNCHECKED = "unchecked"  # what it depends on failed before it
    SUITE_ERROR = "suite_error"
    GRADER_ERROR = "grader_error"

    @property
    def fault(self) -> Fault:
        """Whose fault it is; an instructor's or the grader's never costs points."""
        return _FAULTS.get(self, Fault.STUDENT)

    @property
    def graded(self) -> bool:
        """Whether the check says anything about the submission."""
        return self.fault not in (Fault.INSTRUCTOR, Fault.GRADER)


_FAULTS = {
    Verdict.UNCHECKED: Fault.NOBODY,
    Verdict.SUITE_ERROR: Fault.INSTRUCTOR,
    Verdict.GRADER_ERROR: Fault.GRADER,
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one submission may use. Keys and defaults are those of ``limits`` in course.yaml."""

    time_s: float = 60.0
    check_time_s: float = 20.0
    memory_mb: int = 2048
    processes: int = 32
    output_mb: float = 1.0


@dataclass(frozen=True, kw_only=True)
class ArgumentForm:
    """How a submission may take an argument. `omit`: values that are left out, so that its own default counts."""

    name: str = ""  # empty: there is no such argument
    omit: tuple[str | float | bool | None, ...] = ()
    when_true: str = ""  # what stands for true
    factor: float = 1.0  # of numbers


@dataclass(frozen=True, kw_only=True)
class Adaptation:
    """How a function, or all of a class or module, differs in a dialect from what suites say."""

    title: str = ""
    arguments: Mapping[str, tuple[ArgumentForm, ...]] = field(default_factory=dict)
    entries: Mapping[str, str] = field(default_factory=dict)  # keys of dicts that go in and come out
    returns: tuple[str, ...] = ()  # names of what comes out, for `transposed`
    transposed: tuple[str, ...] = ()  # arguments, results, attributes and entries of dicts


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """Another package that suites grade: what is called or done differently in it. Keys are the suites' names."""

    title: str
    package: str
    names: Mapping[str, str]
    lacks: tuple[str, ...] = ()  # what such packages do not have, and checks do not ask of them
    adaptations: Mapping[str, tuple[Adaptation, ...]] = field(default_factory=dict)  # ways, the first tried first


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something worth telling that costs no points, such as a changed input."""

    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """One pytest test of a hidden suite, as collected."""

    name: str
    question: str
    weight: float = 1.0
    visible: bool = False
    requires: tuple[str, ...] = ()
    budget_s: float = 0.0  # for training, in a sandbox of its own; 0: it has none


@dataclass(frozen=True, kw_only=True)
class Training:
    """How a training run in the sandbox went."""

    ended: str  # finished, diverged, stalled, over budget or broken off
    iterations: int
    seconds: float
    seed: int
    losses: tuple[float | None, ...]  # means of `stride` iterations each; None for what is not finite
    stride: int = 1


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """What a metric was measured to be, on how much, and what was made of the noise."""

    metric: str
    value: float  # what counts
    estimate: float  # fraction of images that were right
    low: float
    high: float
    images: int
    seeds: tuple[int, ...]  # of the trainings
    dataset: str
    policy: str
    decision: str  # why `value` is what it is, in words
    claimed: float | None = None  # by the outputs that were saved with a notebook


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """Data for a picture of why a check failed; see `autograder.checks.exhibits.Exhibit`."""

    kind: str  # difference, mask, errors, spread or curve
    name: str
    shape: tuple[int, ...] = ()
    tile: tuple[int, ...] = ()
    cells: tuple[tuple[float | None, ...], ...] = ()
    labels: tuple[str, ...] = ()
    values: tuple[float | None, ...] = ()
    expected: tuple[float, ...] = ()
    limit: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a check failed, as far as the numbers leave no doubt. All of it may be shown to the student."""

    name: str  # of the kind of mistake, for counting: batchnorm_dx_no_mean, times-examples
    message: str
    hint: str = ""  # what to do about it, by the author of the suite
    read: str = ""  # where that is explained


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A few numbers by which two arrays can be told apart, but from which neither can be had back (see diagnosis)."""

    name: str
    shape: tuple[int, ...]
    numbers: tuple[float, ...]
    size: float  # the length of the array as a vector
    distinct: int  # finite values that differ, of which 4 are counted
    error: float | None = None  # how far it is from what was expected, by the length of that


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """What a check was looking at when it failed. `passed`: how many comparisons had held by then."""

    passed: int
    traces: tuple[Trace, ...]


@dataclass(frozen=True, kw_only=True)
class CheckOutcome:
    """What one check found in one submission. `message`, `hint` and `causes` may be shown to the student."""

    name: str
    verdict: Verdict
    message: str = ""
    hint: str = ""
    seconds: float = 0.0
    output: str = ""  # what the student's code printed, bounded
    metrics: Mapping[str, float] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    trainings: tuple[Training, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    asked: bool = True  # else it is about what this kind of submission does not have, and nobody's points
    causes: tuple[Cause, ...] = ()  # at most two
    fingerprint: Fingerprint | None = None  # of a failure, to be compared with those of known mistakes
    reached: tuple[str, ...] = ()  # what a plan's probe says


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Which checks of a suite a submission gets, where that is not all of them.

    `seconds` is the time that a check may take, where that is less than the limits say. `probe`, if any, is a function
    of the submission, such as ``nndl.probe.take``: what it returns after a check is that check's `reached`.
    """

    checks: tuple[str, ...] | None = None  # None: all
    first_failure: bool = False  # run them in the order given, and no more after one that does not pass
    seconds: Mapping[str, float] = field(default_factory=dict)
    probe: str = ""
    trusted: bool = False  # the submission is the course's own: the next trusted one may have its sandbox


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What one student handed in, in memory and bounded; every byte of it is hostile.

    `files` maps a relative POSIX path, such as ``nndl/layers.py``, to its bytes; only the package
    that is graded and what may be its support code. `extras` are other files that its suite reads, by name. An
    unusable hand-in has no files and says why in `problem`.
    """

    student: str
    files: Mapping[str, bytes]
    sha256: str
    origin: str  # where it came from, for messages
    problem: str = ""
    remarks: tuple[Remark, ...] = ()
    submitted_at: str | None = None  # ISO 8601 with offset, where known
    extras: Mapping[str, bytes] = field(default_factory=dict)
    plan: Plan = field(default_factory=Plan)

    def without_files(self) -> Submission:
        """Return what there is to say of it, without the bytes."""
        return replace(self, files={}, extras={})


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the suite found in one submission, before scoring."""

    checks: tuple[CheckOutcome, ...]
    isolation: str
    seconds: float
    remarks: tuple[Remark, ...] = ()
