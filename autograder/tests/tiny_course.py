"""A course of one small assignment with a real hidden suite, for tests of collecting and grading."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from autograder.course import Course, load_course
from autograder.suite.client import SuiteHost
from autograder.tests.sample_course import write
from autograder.tests.sandboxes import files
from autograder.types import CheckOutcome, Limits, Outcome, Submission

COURSE = """\
format: 1
course: {name: Tiny, term: 2026 fall}
limits: {time_s: 20, check_time_s: 1.0, memory_mb: 300, processes: 8, output_mb: 0.01}
assignments:
  hw1:
    title: Beginning
    due: 2026-10-26T23:59:00-07:00
    package: nndl
    cascade: CASCADE
    holes: [nndl.layers.double_forward, nndl.layers.double_backward, nndl.net.Net]
    questions:
      layers: {points: 10}
      net: {points: 6}
"""
LAYERS = """
def double_forward(x):
    return 2 * x, ("mine", x)

def double_backward(dout, cache):
    form, x = cache
    return 2 * dout
"""
NET = """
from .layers import double_forward

class Net:
    def __init__(self):
        self.params = {"W": 3.0}

    def loss(self, x):
        out, _ = double_forward(x)
        return self.params["W"] * out.sum()
"""
SUITE = """
import numpy as np
import pytest
from nndl.layers import double_backward, double_forward
from nndl.net import Net
from reference.nndl import layers as reference

from autograder.checks import CheckFailure, metric, remark

pytestmark = pytest.mark.question("layers")


def close(actual, expected):
    if not isinstance(actual, np.ndarray) or actual.shape != expected.shape:
        raise CheckFailure("the shape is wrong", f"expected {expected.shape}")
    if not np.allclose(actual, expected):
        raise CheckFailure("the value is wrong", f"expected SECRET{expected}")


@pytest.mark.visible
@pytest.mark.points(2)
@pytest.mark.hint("multiply by two")
def test_forward(rng):
    x = rng.standard_normal((2, 3))
    close(double_forward(x)[0], reference.double_forward(x)[0])
    metric("size", x.size)
    metric("first", x[0, 0])


@pytest.mark.requires("double_forward")
def test_backward(rng):
    dout, x = rng.standard_normal((2, 3)), rng.standard_normal((2, 3))
    kept = x.copy()
    out, cache = double_forward(x)
    close(double_backward(dout, cache), 2 * dout)
    if (x != kept).any():
        remark("changed", "double_forward changes x")


@pytest.mark.question("net")
@pytest.mark.requires("double_forward", "double_backward")
class TestNet:
    def test_loss(self):
        loss = Net().loss(np.ones(4))
        assert loss == 24, "the loss is wrong"

    @pytest.mark.parametrize("w", [1, 2])
    def test_params(self, w):
        net = Net()
        net.params["W"] = float(w)
        np.testing.assert_allclose(net.loss(np.ones(2)), 4.0 * w)
"""


def write_course(root: Path, *, suite: str = SUITE, cascade: str = "substitute") -> Course:
    """Write the course into a folder and load it."""
    solutions = {f"solutions/{path}": data for path, data in submission().items()}
    support = {"solutions/utils/__init__.py": b"", "solutions/utils/data.py": b"def rows():\n    return 3\n"}
    suites = {"tests/hw1/test_all.py": suite.encode(), "course.yaml": COURSE.replace("CASCADE", cascade).encode()}
    write(root, {**solutions, **support, **suites})
    return load_course(root)


def submission(**sources: str) -> dict[str, bytes]:
    """Return the reference solution with some modules written anew."""
    return files(**{"layers": LAYERS, "net": NET, **sources})


@contextmanager
def host_of(
    course: Course, isolation: str = "none", jobs: int = 1, limits: Limits | None = None
) -> Iterator[SuiteHost]:
    """Have the course's suite ready to grade."""
    with SuiteHost(course, "hw1", jobs=jobs, isolation=isolation, limits=limits) as host:
        yield host


def outcomes(host: SuiteHost, submissions: Iterable[Mapping[str, bytes]]) -> list[Outcome]:
    """Grade submissions and return what was found, in their order."""
    handed_in = [
        Submission(student=str(number), files=each, sha256="", origin="") for number, each in enumerate(submissions)
    ]
    found = {done.student: outcome for done, outcome in host.grade(handed_in)}
    return [found[each.student] for each in handed_in]


def grade(host: SuiteHost, files: Mapping[str, bytes]) -> dict[str, CheckOutcome]:
    """Grade one submission and return what was found, by name of check."""
    return {check.name: check for check in outcomes(host, [files])[0].checks}


def dedented(source: str) -> str:
    """Return `source` without the indentation of the test that it stands in."""
    return textwrap.dedent(source)
