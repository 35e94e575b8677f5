"""Results made by hand, with a secret in every place that students must not see, for tests of reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograder.course import Course, load_course
from autograder.results import CheckResult, ExhibitResult, Late, QuestionResult, Result, Warned, write_result
from autograder.tests.sample_course import write_course
from autograder.types import Verdict

SECRET = "SECRET-OF-A-HIDDEN-CHECK"
EVIL = "<script>alert(1)</script> \x1b[31mred\x1b[0m `x` | [a](javascript:b) </textarea>{{7*7}}"


def check(name: str = "test_forward", verdict: str = "failed", *, visible: bool = True, **more: Any) -> CheckResult:
    """Return a check's result that earned all of its points if it passed; secrets are in it where it is hidden."""
    passed = verdict == "passed"
    exhibit = ExhibitResult(kind="errors", name=f"{SECRET} exhibit", labels=("dx",), values=(0.5,), limit=1e-5)
    secrets = {"message": f"{SECRET} message", "output": f"{SECRET} output", "exhibits": (exhibit,)}
    words = {} if visible or passed else secrets
    values = {
        "name": name, "verdict": Verdict(verdict), "points": 2.5 * passed, "max_points": 2.5, "visible": visible,
        "message": "", "hint": "", "seconds": 0.01, "output": "", **words,
    }  # fmt: skip
    return CheckResult(**(values | more))


def question(name: str = "affine", *checks: CheckResult, **more: Any) -> QuestionResult:
    """Return a question with these checks."""
    values = {
        "name": name, "title": f"Title of {name}", "points": sum(each.points for each in checks),
        "max_points": sum(each.max_points for each in checks), "bonus": 0.0, "manual": False, "checks": checks,
    }  # fmt: skip
    return QuestionResult(**(values | more))


def manual(name: str = "inline", points: float | None = None, maximum: float = 4.0) -> QuestionResult:
    """Return a question that is graded by hand."""
    return question(name, points=points, max_points=maximum, manual=True)


def result(student: str = "alice", *questions: QuestionResult, **more: Any) -> Result:
    """Return a result with these questions, and the points that these add up to."""
    values = {
        "assignment": "hw3", "student": student, "score": sum(each.points or 0 for each in questions),
        "max_score": sum(each.max_points for each in questions), "bonus": sum(each.bonus for each in questions),
        "late": Late(), "submission_sha256": "0" * 64, "suite_sha256": "1" * 64, "isolation": "bwrap", "seed": 123,
        "started": "2026-10-26T10:00:00+00:00", "seconds": 1.9, "questions": questions, "warnings": (),
    }  # fmt: skip
    return Result(**(values | more))


def everything(student: str = "alice") -> Result:
    """Return a result with something of every kind, evil text where students' code can put it, and secrets."""
    return result(
        student,
        question(
            "affine",
            check("test_forward", "passed"),
            check("test_backward[two]", message=f"dx is wrong: {EVIL}\nexpected: [1]", output=EVIL, hint="Use x.T."),
            check("TestHidden::test_shapes[SECRET-OF-A-HIDDEN-CHECK]", visible=False, hint="What has which shape?"),
        ),
        question("nets", check("test_net", "error", visible=False), check("test_deep", "passed", visible=False)),
        question("broken", check("test_reference", "suite_error", message=f"{SECRET} reference"), points=None),
        manual(),
        warnings=(
            Warned(code="several_copies", message="of several copies the first was taken"),
            Warned(code="isolation", message=f"{SECRET} isolation"),
            Warned(code="changed", message="test_forward: changes x", check="test_forward"),
            Warned(code="eps", message="TestHidden::test_shapes[1]: eps is small", check="TestHidden::test_shapes[1]"),
        ),
        late=Late(days=1, part=0.1, penalty=0.25, rule="1 day late; 1 day x 10% of 2.5 points = 0.25"),
    )


def course(folder: Path, *more: str) -> Course:
    """Write and load the sample course, with more lines at the end of course.yaml."""
    root = write_course(folder)
    file = root / "course.yaml"
    file.write_text("\n".join([file.read_text(), *more]))
    return load_course(root)


def write_results(root: Path, *results: Result) -> None:
    """Write results to where the course in `root` has them."""
    folder = root / "results" / "hw3"
    folder.mkdir(parents=True)
    for each in results:
        write_result(folder, each)
