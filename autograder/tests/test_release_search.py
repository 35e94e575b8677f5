"""The search for solution text: every place where a leak has to be found, and given code that is none."""

from __future__ import annotations

import base64
import copy
import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.release.draft import Draft
from autograder.release.proving import prove_bare_notebooks, prove_no_solution, prove_no_traces
from autograder.release.steps import STEPS
from autograder.tests.release_course import ANSWER, LAYERS, text, write_course

pytest.importorskip("nbgrader")

SHORT = "out = rows @ w + b"  # one of the two statements of affine_forward
REGION = "rows = x.reshape(len(x), -1)\nout = rows @ w + b\n"
NOTEBOOK = "layers.ipynb"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    """A release as it is before the proofs, of a course whose given code is close to its solutions."""
    given = "\n\ndef given(x, w, b):\n    rows = x\n    out = rows @ w + b\n    return out\n"
    course = write_course(tmp_path_factory.mktemp("course"), {"solutions/nndl/layers.py": LAYERS + given})
    draft = Draft(course=course, assignment=course.assignment("hw2"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nbgrader.api.get_alembic_version", lambda: "head")
        for step in STEPS:
            if step.run.__name__.startswith("prove"):
                break
            assert list(step.run(draft) or ()) == []
    return draft


@pytest.fixture
def draft(finished: Draft) -> Draft:
    """The same, free to be changed."""
    made = copy.copy(finished)
    made.files = dict(finished.files)
    return made


def found(draft: Draft) -> list[str]:
    """Return what the search finds, without the folder of the course."""
    root = draft.course.root
    return [str(problem).removeprefix(f"{root}/") for problem in prove_no_solution(draft)]


def change_cell(draft: Draft, number: int, change: Callable[[Any], object]) -> None:
    """Change one cell of the released notebook."""
    notebook = json.loads(draft.files[NOTEBOOK])
    change(notebook["cells"][number])
    draft.add_text(NOTEBOOK, json.dumps(notebook))


def append(draft: Draft, path: str, more: str) -> None:
    draft.files[path] = draft.files.get(path, b"") + more.encode()


def packed(content: str) -> str:
    return base64.b64encode(content.encode()).decode()


def test_given_code_with_one_line_like_a_solution_is_no_leak(draft: Draft) -> None:
    assert b"    out = rows @ w + b\n" in draft.files["nndl/layers.py"]
    assert found(draft) == []


@pytest.mark.parametrize(
    "leak",
    [
        f"# {SHORT}",
        f"#{SHORT.replace(' ', '')}",
        "# out  =  (nothing here)\n# out = rows @ \\\n#     w + b",
        f"x = 1  # it is {SHORT}.",
        f'HINT = "{SHORT}"',
        f'def f():\n    """Write ``{SHORT}``."""\n',
        "# rows @ w + b",  # the right-hand side is the solution too
        f"HINT = '{packed(SHORT)}'",
        "# One row for every example of the batch!",  # the solution's own comment
    ],
)
def test_a_single_short_statement_in_a_comment_or_string_is_a_leak(draft: Draft, leak: str) -> None:
    append(draft, "utils/solver.py", f"\n\n{leak}\n")
    [problem] = found(draft)
    assert problem.startswith("solutions/nndl/layers.py:19: ")
    assert "would be released in utils/solver.py" in problem


@pytest.mark.parametrize(
    "leak",
    [
        REGION,
        "def f(x, w, b):\n    rows = x.reshape( len(x),\n        -1 )\n\n    n = 3\n    out = (rows@w) + b\n",
        "rows = x.reshape(len(x), -1); out = rows @ w + b",
        "def f(x, p):\n    mask = (np.random.rand(*x.shape)<p)/p\n    return x*mask",  # of a function left out
        "if True:\n    def f():\n        return w - 0.001 * dw / (abs(dw) + 1e-08)\n",
        "scores, _ = affine_forward(dropout_forward(x, 1.0), self.w, self.b)",  # all of Net.loss
    ],
)
def test_a_copied_region_in_another_module_is_a_leak(draft: Draft, leak: str) -> None:
    append(draft, "utils/solver.py", f"\n\n{leak}\n")
    [problem] = found(draft)
    assert "would be released in utils/solver.py" in problem


def test_a_long_statement_alone_is_a_leak_in_code(draft: Draft, tmp_path: Path) -> None:
    long = "y = np.sum(np.exp(x - np.max(x)) / (1 + w @ b))"
    region = f"    ### BEGIN SOLUTION\n    z = np.abs(x)\n    {long}\n    return z * y\n    ### END SOLUTION\n"
    layers = LAYERS.replace("    ### BEGIN SOLUTION\n    rows", f"{region}    ### BEGIN SOLUTION\n    rows")
    course = write_course(tmp_path, {"solutions/nndl/layers.py": layers})
    other = Draft(course=course, assignment=course.assignment("hw2"), files=draft.files)
    for step in STEPS[2:4]:
        assert list(step.run(other) or ()) == []
    append(other, "utils/solver.py", f"\n\ndef f(x, w, b):\n    other = 1\n    return {long[4:]}\n")
    [problem] = found(other)
    assert "would be released in utils/solver.py" in problem


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("outputs", lambda cell: cell.update(outputs=[{"output_type": "stream", "text": ["out = rows", " @ w + b"]}])),
        ("outputs", lambda cell: cell.update(outputs=[{"data": {"text/html": f"<b>{html.escape(SHORT)}</b>"}}])),
        ("outputs", lambda cell: cell.update(outputs=[{"data": {"text/plain": repr(f"a\n{REGION}")}}])),
        ("outputs", lambda cell: cell.update(outputs=[{"data": {"image/png": packed(f"PNG {SHORT}")}}])),
        ("metadata", lambda cell: cell["metadata"].update(note={"deep": [1, SHORT]})),
        ("metadata", lambda cell: cell["metadata"].update({SHORT: True})),
        ("metadata", lambda cell: cell["metadata"]["nbgrader"].update(source=packed(REGION))),
        ("attachments", lambda cell: cell.update(attachments={"a.txt": {"text/plain": packed(SHORT)}})),
        ("comments", lambda cell: cell.update(source=f"# {SHORT}\n")),
        ("cell 'rate')", lambda cell: cell.update(source=f"%time x\n{REGION}")),
        ("cell 'rate')", lambda cell: cell.update(source=["this is no Python:\n", SHORT])),
        ("id", lambda cell: cell.update(id=SHORT)),
    ],
)
def test_a_solution_in_any_part_of_a_cell_is_a_leak(draft: Draft, place: str, change: Callable[[Any], object]) -> None:
    change_cell(draft, 2, change)
    problems = found(draft)
    assert problems
    assert all(place in problem and "would be released in layers.ipynb" in problem for problem in problems)


