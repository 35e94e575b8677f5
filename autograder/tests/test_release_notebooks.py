"""Instructors' notebooks: mistakes in them, and what nbgrader leaves in that students must not get."""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import AutograderError, UsageError
from autograder.release import nbgrader_tools
from autograder.release.notebooks import as_bytes, convert, read_notebook
from autograder.tests.release_course import ANSWER, cells, code, notebook, text

pytest.importorskip("nbgrader")

PICTURE = {"answer.png": {"image/png": base64.b64encode(b"a picture of the answer").decode()}}


@pytest.fixture
def quick_gradebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the seconds that nbgrader takes to ask alembic for the version of a new gradebook."""
    monkeypatch.setattr("nbgrader.api.get_alembic_version", lambda: "head")


def problems(folder: Path, content: str) -> list[str]:
    """Return the problems of a notebook of this content."""
    file = folder / "layers.ipynb"
    file.write_text(content, encoding="utf-8")
    found = read_notebook(file)[1]
    assert all(problem.file == file for problem in found)
    return [problem.message for problem in found]


def released(folder: Path, *cells: dict[str, Any], **metadata: Any) -> Any:
    """Return a notebook of these cells as it is released, as JSON data."""
    file = folder / "layers.ipynb"
    file.write_text(notebook(*cells, **metadata), encoding="utf-8")
    source, wrong = read_notebook(file)
    assert wrong == []
    return json.loads(as_bytes(convert("hw2", {"layers.ipynb": source})["layers.ipynb"]))


def test_a_sound_notebook_has_no_problems(tmp_path: Path) -> None:
    assert problems(tmp_path, notebook(*cells())) == []


def test_markers_are_found_in_code_and_markdown_with_cell_and_line(tmp_path: Path) -> None:
    wrong = notebook(
        code("x = 1\n### BEGIN SOLUTON\ny = 2\n### END SOLUTION", "a", solution=True),
        text("An answer.\n\n### BEGIN SOLUTION\nYes.", "b", grade=True, solution=True, points=1),
        code("### END HIDDEN TESTS", "c"),
    )
    first, second, third, fourth = problems(tmp_path, wrong)
    assert first.startswith("cell 'a', line 2: '### BEGIN SOLUTON' looks like a marker")
    assert second.startswith("cell 'a', line 4: ### END SOLUTION closes nothing")
    assert third.startswith("cell 'b', line 3: ### BEGIN SOLUTION is never closed")
    assert fourth.startswith("cell 'c', line 1: ### END HIDDEN TESTS closes nothing")


@pytest.mark.parametrize(
    ("kind", "words"),
    [("SOLUTION", "a solution cell"), ("HIDDEN TESTS", "a test cell"), ("MARK SCHEME", "a task cell")],
)
def test_regions_need_a_cell_of_their_kind(tmp_path: Path, kind: str, words: str) -> None:
    [problem] = problems(tmp_path, notebook(code(f"### BEGIN {kind}\nx = 1\n### END {kind}", "plain")))
    assert problem.startswith(f"cell 'plain', line 1: ### BEGIN {kind} is only allowed in {words}")


def test_code_that_nbgrader_would_run_is_a_problem(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, notebook(code("### AUTOTEST f(1)", "a", grade=True, locked=True, points=1)))
    assert problem.startswith("cell 'a': AUTOTEST runs code while a release is made")


def test_what_nbgrader_says_about_metadata_is_passed_on(tmp_path: Path) -> None:
    twice = [code("x", "one", solution=True), {**code("y", "one", solution=True), "id": "two"}]
    assert problems(tmp_path, notebook(*twice)) == ["Duplicate grade id: one"]
    [problem] = problems(tmp_path, notebook(code("x", "one", solution=True, schema_version=99)))
    assert "too new" in problem


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"nbformat": 3}', '{"nbformat": 4, "cells": 1}', "\x00"])
def test_what_is_no_notebook_is_a_problem(tmp_path: Path, content: str) -> None:
    [problem] = problems(tmp_path, content)
    assert problem.startswith("is not a notebook in format 4: ")


def test_a_missing_notebook_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "layers.ipynb").touch()
    _, [problem] = read_notebook(tmp_path / "layer.ipynb")
    assert problem.message == "there is no such notebook (did you mean 'layers.ipynb'?)"


@pytest.mark.usefixtures("quick_gradebook")
def test_solutions_hidden_tests_and_answers_are_emptied(tmp_path: Path) -> None:
    sources = {cell["id"]: "".join(cell["source"]) for cell in released(tmp_path, *cells())["cells"]}
    assert sources["rate"] == "# YOUR CODE HERE\nraise NotImplementedError()\nprint(rate)"
    assert sources["test-rate"] == "assert rate > 0"
    assert sources["inline"] == "YOUR ANSWER HERE"


@pytest.mark.usefixtures("quick_gradebook")
def test_pictures_of_a_model_answer_go_and_those_of_the_question_stay(tmp_path: Path) -> None:
    # nbgrader replaces the text of an answer and leaves the files that were attached to it.
    answer = {**text(f"{ANSWER} ![](attachment:answer.png)", "q", grade=True, solution=True, points=1)}
    question = {**text("Look: ![](attachment:answer.png)", "look"), "attachments": PICTURE}
    first, second = released(tmp_path, {**answer, "attachments": PICTURE}, question)["cells"]
    assert "attachments" not in first
    assert second["attachments"] == PICTURE


@pytest.mark.usefixtures("quick_gradebook")
def test_outputs_counts_and_metadata_of_the_author_go(tmp_path: Path) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": ["42\n"]}
    cell = {**code("print(42)", "a"), "outputs": [output], "execution_count": 7}
    cell["metadata"] = {"execution": {"iopub.execute_input": "2026-01-01"}, "tags": ["long"]}
    made = released(tmp_path, cell, language_info={"name": "python", "version": "3.11.2"}, widgets={"state": {}})
    [cell] = made["cells"]
    assert (cell["outputs"], cell["execution_count"], cell["metadata"]) == ([], None, {"tags": ["long"]})
    assert made["metadata"]["language_info"] == {"name": "python"}
    assert set(made["metadata"]) == {"language_info", "kernelspec"}


@pytest.mark.usefixtures("quick_gradebook")
def test_cells_without_ids_get_the_same_ones_in_every_run(tmp_path: Path) -> None:
    old = json.loads(notebook(*cells()))
    for cell in old["cells"]:
        del cell["id"]
    file = tmp_path / "layers.ipynb"
    file.write_text(json.dumps({**old, "nbformat_minor": 4}))
    one, other = (as_bytes(convert("hw2", {"n.ipynb": read_notebook(file)[0]})["n.ipynb"]) for _ in range(2))
    assert one == other
    assert [cell["id"] for cell in json.loads(one)["cells"]] == [f"cell-{n}" for n in range(1, 6)]


def test_alembic_is_found_when_python_is_called_by_its_full_path(monkeypatch: pytest.MonkeyPatch) -> None:
    # nbgrader runs `alembic` for a new gradebook; PATH has no folder of this environment here.
    monkeypatch.setenv("PATH", os.defpath)
    source = notebook(code("x = 1", "a", solution=True))
    made = nbgrader_tools.convert("hw2", {"n.ipynb": source})
    assert "YOUR CODE HERE" in made["n.ipynb"]
    assert os.environ["PATH"] == os.defpath


@pytest.mark.usefixtures("quick_gradebook")
def test_a_failure_of_nbgrader_says_what_it_logged(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(AutograderError, match=r"nbgrader could not generate hw2: .*no end solution") as caught:
        nbgrader_tools.convert("hw2", {"n.ipynb": notebook(code("### BEGIN SOLUTION", "a", solution=True))})
    assert caught.value.exit_code == 3
    assert capfd.readouterr() == ("", "")


def test_without_nbgrader_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nbgrader.preprocessors", None)
    with pytest.raises(UsageError, match=r"pip install 'autograder\[authoring\]'"):
        nbgrader_tools.clear_source("x = 1\n")
