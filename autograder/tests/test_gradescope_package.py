"""The autograder for Gradescope, run in its layout: a results.json whatever is handed in, and whatever goes wrong."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import jsonschema
import pytest

from autograder import cli
from autograder.course import load_course
from autograder.platforms import packing
from autograder.tests.gradescope_container import Container
from autograder.tests.test_scenarios import SCENARIOS

SCHEMA = json.loads((Path(__file__).parent / "gradescope.schema.json").read_text())
LAYERS = b"def double(x):\n    return 2 * x\n"
NET = b"from .layers import double\n\ndef quadruple(x):\n    return double(double(x))\n"
GOOD = {"nndl/__init__.py": b"", "nndl/layers.py": LAYERS, "nndl/net.py": NET}
READS = b"""
import glob, os

def double(x):
    seen = []
    for place in ("/autograder/**", "/autograder/source/**", "/opt/**/course/**", "/tmp/**"):
        for path in glob.glob(place, recursive=True):
            try:
                seen.append(open(path, errors="replace").read())
            except OSError:
                pass
    for name in ("results.json", "x"):
        try:
            with open("/autograder/results/" + name, "w") as file:
                file.write('{"score": 100}')
            seen.append("WROTE")
        except OSError:
            pass
    raise ValueError("GOT:" + "".join(seen)[:2000])
