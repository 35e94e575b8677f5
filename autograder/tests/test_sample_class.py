"""The sample class of examples/ through the real command line: all get what expected.yaml says, no more, no less."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from autograder import sandbox
from autograder.tests.command_line import ROOT, as_summary, read_results, run, summary

TABLE = yaml.safe_load((ROOT / "examples" / "expected.yaml").read_text(encoding="utf-8"))
MAKE_CLASS = f"{sys.executable} {ROOT / 'examples' / 'make_class.py'}"
# The whole class once, and on the other level those whose code the sandbox has to deal with.
STUDENTS = {"auto": set(TABLE), "landlock": {"ada", "dora", "erik", "farah", "goran", "hana", "helga", "ivan"}}
FULL = {"affine": "10", "relu": "6", "neural_net": "12", "two_layer": "8", "fully_connected": "10"}
FULL |= {"accuracy": "0 (1 unchecked)"}  # a bonus, and nobody handed in the notebook


class Class:
    """The sample class and its results, graded once for each level of isolation, however many processes test."""

    def __init__(self, folder: Path, isolation: str) -> None:
        self.folder = folder
        self.students = STUDENTS[isolation]
        folder.mkdir(exist_ok=True)
        done = folder / "done.json"
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                done.write_text(json.dumps(self._grade(isolation)))
        self.exit, self.stdout, self.stderr = json.loads(done.read_text())
        self.results = read_results(folder / "results" / "hw3")

    def _grade(self, isolation: str) -> list[Any]:
        made = run(f"{MAKE_CLASS} --output class", self.folder)
        assert made.returncode == 0, made.stderr
        all_of_them = self.students == set(TABLE)
        what = "class" if all_of_them else " ".join(f"class/{student}*" for student in sorted(self.students))
        options = f"--output results --isolation {isolation} --timeout 10"
        done = run(f"autograder --course {ROOT} grade hw3 {what} {options}", self.folder)
        return [done.returncode, done.stdout, done.stderr]


@cache
def works(level: str) -> bool:
    return any(each.works for each in sandbox.levels() if each.name == level)


@pytest.fixture(scope="session", params=list(STUDENTS))
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Class:
    if request.param == "landlock" and not works("landlock"):
        pytest.skip("landlock does not work here")
    if request.param == "landlock" and not works("bwrap"):
        pytest.skip("landlock is what auto takes, with which the whole class is graded")
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    return Class(folder / f"class-{request.param}", request.param)


def test_table_names_questions_and_nothing_unknown() -> None:
    known = {*FULL, "did", "unusable", "warnings"}
    assert {student: row.keys() - known for student, row in TABLE.items() if row.keys() - known} == {}


def test_everyone_gets_what_the_table_says(graded: Class) -> None:
    rows = {student: TABLE[student] for student in graded.students if "unusable" not in TABLE[student]}
    assert {student: summary(graded.results[student]) for student in rows} == {
        student: FULL | as_summary({name: value for name, value in row.items() if name in FULL})
        for student, row in rows.items()
    }


def test_everyone_has_a_result_and_an_unusable_hand_in_says_why(graded: Class) -> None:
    assert graded.results.keys() == graded.students
    for student, result in graded.results.items():
        row = TABLE[student]
        warnings = {warning["code"]: warning["message"] for warning in result["warnings"]}
        assert ("unusable" in warnings) == ("unusable" in row)
        assert row.get("unusable", "") in warnings.get("unusable", "")
        assert set(row.get("warnings", ())) <= warnings.keys()
        assert result["score"] == 0 or "unusable" not in row


def test_nothing_that_was_handed_in_stops_the_command(graded: Class) -> None:
    assert (graded.exit, graded.stderr) == (0, "")


def test_summary_has_a_line_for_everyone(graded: Class) -> None:
    with (graded.folder / "results" / "hw3" / "summary.csv").open() as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert rows.keys() == graded.students
    for student, row in rows.items():
        assert float(row["final"]) == pytest.approx(graded.results[student]["score"])
        assert row["status"] == ("unusable" if "unusable" in TABLE[student] else "by hand")


def test_table_on_the_terminal_has_a_line_for_everyone(graded: Class) -> None:
    table = graded.stdout[graded.stdout.index(" student") :]
    assert [student for student in graded.students if f"\n {student} " not in table] == []


def test_hidden_checks_tell_no_expected_values(graded: Class) -> None:
    questions = [question for result in graded.results.values() for question in result["questions"]]
    hidden = [check["message"] for question in questions for check in question["checks"] if not check["visible"]]
    assert [message for message in hidden if "\nexpected:" in message] == []


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_class_is_the_same_every_time_and_leaves_other_work_alone(tmp_path: Path) -> None:
    assert run(f"{MAKE_CLASS} --output class", tmp_path).returncode == 0
    first = contents(tmp_path / "class")
    (tmp_path / "class" / "mine").mkdir()
    (tmp_path / "class" / "ada" / "left_over.py").write_text("")
    assert run(f"{MAKE_CLASS} --output class", tmp_path).returncode == 0
    assert contents(tmp_path / "class") == first
    assert (tmp_path / "class" / "mine").is_dir()


def test_class_does_not_overwrite_other_work(tmp_path: Path) -> None:
    (tmp_path / "class" / "ada").mkdir(parents=True)
    done = run(f"{MAKE_CLASS} --output class", tmp_path)
    assert done.returncode == 1
    assert done.stderr == "make_class: class/ada is not of the sample class: give another folder with --output\n"
    assert [path.name for path in (tmp_path / "class").iterdir()] == ["ada"]
