"""Notebooks whose cells run in the sandbox: magics, plots, errors, time limits, renamed and malformed files."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.accuracy.cells import claims, read_cells, up_to
from autograder.accuracy.notebooks import Notebook
from autograder.accuracy.sandboxed import Inside
from autograder.accuracy.stopwatch import Stopwatch
from autograder.checks import CheckFailure, recorder
from autograder.errors import AutograderError
from autograder.tests.accuracy_course import write_course
from autograder.tests.command_line import read_results, run


def cell(source: str, name: str = "", printed: str = "", grade_id: str = "") -> dict[str, Any]:
    outputs = [{"output_type": "stream", "name": "stdout", "text": [printed]}] if printed else []
    metadata = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    made = {"cell_type": "code", "source": source, "metadata": metadata, "outputs": outputs, "execution_count": None}
    return made | ({"id": name} if name else {})


def notebook(*cells: dict[str, Any]) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}).encode()


VERSION_3 = json.dumps(
    {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "metadata": {},
                "cells": [
                    {"cell_type": "heading", "level": 1, "metadata": {}, "source": "x"},
                    {
                        "cell_type": "code",
                        "input": ["a = 1\n", "b = 2"],
                        "language": "python",
                        "metadata": {},
                        "collapsed": False,
                        "outputs": [{"output_type": "stream", "stream": "stdout", "text": "val acc: 0.5"}],
                    },
                ],
            }
        ],
    }
).encode()


def test_cells_of_format_3_are_read_with_what_they_printed() -> None:
    (found,) = read_cells(VERSION_3, "old.ipynb")
    assert (found.source, found.printed) == ("a = 1\nb = 2", "val acc: 0.5")


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"nbformat": 4}', b'{"nbformat": 99, "cells": []}',
     b'{"nbformat": 4, "cells": 1}', b'{"nbformat": 4, "nbformat_minor": 5, "cells": [{"cell_type": "code"}]}',
     b"[" * 100_000],
)  # fmt: skip
def test_what_is_not_a_notebook_is_told(data: bytes) -> None:
    with pytest.raises(CheckFailure, match=r"bad\.ipynb is not a notebook that can be read"):
        read_cells(data, "bad.ipynb")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("(Epoch 1 / 9) train acc: 0.9; val_acc: 0.512000", [0.512]), ("Validation accuracy:  53.4%", [0.534]),
     ("Test set accuracy: 0.55\nval acc 0.5", [0.55, 0.5]), ("best validation accuracy achieved: .498", [0.498]),
     ("training accuracy: 0.99", []), ("test accuracy of the net is 61", [0.61]), ("loss: 2.3", [])],
)  # fmt: skip
def test_claimed_accuracies_are_found_in_saved_outputs(printed: str, expected: list[float]) -> None:
    assert claims(read_cells(notebook(cell("", printed=printed)), "play.ipynb")) == expected


def play(extras: dict[str, bytes], name: str = "play.ipynb", until: str | None = None) -> Notebook:
    return Notebook(extras, Inside("shell", None), Stopwatch(60), old_code=False).run(name, until=until)


def test_a_cell_that_is_not_there_is_told_and_all_cells_are_taken() -> None:
    cells = read_cells(notebook(cell("a", "bests"), cell("b")), "play.ipynb")
    assert up_to(cells, "best") == (cells, "has no cell 'best' (did you mean 'bests'?): all of its cells were run")


def test_of_a_cell_that_is_there_twice_the_last_counts() -> None:
    cells = read_cells(notebook(cell("", "best"), cell("x"), cell("", "3", grade_id="best"), cell("y")), "play.ipynb")
    words = "has several cells 'best', code cells 1 and 3: those up to the last were run"
    assert up_to(cells, "best") == (cells[:3], words)


def test_a_cell_goes_by_the_id_that_colab_keeps_of_it() -> None:
    of_colab = cell("") | {"metadata": {"id": "best"}}
    assert len(up_to(read_cells(notebook(of_colab, cell("")), "play.ipynb"), "best")[0]) == 1


def test_a_notebook_that_was_not_handed_in_is_told_with_those_that_were() -> None:
    with pytest.raises(
        CheckFailure, match=r"play.ipynb was not handed in, or is too large to be read; there are a/my.ipynb"
    ):
        play({"a/my.ipynb": notebook(cell("", "other"))}, until="best")


def test_where_ipython_is_not_installed_it_is_the_graders_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.accuracy.notebooks.importlib.util.find_spec", lambda name: None)
    with pytest.raises(AutograderError, match=r"which is not installed here: pip install 'autograder\[authoring\]'"):
        play({"play.ipynb": notebook()})


SUITE = """
import pytest

