"""`autograder verify` on a small course: what it accepts, what it misses, and what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.tests.command_line import run
from autograder.tests.sample_course import write

COURSE = """\
format: 1
course: {name: Tiny, term: 2026 fall}
limits: {time_s: 20, check_time_s: 2.0, memory_mb: 300, processes: 8, output_mb: 0.01}
assignments:
  hw1:
    title: Beginning
    due: 2026-10-26T23:59:00-07:00
    package: nndl
    holes: [nndl.layers.scale, nndl.layers.shift]
    questions:
      scale: {points: 10}
      shift: {points: 1}
"""
LAYERS = """\
def scale(x):
    ### BEGIN SOLUTION
    out = 2 * x
    return out
    ### END SOLUTION


def shift(x):
    ### BEGIN SOLUTION
    return x + 1
    ### END SOLUTION
"""
SUITE = """\
import numpy as np
import pytest
from nndl.layers import scale, shift

from autograder.checks import assert_close


@pytest.mark.question("scale")
def test_scale(rng):
    x = rng.standard_normal(3)
    assert_close(scale(x), 2 * x)


@pytest.mark.question("shift")
def test_shift():
    assert shift(1) == 2
"""
MISTAKES = """\
HOLES = {"scale": ("nndl.layers.scale",), "shift": ("nndl.layers.shift",)}
MISTAKES = [
    {"name": "tripled", "question": "scale", "hint": "", "patches": [("nndl/layers.py", "2 * x", "3 * x")]},
]
EQUIVALENT = []
"""
ALTERNATIVES = """\
ALTERNATIVES = [{"name": "sum", "note": "", "patches": [("nndl/layers.py", "2 * x", "x + x")]}]
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    files = {
        "course.yaml": COURSE,
        "solutions/nndl/__init__.py": "",
        "solutions/nndl/layers.py": LAYERS,
        "solutions/utils/__init__.py": "",
        "tests/hw1/test_all.py": SUITE,
        "tests/hw1/mistakes.py": MISTAKES,
        "tests/hw1/alternatives.py": ALTERNATIVES,
    }
    return write(tmp_path, {name: text.encode() for name, text in files.items()})


def verify(course: Path, options: str = "") -> tuple[int, str, str]:
    done = run(f"autograder verify hw1 --isolation none {options}", course)
    return done.returncode, done.stdout, done.stderr


def changed(course: Path, file: str, old: str, new: str) -> None:
    text = (course / file).read_text()
    assert old in text
    (course / file).write_text(text.replace(old, new))


def test_a_good_suite_kills_every_mutant(course: Path) -> None:
    code, out, err = verify(course)
    assert (code, err) == (0, "")
    assert "1 x reference, 1 x untouched release, 2 x hole, 1 x alternative, 1 x mistake" in out
    assert "problems" not in out
    assert "(100.0%)" in out


def test_mutants_that_survive_are_shown_and_miss_the_threshold(course: Path) -> None:
    changed(course, "tests/hw1/test_all.py", "shift(1) == 2", "shift(1) > 1")
    code, out, _ = verify(course)
    assert code == 1
    assert "nndl/layers.py:10 shift: constant\n    - return x + 1\n    + return x + 2\n" in out
    assert verify(course, "--threshold 50")[0] == 0


def test_an_equivalent_mutant_is_not_counted_and_one_that_is_not_is_a_problem(course: Path) -> None:
    entry = '("return x + 1", "return x - 1", "because")'
    changed(course, "tests/hw1/mistakes.py", "EQUIVALENT = []", f"EQUIVALENT = [{entry}]")
    code, out, _ = verify(course)
    assert code == 2
    assert "is listed as equivalent (because), but test_shift failed" in out


def test_an_alternative_that_loses_points_is_a_problem(course: Path) -> None:
    changed(course, "tests/hw1/alternatives.py", '"x + x"', '"x + x + 1"')
    code, out, _ = verify(course)
    assert code == 2
    assert "alternative sum: loses points in scale: test_scale failed:" in out


def test_a_mistake_that_nothing_catches_and_one_that_others_catch_are_problems(course: Path) -> None:
    changed(course, "tests/hw1/mistakes.py", '"3 * x"', '"x * 2"')
    more = '{"name": "off", "question": "scale", "hint": "", "patches": [("nndl/layers.py", "x + 1", "x - 1")]},\n]'
    changed(course, "tests/hw1/mistakes.py", "\n]\nEQ", f"\n    {more}\nEQ")
    code, out, _ = verify(course)
    assert code == 2
    assert "mistake tripled: loses no points in scale" in out
    assert "mistake off: loses no points in scale" in out
    assert "mistake off: also loses points in shift, which it is not about" in out


def test_points_for_an_untouched_release_are_a_problem(course: Path) -> None:
    changed(course, "tests/hw1/test_all.py", "    assert shift(1) == 2\n", "    pass\n")
    code, out, _ = verify(course)
    assert code == 2
    assert "untouched release: gets 1 of 1 points in shift" in out
    assert "hole nndl.layers.shift: loses no points in shift" in out
    assert "checks that no wrong variant fails:\n  test_shift\n" in out


def test_a_patch_that_does_not_fit_is_one_line(course: Path) -> None:
    changed(course, "tests/hw1/mistakes.py", '"2 * x", "3 * x"', '"2 * y", "3 * x"')
    code, _, err = verify(course)
    assert code == 2
    assert "mistakes.py: tripled: nndl/layers.py of the solution has '2 * y' 0 times, a patch needs it once" in err


def test_everything_as_json(course: Path) -> None:
    code, out, _ = verify(course, "--json --threshold 50")
    document = json.loads(out)
    assert code == 0
    assert document["format"] == 1
    assert document["tried"]["mutant"] == len(document["killed"]) + len(document["survivors"])
    assert document["score"] == len(document["killed"]) / document["tried"]["mutant"]
    assert {check for mutant in document["killed"] for check in mutant["checks"]} == {"test_scale", "test_shift"}
