"""Remarks on what a sandbox noted, which student code can forge."""

from __future__ import annotations

import pytest

from autograder.suite.peculiarities import remarks

FILES = {"nndl/layers.py": b"import scipy.misc\nx = np.int(3)\ny.reshape(newshape=2)", "nndl/caf\xe9.py": b"\xff"}


def told(*notes: str) -> list[str]:
    return [remark.message for remark in remarks(notes, FILES)]


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("left out:nndl/layers.py:12:ImportError", "left out: nndl/layers.py, line 12 (ImportError)"),
        ("left out:nndl/café.py:1:TooLong", "nndl/café.py, line 1 (takes too long)"),
        ("absent:scipy", "imports scipy, which"),
        ("numpy.int", "np.int of older"),
        ("numpy.reshape(newshape=)", "np.reshape(newshape=)"),
        ("init:nndl:ValueError", "nndl (ValueError)"),
        ("python2", "is written for Python 2"),
    ],
)
def test_what_the_submission_does_oddly_is_told(note: str, words: str) -> None:
    (remark,) = told(note)
    assert words in remark


@pytest.mark.parametrize(
    "note",
    [
        "left out:nndl/layers.py:0.123456789:ImportError",
        "absent:SGVsbG8",
        "left out:nndl/layers.py:3:ImportError!!!!!",
        "absent:" + " " * 9,
        "numpy.Zm9v",
        "python2:aGlkZGVu",
        "no such kind",
        "absent:" + "a" * 100_000 + "!",
    ],
)
def test_what_was_not_handed_in_is_not_told(note: str) -> None:
    assert told(note) == []
