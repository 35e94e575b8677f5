"""`autograder verify` on a small course: what it accepts, what it misses, and what it says."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from autograder import cli
from autograder.tests.command_line import read_results, run
from autograder.tests.sample_course import write

COURSE = """\
format: 1
course: {name: Tiny, term: 2026 fall}
limits: {time_s: 60, check_time_s: 10.0, memory_mb: 300, processes: 8, output_mb: 0.01}
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
    """Run the command in this process, which has loaded by then what takes seconds to load."""
    arguments = ["--course", str(course), "verify", "hw1", "--isolation", "none", *options.split()]
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = cli.run(arguments)
    return code, out.getvalue(), err.getvalue()


def changed(course: Path, file: str, old: str, new: str) -> None:
    text = (course / file).read_text()
    assert old in text
    (course / file).write_text(text.replace(old, new))


def test_a_good_suite_kills_every_mutant(course: Path) -> None:
    code, out, err = verify(course)
    assert (code, err) == (0, "")
    assert "1 x reference, 1 x untouched release, 1 x alternative, 2 x hole, 1 x mistake" in out
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


def test_a_line_that_is_caught_in_one_function_may_be_equivalent_in_another(course: Path) -> None:
    never_called = "    def unused(x):\n        return x + 1\n\n    out = 2 * x\n"
    changed(course, "solutions/nndl/layers.py", "    out = 2 * x\n", never_called)
    entry = '("return x + 1", "return x - 1", "because")'
    changed(course, "tests/hw1/mistakes.py", "EQUIVALENT = []", f"EQUIVALENT = [{entry}]")
    code, out, err = verify(course, "--threshold 0")
    assert (code, err) == (0, "")
    assert "problems" not in out
    assert "1 more are equivalent" in out


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
    assert "checks that no mistake fails, and that are the first to kill no mutant" in out
    assert "\n  test_shift\n" in out


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


def test_a_full_run_tells_every_check_that_kills_a_mutant_and_those_that_are_never_alone(course: Path) -> None:
    again = '\n\n@pytest.mark.question("shift")\ndef test_shift_again():\n    assert shift(1) == 2\n'
    (course / "tests/hw1/test_all.py").write_text(SUITE + again)
    _, out, _ = verify(course, "--full --json")
    document = json.loads(out)
    assert document["full"]
    assert document["redundant"] == ["test_shift", "test_shift_again"]
    shifted = [each["checks"] for each in document["killed"] if each["function"] == "shift"]
    assert shifted
    assert all(checks == ["test_shift", "test_shift_again"] for checks in shifted)


def test_mutants_may_be_of_some_functions_only(course: Path) -> None:
    _, out, _ = verify(course, "--json --only nndl.layers.sh")
    assert {each["function"] for each in json.loads(out)["killed"]} == {"shift"}


def test_a_check_that_fails_on_the_reference_kills_nothing(course: Path) -> None:
    changed(course, "tests/hw1/test_all.py", "shift(1) == 2", "shift(1) == 3")
    code, out, _ = verify(course)
    assert code == 2
    assert "reference: loses points in shift: test_shift failed" in out
    assert "the others are not judged before the reference gets full points" in out
    assert "alternative" not in out.partition("problems:")[2]
    assert "nndl/layers.py:10 shift: constant" in out


def test_a_mistake_that_agrees_with_itself_may_pass_no_check(course: Path) -> None:
    more = '\n\n@pytest.mark.question("scale")\ndef test_scale_of_nothing():\n    assert scale(0) == 0\n'
    (course / "tests/hw1/test_all.py").write_text(SUITE + more)
    changed(course, "tests/hw1/mistakes.py", "EQUIVALENT = []", "ONLY_WITH_THEMSELVES = ['tripled']")
    code, out, _ = verify(course)
    assert code == 2
    assert "mistake tripled: gets 5 points in scale" in out


def test_a_patch_may_replace_the_body_of_a_function(course: Path) -> None:
    changed(
        course, "tests/hw1/alternatives.py", '"2 * x", "x + x"', '"scale()", "twice = [2, 2][0]\\nreturn twice * x"'
    )
    code, out, _ = verify(course)
    assert (code, "problems" in out) == (0, False)


def test_lines_of_which_any_mutant_is_equivalent(course: Path) -> None:
    changed(course, "tests/hw1/test_all.py", "shift(1) == 2", "shift(1) > 1")
    changed(course, "tests/hw1/mistakes.py", "EQUIVALENT = []", 'EQUIVALENT = [("return x + 1", "*", "any step")]')
    code, out, _ = verify(course)
    assert code == 0
    assert "1 more are equivalent" in out


def test_failures_are_put_down_to_mutants_on_which_every_check_was_run(course: Path) -> None:
    for file in ("solutions/nndl/layers.py", "tests/hw1/test_all.py"):
        changed(course, file, "2 * x", "2 * x + x ** 2")
    code = LAYERS.replace("out = 2 * x\n    return out", "y = x\n    return y * y")
    write(course / "class", {"ada/nndl/layers.py": code.encode()})
    assert verify(course, "--full")[0] == 0
    done = run("autograder grade hw1 class --isolation none", course)
    assert done.returncode == 0, done.stderr
    (check,) = read_results(course / "results" / "hw1")["ada"]["questions"][0]["checks"]
    words = "the numbers are those of a scale with a term or a factor left out"
    assert [cause["message"] for cause in check["causes"]] == [words]
