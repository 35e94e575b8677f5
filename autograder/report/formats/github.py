"""For GitHub: what Classroom's reporter reads, workflow commands, and a step's summary; all of it for students.

A workflow appends ``github/<student>/summary.md`` to ``$GITHUB_STEP_SUMMARY``, prints ``commands.txt``, and sets the
output `result` of a step to ``result.txt``, which is what Classroom's graders do.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.report import plain
from autograder.report.audience import Shown, ShownCheck, ShownQuestion, shown
from autograder.report.class_results import ClassResults
from autograder.report.formats import markdown
from autograder.types import Fault

_SUMMARY_BYTES = 1024 * 1024  # above which GitHub drops all of it
_ANNOTATIONS = 10  # of a kind that are shown for a step
_MESSAGE = 1000  # characters
_NOWHERE = {"test_code": "", "filename": "", "line_no": 0}
_CUT = "\n\n... the rest is left out: GitHub shows no more than 1 MiB\n"


def write(results: ClassResults) -> Iterator[Path]:
    """Write ``github/<student>/`` with ``result.txt``, ``commands.txt`` and ``summary.md`` for each."""
    for result in results.results:
        view = shown(result, results.course)
        folder = f"github/{result.student}"
        yield results.write(f"{folder}/result.txt", encoded(view) + "\n")
        yield results.write(f"{folder}/commands.txt", "\n".join(commands(view)) + "\n")
        yield results.write(f"{folder}/summary.md", summary(view))


def encoded(view: Shown) -> str:
    """Return a result as Classroom's reporter reads it: JSON in base64."""
    return base64.b64encode(json.dumps(document(view)).encode()).decode()


def document(view: Shown) -> dict[str, Any]:
    """Return a result in the third version of what Classroom's graders say."""
    tests = [test for question in view.questions for test in _tests(question)]
    if view.late.penalty:
        taken = {"status": "fail", "score": -round(view.late.penalty, 4), "message": None}
        tests.append({"name": view.late.rule, **taken, **_NOWHERE})
    ours = any(question.points is None and not question.manual for question in view.questions)
    passed = all(check.passed for question in view.questions for check in question.checks) and not view.problem
    return {
        "version": 3,
        "status": "error" if ours else "pass" if passed else "fail",
        "message": view.problem or None,
        "max_score": view.max_score,
        "tests": tests,
    }


def commands(view: Shown) -> Iterator[str]:
    """Yield workflow commands: the score, by the words that Classroom looks for, and what costs the most points."""
    final = max(0.0, view.score + view.bonus - view.late.penalty) if view.final is None else view.final
    score, maximum = round(final, 4), round(view.max_score, 4)
    yield command("notice", "Autograding complete", f"Points {score:g}/{maximum:g}")
    yield command("notice", "Autograding report", json.dumps({"totalPoints": score, "maxPoints": maximum}))
    if view.problem:
        yield command("error", "Nothing could be graded", view.problem)
    failed = [(question, check) for question in view.questions for check in question.checks if not check.passed]
    failed.sort(key=lambda each: each[1].points - each[1].max_points)
    room = _ANNOTATIONS - bool(view.problem)
    last = len(failed) > room
    for question, check in failed[: room - last]:
        kind = "error" if check.verdict.fault is Fault.STUDENT else "warning"
        yield command(kind, plain.heading(question, check), plain.explanation(check)[:_MESSAGE])
    if last:
        yield command(
            "error", "More", f"{len(failed) - room + 1} more checks did not pass: see the summary of the step"
        )


def command(kind: str, title: str, message: str) -> str:
    """Return a workflow command in which neither title nor message can end it or begin another."""
    title = _escaped(title).replace(":", "%3A").replace(",", "%2C")
    return f"::{kind} title={title}::{_escaped(message)}"


def summary(view: Shown) -> str:
    """Return a student's page as Markdown, cut to what GitHub shows."""
    data = markdown.page(view).encode()
    if len(data) <= _SUMMARY_BYTES:
        return data.decode()
    return data[: _SUMMARY_BYTES - len(_CUT)].decode(errors="ignore") + _CUT


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _tests(question: ShownQuestion) -> Iterator[dict[str, Any]]:
    for check in question.checks:
        yield _test(question, check)
    if question.points is None:
        return
    rest = round(question.points + question.bonus - sum(check.points for check in question.checks), 4)
    if rest:
        name = f"{question.title}: {question.untold} hidden checks" if question.untold else question.title
        yield {
            "name": name,
            "status": "pass",
            "score": rest,
            "message": None,
            "test_code": "",
            "filename": "",
            "line_no": 0,
        }


def _test(question: ShownQuestion, check: ShownCheck) -> dict[str, Any]:
    ours = check.verdict.fault in (Fault.INSTRUCTOR, Fault.GRADER)
    return {
        "name": plain.heading(question, check),
        "status": "error" if ours else "pass" if check.passed else "fail",
        "score": 0.0 if question.points is None else round(check.points, 4),
        "message": plain.explanation(check) or None,
        **_NOWHERE,
        "test_code": check.name,
    }