def test_a_solution_in_the_metadata_of_a_notebook_is_a_leak(draft: Draft) -> None:
    notebook = json.loads(draft.files[NOTEBOOK])
    notebook["metadata"]["widgets"] = {"state": {"value": SHORT}}
    draft.add_text(NOTEBOOK, json.dumps(notebook))
    [problem] = found(draft)
    assert "layers.ipynb (metadata)" in problem


@pytest.mark.parametrize(
    ("leak", "cell"),
    [
        ("rate = 10 ** -1.5 / (1 + epochs)", "rate"),  # a region of a solution cell
        ("assert abs(rate - 0.01) < tolerance / 7", "test-rate"),  # hidden tests
        (f"<p>{ANSWER.upper()}</p>", "inline"),  # a model answer
    ],
)
@pytest.mark.parametrize("path", ["README.md", "utils/data.txt", "nndl/layers.py"])
def test_what_notebooks_hide_is_a_leak_in_any_file(draft: Draft, path: str, leak: str, cell: str) -> None:
    append(draft, path, f"\n# {leak}\n")
    [problem] = found(draft)
    assert problem.startswith(f"source/hw2/layers.ipynb: cell {cell!r}: its ")


def test_file_names_are_searched_too(draft: Draft) -> None:
    append(draft, f"utils/{SHORT}.txt", "")
    [problem] = found(draft)
    assert "(file name)" in problem


def test_bytes_that_are_no_text_are_searched(draft: Draft) -> None:
    draft.files["picture.png"] = b"\x89PNG\xff\xfe" + SHORT.encode() + b"\x00"
    [problem] = found(draft)
    assert "would be released in picture.png" in problem


@pytest.mark.parametrize(
    "harmless",
    [
        "cache = (x, w, b)",  # moves values
        "x, w, b = cache",
        "for i in range(len(x)):\n    print(i)",  # bookkeeping
        "def f(x, w, b):\n    return x @ w + b",  # the same sum with other names
        "# rows and columns",
        "# because of the gradient",  # a few words of the answer
    ],
)
def test_what_any_program_says_is_no_leak(draft: Draft, harmless: str) -> None:
    append(draft, "utils/solver.py", f"\n\n{harmless}\n")
    assert found(draft) == []


def test_plotting_in_a_solution_cell_is_no_secret(tmp_path: Path) -> None:
    from autograder.release.secrets import secrets_of_notebook
    from autograder.tests.release_course import code

    source = code("plt.plot(losses / 2)\nfig.savefig(name + '.png')\nprint(a + b + c)\nc = a * b", "a", solution=True)
    [secret] = secrets_of_notebook(tmp_path, _as_notebook(source))
    assert [statement.code for statement in secret.statements] == ["print(a + b + c)", "c = a * b"]


def test_solution_cells_that_are_no_python_are_secret_line_by_line(tmp_path: Path) -> None:
    from autograder.release.secrets import secrets_of_notebook
    from autograder.tests.release_course import code

    [secret] = secrets_of_notebook(tmp_path, _as_notebook(code("set rate to 0.5 * x\nx", "a", solution=True)))
    assert [statement.code for statement in secret.statements] == ["set rate to 0.5 * x"]


def test_of_a_question_with_a_marked_answer_only_the_answer_is_secret(tmp_path: Path) -> None:
    from autograder.release.secrets import secrets_of_notebook

    source = f"What is it that happens in a layer?\n\n### BEGIN SOLUTION\n{ANSWER}\n### END SOLUTION"
    [secret] = secrets_of_notebook(tmp_path, _as_notebook(text(source, "q", grade=True, solution=True, points=1)))
    assert [sentence.split("\x1f")[1] for sentence in secret.sentences] == ["because"]


def _as_notebook(cell: dict[str, Any]) -> Any:
    import nbformat

    from autograder.tests.release_course import notebook

    return nbformat.reads(notebook(cell), as_version=4)


def test_outputs_left_in_a_notebook_are_found(draft: Draft) -> None:
    assert list(prove_bare_notebooks(draft)) == []
    change_cell(draft, 1, lambda cell: cell.update(execution_count=3))
    [problem] = prove_bare_notebooks(draft)
    assert "cell 'imports' would be released with outputs" in problem.message


def test_folders_of_the_machine_and_markers_are_found(draft: Draft) -> None:
    assert list(prove_no_traces(draft)) == []
    append(draft, "README.md", f"see {draft.course.root}/x\n\n### END SOLUTION\n")
    one, other = prove_no_traces(draft)
    assert "README.md of the release would name a folder of this machine" in one.message
    assert "README.md of the release would hold a marker" in other.message
