"""Notebooks as students leave them, through the command line: what can be measured is, and the rest says why."""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.accuracy.inside import stand_ins
from autograder.tests.accuracy_course import write_course
from autograder.tests.command_line import read_results, run

SUITE = """
import pytest
from nndl.net import Net

pytestmark = [pytest.mark.question("accuracy"), pytest.mark.budget(60)]


def test_best(notebook, dataset, training, measure):
    def handed_in():
        run = notebook.run("play.ipynb", until="best", cell_s=5)
        return run.model("best_model").loss, run.claimed, run.cut_short

    def trained(seed):
        model = Net()
        training.with_solver(model, dataset.training(200, 50), epochs=1, optim_config={"learning_rate": 1e-6})
        return model.loss

    measure.handed_in_or_trained("val_accuracy", handed_in, trained)


@pytest.mark.question("bonus")
def test_bonus():
    pass
"""
IMPORTS = """
%matplotlib inline
%load_ext autoreload
%autoreload 2
import numpy as np
import matplotlib.pyplot as plt
from nndl.net import Net
from utils.solver import Solver
from utils.data_utils import get_CIFAR10_data
!ls datasets
data = get_CIFAR10_data(200, 50, 10)
"""
TRAIN = """
models = {}
for rate in (1e-7, 1e-6):
    model = Net()
    solver = Solver(model, data, num_epochs=1, optim_config={"learning_rate": rate})
    solver.train()
    models[rate] = solver
"""
OF_2015 = """
import numpy as np
from nndl.net import Net
half = 7 / 2
for i in xrange(2):
    print 'net', i
best_model = Net(input_dim=3072 * (half == 3))
print >>sys.stderr, 'done'
"""


def cell(source: str, name: str = "") -> dict[str, Any]:
    error = {"output_type": "error", "ename": "NameError", "evalue": "x", "traceback": ["x"]}
    outputs = [error, {"output_type": "stream", "name": "stdout", "text": ["val_acc: 0.99\n"]}]
    metadata = {"nbgrader": {"grade_id": name}} if name else {}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": outputs, "execution_count": 3}


def notebook(*cells: dict[str, Any]) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": list(cells)}).encode()


def of_version_3(*sources: str) -> bytes:
    cells = [
        {"cell_type": "code", "input": s, "language": "python", "metadata": {}, "collapsed": False, "outputs": []}
        for s in sources
    ]
    metadata = {"name": "play", "kernelspec": {"name": "python2", "language": "python", "display_name": "Python 2"}}
    sheets = [{"metadata": {}, "cells": cells}]
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": metadata, "worksheets": sheets}).encode()