from autograder.checks import assert_close

pytestmark = [pytest.mark.question("accuracy"), pytest.mark.budget(60)]


def test_best(notebook, measure):
    run = notebook.run("play.ipynb", until="last", cell_s=3)
    assert_close(run["values"], [1.0, 2.0, 3.0])
    measure.given("val_accuracy", run["best_model"].loss, claimed=run.claimed)


@pytest.mark.question("bonus")
def test_nothing_else_ran(notebook):
    with pytest.raises(AssertionError, match="do not define beyond"):
        notebook.run("play.ipynb", until="nothing")["beyond"]
"""
PLAY = notebook(
    cell("import numpy as np\nimport matplotlib.pyplot as plt\nfrom nndl.net import Net\n"
         "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\nplt.rcParams['figure.dpi'] = 72", "nothing"),
    cell("from google.colab import drive\ndrive.mount('/content/drive')\n!pip install numpy\nfiles = !ls"),
    cell("values = 1 / 0"),
    cell("%cd /nowhere\n%time values = np.array([1.0, 2.0, 3.0])\nplt.plot(values)\nplt.show()"),
    cell("import socket\nsocket.create_connection(('127.0.0.1', 9))"),
    cell("while True:\n    try:\n        pass\n    except Exception:\n        pass"),
    cell("best_model = Net()\nprint('here')", "last", printed="test accuracy: 0.93"),
    cell("beyond = 1"),
)  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Grade three students' notebooks in sandboxes."""
    folder = tmp_path_factory.mktemp("course")
    write_course(folder, suite=SUITE)
    nothing = cell("", "nothing")
    short = notebook(nothing, cell("from nndl.net import Net\nvalues, best_model = [1, 2, 3.0], Net()", "last"))
    hand_ins = {"ada": ("play.ipynb", PLAY), "ben": ("hw/My solution.ipynb", short)}
    hand_ins["eve"] = ("play.ipynb", notebook(nothing, cell("Net()"), cell("", "last")))
    for student, (name, data) in hand_ins.items():
        (folder / "in" / student / "hw").mkdir(parents=True)
        (folder / "in" / student / name).write_bytes(data)
        run(f"cp -r solutions/nndl in/{student}", folder)
    done = run("autograder grade hw1 in", folder)
    assert done.returncode == 0, done.stderr + done.stdout
    return read_results(folder / "results" / "hw1")


def best(result: dict[str, Any]) -> dict[str, Any]:
    (check,) = result["questions"][0]["checks"]
    return check


def warnings(result: dict[str, Any]) -> str:
    return "\n".join(warning["message"] for warning in result["warnings"])


def test_cells_run_in_the_sandbox_and_their_namespace_is_reached_from_checks(found: dict[str, Any]) -> None:
    check = best(found["ada"])
    assert (check["verdict"], check["message"]) == ("passed", "")
    assert "here" in check["output"]
    assert check["measurements"][0]["dataset"] == "shapes10"
    assert "cell 1:" not in warnings(found["ada"])  # magics and plots


def test_what_does_not_work_in_a_cell_is_told_and_the_next_runs(found: dict[str, Any]) -> None:
    assert "[not run when graded: pip install numpy]" in best(found["ada"])["output"]
    said = warnings(found["ada"])
    assert "cell 2:" not in said
    assert "cell 3: ZeroDivisionError: division by zero" in said
    assert "cell 5: PermissionError" in said
    assert "cell 6: CellTimeout: it did not end in time" in said


def test_no_cell_after_the_last_one_is_run(found: dict[str, Any]) -> None:
    assert found["ada"]["questions"][1]["checks"][0]["verdict"] == "passed"


def test_a_claim_far_above_is_a_warning_and_no_verdict(found: dict[str, Any]) -> None:
    assert best(found["ada"])["measurements"][0]["claimed"] == 0.93
    assert "the outputs saved with the notebook say 0.930, measured was 0." in warnings(found["ada"])
    assert best(found["ben"])["measurements"][0]["claimed"] is None


def test_a_renamed_notebook_is_recognised_by_its_cell(found: dict[str, Any]) -> None:
    assert best(found["ben"])["verdict"] == "passed"
    assert "hw/My solution.ipynb was taken, which has the cell last" in warnings(found["ben"])


def test_a_name_that_the_cells_do_not_define_is_told_with_the_first_error(found: dict[str, Any]) -> None:
    words = "the cells of play.ipynb do not define values; cell 2: NameError: name 'Net' is not defined"
    assert (best(found["eve"])["verdict"], best(found["eve"])["message"]) == ("failed", words)


def teardown_module() -> None:
    recorder.drain()
