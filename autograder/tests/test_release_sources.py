"""Reading the solutions: whose the marked regions are, and where none may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.release.sources import Module, read_module, released_files


def read(folder: Path, text: str) -> tuple[Module | None, list[str]]:
    """Read a module of this text; return it with its problems as ``line: message``."""
    file = folder / "layers.py"
    file.write_bytes(text.encode())
    module, problems = read_module(file, "nndl/layers.py")
    assert all(problem.file == file for problem in problems)
    return module, [f"{problem.line}: {problem.message}" for problem in problems]


def marked(body: str) -> str:
    return f"### BEGIN SOLUTION\n{body}\n### END SOLUTION\n"


def test_regions_belong_to_the_function_or_method_around_them(tmp_path: Path) -> None:
    text = "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n\n\n"
    text += "class A:\n    def m(self):\n        def inner():\n            ### BEGIN SOLUTION\n            return 1\n"
    text += "            ### END SOLUTION\n        return inner\n"
    module, problems = read(tmp_path, text)
    assert problems == []
    assert module is not None
    assert list(module.marked()) == ["nndl.layers.f", "nndl.layers.A.m"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (marked("x = 1"), "1: ### BEGIN SOLUTION marks code outside of a function"),
        (marked("def f():\n    return 1"), "1: ### BEGIN SOLUTION marks code outside of a function"),
        (
            "def f():\n    x = 1\n" + marked("    # nothing"),
            "3: the region of ### BEGIN SOLUTION holds no whole statement",
        ),
        (
            "def f(x):\n    if x:\n" + marked("        x = 1\n    y = (\n     1,\n") + "    )\n",
            "this region cuts the statement on line",
        ),
        ("def f():\n" + marked("    x = 1"), "2: this marker is indented by 0 and what it marks by 4"),
        ("### BEGIN MARK SCHEME\nx = 1\n### END MARK SCHEME\n", "1: a mark scheme belongs into a task cell"),
        ("def f(:\n", "1: is not valid Python"),
        ("x = 1\n### BEGIN SOLUTON\n", "2: '### BEGIN SOLUTON' looks like a marker"),
    ],
)
def test_misplaced_markers_name_their_line(tmp_path: Path, text: str, words: str) -> None:
    _, problems = read(tmp_path, text)
    assert [problem for problem in problems if words in problem]


def test_bytes_that_are_not_utf_8_name_their_line(tmp_path: Path) -> None:
    file = tmp_path / "layers.py"
    file.write_bytes(b"x = 1\ny = '\xe9'\n")
    module, [problem] = read_module(file, "nndl/layers.py")
    assert module is None
    assert (problem.line, "is not UTF-8" in problem.message) == (2, True)


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    module, problems = read(
        tmp_path, "\ufeffdef f():\r\n    ### BEGIN SOLUTION\r\n    pass\r\n    ### END SOLUTION\r\n"
    )
    assert problems == []
    assert module is not None
    assert "\r" not in module.text


def test_caches_and_built_files_are_not_released(tmp_path: Path) -> None:
    for path in ("a.py", "b/c.pyx", "b/d.so", "__pycache__/a.pyc", ".hidden/x.py", "b/.ipynb_checkpoints/y.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    assert [path for path, _ in released_files(tmp_path)] == ["a.py", "b/c.pyx"]
