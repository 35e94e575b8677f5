"""What a release does with each marked function, and what has to go along with those of later assignments."""

from __future__ import annotations

from pathlib import Path

from autograder.release.draft import Draft
from autograder.release.fates import Fate
from autograder.release.reading import decide_fates, read_solutions
from autograder.tests.release_course import COURSE, LAYERS, NETS, OPTIM, write_course


def draft(root: Path, changed: dict[str, str] | None = None, name: str = "hw2") -> tuple[Draft, list[str]]:
    """Return the draft of a release after its fates were decided, and the problems of that."""
    course = write_course(root, changed)
    made = Draft(course=course, assignment=course.assignment(name))
    assert list(read_solutions(made)) == []
    problems = [str(problem).removeprefix(f"{root}/") for problem in decide_fates(made)]
    return made, problems


def test_earlier_functions_are_given_own_ones_emptied_and_later_ones_left_out(tmp_path: Path) -> None:
    made, problems = draft(tmp_path)
    assert problems == []
    assert made.fates == {
        "nndl.layers.square": Fate.GIVEN,
        "nndl.layers.affine_forward": Fate.EMPTIED,
        "nndl.layers.dropout_forward": Fate.LEFT_OUT,
        "nndl.nets.Net.loss": Fate.EMPTIED,  # listed by its class
        "nndl.optim.adam": Fate.LEFT_OUT,
    }


def test_carried_functions_are_emptied_again(tmp_path: Path) -> None:
    made, _ = draft(tmp_path, name="hw3")
    assert made.fates["nndl.layers.affine_forward"] is Fate.EMPTIED
    assert made.fates["nndl.nets.Net.loss"] is Fate.GIVEN


def test_given_functions_that_call_later_ones_and_empty_modules_go_along(tmp_path: Path) -> None:
    made, _ = draft(tmp_path)
    assert made.out == {
        "nndl.layers.dropout_forward",
        "nndl.optim.adam",
        "nndl.optim",
        "nndl.layers.step",
        "utils.solver",
    }


def test_a_class_goes_when_all_its_marked_methods_do(tmp_path: Path) -> None:
    method = "    def go(self):\n        ### BEGIN SOLUTION\n        pass\n        ### END SOLUTION\n"
    optim = f"{OPTIM}\n\nclass Adam:\n    def given(self):\n        pass\n\n{method}"
    later = COURSE.replace("nndl.optim.adam", "nndl.optim")
    made, _ = draft(tmp_path, {"solutions/nndl/optim.py": optim, "course.yaml": later})
    assert "nndl.optim.Adam" in made.out


def test_a_marked_function_that_no_assignment_lists_is_a_problem(tmp_path: Path) -> None:
    _, problems = draft(tmp_path, {"course.yaml": COURSE.replace("nndl.layers.dropout_forward, ", "")})
    line = 1 + LAYERS.split("\n").index("    mask = (np.random.rand(*x.shape) < p) / p") - 1
    assert problems[0].startswith(
        f"solutions/nndl/layers.py:{line}: nndl.layers.dropout_forward has a solution, but no"
    )


def test_a_hole_that_does_not_exist_names_its_line_and_the_nearest(tmp_path: Path) -> None:
    wrong = COURSE.replace("      - nndl.layers.affine_forward", "      - nndl.layers.affine_foward")
    _, problems = draft(tmp_path, {"course.yaml": wrong})
    line = 1 + wrong.split("\n").index("      - nndl.layers.affine_foward")
    [problem] = [problem for problem in problems if problem.startswith("course.yaml")]
    assert problem.startswith(f"course.yaml:{line}: holes: nndl.layers.affine_foward does not exist")
    assert "did you mean 'nndl.layers.affine_forward'?" in problem


def test_a_hole_without_markers_is_a_problem(tmp_path: Path) -> None:
    _, problems = draft(tmp_path, {"course.yaml": COURSE.replace("- nndl.nets.Net", "- nndl.layers.relu")})
    assert any("holes: nndl.layers.relu has no ### BEGIN SOLUTION in nndl/layers.py" in problem for problem in problems)


def test_given_code_of_an_own_function_must_not_use_a_later_one(tmp_path: Path) -> None:
    uses = NETS.replace("return relu(scores)", "return relu(dropout_forward(scores, 1.0))")
    _, [problem] = draft(tmp_path, {"solutions/nndl/nets.py": uses})
    assert problem.startswith("solutions/nndl/nets.py:")
    assert "uses nndl.layers.dropout_forward, which only a later assignment lists" in problem


def test_modules_are_traced_through_attributes(tmp_path: Path) -> None:
    uses = "from . import optim\n\n\ndef update(w, dw):\n    return optim.adam(w, dw)\n"
    made, problems = draft(tmp_path, {"solutions/nndl/training.py": uses})
    assert problems == []
    assert {"nndl.training.update", "nndl.training"} <= made.out


INIT = {"solutions/nndl/__init__.py": "from .building import build\n"}


def test_a_module_of_the_past_goes_unless_something_that_stays_imports_it(tmp_path: Path) -> None:
    made, _ = draft(tmp_path / "alone", name="hw3")
    assert "nndl.nets" in made.out
    uses = "from .nets import Net\n\n\ndef build():\n    return Net()\n"
    made, problems = draft(tmp_path / "used", {"solutions/nndl/building.py": uses, **INIT}, name="hw3")
    assert problems == []
    assert not {"nndl.nets", "nndl.nets.Net", "nndl.building"} & made.out


def test_support_code_of_packages_that_a_release_does_not_have_goes(tmp_path: Path) -> None:
    solver = "from other.layers import f\n\n\ndef solve():\n    return _do(f)\n\n\ndef _do(f):\n    return f()\n"
    made, problems = draft(
        tmp_path, {"solutions/utils/solving.py": solver, "solutions/other/layers.py": "def f():\n    pass\n"}
    )
    assert problems == []
    assert "utils.solving" in made.out


DESCENT = {"solutions/nndl/__init__.py": "from .descent import descend\n"}


def test_a_module_of_later_goes_with_what_is_given_in_it(tmp_path: Path) -> None:
    given = OPTIM + "\n\ndef sgd(w, dw):\n    return w - dw\n"
    made, problems = draft(tmp_path / "alone", {"solutions/nndl/optim.py": given})
    assert problems == []
    assert {"nndl.optim", "nndl.layers.step"} <= made.out
    uses = "from .optim import sgd\n\n\ndef descend(w, dw):\n    return sgd(w, dw)\n"
    made, problems = draft(
        tmp_path / "used", {"solutions/nndl/optim.py": given, "solutions/nndl/descent.py": uses, **DESCENT}
    )
    assert problems == []
    assert not {"nndl.optim", "nndl.optim.sgd", "nndl.descent"} & made.out
