"""What a student may see of a result: the only place that decides it, for every format that students read.

Student code is handed the inputs of hidden checks, and can print, raise or return them. Of a hidden check, a student
therefore gets nothing that student code had a hand in: neither message nor output nor pictures nor time, only whether
it passed, and what the suite's author wrote for students; where an accuracy was measured, also that and the curve of
the training, which ran in a sandbox of its own. course.yaml's `feedback` can take away from that, never add to it. A
visible check is told in full, for students have it; it runs before any hidden one has handed out its inputs. What the
suite or the grader did wrong is not told in its words at all, because they may quote the reference solution.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from autograder.course import Assignment, Course
from autograder.results import (
    UNUSABLE,
    CauseResult,
    CellComment,
    CheckResult,
    ExhibitResult,
    Late,
    MeasurementResult,
    QuestionResult,
    Result,
    TrainingResult,
    Warned,
)
from autograder.types import Fault, Verdict

_MOST_OUTPUT = 4000  # characters of what a check printed
_ESCAPES = re.compile(r"\\x1b(\[[0-9;?]*[A-Za-z]|\][^\\]*(\\x07|\\x1b\\)?)")  # of terminals, as results hold them
_NOT_FOR_STUDENTS = {"isolation", "formula", "by_hand", UNUSABLE}  # the last is told in a place of its own

MEANINGS = {
    Verdict.PASSED: "passed",
    Verdict.FAILED: "the result is wrong",
    Verdict.ERROR: "your code raised an exception",
    Verdict.MISSING: "something that it calls is not there, or still to be filled in",
    Verdict.TIMEOUT: "your code took too long",
    Verdict.MEMORY: "your code used more memory than there is for it",
    Verdict.CRASHED: "your code ended its process",
    Verdict.BLOCKED: "your code tried something that is forbidden where submissions are graded",
    Verdict.UNCHECKED: "not judged: what it builds on was found wrong first, or not handed in",
    Verdict.SUITE_ERROR: "could not be graded, through no fault of yours",
    Verdict.GRADER_ERROR: "could not be graded, through no fault of yours",
}


@dataclass(frozen=True, kw_only=True)
class ShownCheck:
    """A check as its student sees it."""

    title: str  # in words
    name: str  # by which students can run it; empty for a hidden check
    verdict: Verdict
    meaning: str  # of the verdict, in words
    points: float
    max_points: float
    visible: bool
    hint: str
    seconds: float
    message: str = ""
    output: str = ""
    trainings: tuple[TrainingResult, ...] = ()
    measurements: tuple[MeasurementResult, ...] = ()
    exhibits: tuple[ExhibitResult, ...] = ()
    causes: tuple[CauseResult, ...] = ()  # in words of the suite's author and of the grader only

    @property
    def passed(self) -> bool:
        """Whether nothing is left to do about it."""
        return self.verdict is Verdict.PASSED

    @property
    def brief(self) -> bool:
        """Whether a line says all that there is to say: nothing to mend here, or nothing told but the verdict."""
        told = self.visible or self.hint or self.causes or self.measurements
        return self.verdict is Verdict.UNCHECKED or not told


@dataclass(frozen=True, kw_only=True)
class ShownQuestion:
    """A question as its student sees it. Without `points` it is still to be graded: by hand if `manual`, else again."""

    name: str
    title: str
    points: float | None
    max_points: float
    bonus: float
    manual: bool
    measured: bool  # whether it is about an accuracy that is reached with what other questions are about
    checks: tuple[ShownCheck, ...]
    untold: int  # hidden checks of which nothing is told
    comment: str  # of the person who graded it


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A result as its student sees it."""

    course: str
    term: str
    assignment: str
    title: str
    student: str
    score: float
    max_score: float
    bonus: float
    final: float | None
    late: Late
    problem: str  # why nothing could be graded, or empty
    questions: tuple[ShownQuestion, ...]
    remarks: tuple[str, ...]
    comments: tuple[CellComment, ...]  # of the person who graded it, on cells that no question is about
    graded_at: str
    fingerprint: str  # of what was handed in

    @property
    def by_hand(self) -> tuple[ShownQuestion, ...]:
        """Questions that somebody still has to read."""
        return tuple(question for question in self.questions if question.manual and question.points is None)


def shown(result: Result, course: Course) -> Shown:
    """Return what the student whose result this is may see of it, by the course's rules."""
    assignment = course.assignment(result.assignment)
    return Shown(
        course=course.name,
        term=course.term,
        assignment=result.assignment,
        title=assignment.title,
        student=result.student,
        score=result.score,
        max_score=result.max_score,
        bonus=result.bonus,
        final=result.final,
        late=result.late,
        problem=result.problem,
        questions=tuple(_question(each, tuple(_checks(each, course)), assignment) for each in result.questions),
        remarks=tuple(dict.fromkeys(_remarks(result, course))),
        comments=result.comments,
        graded_at=result.started[:16].replace("T", " "),
        fingerprint=result.submission_sha256[:12],
    )


