"""Plain pytest in a course's folder: the hidden suite against the reference solution."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from autograder.suite import seeds
from autograder.tests.tiny_course import SUITE, write_course


def pytest_in(folder, *arguments):
    """Run pytest as a course's author does, and return its exit code and what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "autograder.suite.plugin"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_course(tmp_path_factory.mktemp("course")).root


def test_pytest_in_a_courses_folder_grades_the_reference_solution(folder):
    code, printed = pytest_in(folder, "tests/hw1", "--strict-markers", "-W", "error")
    assert code == 0, printed
    assert "5 passed" in printed


def test_the_suite_fails_on_a_wrong_solution(folder, tmp_path):
    root = write_course(tmp_path).root
    layers = root / "solutions" / "nndl" / "layers.py"
    layers.write_text(layers.read_text().replace("return 2 * dout", "return 3 * dout"))
    code, printed = pytest_in(root, "tests/hw1")
    assert code == 1
    assert "CheckFailure: the value is wrong" in printed


def test_marks_are_declared(folder):
    _, printed = pytest_in(folder, "--markers", "tests/hw1")
    for mark in ("question(name)", "points(weight)", "visible", "requires(*functions)", "hint(text)"):
        assert f"@pytest.mark.{mark}:" in printed


def test_random_numbers_are_those_of_grading(tmp_path):
    suite = SUITE + "\n@pytest.mark.question('net')\ndef test_shown(rng): print('drawn', rng.random())\n"
    course = write_course(tmp_path, suite=suite)
    _, printed = pytest_in(course.root, "-s", "tests/hw1/test_all.py::test_shown")
    version = seeds.suite_sha256(course.tests("hw1"))
    rng = seeds.check_rng(seeds.suite_seed(course, "hw1", version), "test_all.py::test_shown")
    assert f"drawn {rng.random()}" in printed


def test_every_check_has_random_numbers_of_its_own():
    drawn = {seeds.check_rng(seed, check).random() for seed in (1, 2) for check in ("a.py::test_a", "a.py::test_b")}
    assert len(drawn) == 4
    assert seeds.check_rng(1, "a").random() == seeds.check_rng(1, "a").random()


def test_a_secret_of_the_course_gives_other_seeds(tmp_path):
    course = write_course(tmp_path)
    assert seeds.suite_seed(course, "hw1", "v") != seeds.suite_seed(replace(course, secret="words"), "hw1", "v")
    assert "words" not in repr(replace(course, secret="words"))


def test_the_submissions_seed_is_another_and_fits_numpy():
    found = {seeds.submission_seed(seed, check) for seed in (1, 2) for check in ("a", "b")}
    assert len(found) == 4
    assert all(0 <= seed < 1 << 32 for seed in found)


def test_the_version_of_a_suite_changes_with_every_file_and_its_name(tmp_path):
    versions = set()
    for name, content in (("test_a.py", "1"), ("test_a.py", "2"), ("test_b.py", "2"), ("sub/test_b.py", "")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
        versions.add(seeds.suite_sha256(tmp_path))
    (tmp_path / "notes.txt").write_text("not a part of it")
    versions.add(seeds.suite_sha256(tmp_path))
    assert len(versions) == 4


def test_outside_of_a_course_the_plugin_does_nothing(tmp_path):
    (tmp_path / "test_x.py").write_text("import sys\ndef test_x(): assert 'reference' not in sys.modules\n")
    code, printed = pytest_in(tmp_path)
    assert code == 0, printed
