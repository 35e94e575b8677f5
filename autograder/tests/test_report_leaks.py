"""Student code that remembers, prints, raises and returns what hidden checks give it: none of it gets to students."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from autograder.report.formats import FORMATS
from autograder.results import read_result
from autograder.tests import tiny_course
from autograder.tests.command_line import run
from autograder.tests.report_files import for_students, options
from autograder.tests.sample_course import write
from autograder.tests.sandboxes import files

INPUT, EXPECTED = "98765", "55544"

SUITE = f"""
import numpy as np
import pytest
from nndl.layers import double_backward, double_forward
from nndl.net import Net

from autograder.checks import assert_close, remark

pytestmark = pytest.mark.question("layers")


def test_hidden_first():
    remark("seen", "x is large")
    assert_close(double_forward(np.full(3, {INPUT}.0))[0], np.full(3, {EXPECTED}.0))


@pytest.mark.hint("A hint of the author's.")
@pytest.mark.parametrize("x", [{INPUT}])
def test_parameter(x):
    assert_close(double_forward(np.full(2, float(x)))[0], np.full(2, {EXPECTED}.0))


@pytest.mark.visible
@pytest.mark.requires("double_forward")
def test_seen():
    assert_close(Net().loss(np.arange(3.0)), 18.0)


@pytest.mark.visible
@pytest.mark.requires("double_forward")
def test_seen_later():
    _, cache = double_forward(np.ones(2))
    assert_close(double_backward(np.ones(2), cache), np.full(2, 2.0))


@pytest.mark.requires("double_forward")
def test_hidden_later():
    _, cache = double_forward(np.full(2, {INPUT}.0))
    assert_close(double_backward(np.full(2, {INPUT}.0), cache), np.full(2, {EXPECTED}.0))


@pytest.mark.question("net")
@pytest.mark.requires("double_forward")
def test_net():
    assert_close(Net().loss(np.full(2, {INPUT}.0)), {EXPECTED}.0)
"""

REMEMBERS = """
import json, sys
import numpy as np
seen = []

def tell(*values):
    seen.extend(values)
    words = " ".join(str(each.tolist() if hasattr(each, "tolist") else each) for each in seen)
    print(words)
    print(words, file=sys.stderr)
    return words

def double_forward(x):
    ANSWER

def double_backward(dout, cache):
    raise KeyError(tell(dout))
"""
NET = """
from .layers import tell

class Net:
    def loss(self, x):
        raise ValueError(tell(x))
"""
ANSWERS = {
    "raises": "raise ValueError(tell(x))",
    "returns": "tell(x); return seen[-1] * 0 + sum(float(each.max()) for each in seen), tuple(seen)",
    "names": "globals()[tell(x)] = 1; return [tell()], None",
    "hangs": "tell(x)\n    while True: pass",
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    tiny_course.write_course(folder, suite=SUITE)
    for name, answer in ANSWERS.items():
        layers = REMEMBERS.replace("ANSWER", answer)
        write(folder / "class" / name, files(layers=layers, net=NET))
    done = run("autograder grade hw1 class", folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_instructor_sees_what_a_hidden_check_was_told(graded: Path) -> None:
    for name in ANSWERS:
        result = read_result(graded / f"results/hw1/{name}.json")
        hidden = [check for question in result.questions for check in question.checks if not check.visible]
        assert any(INPUT in check.output for check in hidden)
        assert any(INPUT in check.message for check in hidden)
        assert not any(EXPECTED in check.message for check in hidden)


@pytest.mark.parametrize("hidden", ["name", "hint", "nothing"])
def test_students_do_not(graded: Path, hidden: str) -> None:
    with (graded / "course.yaml").open("a") as file:
        file.write(f"feedback: {{hidden: {hidden}}}\n")
    more = shlex.join([*options(graded, list(ANSWERS)), "--submissions", "class"])
    done = run(f"autograder report hw1 --format {','.join(FORMATS)} --output {hidden} {more}", graded)
    (graded / "course.yaml").write_text((graded / "course.yaml").read_text().partition("feedback:")[0])
    assert done.returncode == 0, done.stderr
    pages = dict(for_students(graded / hidden / "hw1"))
    assert len(pages) >= 5 * len(ANSWERS)
    result = read_result(graded / f"results/hw1/{next(iter(ANSWERS))}.json")
    secrets = [INPUT, EXPECTED, str(result.seed), result.suite_sha256[:12]]  # the last two lead to every input
    for path, page in pages.items():
        assert [secret for secret in secrets if secret in page] == [], path
        if path.parent.name == "students" and path.suffix != ".ipynb":
            assert "hint of the author" in page or hidden == "nothing"
