"""A class that is graded in several goes: killed, interrupted, twice at a time, with little room."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from autograder.result_folder import result_folder
from autograder.tests.command_line import ENVIRONMENT
from autograder.tests.killing import OUTCOMES, STUDENTS, command, contents, grade, kept, kill, start, write_class
from autograder.tests.sandboxes import LEVELS


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_class(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def whole(course: Path) -> dict[str, object]:
    """What a run to the end leaves behind."""
    assert grade(course, "whole") == 0
    found = contents(course / "whole")
    assert found.keys() == {"hw1/summary.csv", *(f"hw1/{student}.json" for student in STUDENTS)}
    assert kept(course, "whole") == OUTCOMES
    return found


def test_killed_runs_are_taken_up_and_end_the_same(course: Path, whole: dict[str, object]) -> None:
    assert kill(course, "killed", 1)
    assert kept(course, "killed") < OUTCOMES
    assert kill(course, "killed", OUTCOMES)
    before = {path: path.stat().st_mtime_ns for path in (course / "killed").rglob("*") if path.is_file()}
    assert grade(course, "killed") == 0
    assert contents(course / "killed") == whole
    assert kept(course, "killed") == OUTCOMES
    finished = {path: time for path, time in before.items() if path.suffix not in (".part", ".csv")}
    assert {path: path.stat().st_mtime_ns for path in finished} == finished  # nothing was written twice


def test_two_runs_into_one_folder_leave_it_whole(course: Path, whole: dict[str, object]) -> None:
    with result_folder(course / "two", "hw1"):  # a third, so that neither is ever alone
        runs = [start(course, "two") for _ in range(2)]
        said = [run.communicate()[1].decode() for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert (
        said
        == ["autograder: warning: another run is writing to two/hw1 too: of each student the last result stays\n"] * 2
    )
    assert contents(course / "two") == whole


def in_a_folder(course: Path, *how: str) -> subprocess.CompletedProcess[str]:
    """Grade into a folder of another kind, which ends with the command."""
    (course / "odd").mkdir(exist_ok=True)
    odd = [word.replace("ODD", str(course / "odd")) for word in how]
    return subprocess.run(
        ["bwrap", "--dev-bind", "/", "/", *odd, "--chdir", str(course), *command("odd/here", "--isolation", "none")],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif("bwrap" not in LEVELS, reason="needs bubblewrap to make such a folder")
def test_full_disk_stops_the_run_in_one_line(course: Path) -> None:
    done = in_a_folder(course, "--size", "32768", "--tmpfs", "ODD")
    assert done.returncode == 3
    *_, words = done.stderr.splitlines()
    assert re.fullmatch(r"autograder: odd/here/hw1/\S+ cannot be (written|made): No space left on device", words)


@pytest.mark.skipif("bwrap" not in LEVELS, reason="needs bubblewrap to make such a folder")
def test_read_only_folder_stops_the_run_before_it_starts(course: Path) -> None:
    done = in_a_folder(course, "--ro-bind", "ODD", "ODD")
    words = "results cannot be written to odd/here/hw1: Read-only file system; give another with --output"
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, f"autograder: {words}")
