"""Gradescope's results.json, one for each student, all of it for students.

Written after the specification of Gradescope's autograders. Whatever is in it is visible: a hidden test would also
hide a student's total there, and what students must not see is not in it in the first place. `score` is what counts,
after bonus and penalty; the tests add up to it without the penalty.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.report import plain
from autograder.report.audience import Shown, ShownCheck, ShownQuestion, shown
from autograder.report.class_results import ClassResults
from autograder.results import Result
from autograder.types import Verdict

_DIGITS = 4
_AGAIN = "This 0 is not your score: you will be graded again."


def write(results: ClassResults) -> Iterator[Path]:
    """Write ``gradescope/<student>.json`` for each."""
    for result in results.results:
        view = shown(result, results.course)
        yield results.write(f"gradescope/{result.student}.json", as_text(document(view, result)))


def document(view: Shown, result: Result) -> dict[str, Any]:
    """Return a student's results for Gradescope. A question that waits for a person, or for us, has no score yet."""
    score = view.score + view.bonus - view.late.penalty if view.final is None else view.final
    return {
        "score": _number(max(0.0, score)),
        "execution_time": round(result.seconds),
        "output": plain.overview(view),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "submission_sha256": result.submission_sha256,
            "bonus": view.bonus,
            "penalty": view.late.penalty,
            "late_days": view.late.days,
            "not_graded": list(result.ungraded),
        },
        "tests": [test for number, question in enumerate(view.questions, 1) for test in _tests(number, question)],
        "leaderboard": list(_leaderboard(view)),
    }


def fault(message: str) -> dict[str, Any]:
    """Return what a student sees where grading itself has failed: no score that anybody could take for one."""
    return {
        "score": 0,
        "output": f"Not graded, through no fault of yours. {message}\n{_AGAIN}",
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"grader_fault": True},
        "tests": [],
    }


def as_text(results: dict[str, Any]) -> str:
    """Return results as the text of their file."""
    return json.dumps(results, indent=2, allow_nan=False) + "\n"


def _tests(number: int, question: ShownQuestion) -> Iterator[dict[str, Any]]:
    if question.points is None:
        words = "still to be graded by hand" if question.manual else "not graded yet, through no fault of yours"
        yield {"name": f"{question.title}: {words}", "number": f"{number}"}
    for place, check in enumerate(question.checks, 1):
        yield _test(f"{number}.{place}", question, check)
    yield from _rest(number, question)


def _test(number: str, question: ShownQuestion, check: ShownCheck) -> dict[str, Any]:
    test: dict[str, Any] = {"name": plain.heading(question, check), "number": number, "tags": [question.name]}
    if question.points is not None:
        test |= {"score": _number(check.points), "max_score": _number(check.max_points)}
    if check.verdict.graded and check.verdict is not Verdict.UNCHECKED:
        test["status"] = "passed" if check.passed else "failed"
    if words := plain.explanation(check):
        test["output"] = words
    return test


def _rest(number: int, question: ShownQuestion) -> Iterator[dict[str, Any]]:
    """Yield what a question's checks do not add up to: hidden ones, points by hand, bonus."""
    if question.points is None:
        return
    points = _number(question.points - sum(check.points for check in question.checks))
    maximum = _number(question.max_points - sum(check.max_points for check in question.checks))
    if points or maximum:
        words = f"{question.untold} hidden checks" if question.untold else "by hand"
        yield {"name": f"{question.title}: {words}", "number": f"{number}.a", "score": points, "max_score": maximum}
    if question.bonus:
        bonus = {"score": _number(question.bonus), "max_score": 0.0}
        yield {"name": f"{question.title}: bonus", "number": f"{number}.b", **bonus}


def _leaderboard(view: Shown) -> Iterator[dict[str, Any]]:
    seen = set()
    for question in view.questions:
        for check in question.checks:
            for measured in check.measurements:
                if measured.metric not in seen:
                    seen.add(measured.metric)
                    yield {"name": measured.metric.replace("_", " "), "value": _number(measured.estimate)}


def _number(value: float) -> float:
    return round(value, _DIGITS) + 0.0  # and no -0
