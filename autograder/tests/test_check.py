import json

import nbformat.v4
import pytest

from autograder.check import check_course
from autograder.course import load_course
from autograder.errors import CourseError, Problem, UsageError
from autograder.types import Check

COURSE = """\
format: 1
course: {name: Nets, term: 2026 fall}
assignments:
  hw3:
    title: Layers
    due: 2026-11-30T23:59:00-08:00
    package: nndl
    notebooks: [nets.ipynb]
    holes: [nndl.layers.affine_forward, nndl.layers.Net.loss]
    questions:
      affine: {points: 10}
      inline_1: {points: 2, manual: true, notebook: nets.ipynb}
"""
LAYERS = """\
def affine_forward(x, w, b):
    ### BEGIN SOLUTION
    out = x @ w + b
    ### END SOLUTION
    return out


class Net:
    def loss(self, x):
        ### BEGIN SOLUTION
        total = x.sum()
        ### END SOLUTION
        return total
"""
SUITE = """\
import pytest

pytestmark = pytest.mark.question("affine")


def test_forward():
    assert affine_forward(1, 2, 3) == 5


class TestNet:
    @pytest.mark.requires("affine_forward")
    def test_loss(self):
        assert True
"""
FORWARD = Check(name="test_forward", question="affine")
LOSS = Check(name="TestNet::test_loss[one]", question="affine", requires=("affine_forward", "Net.loss"))


def cell(name="inline_1", *, points=2, **roles):
    marks = {"schema_version": 3, "grade": True, "solution": True, "locked": False, "task": False, **roles}
    marks = {**marks, "grade_id": name} if points is None else {**marks, "grade_id": name, "points": points}
    return nbformat.v4.new_markdown_cell("Why?", metadata={"nbgrader": marks})


