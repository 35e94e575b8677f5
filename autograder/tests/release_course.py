"""A tiny course of three assignments for tests of releases; hw2 is the one that is released."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

from autograder.course import Course, load_course

COURSE = """\
format: 1
course: {name: Networks, term: 2026 fall}
assignments:
  hw1:
    title: Beginning
    due: 2026-09-26T23:59:00-07:00
    package: nndl
    holes: [nndl.layers.square]
    questions: {square: {points: 1}}
  hw2:
    title: Layers
    due: 2026-10-26T23:59:00-07:00
    package: nndl
    notebooks: [layers.ipynb]
    holes:
      - nndl.layers.affine_forward
      - nndl.nets.Net
    questions:
      affine: {points: 10, title: Affine layer}
      inline: {points: 2, manual: true, notebook: layers.ipynb}
  hw3:
    title: Later
    due: 2026-11-26T23:59:00-07:00
    package: nndl
    holes: [nndl.layers.dropout_forward, nndl.optim.adam]
    carried: [nndl.layers.affine_forward]
    questions: {dropout: {points: 3}}
"""

LAYERS = '''\
"""Layers."""

import numpy as np

from .optim import adam


def square(x):
    """Square every entry."""
    ### BEGIN SOLUTION
    out = x * x + 0 * np.sum(x)
    ### END SOLUTION
    return out


def affine_forward(x, w, b):
    """Compute an affine layer."""
    # Flatten the examples first.
    ### BEGIN SOLUTION
    rows = x.reshape(len(x), -1)  # one row for every example of the batch
    out = rows @ w + b
    ### END SOLUTION
    cache = (x, w, b)
    return out, cache


# Dropout is for later.
def dropout_forward(x, p):
    """Drop entries at random."""
    ### BEGIN SOLUTION
    mask = (np.random.rand(*x.shape) < p) / p
    return x * mask
    ### END SOLUTION


def step(w, dw):
    """Take a step of Adam."""
    return adam(w, dw)


def relu(x):
    """Compute rectified linear units, which are given."""
    return np.maximum(x, 0)
'''

NETS = '''\
"""Networks."""

from .layers import affine_forward, dropout_forward, relu


class Net:
    """One layer."""

    def __init__(self, w, b):
        self.w, self.b = w, b

    def loss(self, x):
        """Compute the scores."""
        ### BEGIN SOLUTION
        scores, _ = affine_forward(dropout_forward(x, 1.0), self.w, self.b)
        ### END SOLUTION
        return relu(scores)
'''

OPTIM = '''\
"""Update rules."""


def adam(w, dw):
    """Take a step."""
    ### BEGIN SOLUTION
    return w - 0.001 * dw / (abs(dw) + 1e-8)
    ### END SOLUTION
'''

SUITE = '''\
"""The hidden suite about batches of every shape."""

import numpy as np
import pytest
from nndl.layers import affine_forward, relu
from reference.nndl import layers as reference

from autograder.checks import assert_close, assert_gradients

pytestmark = pytest.mark.question("affine")

# Sizes of the arrays.
SIZE = 3
SECRET = 2.718281828


# ---- hidden: checks of secret numbers ----


def ones(n):
    """Return a matrix of ones."""
    return np.ones((n, n))


def expectation_of_the_secret(x):
    return reference.affine_forward(x, x, x[0])[0] * SECRET


# The first check.
@pytest.mark.visible
@pytest.mark.points(2)
def test_forward_of_ones():
    out, _ = affine_forward(ones(SIZE), ones(SIZE), np.zeros(SIZE))
    assert_close(out, 3 * ones(SIZE), name="out")  # three times one


def test_forward_of_many_shapes(rng):
    x = rng.standard_normal((4, 4))
    assert_close(affine_forward(x, x, x[0])[0], expectation_of_the_secret(x), name="out")
    assert relu(x).max() != 1.4142135, "rectified numbers are too large"
'''

SOLVER = '"""Support code."""\n\n\ndef train(model):\n    """Train."""\n    return model\n'

ROLES = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
ANSWER = "Because the gradient of a sum is passed on to every one of its terms."


def code(source: str, name: str, **roles: Any) -> dict[str, Any]:
    """Return a code cell; with `roles`, one of nbgrader's."""
    return {**_cell("code", source, name, roles), "outputs": [], "execution_count": None}


def text(source: str, name: str, **roles: Any) -> dict[str, Any]:
    """Return a Markdown cell; with `roles`, one of nbgrader's."""
    return _cell("markdown", source, name, roles)


def _cell(kind: str, source: str, name: str, roles: dict[str, Any]) -> dict[str, Any]:
    metadata = {"nbgrader": {**ROLES, "grade_id": name, **roles}} if roles else {}
    return {"cell_type": kind, "id": name, "metadata": metadata, "source": dedent(source)}


def cells() -> list[dict[str, Any]]:
    """Return the cells of the course's notebook."""
    solution = "### BEGIN SOLUTION\nrate = 10 ** -1.5 / (1 + epochs)\n### END SOLUTION\nprint(rate)"
    test = "assert rate > 0\n### BEGIN HIDDEN TESTS\nassert abs(rate - 0.01) < tolerance / 7\n### END HIDDEN TESTS"
    return [
        text("# Layers\n\nWhy?", "intro"),
        code("%matplotlib inline\nfrom nndl.layers import affine_forward", "imports"),
        code(solution, "rate", solution=True),
        code(test, "test-rate", grade=True, locked=True, points=1),
        text(ANSWER, "inline", grade=True, solution=True, points=2),
    ]


def notebook(*cells: dict[str, Any], **metadata: Any) -> str:
    """Return a notebook of these cells as JSON."""
    return json.dumps({"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def write_course(root: Path, changed: Mapping[str, str] | None = None) -> Course:
    """Write the course into a folder, with some of its files `changed` or added, by path."""
    files = {
        "course.yaml": COURSE,
        "solutions/nndl/__init__.py": '"""The package."""\n',
        "solutions/nndl/layers.py": LAYERS,
        "solutions/nndl/nets.py": NETS,
        "solutions/nndl/optim.py": OPTIM,
        "solutions/utils/__init__.py": "",
        "solutions/utils/solver.py": SOLVER,
        "source/hw2/layers.ipynb": notebook(*cells()),
        "tests/hw2/test_layers.py": SUITE,
    }
    for path, content in {**files, **(changed or {})}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return load_course(root)
