"""Released Python files, and the proof that each is its solution without the marked statements."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from autograder.release import nbgrader_tools
from autograder.release.draft import Draft
from autograder.release.making import make_packages
from autograder.release.proving import prove_trees
from autograder.release.reading import decide_fates, read_solutions
from autograder.tests.release_course import LAYERS, write_course

pytest.importorskip("nbgrader")


def make(root: Path, layers: str = LAYERS) -> tuple[Draft, list[str]]:
    """Return the draft after packages were made, with what the proof says about them."""
    course = write_course(root, {"solutions/nndl/layers.py": layers})
    draft = Draft(course=course, assignment=course.assignment("hw2"))
    assert [*read_solutions(draft), *decide_fates(draft)] == []
    make_packages(draft)
    return draft, [str(problem).removeprefix(f"{root}/") for problem in prove_trees(draft)]


def test_nbgrader_alone_releases_what_a_misspelt_marker_was_to_hide() -> None:
    # Nothing is logged or raised; hence the search for lines that only look like markers.
    text = "### BEGIN SOLUTION\na = 1\n### END SOLUTION\n### BEGIN SOLUTON\nanswer = 42\n### END SOLUTION\n"
    assert "answer = 42" in nbgrader_tools.clear_source(text)


def test_a_function_is_emptied_between_its_markers_only(tmp_path: Path) -> None:
    draft, problems = make(tmp_path)
    assert problems == []
    assert draft.files["nndl/layers.py"].decode().split("\n\n\n")[2] == (
        "def affine_forward(x, w, b):\n"
        '    """Compute an affine layer."""\n'
        "    # Flatten the examples first.\n"
        "    # YOUR CODE HERE\n"
        '    raise NotImplementedError("affine_forward")\n'
        "    cache = (x, w, b)\n"
        "    return out, cache"
    )


def test_a_method_is_named_with_its_class(tmp_path: Path) -> None:
    draft, _ = make(tmp_path)
    assert 'raise NotImplementedError("Net.loss")' in draft.files["nndl/nets.py"].decode()


def test_earlier_functions_are_given_without_their_markers(tmp_path: Path) -> None:
    draft, _ = make(tmp_path)
    given = '    """Square every entry."""\n    out = x * x + 0 * np.sum(x)\n    return out\n'
    assert given in draft.files["nndl/layers.py"].decode()


def test_later_functions_leave_no_trace_but_themselves_missing(tmp_path: Path) -> None:
    draft, _ = make(tmp_path)
    assert draft.files["nndl/layers.py"].decode() == (
        '"""Layers."""\n\nimport numpy as np\n\n\n'
        + draft.files["nndl/layers.py"].decode().split("import numpy as np\n\n\n")[1]
    )
    assert b"dropout" not in draft.files["nndl/layers.py"]
    assert b"import affine_forward, relu\n" in draft.files["nndl/nets.py"]
    assert "nndl/optim.py" not in draft.files


def test_a_hole_in_a_function_inside_a_function_has_the_outer_name(tmp_path: Path) -> None:
    inner = "    def rows(x):\n        ### BEGIN SOLUTION\n        return x\n        ### END SOLUTION\n"
    draft, problems = make(tmp_path, LAYERS.replace("    # Flatten", inner + "    # Flatten"))
    assert problems == []
    assert draft.files["nndl/layers.py"].count(b'NotImplementedError("affine_forward")') == 2


def test_hidden_tests_in_a_module_are_taken_out(tmp_path: Path) -> None:
    hidden = "### BEGIN HIDDEN TESTS\nassert 1.25 * 4 == 5\n### END HIDDEN TESTS\n"
    draft, problems = make(tmp_path, LAYERS + hidden)
    assert problems == []
    assert b"1.25" not in draft.files["nndl/layers.py"]


def test_a_raise_that_the_author_wrote_keeps_its_form(tmp_path: Path) -> None:
    own = LAYERS.replace("return np.maximum(x, 0)", "raise NotImplementedError()")
    draft, problems = make(tmp_path, own)
    assert problems == []
    assert b"    raise NotImplementedError()\n" in draft.files["nndl/layers.py"]


def test_markers_around_half_of_a_condition_are_found_by_the_proof(tmp_path: Path) -> None:
    half = "    if b is None:\n        b = 0\n        ### BEGIN SOLUTION\n    else:\n        b = 1\n"
    half += "        ### END SOLUTION\n"
    _, [problem] = make(tmp_path, LAYERS.replace("    cache = (x, w, b)\n", half + "    cache = (x, w, b)\n"))
    assert "affine_forward in the release is not the solution without its marked statements" in problem


def test_markers_that_leave_no_valid_python_are_a_problem(tmp_path: Path) -> None:
    broken = (
        "    try:\n        b = 0\n        ### BEGIN SOLUTION\n    finally:\n        b = 1\n        ### END SOLUTION\n"
    )
    _, [problem] = make(tmp_path, LAYERS.replace("    cache = (x, w, b)\n", broken + "    cache = (x, w, b)\n"))
    assert "without its solutions this is not valid Python (expected 'except' or 'finally' block)" in problem


@pytest.mark.parametrize(
    ("released", "named"),
    [
        ("raise NotImplementedError", "out = x @ w + b  #"),  # the solution was not taken out
        ('"affine_forward"', '"affine_backward"'),  # the stub has another name
        ("cache = (x, w, b)", "cache = (x, w)"),  # given code was changed
        ("np.maximum(x, 0)", "np.maximum(0, x)"),
    ],
)
def test_the_proof_finds_any_other_change(tmp_path: Path, released: str, named: str) -> None:
    draft, _ = make(tmp_path)
    changed = draft.files["nndl/layers.py"].decode().replace(released, named)
    ast.parse(changed)
    draft.add_text("nndl/layers.py", changed)
    [problem] = prove_trees(draft)
    assert "in the release is not the solution without its marked statements" in problem.message
    assert problem.line is not None