def write_notebook(file, *cells):
    file.write_text(nbformat.v4.writes(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")


@pytest.fixture
def root(tmp_path):
    for name, text in [
        ("course.yaml", COURSE),
        ("solutions/nndl/__init__.py", ""),
        ("solutions/utils/__init__.py", ""),
        ("solutions/nndl/layers.py", LAYERS),
        ("tests/hw3/test_layers.py", SUITE),
    ]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "source/hw3").mkdir(parents=True)
    write_notebook(tmp_path / "source/hw3/nets.ipynb", cell())
    return tmp_path


def change(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def problems_of(root, *checks, names=None):
    """Return the problems with places below the root; the suite's checks are those given."""
    checks = checks or (FORWARD, LOSS)
    problems = check_course(load_course(root), names, collect=lambda course, name: checks)
    return [str(problem).replace(f"{root}/", "") for problem in problems]


def test_a_course_that_fits_together_has_no_problems(root):
    assert problems_of(root) == []


def test_only_the_named_assignments_are_checked(root):
    change(root / "course.yaml", "[nets.ipynb]", "[nets.ipynb, lost.ipynb]")
    assert problems_of(root, names=[]) == []
    assert len(problems_of(root, names=["hw3"])) == 1


def test_an_unknown_assignment_is_a_usage_error(root):
    with pytest.raises(UsageError, match="did you mean 'hw3'"):
        check_course(load_course(root), ["hw"])


@pytest.mark.parametrize(
    ("hole", "words"),
    [
        ("nndl.layers.affin_forward", "nndl.layers.affin_forward does not exist in solutions"),
        ("nndl.layer.affine_forward", "nndl.layer.affine_forward does not exist in solutions"),
        ("nndl.layers.Net.los", "nndl.layers.Net.los does not exist in solutions"),
    ],
)
def test_a_hole_that_does_not_exist_names_line_and_nearest(root, hole, words):
    change(root / "course.yaml", "[nndl.layers.affine_forward,", f"[{hole}, nndl.layers.affine_forward,")
    (problem,) = problems_of(root)
    assert problem.startswith("course.yaml:9: ")
    assert words in problem
    assert "did you mean 'nndl.layers." in problem


def test_a_hole_without_a_marked_solution_is_a_problem(root):
    change(root / "solutions/nndl/layers.py", "class Net", "def relu(x):\n    return x\n\n\nclass Net")
    change(root / "course.yaml", "holes: [", "holes: [nndl.layers.relu, ")
    (problem,) = problems_of(root)
    assert problem.startswith("course.yaml:9: ")
    assert "nndl.layers.relu has no ### BEGIN SOLUTION" in problem


def test_a_solution_that_no_assignment_lists_is_a_problem(root):
    change(root / "course.yaml", ", nndl.layers.Net.loss", "")
    (problem,) = problems_of(root)
    assert problem.startswith("solutions/nndl/layers.py:10: nndl.layers.Net.loss has a solution")


def test_a_stray_marker_names_file_and_line(root):
    change(root / "solutions/nndl/layers.py", "        ### END SOLUTION\n", "")
    assert any(line.startswith("solutions/nndl/layers.py:10: ### BEGIN SOLUTION") for line in problems_of(root))


def test_a_module_that_is_not_python_is_one_problem(root):
    change(root / "solutions/nndl/layers.py", "class Net:", "class Net")
    (problem,) = problems_of(root, FORWARD)
    assert problem.startswith("solutions/nndl/layers.py:8: ")
    assert "not valid Python" in problem


def test_missing_solutions_are_named(root):
    (root / "solutions").rename(root / "elsewhere")
    assert problems_of(root, FORWARD)[0] == "solutions/nndl: no such folder; put the package here"


def test_a_formula_that_cannot_be_evaluated_is_a_problem(root):
    change(root / "course.yaml", "affine: {points: 10}", "affine: {points: 10, formula: sin(x), metric: acc}")
    (problem,) = problems_of(root)
    assert problem.startswith("course.yaml:11: the formula 'sin(x)' has no value")


def test_a_missing_notebook_names_the_nearest(root):
    (root / "source/hw3/nets.ipynb").rename(root / "source/hw3/net.ipynb")
    missing, unlisted = problems_of(root)
    assert missing == "source/hw3/nets.ipynb: there is no such notebook (did you mean 'net.ipynb'?)"
    assert unlisted.startswith("source/hw3/net.ipynb: is not released; list a notebook in course.yaml")


def test_a_broken_notebook_is_named(root):
    (root / "source/hw3/nets.ipynb").write_text("{", encoding="utf-8")
    (problem,) = problems_of(root)
    assert problem.startswith("source/hw3/nets.ipynb: is not a notebook")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([cell(), cell("inline_2")], "cell 'inline_2' is graded, but hw3 has no question of that name "
         "(did you mean 'inline_1'?)"),
        ([cell(points=3)], "cell 'inline_1' has 3 points, but course.yaml gives question 'inline_1' 2"),
        ([cell(), cell("affine", points=10)], "cell 'affine' is graded by hand, but course.yaml does not say "
         "`manual: true` of its question"),
    ],
)  # fmt: skip
def test_a_graded_cell_that_course_yaml_contradicts_names_its_line(root, cells, words):
    notebook = root / "source/hw3/nets.ipynb"
    write_notebook(notebook, *cells)
    (problem,) = problems_of(root)
    place, _, message = problem.partition(": ")
    line = notebook.read_text(encoding="utf-8").splitlines()[int(place.rpartition(":")[2]) - 1]
    assert "grade_id" in line
    assert message == words


def test_a_test_cell_for_a_manual_question_is_a_problem(root):
    tests = cell(solution=False, locked=True)
    write_notebook(root / "source/hw3/nets.ipynb", nbformat.v4.new_code_cell("", metadata=tests.metadata))
    (problem,) = problems_of(root)
    assert "cell 'inline_1' is an autograder test, but its question is manual" in problem


def test_a_test_cell_may_stand_for_a_question_of_the_suite(root):
    tests = cell("affine", points=10, solution=False, locked=True)
    code = nbformat.v4.new_code_cell("", metadata=tests.metadata)
    write_notebook(root / "source/hw3/nets.ipynb", cell(), code)
    assert problems_of(root) == []


def test_a_manual_question_in_another_notebook_is_found(root):
    change(root / "course.yaml", "[nets.ipynb]", "[nets.ipynb, more.ipynb]")
    write_notebook(root / "source/hw3/nets.ipynb")
    write_notebook(root / "source/hw3/more.ipynb", cell())
    first, second = problems_of(root)
    assert first == "course.yaml:12: no graded cell of source/hw3/nets.ipynb has the grade_id 'inline_1'"
    assert "cell 'inline_1' belongs to nets.ipynb according to course.yaml" in second


