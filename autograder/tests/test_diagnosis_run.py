"""Causes through the real command line: what is found out about a course's listed mistakes, kept, and told."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.course import load_course
from autograder.diagnosis.learning import Diagnosis, Setting
from autograder.suite.client import SuiteHost
from autograder.tests.command_line import read_results, run
from autograder.tests.sample_course import write
from autograder.types import Submission

COURSE = """\
format: 1
course: {name: Tiny, term: 2026 fall}
limits: {time_s: 20, check_time_s: 2.0, memory_mb: 300, processes: 8, output_mb: 0.01}
assignments:
  hw1:
    title: Beginning
    due: 2026-10-26T23:59:00-07:00
    package: nndl
    holes: [nndl.layers.line]
    questions:
      line: {points: 10}
"""
LAYERS = """\
def line(x):
    ### BEGIN SOLUTION
    return 2 * x + x**2 - 0.3
    ### END SOLUTION
"""
SUITE = """\
import pytest
from nndl.layers import line

from autograder.checks import assert_close

pytestmark = pytest.mark.question("line")


def test_line(rng):
    x = rng.standard_normal((3, 4))
    assert_close(line(x.copy()), 2 * x + x**2 - 0.3, name="y")


def test_line_of_one(rng):
    x = rng.standard_normal((1, 7))
    assert_close(line(x.copy()), 2 * x + x**2 - 0.3, name="y")
"""
MISTAKES = """\
HOLES = {"line": ("nndl.layers.line",)}
READ = {"line": "basics.ipynb, Lines"}
MISTAKES = [
    {"name": "cubed", "question": "line", "hint": "takes x^3 for x^2", "advice": "Look at the exponent.",
     "patches": [("nndl/layers.py", "x**2", "x**3")]},
    {"name": "shifted", "question": "line", "hint": "adds 0.3", "patches": [("nndl/layers.py", "- 0.3", "+ 0.3")]},
    {"name": "stale", "question": "line", "hint": "", "patches": [("nndl/layers.py", "no such text", "")]},
]
"""
STUDENTS = {
    "right": "return x * (x + 2) - 0.3",
    "cubed": "import numpy as np\n    return np.add(x + x, x * x * x) - 3 / 10",
    "shifted": "return x * (2 + x) + 3 / 10",
    "doubled": "return 2 * (x * (x + 2) - 0.3)",
    "other": "return 2 * x + x**4 - 0.3",
    "for_one": "y = x * (x + 2) - 0.3\n    return y if len(x) > 1 else y + x**3",
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    files = {
        "course.yaml": COURSE,
        "solutions/nndl/__init__.py": "",
        "solutions/nndl/layers.py": LAYERS,
        "solutions/utils/__init__.py": "",
        "tests/hw1/test_all.py": SUITE,
        "tests/hw1/mistakes.py": MISTAKES,
    }
    files |= {f"class/{name}/nndl/layers.py": f"def line(x):\n    {body}\n" for name, body in STUDENTS.items()}
    return write(tmp_path, {name: text.encode() for name, text in files.items()})


def grade(course: Path, what: str = "class") -> tuple[str, dict[str, list[dict[str, Any]]]]:
    """Return what was printed on standard error, and the causes of each student's first failure."""
    done = run(f"autograder grade hw1 {what}", course)
    assert done.returncode == 0, done.stderr
    results = read_results(course / "results" / "hw1")
    checks = {student: result["questions"][0]["checks"] for student, result in results.items()}
    return done.stderr, {
        student: next((check.get("causes", []) for check in found if check["verdict"] != "passed"), [])
        for student, found in checks.items()
    }


def test_causes_are_named_and_kept_for_the_next_time(course: Path) -> None:
    kept = course / ".autograder" / "diagnosis" / "hw1.json"
    kept.parent.mkdir(parents=True)
    kept.write_text('{"version": "older", "questions": ["line"], "known": []}')
    stderr, causes = grade(course)
    assert stderr == ""
    assert causes["cubed"] == [
        {
            "name": "cubed",
            "message": "the numbers are those of a solution that takes x^3 for x^2",
            "hint": "Look at the exponent.",
            "read": "basics.ipynb, Lines",
        }
    ]
    assert [cause["name"] for cause in causes["shifted"]] == ["shifted"]
    assert [cause["message"] for cause in causes["doubled"]] == ["y is twice what was expected"]
    assert [cause["name"] for cause in causes["for_one"]] == ["only-with-a-batch-of-one"]
    assert causes["right"] == causes["other"] == []

    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    before = kept.read_bytes()
    assert grade(course, "class/cubed")[1]["cubed"] == causes["cubed"]
    assert kept.read_bytes() == before
    (course / "tests" / "hw1" / "mistakes.py").write_text(MISTAKES.replace("takes x^3", "has x^3"))
    assert "has x^3" in grade(course, "class/cubed")[1]["cubed"][0]["message"]


def test_a_catalogue_that_cannot_be_read_costs_the_causes_and_nothing_else(course: Path) -> None:
    (course / "tests" / "hw1" / "mistakes.py").write_text("1 / 0\n")
    stderr, causes = grade(course, "class/cubed class/doubled")
    assert stderr.count("\n") == 1
    assert "causes of failures are not named: " in stderr
    assert "mistakes.py: cannot be run: ZeroDivisionError" in stderr
    assert [cause["name"] for cause in causes["doubled"]] == ["factor"]


def test_nothing_is_found_out_where_nothing_fails_and_what_cannot_be_kept_is_known_all_the_same(course: Path) -> None:
    (course / ".autograder").write_text("no folder")
    loaded = load_course(course)
    assignment = loaded.assignment("hw1")
    setting = Setting(course=loaded, assignment=assignment, digest="", seed=1, jobs=1, isolation="none")
    files = {"nndl/layers.py": LAYERS.replace("x**2", "x**3").encode()}
    with SuiteHost(loaded, "hw1", isolation="none", seed=1) as host:
        diagnosis = Diagnosis(setting)
        ((_, outcome),) = host.grade([Submission(student="a", files=files, sha256="", origin="")])
        passed = replace(outcome, checks=tuple(replace(check, fingerprint=None) for check in outcome.checks))
        assert diagnosis.explain(passed, host.checks) == passed
        assert diagnosis.learned.questions == ()
        for _ in range(2):
            found = diagnosis.explain(outcome, host.checks)
            assert [[cause.name for cause in check.causes] for check in found.checks] == [["cubed"], ["cubed"]]
        assert diagnosis.learned.questions == ("line",)
