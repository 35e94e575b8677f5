"""Markers in the solutions, and the notebooks: committed clean, and run from top to bottom."""

from __future__ import annotations

import itertools
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.course import load_course
from autograder.release.markers import find_regions

ROOT = Path(__file__).parents[2]
ASSIGNMENTS = load_course(ROOT).assignments
NOTEBOOKS = sorted((ROOT / "source").glob("*/*.ipynb"))
each_notebook = pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: f"{file.parent.name}-{file.stem}")
# One notebook of each assignment is run by `make test`, all of them by `make training`.
SHORT = ("autodiff", "gradient_descent", "svm", "two_layer_net", "optimization", "conv_layers", "spatial_batchnorm")
each_to_run = pytest.mark.parametrize(
    "file",
    [pytest.param(file, marks=() if file.stem in SHORT else pytest.mark.training) for file in NOTEBOOKS],
    ids=[f"{file.parent.name}-{file.stem}" for file in NOTEBOOKS],
)
PACKAGES = sorted((ROOT / "solutions").glob("*/*.py"))


@pytest.mark.parametrize("file", PACKAGES, ids=lambda file: f"{file.parent.name}.{file.stem}")
def test_markers_pair_and_leave_a_module_that_parses(file):
    text = file.read_text()
    regions, mistakes = find_regions(text)
    assert not mistakes
    lines = text.split("\n")
    for region in reversed(regions):
        indent = lines[region.begin - 1].partition("#")[0]
        lines[region.begin - 1 : region.end] = [f"{indent}raise NotImplementedError"]
    compile("\n".join(lines), str(file), "exec")


def test_exactly_the_listed_holes_have_markers():
    listed = {hole for assignment in ASSIGNMENTS.values() for hole in assignment.holes}
    marked = {f"{file.parent.name}.{file.stem}" for file in PACKAGES if find_regions(file.read_text())[0]}
    assert marked == {".".join(hole.split(".")[:2]) for hole in listed}


@each_notebook
def test_notebook_is_valid_and_committed_without_outputs(file):
    notebook = nbformat.read(file, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)


@each_to_run
def test_notebook_runs_from_top_to_bottom_and_shows_its_plots(file, tmp_path, monkeypatch):
    assignment = ASSIGNMENTS[file.parent.name]
    if assignment.unmet():
        pytest.skip(assignment.unmet())
    for package in (assignment.package, "utils"):
        shutil.copytree(ROOT / "solutions" / package, tmp_path / package)
    for name, value in {"OPENBLAS_NUM_THREADS": "1", "IPYTHONDIR": str(tmp_path / "ipython")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    notebook = nbformat.read(file, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.source for cell in code if "plt.show()" in cell.source and not has_picture(cell)] == []
    outputs = list(itertools.chain.from_iterable(cell.outputs for cell in code))
    printed = "".join(output.text for output in outputs if output.get("name") == "stdout")
    assert all(float(accuracy) > 0.3 for accuracy in re.findall(r"test accuracy: *([\d.]+)", printed))
    assert not [output.text for output in outputs if output.get("name") == "stderr"]


def has_picture(cell: nbformat.NotebookNode) -> bool:
    return any("image/png" in output.get("data", {}) for output in cell.outputs)