HAND_INS = {
    "as_asked": notebook(cell(IMPORTS), cell(TRAIN), cell("best_model = models[1e-6].model\nplt.plot([1])", "best")),
    "other_name": notebook(cell(IMPORTS), cell("net = Net()"), cell("best_model = None\nbest_net = Net()", "best")),
    "a_solver": notebook(cell(IMPORTS), cell("best_model = Solver(Net(), data)", "best")),
    "several": notebook(cell(IMPORTS), cell("first, second = Net(), Net()", "best")),
    "breaks_off": notebook(cell(IMPORTS), cell("net = Net()\n1 / 0", "best")),
    "of_2015": of_version_3(OF_2015, "raise KeyError, 'nothing'"),
    "copied_cell": notebook(cell(IMPORTS), cell("best_model = 3", "best"), cell("best_model = Net()", "best")),
    "weights_only": notebook(cell(IMPORTS), cell("net = Net()\nbest_model = net.params", "best")),
    "left_open": notebook(cell(IMPORTS), cell("best_model = None", "best")),
    "as_released": notebook(cell("1 / 0"), cell("best_model = None\nraise NotImplementedError", "best")),
    "no_data": notebook(cell("import os\nos.chdir('/home/me/hw')\n"), cell("best_model = Net()", "best")),
    "a_day": notebook(
        cell(IMPORTS), cell("best_model = Net()\nbest_model.params['W'] *= 0\nwhile True:\n    pass", "best")
    ),
    "exits": notebook(cell("import os\nos._exit(0)"), cell("best_model = Net()", "best")),
    "unreadable": b"<<<<<<< HEAD\n{}",
    "not_there": None,
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Grade them all in sandboxes, and return the check and the warnings of each."""
    folder = tmp_path_factory.mktemp("course")
    write_course(folder, suite=SUITE, fairness="images: 50")
    for student, data in HAND_INS.items():
        (folder / "in" / student).mkdir(parents=True)
        run(f"cp -r solutions/nndl in/{student}", folder)
        if data is not None:
            (folder / "in" / student / "play.ipynb").write_bytes(data)
    done = run("autograder grade hw1 in", folder, timeout=900)
    assert done.returncode == 0, done.stderr + done.stdout
    results = read_results(folder / "results" / "hw1")
    return {
        student: {
            **result["questions"][0]["checks"][0],
            "warnings": "\n".join(warning["message"] for warning in result["warnings"]),
        }
        for student, result in results.items()
    }


MEASURED = {
    "as_asked": "",
    "other_name": "play.ipynb leaves no model in best_model: the one in best_net was measured",
    "a_solver": "",
    "of_2015": "play.ipynb has no cell 'best': all of its cells were run",
    "copied_cell": "play.ipynb has several cells 'best', code cells 2 and 3: those up to the last were run",
}


@pytest.mark.parametrize("student", MEASURED)
def test_a_model_that_the_cells_leave_is_measured(found: dict[str, dict[str, Any]], student: str) -> None:
    check = found[student]
    assert (check["verdict"], check["message"]) == ("passed", "")
    (measured,) = check["measurements"]
    assert (measured["images"], measured["seeds"]) == (50, [])
    assert MEASURED[student] in check["warnings"]


TRAINED = {
    "several": "after its last cell, best_model holds nothing, and first or second may be meant",
    "breaks_off": "after its last cell, best_model holds nothing; cell 2: ZeroDivisionError",
    "weights_only": "after its last cell, best_model holds a dict, which has no loss",
    "no_data": "after its last cell, best_model holds nothing; cell 1: FileNotFoundError",
    "a_day": "because play.ipynb's last cell was not done in time and left a worse one",
    "exits": "because the process ended",
    "unreadable": "because play.ipynb is not a notebook that can be read",
    "not_there": "because play.ipynb was not handed in",
}


@pytest.mark.parametrize("student", TRAINED)
def test_where_there_is_none_it_is_trained_and_the_decision_says_so(
    found: dict[str, dict[str, Any]], student: str
) -> None:
    check = found[student]
    assert (check["verdict"], check["message"]) == ("passed", "")
    (measured,), (training,) = check["measurements"], check["trainings"]
    assert (measured["images"], measured["seeds"], training["ended"]) == (50, [training["seed"]], "finished")
    assert measured["decision"].startswith("trained when graded, with settings of the handout, because ")
    assert TRAINED[student] in measured["decision"]
    assert TRAINED[student] in check["warnings"]


OPEN = {
    "left_open": ("failed", "play.ipynb: after its last cell, best_model holds nothing"),
    "as_released": ("missing", "play.ipynb: its last cell is not filled in (NotImplementedError:)"),
}


@pytest.mark.parametrize("student", OPEN)
def test_a_cell_that_was_left_open_earns_nothing(found: dict[str, dict[str, Any]], student: str) -> None:
    assert (found[student]["verdict"], found[student]["message"]) == OPEN[student]


def test_saved_outputs_claim_and_the_warning_says_what_was_measured(found: dict[str, dict[str, Any]]) -> None:
    (measured,) = found["as_asked"]["measurements"]
    assert measured["claimed"] == 0.99
    assert "the outputs saved with the notebook say 0.990" in found["as_asked"]["warnings"]


def test_a_folder_of_pictures_that_is_not_there_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from utils.shapes10 import make_shapes10

    fake = types.ModuleType("utils.data_utils")
    fake.load_CIFAR10, fake.make_shapes10 = lambda root: "published", make_shapes10  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "utils.data_utils", fake)
    monkeypatch.setattr(stand_ins, "_TRAINING", 30)
    monkeypatch.setattr(stand_ins, "_TEST", 20)
    stand_ins.pictures()
    X, y, X_test, _ = fake.load_CIFAR10("/home/me/cifar-10-batches-py")
    assert (X.shape, X.dtype, y.shape, X_test.shape) == ((30, 32, 32, 3), np.float32, (30,), (20, 32, 32, 3))
    assert "[/home/me/cifar-10-batches-py is not there when graded: 30 generated" in capsys.readouterr().out
    (tmp_path / "test_batch").touch()
    assert fake.load_CIFAR10(tmp_path) == "published"
