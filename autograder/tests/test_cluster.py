"""Grading on a cluster of real processes gives what grading here gives, whatever ends in the middle."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from autograder.tests.clusters import cluster
from autograder.tests.killing import OUTCOMES, contents, grade, kept, start, write_class


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_class(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def here(course: Path) -> dict[str, object]:
    """What a run on this machine leaves behind."""
    assert grade(course, "here") == 0
    return contents(course / "here")


def await_outcomes(course: Path, output: str, count: int, run: subprocess.Popen[bytes]) -> None:
    while kept(course, output) < count:
        assert run.poll() is None, run.communicate()
        time.sleep(0.01)


def below(pid: int) -> set[int]:
    """Return the processes that a process has started, by itself or not."""
    found = set()
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, listed.read_text().split()):
            found |= {child} | below(child)
    return found


def test_results_are_those_of_this_machine_whoever_is_killed_meanwhile(
    course: Path, here: dict[str, object], tmp_path: Path
) -> None:
    with cluster(tmp_path, 2) as two:
        run = start(course, "there", "--scheduler", two.address)
        await_outcomes(course, "there", 1, run)
        two.workers[0].kill()
        out, err = run.communicate()
        assert (run.returncode, err) == (0, b""), out
        assert contents(course / "there") == here
        assert below(two.workers[1].pid) == set()  # the suite is forgotten


def test_scheduler_that_ends_loses_nothing(course: Path, here: dict[str, object], tmp_path: Path) -> None:
    with cluster(tmp_path, 1) as one:
        run = start(course, "gone", "--scheduler", one.address)
        await_outcomes(course, "gone", 2, run)
    run.send_signal(signal.SIGINT)  # who does not want to wait whether it comes back
    _, err = run.communicate()
    assert (run.returncode, err) == (130, b"autograder: interrupted; what was finished is kept\n")
    assert 2 <= kept(course, "gone") < OUTCOMES
    assert grade(course, "gone") == 0
    assert contents(course / "gone") == here


def test_scheduler_that_is_not_there_is_a_mistake_of_the_user(course: Path) -> None:
    run = start(course, "nowhere", "--scheduler", "tcp://127.0.0.1:9")
    _, err = run.communicate()
    assert run.returncode == 2
    assert err.startswith(b"autograder: no scheduler answers at tcp://127.0.0.1:9 (")
    assert err.count(b"\n") == 1
    assert not (course / "nowhere").exists()
