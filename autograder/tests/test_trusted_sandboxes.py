"""Sandboxes that several submissions have in turn: those that are the course's own, and no others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from autograder.course import load_course
from autograder.suite.client import SuiteHost
from autograder.tests.sample_course import write
from autograder.tests.test_verify import COURSE, LAYERS
from autograder.types import Plan, Submission

SUITE = """\
import pytest
from nndl.layers import shift


@pytest.mark.question("shift")
def test_shift():
    assert shift(1) == {value}
"""
PRINTING = "import os\n\n\ndef shift(x):\n    print(os.getpid())\n    return x + {step}\n"


def submission(name: str, step: int, **plan: bool) -> Submission:
    files = {"nndl/layers.py": PRINTING.format(step=step).encode()}
    return Submission(student=name, files=files, sha256="", origin=name, plan=Plan(**plan))


def test_a_sandbox_goes_from_one_submission_of_the_course_to_the_next_and_to_no_student(tmp_path: Path) -> None:
    texts = {"course.yaml": COURSE, "solutions/nndl/__init__.py": "", "solutions/nndl/layers.py": LAYERS}
    texts |= {"solutions/utils/__init__.py": "", "tests/hw1/test_all.py": SUITE.format(value=2)}
    course = load_course(write(tmp_path, {name: text.encode() for name, text in texts.items()}))
    ours, other = submission("ours", 1, trusted=True), submission("other", 2, trusted=True)
    handed_in = [ours, other, submission("student", 1), replace(ours, student="again"), submission("last", 1)]
    with SuiteHost(course, "hw1", isolation="none") as host:
        outcomes = {each.student: outcome.checks[0] for each, outcome in host.grade(handed_in)}
    verdicts = {name: check.verdict.value for name, check in outcomes.items()}
    assert verdicts == {"ours": "passed", "other": "failed", "student": "passed", "again": "passed", "last": "passed"}
    pids = {name: check.output.strip() for name, check in outcomes.items()}
    assert pids["ours"] == pids["other"] == pids["again"]
    assert len({pids["ours"], pids["student"], pids["last"]}) == 3
