"""Releases as a whole: from a course to a folder that students can work in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.errors import CourseError, UsageError
from autograder.release import differences, generate, making
from autograder.release.requirements import requirements, unknown_imports
from autograder.release.steps import STEPS
from autograder.tests.release_course import LAYERS, SUITE, cells, code, notebook, write_course

pytest.importorskip("nbgrader")


@pytest.fixture(autouse=True)
def quick_gradebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the seconds that nbgrader takes to ask alembic for the version of a new gradebook."""
    monkeypatch.setattr("nbgrader.api.get_alembic_version", lambda: "head")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return write_course(tmp_path / "course")


def contents(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def problems(root: Path, changed: dict[str, str]) -> list[str]:
    """Return the problems of releasing a course with changed files; nothing may have been written."""
    course = write_course(root / "course", changed)
    with pytest.raises(CourseError) as caught:
        generate(course, "hw2", root / "out")
    assert not (root / "out").exists()
    return [line.removeprefix(f"{root}/course/") for line in caught.value.lines()]


def run_pytest(release: Path) -> subprocess.CompletedProcess[str]:
    """Run pytest as a student does, without anything of this project on its path."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:autograder", "-p", "no:cacheprovider"]
    environment = {"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=release, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_release_holds_what_students_need_and_nothing_else(course: Course, tmp_path: Path) -> None:
    written = generate(course, "hw2", tmp_path / "out")
    helpers = {f"checks/{file.name}" for file in making.CHECKS.glob("*.py")}
    others = {"README.md", "conftest.py", "layers.ipynb", "nndl/__init__.py", "nndl/layers.py", "nndl/nets.py"}
    others |= {"pytest.ini", "requirements.txt", "tests/test_layers.py", "utils/__init__.py"}
    assert {file.relative_to(tmp_path / "out" / "hw2").as_posix() for file in written} == helpers | others
    assert contents(tmp_path / "out" / "hw2").keys() == helpers | others
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["hw2"]


def test_two_releases_are_the_same_byte_for_byte_and_name_no_folder(course: Course, tmp_path: Path) -> None:
    generate(course, "hw2", tmp_path / "one")
    other = write_course(tmp_path / "another place" / "course")
    generate(other, "hw2", tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert not any(str(tmp_path).encode() in raw for raw in contents(tmp_path / "one").values())


def test_visible_checks_fail_until_the_holes_are_filled(course: Course, tmp_path: Path) -> None:
    generate(course, "hw2", tmp_path)
    layers = tmp_path / "hw2" / "nndl" / "layers.py"
    before = run_pytest(tmp_path / "hw2")
    assert "NotImplementedError: affine_forward" in before.stdout
    assert "1 failed" in before.stdout
    text = layers.read_text()
    layers.write_text(
        text.replace('raise NotImplementedError("affine_forward")', "out = x.reshape(len(x), -1) @ w + b")
    )
    after = run_pytest(tmp_path / "hw2")
    assert (after.returncode, "1 passed" in after.stdout) == (0, True), after.stdout + after.stderr


def test_the_readme_says_what_to_write_and_what_it_is_worth(course: Course, tmp_path: Path) -> None:
    generate(course, "hw2", tmp_path)
    readme = (tmp_path / "hw2" / "README.md").read_text()
    for words in (
        "# hw2: Layers\n\nNetworks, 2026 fall. Due 2026-10-26 23:59 (UTC-07:00).",
        "- `nndl/layers.py`: `affine_forward`\n- `nndl/nets.py`: `Net.loss`\n",
        "| Affine layer | 10 | by checks |\n| Inline | 2 | by hand, in `layers.ipynb` |\n| total | 12 | |",
        "python -m zipfile -c hw2.zip nndl layers.ipynb",
    ):
        assert words in readme
    assert "From earlier assignments" not in readme


def test_the_readme_tells_carried_functions_from_new_ones(course: Course, tmp_path: Path) -> None:
    generate(course, "hw3", tmp_path)
    readme = (tmp_path / "hw3" / "README.md").read_text()
    assert "- `nndl/layers.py`: `dropout_forward`\n- `nndl/optim.py`: `adam`\n\n" in readme
    assert "jupyter" not in readme  # hw3 has no notebooks
    assert "From earlier assignments, copy in your own:\n\n- `nndl/layers.py`: `affine_forward`\n" in readme


def test_all_mistakes_are_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    wrong = {
        "solutions/nndl/optim.py": "x = 1\n### END SOLUTION\n",
        "solutions/nndl/nets.py": "def f(:\n",
        "source/hw2/layers.ipynb": notebook(*cells(), code("### begin solution", "x")),
        "source/hw2/notes.txt": "### BEGIN SOLUTION\nsecret\n### END SOLUTION\n",
        "source/hw2/extra.py": "x = 1\n",
        "source/hw2/README.md": "mine",
        "tests/hw2/test_layers.py": SUITE.replace("3 * ones(SIZE)", "reference.ones(SIZE)"),
    }
    assert [line.split(": ", 1)[0] for line in problems(tmp_path, wrong)] == [
        "source/hw2/layers.ipynb",
        "source/hw2/README.md",
        "source/hw2/extra.py",
        "source/hw2/notes.txt:1",
        "tests/hw2/test_layers.py:30",
        "solutions/nndl/nets.py:1",
        "solutions/nndl/optim.py:2",
    ]


def test_a_missing_package_is_a_problem(course: Course, tmp_path: Path) -> None:
    shutil.rmtree(course.solutions / "utils")
    with pytest.raises(CourseError, match="solutions/utils: no such folder; put the package here"):
        generate(course, "hw2", tmp_path / "out")


def test_a_link_in_the_sources_is_a_problem(tmp_path: Path) -> None:
    write_course(tmp_path / "course")
    (tmp_path / "course" / "solutions" / "utils" / "secret.py").symlink_to("/etc/hostname")
    [problem] = problems(tmp_path, {})
    assert "solutions/utils/secret.py: is a link, which is not released" in problem


def test_markers_where_none_are_obeyed_are_a_problem(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, {"solutions/utils/fast.pyx": "x\n### BEGIN SOLUTION\nx\n### END SOLUTION\n"})
    assert problem.startswith("solutions/utils/fast.pyx:2: markers are obeyed in .py files of solutions/")


def test_a_solution_left_in_the_sources_is_found_and_nothing_is_written(tmp_path: Path) -> None:
    leak = LAYERS.replace("    # Flatten the examples first.", "    # rows = x.reshape(len(x), -1)")
    [problem] = problems(tmp_path, {"solutions/nndl/layers.py": leak})
    assert "its 'rows = x.reshape(len(x), -1)' would be released in nndl/layers.py (comments)" in problem


PLOTS = "from . import plots\n"


def test_an_import_that_students_lack_is_a_problem(tmp_path: Path) -> None:
    [problem] = problems(
        tmp_path, {"solutions/utils/plots.py": "import pandas\n", "solutions/utils/__init__.py": PLOTS}
    )
    assert "utils/plots.py of the release would import pandas, which it does not have" in problem


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("from nndl.layers import dropout_forward", "nndl.layers.dropout_forward"),
        ("from nndl import optim", "nndl.optim"),
        ("import nndl.optim as o", "nndl.optim"),
        ("from nndl.optim import adam", "nndl.optim.adam"),
    ],
)
def test_a_notebook_must_not_import_what_is_left_out(tmp_path: Path, line: str, name: str) -> None:
    [problem] = problems(tmp_path, {"source/hw2/layers.ipynb": notebook(*cells(), code(line, "x"))})
    assert f"layers.ipynb of the release would import {name}, which it does not have" in problem


def test_a_mistake_of_the_generator_itself_is_found(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "released_text", lambda module, fates, out: module.text)
    with pytest.raises(CourseError, match="affine_forward in the release is not the solution without"):
        generate(course, "hw2", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_older_release_stays_when_a_new_one_cannot_be_made(course: Course, tmp_path: Path) -> None:
    generate(course, "hw2", tmp_path / "out")
    before = contents(tmp_path / "out")
    wrong = write_course(tmp_path / "course", {"solutions/nndl/optim.py": "### END SOLUTION\n"})
    with pytest.raises(CourseError):
        generate(wrong, "hw2", tmp_path / "out")
    assert contents(tmp_path / "out") == before


def test_differences_are_none_after_generating_and_named_after_an_edit(course: Course, tmp_path: Path) -> None:
    generate(course, "hw2", tmp_path)
    assert differences(course, "hw2", tmp_path) == []
    (tmp_path / "hw2" / "README.md").write_text("edited by hand\n")
    before = contents(tmp_path)
    assert differences(course, "hw2", tmp_path) == ["README.md: differs from line 1 on"]
    assert contents(tmp_path) == before


def test_an_unknown_assignment_names_the_nearest(course: Course, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'hw2'"):
        generate(course, "hw22", tmp_path)


def test_files_beside_the_notebooks_are_released(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course", {"source/hw2/images/net.svg": "<svg/>"})
    generate(course, "hw2", tmp_path)
    assert (tmp_path / "hw2" / "images" / "net.svg").read_text() == "<svg/>"


def test_every_step_has_a_reason_and_the_run_stops_before_anything_is_made_or_written() -> None:
    assert all(step.because for step in STEPS)
    names = [step.run.__module__.rpartition(".")[2] for step in STEPS]
    assert names == sorted(names, key=["reading", "making", "proving"].index)
    assert STEPS[names.index("making") - 1].stop
    assert STEPS[-1].stop


def test_requirements_list_what_is_imported_and_pytest_and_jupyter() -> None:
    source = json.loads(notebook(code("%matplotlib inline\nimport matplotlib.pyplot as plt", "a")))
    files = {"n.ipynb": json.dumps(source).encode(), "nndl/a.py": b"import numpy, os\nfrom . import b\nimport nndl\n"}
    assert requirements(files) == ["jupyterlab>=4", "matplotlib>=3.8", "numpy>=1.26", "pytest>=8.3"]
    assert list(unknown_imports({**files, "x.py": b"import pandas.io\n"})) == [("x.py", "pandas")]


def test_grading_never_imports_nbgrader() -> None:
    script = "import sys, autograder.release, autograder.checks; print([m for m in sys.modules if 'nbgrader' in m])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout.split() == ["['autograder.release.nbgrader_tools']"]
