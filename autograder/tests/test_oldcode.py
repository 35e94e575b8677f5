"""Code for Python 2 and older NumPys, run as it was meant."""

from __future__ import annotations

import ast
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from autograder.worker import oldcode


def run(source: str, *, python2: bool = False) -> tuple[dict[str, object], list[str]]:
    """Run a module's source and return its names, and what was noted."""
    notes: list[str] = []
    names = {**oldcode.helpers(notes.append), **(oldcode.python2_names() if python2 else {}), "np": np}
    tree = oldcode.rewrite(ast.parse(textwrap.dedent(source)), python2=python2)
    exec(compile(tree, "", "exec"), names)
    return names, notes


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("int(np.array([3.7]))", 3),
        ("float(np.array([[2.5]]))", 2.5),
        ("'%d of %s' % (np.array([3]), 'a')", "3 of a"),
        ("'%.1f' % np.array([2.5])", "2.5"),
        ("int('12')", 12),
        ("'%(a)s' % {'a': 1}", "1"),
    ],
)
def test_an_array_of_one_entry_is_a_number_where_it_once_was(expression, value):
    assert run(f"x = {expression}")[0]["x"] == value


def test_an_array_of_one_entry_can_be_put_into_an_array_but_stays_one_in_a_dict():
    names, notes = run("a = np.zeros(2)\na[0] = np.array([3.0])\na[1] += np.array([4.0])\nd = {}\nd[0] = np.ones(1)")
    assert list(names["a"]) == [3, 4]
    assert names["d"][0].shape == (1,)
    assert notes == []  # NumPy still broadcasts such an array where there is room


def test_larger_arrays_are_refused_as_ever():
    with pytest.raises(TypeError):
        run("int(np.zeros(2))")


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("x = 7 / 2", 3),
        ("x = 7 / 2.0", 3.5),
        ("x = 7\nx /= 2", 3),
        ("x = np.array([7, 8])\nx = (x / 2).tolist()", [3, 4]),
        ("x = 5.0\nx /= 2", 2.5),
        ("x = (range(3) + map(abs, [-1]))", [0, 1, 2, 1]),
        ("x = sorted({1: 2}.iteritems())", [(1, 2)]),
        ("x = {1: 2}.has_key(1)", True),
        ("from __future__ import division\nx = 7 / 2", 3.5),
    ],
)
def test_python_2_counts_as_it_did(source, value):
    assert run(source, python2=True)[0]["x"] == value


def test_python_3_divides_as_ever():
    assert run("x = 7 / 2")[0]["x"] == 3.5


def test_names_that_numpy_has_dropped_come_back():
    code = """
        from autograder.worker import oldcode
        import numpy as np
        notes = []
        oldcode.restore_numpy(notes.append)
        assert np.zeros(2, np.float).dtype == float and np.int is int and np.product([2, 3]) == 6
        assert np.reshape(np.zeros(4), newshape=(2, 2)).shape == np.reshape(np.zeros(4), (2, 2)).shape == (2, 2)
        assert np.lib.pad(np.ones(1), 1, "constant").tolist() == [0, 1, 0]
        assert not hasattr(np, "nothing")
        print(*notes)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        "numpy.float",
        "numpy.int",
        "numpy.product",
        "numpy.reshape(newshape=)",
        "numpy.lib.pad",
    ]