"""
LEVELS = ["landlock", "account"] if os.geteuid() == 0 else ["landlock"]  # which work in such a container
METADATA = {
    "id": 1,
    "created_at": "2026-10-28T10:00:00.123456-07:00",
    "assignment": {"due_date": "2026-10-25T23:59:00.000000-07:00", "total_points": "5.0"},
    "users": [{"email": "ada@example.edu", "id": 7, "name": "Ada Lovelace"}],
}


def make_course(folder: Path, *more: str) -> Path:
    made = Path(shutil.copytree(SCENARIOS / "course", folder))
    (made / "course.yaml").write_text("\n".join([(made / "course.yaml").read_text(), *more]))
    return made


def packed(folder: Path) -> bytes:
    course = load_course(folder)
    return packing.gradescope(course, course.assignment("hw1"))


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Container:
    folder = tmp_path_factory.mktemp("gradescope")
    late = "late: {slip_days: 1, penalty_per_day: 0.1, max_days: 5}"
    return Container(folder, packed(make_course(folder / "course", late)))


def test_a_good_submission_gets_its_points_less_what_being_late_costs(container: Container) -> None:
    ran = container.run(GOOD, METADATA)
    jsonschema.validate(ran.results, SCHEMA)
    assert ran.results["score"] == 4.5
    assert "2 days late; 1 slip day used; 1 day x 10% of 5 points = 0.5" in ran.results["output"]
    assert [test["status"] for test in ran.results["tests"]] == ["passed"] * 4
    assert any(f"isolation: {level}" in ran.printed for level in ("bwrap", "landlock", "account"))


def test_a_later_due_date_on_gradescope_is_an_extension(container: Container) -> None:
    later = METADATA | {"assignment": {"due_date": "2026-10-29T00:00:00-07:00"}}
    assert container.run(GOOD, later).results["score"] == 5


@pytest.mark.parametrize("level", LEVELS)
def test_student_code_reaches_neither_suite_nor_results(container: Container, level: str) -> None:
    call = f"from autograder.platforms.gradescope import *; run(Places(), 'hw1', '{level}')"
    on_level = f'sed -i "s:-m autograder.*:-c \\"{call}\\":" run_autograder'
    ran = container.run({**GOOD, "nndl/layers.py": READS}, METADATA, on_level)
    assert f"isolation: {level}" in ran.printed
    jsonschema.validate(ran.results, SCHEMA)
    text = json.dumps(ran.results)
    assert ran.results["score"] == 1.8  # of what is judged on the reference's function in place of theirs
    assert "GOT:" in text  # the code did run
    for secret in ("WROTE", "assert_close", "BEGIN SOLUTION", "question", "ada@example.edu", "created_at"):
        assert secret not in text.partition("GOT:")[2].partition('"')[0]


@pytest.mark.parametrize(
    ("submission", "words"),
    [
        ({"readme.txt": b"nothing"}, "Nothing could be graded: no package 'nndl' was found"),
        ({}, "Nothing could be graded: there are no files in it"),
        ({"hw1.zip": b"PK\x03\x04 broken"}, "Nothing could be graded: hw1.zip inside it"),
    ],
)
def test_what_cannot_be_graded_says_why(container: Container, submission: dict[str, bytes], words: str) -> None:
    ran = container.run(submission)
    jsonschema.validate(ran.results, SCHEMA)
    assert ran.results["score"] == 0
    assert words in ran.results["output"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("rm source/course/course.yaml", "no such file"),
        ("echo 'import nothing' >source/course/tests/hw1/test_net.py", "nothing"),
        ("echo '{' >submission_metadata.json", "submission_metadata.json cannot be read"),
    ],
)
def test_a_fault_of_ours_is_told_as_one_and_in_full_to_instructors_only(
    container: Container, change: str, told: str
) -> None:
    ran = container.run(GOOD, METADATA, change)
    jsonschema.validate(ran.results, SCHEMA)
    assert "through no fault of yours" in ran.results["output"]
    assert ran.results["extra_data"] == {"grader_fault": True}
    assert ran.results["tests"] == []
    assert told in ran.printed
    assert "course" not in ran.results["output"]


def test_without_a_python_there_is_a_result_too(container: Container, tmp_path: Path) -> None:
    ran = container.run(GOOD, METADATA, "sed -i s:/opt/autograder/bin/python:/nowhere: run_autograder")
    jsonschema.validate(ran.results, SCHEMA)
    assert "the autograder did not start" in ran.results["output"]


def test_a_suite_that_cannot_judge_costs_nobody_a_point(container: Container) -> None:
    broken = "printf '\\n\\ndef test_more():\\n    raise KeyError(double)\\n' >>source/course/tests/hw1/test_layers.py"
    ran = container.run(GOOD, METADATA, broken)
    jsonschema.validate(ran.results, SCHEMA)
    assert "not graded yet, through no fault of yours" in ran.results["output"]
    assert ran.results["extra_data"]["not_graded"] == ["double"]
    assert not [test for test in ran.results["tests"] if test["number"].startswith("1") and "score" in test]


def names(archive: bytes) -> dict[str, zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return {entry.filename: entry for entry in packed.infolist()}


def test_the_archive_has_what_gradescope_starts_at_its_root_and_one_suite_only(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course")
    found = names(packed(course))
    for program in ("setup.sh", "run_autograder"):
        assert found[program].external_attr >> 16 & 0o777 == 0o755
    assert {"course/tests/hw1/test_net.py", "course/solutions/nndl/layers.py", "course/course.yaml"} <= set(found)
    assert not [name for name in found if "hw2" in name or "__pycache__" in name]
    assert packed(course) == packed(course)


def test_the_wheel_in_it_is_one(tmp_path: Path) -> None:
    found = zipfile.ZipFile(io.BytesIO(packed(make_course(tmp_path / "course"))))
    wheel = next(name for name in found.namelist() if name.endswith(".whl"))
    found.extract(wheel, tmp_path)
    options = ["--quiet", "--no-deps", "--no-index", "--target", tmp_path / "there", tmp_path / wheel]
    subprocess.run([sys.executable, "-m", "pip", "install", *options], check=True)
    (known,) = metadata.distributions(path=[str(tmp_path / "there")])
    assert known.version == metadata.version("autograder")
    assert [point.value for point in known.entry_points if point.group == "pytest11"] == ["autograder.suite.plugin"]
    assert (tmp_path / "there/autograder/platforms/templates/setup.sh").is_file()
    assert not (tmp_path / "there/autograder/tests").exists()
    needed = found.read("requirements.txt").decode().splitlines()
    assert all("==" in line for line in needed)
    assert {"numpy", "msgspec", "pytest"} <= {line.partition("==")[0] for line in needed}


def test_notebooks_bring_along_what_runs_them(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course")
    text = (course / "course.yaml").read_text()
    (course / "course.yaml").write_text(
        text.replace("    package: nndl\n", "    package: nndl\n    also: [a.ipynb]\n", 1)
    )
    needed = zipfile.ZipFile(io.BytesIO(packed(course))).read("requirements.txt").decode()
    assert "\nipython==" in needed
    assert "\nmatplotlib==" in needed


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda course: shutil.rmtree(course / "tests/hw1"), "hw1 is empty: nothing can be graded"),
        (lambda course: shutil.rmtree(course / "solutions"), "solutions is empty"),
    ],
)
def test_what_is_missing_is_one_line(
    tmp_path: Path, change: object, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    course = make_course(tmp_path / "course")
    change(course)  # type: ignore[operator]
    assert cli.run(["--course", str(course), "package", "gradescope", "hw1", "-o", str(tmp_path / "a.zip")]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "a.zip").exists()


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    course = make_course(tmp_path / "course")
    target = str(tmp_path / "file/a.zip")
    assert cli.run(["--course", str(course), "package", "gradescope", "hw1", "-o", target]) == 2
    assert "cannot be made: " in capsys.readouterr().err
