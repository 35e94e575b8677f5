"""Grading on a cluster of real processes gives what grading here gives, whatever ends in the middle."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from pathlib import Path

import pytest

from autograder import cli
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


def in_memory(pid: int, words: bytes) -> bool:
    """Return whether a process has these words in its memory."""
    with Path(f"/proc/{pid}/mem").open("rb") as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            first, last = (int(place, 16) for place in line.split()[0].split("-"))
            if line.split()[1].startswith("rw"):
                memory.seek(first)
                with contextlib.suppress(OSError):  # it was given back meanwhile
                    if words in memory.read(last - first):
                        return True
    return False


def test_results_are_those_of_this_machine_whoever_is_killed_meanwhile(
    course: Path, here: dict[str, object], tmp_path: Path
) -> None:
    with cluster(tmp_path, 2) as two:
        run = start(course, "there", "--scheduler", two.address)
        await_outcomes(course, "there", 1, run)
        assert in_memory(run.pid, b"the loss is wrong")  # of the hidden suite, and
        assert not in_memory(two.scheduler.pid, b"the loss is wrong")
        two.workers[0].kill()
        out, err = run.communicate()
        assert (run.returncode, err) == (0, b""), out
        assert contents(course / "there") == here
        assert below(two.workers[1].pid) == set()  # the suite is forgotten
        run = start(course, "gone", "--scheduler", two.address)
        await_outcomes(course, "gone", 2, run)
    run.send_signal(signal.SIGINT)  # who does not want to wait whether the scheduler comes back
    _, err = run.communicate()
    assert (run.returncode, err) == (130, b"autograder: interrupted; what was finished is kept\n")
    assert 2 <= kept(course, "gone") < OUTCOMES
    assert grade(course, "gone") == 0
    assert contents(course / "gone") == here


def test_scheduler_that_is_not_there_is_a_mistake_of_the_user(
    course: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.cluster.host._ANSWER_S", 0.5)
    monkeypatch.chdir(course)
    assert cli.run(["grade", "hw1", "class", "--output", "nowhere", "--scheduler", "tcp://127.0.0.1:9"]) == 2
    (words,) = capsys.readouterr().err.splitlines()
    assert words.startswith("autograder: no scheduler answers at tcp://127.0.0.1:9 (")
    assert not (course / "nowhere").exists()
