"""Similar hand-ins: found whatever names they use, not for what everybody has, and whatever is handed in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.similarity import Similarity, compare, handed_in, released
from autograder.similarity.comparing import importlib as imported
from autograder.tests.sample_course import write
from autograder.tests.sample_results import course

ORIGINAL = """
def affine_forward(x, w, b):
    rows = []
    for example in range(x.shape[0]):
        flat = x[example].reshape(-1)
        total = b.copy()
        for feature in range(flat.shape[0]):
            total = total + flat[feature] * w[feature]
        rows.append(total)
    return np.stack(rows), {"input": x, "weights": w}
"""
RENAMED = """
# all my own work
def affine_forward(inp, weights, bias):
    outs = []
    for n in range(inp.shape[0]):
        v = inp[n].reshape(-1)   # make it flat
        s = bias.copy()
        for d in range(v.shape[0]):
            s = s + v[d] * weights[d]
        outs.append(s)
    return np.stack(outs), {"a": inp, "b": weights}
"""
MATRICES = """
def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, (x, w, b)
"""
EINSUM = """
def affine_forward(x, w, b):
    out = np.einsum("nd,dm->nm", x.reshape(x.shape[0], -1), w)
    out += b
    return out, (x, w)
"""
CLASS = """
class Affine:
    def __call__(self, *a):
        return np.tensordot(a[0], a[1], axes=1) + a[2]
affine_forward = Affine()
"""
ODD = "(" * 5000 + "\x00\ud7ff" + "'''" + "lambda:" * 3000
OTHERS = {"carol": MATRICES, "dave": EINSUM, "erin": CLASS, "odd": ODD}
GIVEN = "\n".join(
    f"def given_{n}(x):\n    return [x[i] * {n} + i for i in range(len(x)) if i % 2 == {n}]\n" for n in range(9)
)


def told(_done: int, _of: int) -> None:
    """Hear of progress."""


@pytest.fixture(scope="module")
def found() -> Similarity:
    texts = {"alice": ORIGINAL, "bob": RENAMED, **OTHERS}
    return compare({student: GIVEN + text for student, text in texts.items()} | {"empty": ""}, [GIVEN], told)


def test_a_copy_with_other_names_is_found_and_shown(found: Similarity) -> None:
    (pair,) = found.pairs
    assert (pair.first, pair.second) == ("alice", "bob")
    assert pair.part_of_first > 0.6
    assert pair.part_of_second > 0.6
    here, there = pair.passages[0]
    assert "total = total + flat[feature]" in here
    assert "s = s + v[d] * weights[d]" in there


def test_what_was_given_and_what_is_empty_does_not_count(found: Similarity) -> None:
    assert found.compared + len(found.failed) == 6
    assert not any("given_" in passage for pair in found.pairs for both in pair.passages for passage in both)


def test_what_many_have_says_nothing_about_two() -> None:
    assert compare(dict.fromkeys("abcdefgh", ORIGINAL), [], told).pairs == ()


def test_without_the_extra_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imported.util, "find_spec", lambda _name: None)
    with pytest.raises(UsageError, match=r"pip install '\.\[similarity\]'"):
        compare({}, [], told)


def test_code_is_modules_with_holes_and_cells_that_were_not_given(tmp_path: Path) -> None:
    known = course(tmp_path / "course")
    given, own = (
        {"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in ("given = 1", "own = 2")
    )
    document = {"cells": [given, own], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    start = json.dumps({**document, "cells": [{**given, "source": "given  = 1"}]}).encode()
    write(tmp_path / "course/release/hw3", {"fc_nets.ipynb": start, "nndl/layers.py": b"# start\n"})
    files = {"nndl/layers.py": b"LAYERS", "nndl/optim.py": b"OPTIM", "fc_nets.ipynb": json.dumps(document).encode()}
    write(tmp_path / "class" / "alice", files)
    texts = handed_in(known, known.assignment("hw3"), [tmp_path / "class"])
    assert texts == {"alice": "LAYERS\n\nown = 2"}
    assert released(known, known.assignment("hw3")) == ["# start\n", "given  = 1"]