def test_cells_with_the_same_grade_id_are_a_problem(root):
    write_notebook(root / "source/hw3/nets.ipynb", cell(), cell())
    (problem,) = problems_of(root)
    assert "source/hw3/nets.ipynb" in problem
    assert "inline_1" in problem


def test_a_stray_marker_in_a_notebook_names_the_cell(root):
    code = nbformat.v4.new_code_cell("### BEGIN SOLUTION\nx = 1", id="stray")
    write_notebook(root / "source/hw3/nets.ipynb", cell(), code)
    problems = problems_of(root)
    assert any("source/hw3/nets.ipynb" in line and "'stray'" in line for line in problems)


def test_saved_outputs_are_a_problem(root):
    output = nbformat.v4.new_output("stream", text="42")
    code = nbformat.v4.new_code_cell("x", outputs=[output], execution_count=1)
    write_notebook(root / "source/hw3/nets.ipynb", cell(), code)
    (problem,) = problems_of(root)
    assert problem.endswith("cells with saved outputs: 1; clear all outputs and save")


def test_a_question_without_a_check_names_its_line(root):
    change(root / "course.yaml", "affine: {points: 10}", "affine: {points: 10}\n      relu: {points: 5}")
    assert problems_of(root) == [
        "course.yaml:12: question 'relu' has no check: mark one in tests/hw3 with "
        'pytest.mark.question("relu"), or make it manual'
    ]


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (Check(name="test_forward", question="afine"), "6: test_forward: hw3 has no question 'afine' "
         "(did you mean 'affine'?)"),
        (Check(name="test_forward", question="zzz"), "6: test_forward: hw3 has no question 'zzz'; it has affine, "
         "inline_1"),
        (Check(name="test_layers::test_forward", question=""), "6: test_layers::test_forward: belongs to no "
         'question: mark it with pytest.mark.question("NAME")'),
        (Check(name="test_forward", question="inline_1"), "6: test_forward: question 'inline_1' is graded by "
         "hand: name another, or remove `manual: true`"),
        (Check(name="TestNet::test_loss[a::b]", question="affine", weight=0), "12: TestNet::test_loss[a::b]: "
         "pytest.mark.points has to be above 0, found 0"),
        (Check(name="test_forward", question="affine", weight=float("nan")), "6: test_forward: "
         "pytest.mark.points has to be above 0, found nan"),
        (Check(name="test_forward", question="affine", requires=("affine_foward",)), "6: test_forward: requires "
         "'affine_foward', which nndl does not have (did you mean 'affine_forward'?)"),
        (Check(name="test_forward", question="affine", requires=("Net.los",)), "6: test_forward: requires "
         "'Net.los', which nndl does not have (did you mean 'Net.loss'?)"),
    ],
)  # fmt: skip
def test_a_check_that_course_or_solutions_contradict_names_its_line(root, check, expected):
    assert problems_of(root, LOSS, check) == [f"tests/hw3/test_layers.py:{expected}"]


def test_a_suite_that_is_not_python_is_named_and_not_collected(root):
    change(root / "tests/hw3/test_layers.py", "class TestNet:", "class TestNet")
    assert problems_of(root) == ["tests/hw3/test_layers.py:10: is not valid Python: expected ':'"]


def test_a_suite_with_null_bytes_is_named(root):
    (root / "tests/hw3/test_layers.py").write_bytes(b"x = 1\ny = 2\0")
    (problem,) = problems_of(root)
    assert problem.startswith("tests/hw3/test_layers.py:2")
    assert "is not valid Python: there is a null byte" in problem


def test_what_cannot_be_collected_is_reported_with_the_rest(root):
    def collect(course, name):
        raise CourseError([Problem(file=course.tests(name) / "test_layers.py", line=1, message="no module x")])

    change(root / "course.yaml", "[nets.ipynb]", "[nets.ipynb, lost.ipynb]")
    problems = check_course(load_course(root), collect=collect)
    assert [problem.message for problem in problems][1:] == ["no module x"]


def test_notebooks_are_compared_as_they_are_written(root):
    """nbgrader's own marks are all that counts: a cell without any is never graded."""
    notebook = json.loads((root / "source/hw3/nets.ipynb").read_text(encoding="utf-8"))
    notebook["cells"].append({"cell_type": "markdown", "id": "text", "metadata": {}, "source": ["Read"]})
    (root / "source/hw3/nets.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert problems_of(root) == []