def without_checks(view: Shown) -> Shown:
    """Return what a student sees of a hand-in that could not be graded: not the same reason with every check."""
    questions = tuple(replace(question, checks=(), untold=0) for question in view.questions)
    return replace(view, questions=questions) if view.problem else view


def unabridged(result: Result, course: Course) -> Shown:
    """Return all of a result, for those who grade: hidden checks as if they were visible, and every warning."""
    assignment = course.assignment(result.assignment)
    questions = tuple(_question(each, tuple(map(_unabridged, each.checks)), assignment) for each in result.questions)
    return replace(shown(result, course), questions=questions, remarks=tuple(each.message for each in result.warnings))


def _unabridged(check: CheckResult) -> ShownCheck:
    return replace(_visible(check), message=check.message, visible=check.visible)


def title_of(name: str, *, parameters: bool = True) -> str:
    """Return a check's name in words: ``affine: forward [two]`` for ``TestAffine::test_forward[two]``."""
    name, bracket, values = name.partition("[")
    parts = [re.sub(r"^test_?", "", part, flags=re.IGNORECASE) for part in name.split("::")]
    words = ": ".join(" ".join(part.split("_")) for part in parts if part and not part.endswith(".py"))
    return words + (f" [{values}" if bracket and parameters else "")


def _question(question: QuestionResult, checks: tuple[ShownCheck, ...], assignment: Assignment) -> ShownQuestion:
    listed = assignment.questions.get(question.name)
    return ShownQuestion(
        name=question.name,
        title=question.title,
        points=question.points,
        max_points=question.max_points,
        bonus=question.bonus,
        manual=question.manual,
        measured=listed is not None and bool(listed.metric),
        checks=checks,
        untold=len(question.checks) - len(checks),
        comment=question.comment,
    )


def _checks(question: QuestionResult, course: Course) -> Iterator[ShownCheck]:
    hidden = 0
    for check in question.checks:
        hidden += not check.visible
        if check.visible or course.feedback.hidden != "nothing":
            told = _visible(check) if check.visible else _hidden(check, hidden, course)
            yield told if course.feedback.causes else replace(told, causes=())


def _visible(check: CheckResult) -> ShownCheck:
    ours = check.verdict.fault in (Fault.INSTRUCTOR, Fault.GRADER)
    return ShownCheck(
        title=title_of(check.name),
        name=check.name,
        verdict=check.verdict,
        meaning=MEANINGS[check.verdict],
        points=check.points,
        max_points=check.max_points,
        visible=True,
        hint=check.hint,
        seconds=check.seconds,
        message="" if ours else check.message,
        output=_bounded(_ESCAPES.sub("", check.output)),
        trainings=check.trainings,
        measurements=check.measurements,
        exhibits=check.exhibits,
        causes=check.causes,
    )


def _hidden(check: CheckResult, number: int, course: Course) -> ShownCheck:
    named = course.feedback.hidden == "name"
    return ShownCheck(
        title=title_of(check.name, parameters=False) if named else f"hidden check {number}",
        name="",
        verdict=check.verdict,
        meaning=MEANINGS[check.verdict],
        points=check.points,
        max_points=check.max_points,
        visible=False,
        hint=check.hint,
        seconds=0.0,  # how long student code takes is its to choose, and could spell what it was given
        measurements=check.measurements,  # numbers that were measured outside of the sandbox
        trainings=check.trainings if check.measurements else (),
        causes=check.causes,
    )


def _bounded(text: str) -> str:
    if len(text) <= _MOST_OUTPUT:
        return text
    return f"{text[:_MOST_OUTPUT]}\n... and {len(text) - _MOST_OUTPUT:,} more characters"


def _remarks(result: Result, course: Course) -> Iterator[str]:
    visible = {check.name for question in result.questions for check in question.checks if check.visible}
    for warning in result.warnings:
        if warning.code in _NOT_FOR_STUDENTS:
            continue
        if warning.check in visible:
            yield f"{title_of(warning.check)}: {_own_words(warning)}"
        elif not warning.check:
            yield warning.message
        elif course.feedback.hidden != "nothing":
            yield _own_words(warning)


def _own_words(warning: Warned) -> str:
    """Return what a check remarks without the check's name in front."""
    return warning.message.removeprefix(f"{warning.check}: ")
