"""A small assignment with ten checks, and classes of any size, in the formats of three graders.

All three run the same statements: as a hidden suite of the autograder (also with bare pytest), as ten test cells of an
nbgrader notebook, and as ten test files of Otter.
"""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

COURSE = """\
format: 1
course: {name: Ten checks, term: 2026 fall}
assignments:
  hw1:
    title: Layers
    due: 2026-10-26T23:59:00-07:00
    package: nndl
    holes:
      - nndl.layers.affine_forward
      - nndl.layers.affine_backward
      - nndl.layers.relu_forward
      - nndl.layers.relu_backward
    questions:
      layers: {points: 10}
"""
LAYERS = """\
import numpy as np


def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(x.shape[0], -1).T @ dout, dout.sum(axis=0)


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, x):
    return dout * (x > 0)
"""
FUNCTIONS = "affine_forward, affine_backward, relu_forward, relu_backward"
_DRAW = "x, w, b = rng.standard_normal({shape}), rng.standard_normal((6, 5)), rng.standard_normal(5)\n"
_FORWARD = _DRAW + (
    "out, _ = affine_forward(x, w, b)\n"
    "np.testing.assert_allclose(out, x.reshape(len(x), -1) @ w + b, rtol=1e-7, atol=1e-9)\n"
)
_BACKWARD = _DRAW + (
    "dout = rng.standard_normal((len(x), 5))\n"
    "_, cache = affine_forward(x, w, b)\n"
    "dx, dw, db = affine_backward(dout, cache)\n"
    "np.testing.assert_allclose(dx, (dout @ w.T).reshape(x.shape), rtol=1e-7, atol=1e-9)\n"
    "np.testing.assert_allclose(dw, x.reshape(len(x), -1).T @ dout, rtol=1e-7, atol=1e-9)\n"
    "np.testing.assert_allclose(db, dout.sum(axis=0), rtol=1e-7, atol=1e-9)\n"
)
_RELU = (
    "x = rng.standard_normal({shape})\n"
    "dout = rng.standard_normal(x.shape)\n"
    "out, cache = relu_forward(x)\n"
    "np.testing.assert_allclose(out, np.maximum(x, 0))\n"
    "np.testing.assert_allclose(relu_backward(dout, cache), dout * (x > 0))\n"
)
_SHAPES = {_FORWARD: [(2, 6), (30, 6), (4, 3, 2)], _BACKWARD: [(4, 6), (30, 6), (4, 3, 2)]}
_SHAPES[_RELU] = [(4, 6), (30, 6), (4, 3, 2), (2, 2, 2, 2)]
CHECKS = [text.replace("{shape}", str(shape)) for text, shapes in _SHAPES.items() for shape in shapes]


def write_course(root: Path) -> None:
    """Write the course, in the form that the autograder grades."""
    tests = [f"def test_{number}(rng):\n{textwrap.indent(check, '    ')}" for number, check in enumerate(CHECKS)]
    head = f"import numpy as np\nimport pytest\nfrom nndl.layers import {FUNCTIONS}\n\n"
    suite = head + 'pytestmark = pytest.mark.question("layers")\n\n\n' + "\n\n".join(tests)
    files = {"course.yaml": COURSE, "tests/hw1/test_layers.py": suite, "solutions/utils/__init__.py": ""}
    _write(root, files | {f"solutions/{name}": text for name, text in _package().items()})


def write_class(folder: Path, count: int) -> None:
    """Write the hand-ins of a class, each different from all others, and one in ten of them wrong."""
    for number in range(count):
        _write(folder / f"student{number:05}", _package(_hand_in(number)))


def write_nbgrader(root: Path, count: int) -> None:
    """Write nbgrader's folders for a class of the same students: its source, and what was submitted."""
    _write(root, {"source/hw1/hw1.ipynb": _notebook(LAYERS), "nbgrader_config.py": "c = get_config()\n"})
    for number in range(count):
        path = f"submitted/student{number:05}/hw1/hw1.ipynb"
        _write(root, {path: _notebook(_hand_in(number))})


def write_otter(root: Path) -> None:
    """Write Otter's test files and one hand-in, ``student.ipynb``."""
    for number, check in enumerate(CHECKS):
        body = f"globals().update(env)\nrng = np.random.default_rng({number})\n{check}"
        test = (
            "import numpy as np\nfrom otter.test_files import test_case\n\n"
            f'OK_FORMAT = False\nname = "q{number}"\npoints = 1\n\n\n@test_case()\ndef test_it(env):\n'
            f"{textwrap.indent(body, '    ')}"
        )
        _write(root, {f"tests/q{number}.py": test})
    _write(root, {"student.ipynb": _document([_cell(LAYERS)])})


def _hand_in(number: int) -> str:
    wrong = LAYERS.replace("dout.sum(axis=0)", "dout.sum(axis=1)") if number % 10 == 9 else LAYERS
    return f"{wrong}# student {number}\n"


def _package(layers: str = LAYERS) -> dict[str, str]:
    return {"nndl/__init__.py": "", "nndl/layers.py": layers}


def _notebook(layers: str) -> str:
    solution = _cell(layers, grade_id="layers", solution=True)
    tests = [
        _cell(f"rng = np.random.default_rng({n})\n{check}", grade_id=f"test{n}", grade=True, locked=True, points=1)
        for n, check in enumerate(CHECKS)
    ]
    return _document([solution, *tests])


def _cell(source: str, **nbgrader: Any) -> dict[str, Any]:
    marks = {"schema_version": 3, "grade": False, "locked": False, "solution": False, "task": False, **nbgrader}
    metadata = {"nbgrader": marks} if nbgrader else {}
    name = str(nbgrader.get("grade_id", "only"))
    return {
        "cell_type": "code", "execution_count": None, "id": name, "metadata": metadata, "outputs": [], "source": source,
    }  # fmt: skip


def _document(cells: list[dict[str, Any]]) -> str:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
